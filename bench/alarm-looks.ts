/**
 * What the looks that a judge's alarm takes (`alarm-looks`) do to the verdict and to the alarm, by simulation: each pull request is asked look by look
 * by the scheduler's own part (`LookStops`, `decideStop`) and judged by `compare`, once with and once without them. Prints Markdown.
 *
 *   node bench/alarm-looks.ts [--repetitions N] [--seed N]
 *
 * --repetitions  simulated pull requests a row; 2,000 where left out
 */
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { LookStops } from '../src/evaluate/looks/look-stops.ts';
import type { LoadedRecord } from '../src/record/schema.ts';
import { FACTORS, type Factor } from '../src/suite/benchmark.ts';
import type { Plan } from '../src/suite/plan/plan.ts';
import { planSample } from '../src/suite/plan/sample.ts';
import { compare } from '../src/verdict/compare.ts';
import { decideStop } from '../src/verdict/looks/stop.ts';
import { DEFAULT_POLICY } from '../src/verdict/policy.ts';
import type { Verdict } from '../src/verdict/schema.ts';
import { design } from '../test/support/designs.ts';
import { beside, makeHeadToHead, makeHeadToHeadGames } from '../test/support/head-to-head.ts';
import { taskInventory } from '../test/support/inventories.ts';
import type { MadeVerdicts } from '../test/support/judged.ts';
import { answersOfTwo, recordOfPlan } from '../test/support/planned-records.ts';
import { createRandom } from '../test/support/random.ts';
import { makeIdentity } from '../test/support/records.ts';

