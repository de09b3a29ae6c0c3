/**
 * What a planned sample (suite `pr`) needs and keeps its word on, by simulation: items for drops of 2 points at 80%
 * power beside `--limit N` per task at equal power; false alarms and power of both through the real comparison; how
 * often a sampled run's interval holds the full run's score of the same model; planning at full size.
 *
 * And what five looks cost by the true change, in the unit of `cost.work` (support/plan-cost/work.ts), and with the costs of the engine that
 * reads shared tokens once.
 *
 *   node bench/plan.ts [--runs 200] [--requests 2000] [--only sample|looks]
 *
 * Questions are made up: numbers and lengths as docs/cost.md has them, 25 templates in a category of BBQ, three questions
 * in a story of MuSR. Models differ as planning assumes: a tenth of the answers flip, in one direction within a
 * cluster (so that differences correlate by 0.1 there).
 */
import { parseArgs } from 'node:util';
import type { LookDecisions } from '../src/evaluate/looks/look-stops.ts';
import { tolerableSe } from '../src/stats/tolerable-se.ts';
import { FACTORS, type Factor } from '../src/suite/benchmark.ts';
import { CATALOGUE, findBenchmark } from '../src/suite/catalogue.ts';
import { MINIMUM_UNITS } from '../src/suite/minimum-units.ts';
import { allocate } from '../src/suite/plan/allocate.ts';
import { listAlternatives } from '../src/suite/plan/alternatives.ts';
import { assemblePlan, itemCost, planAllItems } from '../src/suite/plan/assemble.ts';
import type { StopOn } from '../src/suite/plan/looks/looks.ts';
import type { Chunk, Plan } from '../src/suite/plan/plan.ts';
import { previewPlan } from '../src/suite/plan/preview.ts';
import { planSample } from '../src/suite/plan/sample.ts';
import { assumedSpread } from '../src/suite/plan/spread.ts';
import { modelVariance } from '../src/suite/plan/variance.ts';
import { compare } from '../src/verdict/compare.ts';
import { decideStop } from '../src/verdict/looks/stop.ts';
import { DEFAULT_POLICY } from '../src/verdict/policy.ts';
import { summarise } from '../src/verdict/summary.ts';
import { design } from '../test/support/designs.ts';
import { fullInventory, liveBenchInventory } from '../test/support/inventories.ts';
import { answersTo } from '../test/support/looked-run.ts';
import { answersOfTwo, recordOfPlan } from '../test/support/planned-records.ts';
import { createRandom } from '../test/support/random.ts';
import { endOne, suiteOf } from './support/calibration/looks.ts';
import { askLooks } from './support/plan-cost/ask-looks.ts';
import { whyAsked } from './support/plan-cost/same-model.ts';
import { sharedWorkOf, workOf } from './support/plan-cost/work.ts';

const PAPER_ITEMS = 152_380;
const SEED = 1234;
const DROP = 0.02;
/** Share of answers that flip without a change of substance. */
const FLIPS = 0.1;
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    requests: { type: 'string', default: '2000' },
    only: { type: 'string' },
  },
});
const [runs, requests] = [Number(values.runs), Number(values.requests)];

/** True changes, by what the issue's table names them, and the most that each may cost on average. */
const CHANGES: {
  name: string;
  drops: Partial<Record<Factor, number>>;
  stopOn: StopOn;
  bound: number;
}[] = [
  { name: 'none', drops: {}, stopOn: 'decided', bound: 0.09 },
  ...(['wk', 'safety'] as const).flatMap((id) => [
    { name: `2 points in ${id}`, drops: { [id]: 0.02 }, stopOn: 'decided' as const, bound: 0.11 },
    { name: `6 points in ${id}`, drops: { [id]: 0.06 }, stopOn: 'decided' as const, bound: 0.09 },
    {
      name: `6 points in ${id}, stop-on: regressed`,
      drops: { [id]: 0.06 },
      stopOn: 'regressed' as const,
      bound: 0.06,
    },
  ]),
];

