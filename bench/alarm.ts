/**
 * How often the alarm of a judge is raised: false alarms and power, by simulation through `compare` itself, with records, items and games as files
 * have them. Prints Markdown; the same numbers each time.
 *
 *   node bench/alarm.ts [--repetitions N] [--seed N] [--only false-alarms]
 *
 * --repetitions  simulated pull requests a row of false alarms, and half as many a row of power; 2,000 where left out
 */
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import type { AlarmState } from '../src/judge/alarm/alarm.ts';
import { pairOrders } from '../src/judge/score/pair-orders.ts';
import { STRONG_WEIGHT, shareOfWins } from '../src/judge/score/share.ts';
import type { LoadedRecord } from '../src/record/schema.ts';
import type { Factor } from '../src/suite/benchmark.ts';
import { compare } from '../src/verdict/compare.ts';
import { decideFakeGame, type MarkedAnswer } from '../test/support/fake-judge.ts';
import { beside, makeHeadToHead, makeHeadToHeadGames } from '../test/support/head-to-head.ts';
import type { MadeVerdicts } from '../test/support/judged.ts';
import { createRandom, type Random } from '../test/support/random.ts';
import { makeRecord } from '../test/support/records.ts';

const { values } = parseArgs({
  options: {
    repetitions: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const repetitions = Number(values.repetitions);

/** One benchmark stands for each factor. */
const BENCHMARKS: Record<Factor, string> = { wk: 'mmlu-pro', if: 'ifeval', safety: 'bbq' };
const FACTORS = Object.keys(BENCHMARKS) as Factor[];
const ITEMS = 1000;
/** Shares of items that flip without any change: standard errors of 0.7 and 0.3 points. */
const WIDE = 0.049;
const NARROW = 0.009;
/** A judge that is as sure of itself as good ones are: a question's share of wins has a standard deviation of about 0.45. */
const JUDGE = { noise: 0.35, tie: 0.25, strong: 2.5 };
const SPREAD = 1;

interface Case {
  name: string;
  /** Whether an alarm is a false one. */
  isFalse: boolean;
  /** True share of wins, less one half. */
  judge: number;
  /** True change of each factor, a fraction of 1. */
  change: Record<Factor, number>;
  flips: Record<Factor, number>;
}

const each = (value: number): Record<Factor, number> => ({ wk: value, if: value, safety: value });
const oneWide = { ...each(NARROW), wk: WIDE };
const CASES: Case[] = [
  { name: 'nothing changed', isFalse: true, judge: 0, change: each(0), flips: oneWide },
  {
    name: 'both up: judge +10, one factor +2',
    isFalse: true,
    judge: 0.1,
    change: { ...each(0), wk: 0.02 },
    flips: oneWide,
  },
  {
    name: 'both up: judge +10, all factors +2',
    isFalse: true,
    judge: 0.1,
    change: each(0.02),
    flips: each(WIDE),
  },
  { name: 'judge +10, nothing else', isFalse: false, judge: 0.1, change: each(0), flips: oneWide },
  {
    name: 'judge +10, nothing else, all factors as wide',
    isFalse: false,
    judge: 0.1,
    change: each(0),
    flips: each(WIDE),
  },
  {
    name: 'judge +10, one factor -2',
    isFalse: false,
    judge: 0.1,
    change: { ...each(0), wk: -0.02 },
    flips: oneWide,
  },
];
const SIZES = [100, 250, 500];

const [main, pr] = ['main', 'pr'].map((model) =>
  makeRecord({
    model,
    benchmarks: Object.fromEntries(
      FACTORS.map((factor) => [
        BENCHMARKS[factor],
        { scores: Array.from({ length: ITEMS }, (_, index) => index % 2) },
      ]),
    ),
  }),
) as [LoadedRecord, LoadedRecord];
const factorOf = new Map(FACTORS.map((factor) => [BENCHMARKS[factor], factor]));

/** The change's record: of the right answers a share turns wrong, and of the wrong ones a share right. */
function drawRecord({ change, flips }: Case, random: Random): LoadedRecord {
  const items = pr.items.map((item) => {
    const factor = factorOf.get(item.benchmark)!;
    // Half of the items are right, so that a rate among them counts half.
    const rate = flips[factor] + (item.score === 1 ? -change[factor] : change[factor]);
    return random.uniform() < rate ? { ...item, score: 1 - item.score } : item;
  });
  return { ...pr, items };
}

/** Verdicts in both orders of a judge that likes the new answers by so much, each question by its own. */
function drawVerdicts(liking: number, count: number, random: Random): MadeVerdicts[] {
  const answer = (by: MarkedAnswer['by'], question: number, quality: number): MarkedAnswer => ({
    ...{ by, question, quality, text: 'word' },
  });
  return Array.from({ length: count }, (_, question) => {
    const model = answer('model', question, liking + SPREAD * random.normal());
    const reference = answer('reference', question, 0);
    return [
      decideFakeGame(JUDGE, [reference, model], random),
      decideFakeGame(JUDGE, [model, reference], random),
    ];
  });
}

function shareOf(verdicts: readonly MadeVerdicts[]) {
  const options = { counted: 'game', strongWeight: STRONG_WEIGHT, level: 0.95 } as const;
  return shareOfWins(pairOrders(makeHeadToHeadGames(verdicts)), options).estimate!;
}

/** The liking that makes a true share of wins of one half and so much more. */
function likingFor(judge: number): number {
  if (judge === 0) return 0;
  let [low, high] = [0, 2];
  for (let step = 0; step < 12; step++) {
    const middle = (low + high) / 2;
    if (shareOf(drawVerdicts(middle, 40_000, createRandom(5))).estimate < 0.5 + judge) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const rows: string[][] = [];
const likings = new Map(
  [...new Set(CASES.map(({ judge }) => judge))].map((judge) => [judge, likingFor(judge)]),
);
for (const one of CASES) {
  if (values.only === 'false-alarms' && !one.isFalse) continue;
  for (const questions of SIZES) {
    const random = createRandom(Number(values.seed) * 1000 + questions);
    const states = new Map<AlarmState, number>();
    const rounds = one.isFalse ? repetitions : Math.ceil(repetitions / 2);
    let errors = 0;
    for (let i = 0; i < rounds; i++) {
      const candidate = drawRecord(one, random);
      const verdicts = drawVerdicts(likings.get(one.judge)!, questions, random);
      const left = makeHeadToHead([main, candidate], makeHeadToHeadGames(verdicts));
      const { alarm, judge } = compare(main, beside(candidate, left));
      states.set(alarm!.state, (states.get(alarm!.state) ?? 0) + 1);
      errors += judge![0]!.delta.se! / rounds;
    }
    const share = (state: AlarmState) => `${((100 * (states.get(state) ?? 0)) / rounds).toFixed(1)}%`;
    rows.push([
      ...[one.name, String(questions), (100 * errors).toFixed(1)],
      ...[share('style over substance'), share('judge up, substance down'), share('cannot tell')],
    ]);
    process.stderr.write(`${rows.at(-1)!.join(' | ')}\n`);
  }
}
const head = [
  'truth, in points',
  'questions',
  'standard error of the judge',
  'style over substance',
  'judge up, substance down',
  'cannot tell',
];
process.stdout.write(
  `${repetitions.toLocaleString('en')} simulated pull requests a row of false alarms, ${Math.ceil(repetitions / 2).toLocaleString('en')} a row of power. Standard errors of a factor: 0.7 points in world knowledge and 0.3 in the others; 0.7 in all where it says "all".\n\n` +
    `${markdownTable([head, ...rows])}\n`,
);