const { values } = parseArgs({
  options: { repetitions: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
});
const repetitions = Number(values.repetitions);

/** One benchmark stands for each factor. */
const plan = planSample(
  1234,
  [
    { id: 'toxigen', reason: null, tasks: [taskInventory('toxigen', { count: 3000 })] },
    { id: 'mmlu-pro', reason: null, tasks: [taskInventory('leaderboard_mmlu_pro', { count: 3000 })] },
    { id: 'ifeval', reason: null, tasks: [taskInventory('leaderboard_ifeval', { count: 3000 })] },
  ],
  design(0.02, { looks: { count: 5, collapse: 0.4 } }),
);
const LOOKS = { plan, stopOn: 'decided' as const };
/** Share of the answers that flip without any change. */
const FLIPS = 0.06;
/** A judge that is up beyond doubt: what is looked at is the other part of the alarm. */
const VERDICTS: MadeVerdicts[] = Array.from({ length: 250 }, (_, index) =>
  index % 3 === 0 ? ['A>B', 'B>A'] : ['B>A', 'A>B'],
);
const GAMES = makeHeadToHeadGames(VERDICTS);

interface Case {
  name: string;
  /** True drops, fractions of 1. */
  drops: Partial<Record<Factor, number>>;
}
const CASES: Case[] = [
  { name: 'nothing changed', drops: {} },
  { name: 'world knowledge +2', drops: { wk: -0.02 } },
  { name: 'all factors +2', drops: { wk: -0.02, if: -0.02, safety: -0.02 } },
  { name: 'world knowledge -2', drops: { wk: 0.02 } },
];

const template = recordOfPlan(plan);
/** Of each item, the chunk that asks it. */
const CHUNK_OF = (() => {
  const keyOf = (task: string, docId: number) => `${task} ${docId}`;
  const chunks = new Map(
    plan.chunks.flatMap(({ id, task, docIds }) => docIds.map((docId) => [keyOf(task, docId), id])),
  );
  return template.items.map(({ task, docId }) => chunks.get(keyOf(task, docId))!);
})();

/** A pull request's run, look by look, and its verdicts: without the looks that the alarm wants, and with them. */
function play([baseline, full]: readonly [LoadedRecord, LoadedRecord]): {
  without: Verdict;
  withLooks: Verdict;
  went: boolean;
} {
  const answered = new Set<string>();
  const recordOf = (part: Plan): LoadedRecord => {
    const there = new Set(part.chunks.flatMap(({ id }) => (answered.has(id) ? [id] : [])));
    return { ...full, items: full.items.filter((_, index) => there.has(CHUNK_OF[index]!)) };
  };
  const decide = (candidate: LoadedRecord, through: number) =>
    decideStop(baseline, candidate, LOOKS, { policy: DEFAULT_POLICY, through });
  const stops: LookStops = new LookStops(
    plan,
    (chunk) => answered.has(chunk),
    (through) => decide(recordOf(stops.leftOf(plan)), through),
    () => undefined,
  );
  const askAll = () => {
    for (let look = 1; look <= stops.count; look++) {
      for (const chunk of plan.chunks)
        if ((chunk.look ?? 1) === look && !stops.isDropped(chunk)) answered.add(chunk.id);
      stops.advance();
    }
  };
  askAll();
  const games = makeHeadToHead([baseline, full], GAMES);
  const leave = (): LoadedRecord => {
    const left = beside(recordOf(stops.leftOf(plan)), games);
    const looks = stops.claim();
    return looks === undefined ? left : { ...left, record: { ...left.record, looks } };
  };
  const judge = () => compare(baseline, leave(), { looks: LOOKS });
  const without = judge();
  const { wanted = [] } = decide(leave(), stops.count);
  if (wanted.length === 0) return { without, withLooks: without, went: false };
  stops.reopen(wanted);
  askAll();
  return { without, withLooks: judge(), went: true };
}

/** All that the verdict decides. */
const decided = ({ verdict, passed, factors, benchmarks }: Verdict) =>
  JSON.stringify([
    verdict,
    passed,
    [...factors, ...benchmarks].map(({ id, outcome, delta }) => [id, outcome, delta]),
  ]);

const withModel = (loaded: LoadedRecord, name: string): LoadedRecord => ({
  ...loaded,
  record: { ...loaded.record, model: { ...loaded.record.model, name, identity: makeIdentity(name) } },
});
const rows: string[][] = [];
for (const { name, drops } of CASES) {
  const random = createRandom(Number(values.seed));
  const counts = { went: 0, other: 0, regressed: [0, 0], alarm: [0, 0], unclear: [0, 0] };
  for (let i = 0; i < repetitions; i++) {
    const [before, after] = answersOfTwo(template, drops, random, FLIPS);
    const pair = [withModel(before, 'main'), withModel(after, 'pr')] as const;
    const { without, withLooks, went } = play(pair);
    counts.went += Number(went);
    counts.other += Number(decided(without) !== decided(withLooks));
    for (const [index, verdict] of [without, withLooks].entries()) {
      counts.regressed[index]! += Number(
        FACTORS.some((id) => verdict.factors.find((own) => own.id === id)?.outcome === 'regressed'),
      );
      counts.alarm[index]! += Number(verdict.alarm?.state === 'style over substance');
      counts.unclear[index]! += Number(verdict.alarm?.state === 'cannot tell');
    }
  }
  const percent = (count: number) => `${((100 * count) / repetitions).toFixed(1)}%`;
  const both = (pair: readonly number[]) => pair.map(percent).join(', ');
  rows.push([
    ...[name, percent(counts.went), String(counts.other)],
    ...[both(counts.regressed), both(counts.alarm), both(counts.unclear)],
  ]);
  process.stderr.write(`${rows.at(-1)!.join(' | ')}\n`);
}
const head = [
  'truth, in points',
  'further looks taken',
  'other verdicts',
  'a factor regressed: without, with them',
  'style over substance',
  'cannot tell',
];
const items = Object.fromEntries(
  plan.benchmarks.map(({ id, tasks }) => [id, tasks.reduce((sum, { docIds }) => sum + docIds.length, 0)]),
);
process.stdout.write(
  `${repetitions.toLocaleString('en')} simulated pull requests a row, ${JSON.stringify(items)} items planned in five looks; the judge is up in all of them.\n\n` +
    `${markdownTable([head, ...rows])}\n`,
);