const inventory = fullInventory();
const asked = design(DROP);
const preview = (plan: Plan) => previewPlan(plan, { ...asked, leastItems: MINIMUM_UNITS });

const sampled = planSample(SEED, inventory, asked);
if (values.only !== 'looks') {
  planningTime();
  const limited = smallestLimit();
  describeItems(limited);
  simulate('suite pr, looks: 1', sampled);
  simulate(`--limit ${limited.limit}`, limited.plan);
  agreement();
}
if (values.only !== 'sample') await looks();

/** At the paper's sizes, all benchmarks: what LiveBench has of them lies on BBH here. */
function planningTime(): void {
  const missing = CATALOGUE.reduce((sum, { harness, size }) => sum + (harness === 'livebench' ? size : 0), 0);
  const full = fullInventory(({ id, size, items }) => (size + (id === 'bbh' ? missing : 0)) / items);
  const documents = full.flatMap(({ tasks }) => tasks.flatMap((task) => task.documents?.hashes ?? [])).length;
  const seconds = (work: () => unknown) => {
    const started = performance.now();
    const usage = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(usage);
    const wall = ((performance.now() - started) / 1000).toFixed(2);
    return `${wall} s (processor ${((user + system) / 1e6).toFixed(2)} s)`;
  };
  const plan = seconds(() => planSample(SEED, full, asked));
  const limit = seconds(() => planSample(SEED, full, design(DROP, { limit: { items: 10_000 } })));
  const others = seconds(() => listAlternatives(full, asked));
  say(
    `planning ${documents} items: ${plan}; with a limit of items ${limit}; other plans ${others}; to be under 2 s`,
  );
}

/** The first N questions of every task, weighted by what their task holds, N the least that sees what `sampled` does. */
function smallestLimit(): { limit: number; plan: Plan } {
  const first = (limit: number) =>
    assemblePlan({ suite: 'pr', seed: SEED, sample: null }, inventory, ({ documents }) =>
      (documents?.hashes ?? []).slice(0, limit).map((_, docId) => docId),
    );
  const sees = (plan: Plan) =>
    preview(plan).factors.every(({ id, detectable }) => id === 'if' || detectable! <= DROP);
  let [low, high] = [1, 20_000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (sees(first(middle))) high = middle;
    else low = middle;
  }
  return { limit: high, plan: first(high) };
}

/**
 * What a run with five looks takes of a full run's work of all 24 benchmarks: the chunks that the real scheduler hands out, those begun and
 * not needed included. Workers are fake, and answers are counts: each look is decided as calibration.ts decides it.
 */
async function looks(): Promise<void> {
  const everywhere = [...inventory, ...liveBenchInventory()];
  const suite = suiteOf({ rateOf: () => FLIPS });
  const shares = (chunks: readonly Chunk[]) =>
    [workOf, sharedWorkOf].map((unit) =>
      chunks.reduce((sum, { benchmark, docIds }) => sum + docIds.length * unit(benchmark), 0),
    );
  const whole = shares(planAllItems('full', SEED, everywhere).chunks);
  const percents = (spent: readonly number[]) =>
    spent.map((own, unit) => `${((100 * own) / whole[unit]!).toFixed(1)}%`);
  const row = (...cells: string[]) => say(`| ${cells.join(' | ')} |`);
  say(
    `Work of a full run of all 24 benchmarks, ${requests} simulated pull requests a row, flips ${100 * FLIPS}%, fake workers, the real scheduler:`,
  );
  row('true change', 'workers', 'work', 'bound', '', 'work of the engine that shares');
  row('---', '---', '---', '---', '---', '---');
  const [today, todayShared] = percents(shares(planSample(SEED, everywhere, asked).chunks));
  row('any, looks: 1', '-', today!, '', '', todayShared!);
  const [all, allShared] = percents(shares(suite.plan.chunks));
  row('all five looks', '-', all!, '', '', allShared!);
  for (const { name, drops, stopOn, bound } of CHANGES) {
    for (const workers of [1, 4]) {
      const context = { random: createRandom(SEED), repetitions: requests, progress: () => {} };
      const spent = [0, 0];
      for (let run = 0; run < requests; run++) {
        const { paths } = endOne(suite, drops, stopOn, context);
        const begun = await askLooks(suite.plan, (through) => decidedBy(paths, through), { workers });
        shares(begun).forEach((own, unit) => {
          spent[unit]! += own / requests;
        });
      }
      const [work, shared] = percents(spent);
      const isMet = spent[0]! / whole[0]! <= bound;
      row(name, String(workers), work!, `<= ${100 * bound}%`, isMet ? 'met' : 'not met', shared!);
    }
  }
  // Decided by the two identities before there is a plan: nothing is planned then, and no chunk begun.
  const [main, other] = ['a'.repeat(64), 'b'.repeat(64)];
  const [same, different] = [await whyAsked(main, main), await whyAsked(main, other)];
  const [none, noneShared] = percents(shares(same === null ? [] : suite.plan.chunks));
  row('same model', '-', none!, '0', same === null ? 'met' : 'not met', noneShared!);
  if (different === null) throw new Error('a model of another identity is treated as the same');
  say(
    `same model: decided by its identity, before anything is planned; with another identity all is asked, since ${different}`,
  );
  const template = recordOfPlan(suite.plan);
  const few = Math.max(5, Math.round(requests / 100));
  for (const { name, drops, stopOn } of CHANGES.filter(({ name }) => /none|wk$/.test(name))) {
    const random = createRandom(SEED);
    const spent = [0, 0];
    for (let run = 0; run < few; run++) {
      const [baseline, candidate] = answersOfTwo(template, drops, random, FLIPS);
      const begun = await askLooks(suite.plan, (through, done) => {
        const answered = answersTo(candidate, done);
        const request = { plan: suite.plan, stopOn };
        return decideStop(baseline, answered, request, { policy: DEFAULT_POLICY, through });
      });
      shares(begun).forEach((own, unit) => {
        spent[unit]! += own / few;
      });
    }
    const [work, shared] = percents(spent);
    say(`${name}, decided on answers as a run decides it (${few} requests): ${work} (${shared})`);
  }
}

/** What a run knows after the answers up to a look. */
function decidedBy(paths: ReturnType<typeof endOne>['paths'], through: number): LookDecisions {
  const decided = [...paths.values()].filter(({ done, state }) => done <= through && state !== 'open');
  return {
    obstacle: null,
    decided: new Map(decided.map(({ id, done, state }) => [id, { look: done, how: state }])),
    isOver: decided.length === paths.size,
  };
}

function describeItems(limited: ReturnType<typeof smallestLimit>): void {
  const show = (name: string, items: number, work: number | null) => {
    const share = (100 * items) / PAPER_ITEMS;
    const reading =
      work === null ? '' : `, ${((100 * work) / preview(everything).cost.work).toFixed(1)}% of the work`;
    say(`${name}: ${items} items, ${share.toFixed(1)}% of ${PAPER_ITEMS}${reading}`);
  };
  const everything = assemblePlan({ suite: 'full', seed: SEED, sample: null }, inventory, ({ documents }) =>
    (documents?.hashes ?? []).map((_, docId) => docId),
  );
  for (const [name, plan] of [
    ['suite pr, looks: 1', sampled],
    [`--limit ${limited.limit}`, limited.plan],
  ] as const) {
    const { cost, factors } = preview(plan);
    show(name, cost.items, cost.work);
    say(
      `  sees drops of ${factors.map((f) => `${f.id} ${(100 * f.detectable!).toFixed(2)}`).join(', ')} points`,
    );
  }
  show('whole clusters instead of thinned ones', wholeClusters(), null);
}

/** Expected items where clusters are taken whole: the design effect is then 1 + r (b - 1), b the clusters' mean size. */
function wholeClusters(): number {
  const rows = inventory.map(({ id, tasks }) => {
    const { factor, size } = findBenchmark(id)!;
    const total = CATALOGUE.reduce(
      (sum, row) => sum + (row.factor === factor && row.harness === 'lm-eval' ? row.size : 0),
      0,
    );
    const spread = assumedSpread(id);
    const given = tasks.map(({ task, documents }) => ({
      task,
      documents: documents!,
      cost: itemCost(documents!, 0),
    }));
    const alone = modelVariance(given, { ...spread, dependence: 0 });
    const strata = alone.strata.map((stratum, place) => {
      const sizes = new Map<string, number>();
      for (const cluster of given[place]!.documents.clusters) {
        if (cluster !== null) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
      }
      const mean = sizes.size === 0 ? 1 : stratum.documents / sizes.size;
      return { ...stratum, reducible: stratum.reducible * (1 + spread.dependence * (mean - 1)) };
    });
    return { id, factor, share: size / total, rate: 1, by: 't' as const, strata, irreducible: 0 };
  });
  const se = tolerableSe(DROP, { alpha: 0.05, familySize: 3, minimumEffect: 0.005 })!;
  const { sizes } = allocate(rows, { wk: se ** 2, if: se ** 2, safety: se ** 2 });
  return [...sizes.values()].reduce((sum, items) => sum + items, 0);
}

/** False alarms with no change, and power for a drop in one factor alone, through the real comparison. */
function simulate(name: string, plan: Plan): void {
  const template = recordOfPlan(plan);
  const random = createRandom(20_240_901);
  const share = (drop: Factor | null, isHit: (verdict: ReturnType<typeof compare>) => boolean): string => {
    let hits = 0;
    for (let run = 0; run < runs; run++) {
      const [baseline, candidate] = answersOfTwo(template, drop === null ? {} : { [drop]: DROP }, random);
      if (isHit(compare(baseline, candidate))) hits++;
    }
    return `${((100 * hits) / runs).toFixed(1)}%`;
  };
  say(
    `${name}: called regressed without any change, in any factor or benchmark: ${share(null, (v) => v.verdict === 'regressed')} (at most alpha, 5%)`,
  );
  for (const factor of ['wk', 'safety'] as const) {
    const seen = share(factor, (v) => v.factors.find(({ id }) => id === factor)!.outcome === 'regressed');
    say(`${name}: a drop of 2 points in ${factor} alone is seen in ${seen} (80% wanted), ${runs} runs`);
  }
}

/** How often the 95% interval of a sampled run holds the full run's score, by factor and over the benchmarks. */
function agreement(): void {
  const full = assemblePlan({ suite: 'full', seed: SEED, sample: null }, inventory, ({ documents }) =>
    (documents?.hashes ?? []).map((_, docId) => docId),
  );
  const [whole] = answersOfTwo(recordOfPlan(full), {}, createRandom(7));
  const wanted = summarise(whole);
  const scores = new Map(whole.items.map((item) => [`${item.task} ${item.docId}`, item.score]));
  const inside = new Map<string, number>();
  for (let seed = 0; seed < runs; seed++) {
    const template = recordOfPlan(planSample(seed, inventory, asked));
    const items = template.items.map((item) => ({
      ...item,
      score: scores.get(`${item.task} ${item.docId}`)!,
    }));
    const { factors, benchmarks } = summarise({ ...template, items });
    const holds = (part: { ci: [number, number] | null }, score: number | null) =>
      part.ci !== null && score !== null && part.ci[0] <= score + 1e-9 && part.ci[1] >= score - 1e-9;
    factors.forEach((part, place) => {
      if (holds(part, wanted.factors[place]!.score)) inside.set(part.id, (inside.get(part.id) ?? 0) + 1);
    });
    const rows = benchmarks.filter((part, place) => holds(part, wanted.benchmarks[place]!.score)).length;
    inside.set('benchmarks', (inside.get('benchmarks') ?? 0) + rows / benchmarks.length);
  }
  const text = [...FACTORS, 'benchmarks'].map(
    (id) => `${id} ${((100 * (inside.get(id) ?? 0)) / runs).toFixed(1)}%`,
  );
  say(
    `a sampled run's 95% interval holds the full run's score: ${text.join(', ')} (${runs} samples of one model)`,
  );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
