import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { benjaminiHochberg } from '../../../src/stats/benjamini-hochberg.ts';
import { decideLook, type LookOfTest } from '../../../src/stats/sequential/graph.ts';
import { dropStatistic, type LookEstimate } from '../../../src/stats/sequential/look-test.ts';
import type { Factor } from '../../../src/suite/benchmark.ts';
import { CATALOGUE, findBenchmark } from '../../../src/suite/catalogue.ts';
import { type BenchmarkGroup, GROUPS } from '../../../src/suite/groups.ts';
import { planAllItems } from '../../../src/suite/plan/assemble.ts';
import { groupFractions } from '../../../src/suite/plan/looks/group-looks.ts';
import { boundariesAt, informativeLooks } from '../../../src/suite/plan/looks/looks.ts';
import type { Plan } from '../../../src/suite/plan/plan.ts';
import { planSample } from '../../../src/suite/plan/sample.ts';
import { type FactorPath, stagewiseEstimate } from '../../../src/verdict/looks/decide.ts';
import { design } from '../../../test/support/designs.ts';
import { fullInventory, liveBenchInventory } from '../../../test/support/inventories.ts';
import { flips } from '../discrete.ts';
import { type Context, percent, points, type Table } from './context.ts';
import { upperBound } from './upper-bound.ts';

const SEED = 1234;
const LOOKS = { count: 5, collapse: 0.4 };
const FLIP_RATES = [0.02, 0.05, 0.1, 0.25];
const PLANNED_RATE = 0.1;

/** How often the answers to a benchmark flip without a change. */
export interface Flips {
  name: string;
  rateOf: (benchmark: string) => number;
}

export const FLIPS: readonly Flips[] = [
  ...FLIP_RATES.map((rate) => ({ name: percent(rate, 0), rateOf: () => rate })),
  {
    name: '2 to 25%, another rate for each benchmark',
    rateOf: (benchmark) => FLIP_RATES[CATALOGUE.findIndex(({ id }) => id === benchmark) % FLIP_RATES.length]!,
  },
];
/** What a plan takes where no record tells. */
export const PLANNED_FLIPS = FLIPS[FLIP_RATES.indexOf(PLANNED_RATE)]!;
const LEVEL = 0.025;
const MIN_LOOK_DF = 20;
const ROUNDING = 1e-9;

export interface Looked {
  id: string;
  factor: Factor;
  share: number;
  /** Items that each look adds, and their clusters: as many numbers, or null where all stand alone. */
  added: (Int32Array | null)[];
  counts: number[];
  cost: number[];
  /** Correlation of the differences of two answers of one cluster: what the plan takes it to be. */
  dependence: number;
  fractions: readonly number[];
  /** Nominal levels of its boundaries, by look, for the levels of the whole test that count. */
  levels: { alpha: number; nominal: number[] }[];
}

export interface Suite {
  plan: Plan;
  rateOf: Flips['rateOf'];
  benchmarks: Looked[];
  /** Benchmarks that are tested together as one. */
  groups: (BenchmarkGroup & Pick<Looked, 'fractions' | 'levels'>)[];
  whole: number;
}

/** The plan of all 24 benchmarks for the true flip rates, as a team with some records of its history would make it. */
export function suiteOf({ rateOf }: Pick<Flips, 'rateOf'>): Suite {
  const inventory = [...fullInventory(), ...liveBenchInventory()];
  const spreads = new Map(
    inventory.map(({ id }) => [
      id,
      {
        variance: rateOf(id),
        dependence: findBenchmark(id)!.assumed?.dependence ?? 0.1,
        source: 'records' as const,
      },
    ]),
  );
  const plan = planSample(SEED, inventory, design(0.02, { looks: LOOKS, spreads }));
  const cost = (chunks: Plan['chunks']) => chunks.reduce((sum, chunk) => sum + chunk.cost, 0);
  const sizes = new Map<Factor, number>();
  for (const { id } of plan.benchmarks) {
    const { factor, size } = findBenchmark(id)!;
    sizes.set(factor, (sizes.get(factor) ?? 0) + size);
  }
  const familySize = plan.benchmarks.length + GROUPS.length;
  const benchmarks = plan.benchmarks.map(({ id, tasks }): Looked => {
    const { factor, size } = findBenchmark(id)!;
    const own = plan.chunks.filter(({ benchmark }) => benchmark === id);
    const clusterOf = new Map(
      tasks.flatMap(({ task, docIds, clusters }) =>
        docIds.map((docId, i) => [`${task} ${docId}`, clusters[i]] as const),
      ),
    );
    const numbers = new Map<string, number>();
    const looks = Array.from({ length: LOOKS.count }, (_, k) => own.filter(({ look }) => look === k + 1));
    const keys = looks.map((chunks) =>
      chunks.flatMap(({ task, docIds }) => docIds.map((docId) => clusterOf.get(`${task} ${docId}`) ?? null)),
    );
    const clustered = keys.flat().some((key) => key !== null);
    const added = keys.map((list) =>
      clustered
        ? Int32Array.from(list, (key, i) => {
            const name = key ?? `alone ${i}`;
            if (!numbers.has(name)) numbers.set(name, numbers.size);
            return numbers.get(name)!;
          })
        : null,
    );
    const fractions = plan.sequential!.benchmarks[id]!;
    return {
      ...{ id, factor, share: size / sizes.get(factor)!, added, fractions },
      dependence: spreads.get(id)!.dependence,
      counts: keys.map((list) => list.length),
      cost: looks.map(cost),
      levels: levelsOf(fractions, familySize),
    };
  });
  const groups = GROUPS.map((group) => {
    const fractions = groupFractions(plan, group)!;
    return { ...group, fractions, levels: levelsOf(fractions, familySize) };
  });
  return { plan, rateOf, benchmarks, groups, whole: cost(planAllItems('full', SEED, inventory).chunks) };
}

/**
 * Nominal levels for the levels that Benjamini and Hochberg's procedure compares with: which of them a sequential p-value reaches is all that it
 * asks. A recursion for each simulated benchmark would take hours.
 */
function levelsOf(fractions: readonly number[], familySize: number): Looked['levels'] {
  return Array.from({ length: familySize }, (_, i) => {
    const alpha = (LEVEL * (i + 1)) / familySize;
    return {
      alpha,
      nominal: boundariesAt(alpha, fractions, new Set(), 121).map((bound) => normalCdf(-bound, 0, 1)),
    };
  });
}

/** The least of those levels that it reaches; 1 where it reaches none. */
function sequentialOf(
  { levels, fractions }: Pick<Looked, 'levels' | 'fractions'>,
  tails: readonly number[],
): number {
  const used = informativeLooks(fractions).filter((look) => look < tails.length);
  const crossed = levels.find(({ nominal }) => used.some((look) => tails[look]! <= nominal[look]!));
  return crossed?.alpha ?? 1;
}

export interface Simulated {
  /** At each look: the difference of what was asked by then, and the one-sided p-value of a drop. */
  estimates: LookEstimate[];
  tails: number[];
}

/** Answers to one benchmark's questions, look by look, with the standard errors that the verdict takes. */
export function simulateCounts(
  benchmark: Looked,
  rate: number,
  drop: number,
  { random }: Context,
): Simulated {
  const flipRate = Math.max(rate, drop);
  const loss = (flipRate + drop) / 2;
  const sums = { gained: 0, lost: 0, n: 0 };
  const clusters = new Map<number, { sum: number; n: number; common: number }>();
  const draw = () => (random.uniform() >= flipRate ? 0 : random.uniform() < loss / flipRate ? -1 : 1);
  // An answer does what its cluster does with this probability: two of them correlate by its square.
  const follows = Math.sqrt(benchmark.dependence);
  const estimates: LookEstimate[] = [];
  const tails = benchmark.counts.map((count, look) => {
    const numbers = benchmark.added[look];
    if (numbers == null) {
      const [gained, lost] = drawFlips(count, flipRate - loss, loss)(random);
      sums.gained += gained;
      sums.lost += lost;
    } else {
      for (const number of numbers) {
        const known = clusters.get(number) ?? { sum: 0, n: 0, common: draw() };
        clusters.set(number, known);
        known.n++;
        const change = random.uniform() < follows ? known.common : draw();
        known.sum += change;
        if (change < 0) sums.lost++;
        else if (change > 0) sums.gained++;
      }
    }
    sums.n += count;
    const { gained, lost, n } = sums;
    const estimate = (gained - lost) / n;
    if (clusters.size === 0) {
      const variance = Math.max(0, (gained + lost) / n - estimate ** 2) / (n - 1);
      estimates.push({ estimate, se: Math.sqrt(variance) || Math.SQRT2 / (n + 2), df: n - 1 });
      return gained + lost === 0 ? 1 : binomialCdf(gained, gained + lost, 0.5);
    }
    let variance = 0;
    let squares = 0;
    for (const cluster of clusters.values()) {
      const share = cluster.n / n;
      squares += share ** 2;
      variance += (cluster.sum - cluster.n * estimate) ** 2 / (1 - share) / n ** 2;
    }
    const se = Math.sqrt(variance) || Math.SQRT2 / (clusters.size + 2);
    const df = Math.max(1, 1 / squares - 1);
    estimates.push({ estimate, se, df });
    return tCdf(estimate / se, df);
  });
  return { estimates, tails };
}

const drawn = new Map<string, ReturnType<typeof flips>>();

function drawFlips(n: number, gain: number, loss: number): ReturnType<typeof flips> {
  const key = `${n} ${gain} ${loss}`;
  const known = drawn.get(key) ?? flips(n, gain, loss);
  drawn.set(key, known);
  return known;
}

export interface Ended {
  paths: Map<Factor, FactorPath & { estimate: LookEstimate }>;
  /** Whether a benchmark is called regressed. */
  benchmark: boolean;
  /** Share of a full run's work. */
  share: number;
  /** Differences of the factors at every look, asked or not. */
  all: Map<Factor, LookEstimate[]>;
}

/** One pull request on made-up counts. */
export function endOne(
  suite: Suite,
  drops: Partial<Record<Factor, number>>,
  stopOn: 'decided' | 'regressed',
  context: Context,
): Ended {
  const answers = suite.benchmarks.map((own) => ({
    own,
    ...simulateCounts(own, suite.rateOf(own.id), drops[own.factor] ?? 0, context),
  }));
  return endAnswers(suite, answers, stopOn);
}

/** Judges the answers of one pull request as `goThroughLooks` does. */
export function endAnswers(
  suite: Suite,
  answers: readonly (Simulated & { own: Looked })[],
  stopOn: 'decided' | 'regressed',
): Ended {
  const { factors } = suite.plan.sequential!;
  const paths: Ended['paths'] = new Map();
  const all: Ended['all'] = new Map();
  for (const id of Object.keys(factors) as Factor[]) {
    const mine = answers.filter(({ own }) => own.factor === id);
    all.set(
      id,
      Array.from({ length: LOOKS.count }, (_, look) => combineAt(mine, look)),
    );
    const empty = { statistics: [], untested: new Set<number>(), efficacy: [], lower: [], levels: [] };
    paths.set(id, { id, done: 0, state: 'open', design: factors[id]!, estimate: all.get(id)![0]!, ...empty });
  }
  const isOpen = ({ state }: FactorPath) => state === 'open';
  for (let look = 0; look < LOOKS.count && [...paths.values()].some(isOpen); look++) {
    const open = [...paths.values()].filter(isOpen);
    const rejected = [...paths.values()].filter(({ state }) => state === 'regressed').length;
    const tests: LookOfTest[] = [];
    for (const path of open) {
      const { design: own } = path;
      path.done = look + 1;
      path.estimate = all.get(path.id)![look]!;
      const statistic = dropStatistic(path.estimate);
      path.statistics[look] = null;
      path.lower[look] = -Infinity;
      if (path.estimate.df < MIN_LOOK_DF && look < LOOKS.count - 1) continue;
      path.statistics[look] = statistic;
      path.lower[look] = own.drop / path.estimate.se - own.futility[look]!;
      path.efficacy[look] = own.efficacy[Math.min(rejected, own.efficacy.length - 1)]![look]!;
      tests.push({
        id: path.id,
        drop: statistic,
        against: -dropStatistic(path.estimate, -own.drop),
        efficacy: own.efficacy.map((bounds) => bounds[look]!),
        futility: own.futility[look]!,
      });
    }
    for (const [id, state] of decideLook(tests, rejected)) paths.get(id as Factor)!.state = state;
    const regressed = [...paths.values()].some(({ state }) => state === 'regressed');
    for (const path of open) {
      if (!isOpen(path)) continue;
      if (look === LOOKS.count - 1) path.state = 'all';
      else if (stopOn === 'regressed' && regressed) path.state = 'other';
    }
  }
  const doneOf = (factor: Factor) => paths.get(factor)?.done ?? LOOKS.count;
  // Each family has half of alpha for drops: a drop's two-sided p-value is twice its own.
  const pValues = [
    ...answers.map(({ own, tails }) =>
      Math.min(1, 2 * sequentialOf(own, tails.slice(0, doneOf(own.factor)))),
    ),
    ...suite.groups.map((group) => {
      const mine = answers.filter(({ own }) => group.members.includes(own.id));
      const tails = Array.from({ length: doneOf(group.factor) }, (_, look) => {
        const { estimate, se, df } = combineAt(mine, look);
        return tCdf(estimate / se, df);
      });
      return Math.min(1, 2 * sequentialOf(group, tails));
    }),
  ];
  const adjusted = benjaminiHochberg(pValues);
  const share = answers.reduce(
    (sum, { own }) => sum + own.cost.slice(0, doneOf(own.factor)).reduce((a, b) => a + b, 0),
    0,
  );
  return {
    paths,
    benchmark: adjusted.some((p) => p <= 2 * LEVEL * (1 + ROUNDING)),
    share: share / suite.whole,
    all,
  };
}

function combineAt(mine: readonly (Simulated & { own: Looked })[], look: number): LookEstimate {
  let estimate = 0;
  let variance = 0;
  let squares = 0;
  for (const { own, estimates } of mine) {
    const at = estimates[look]!;
    const part = (own.share * at.se) ** 2;
    estimate += own.share * at.estimate;
    variance += part;
    squares += part ** 2 / at.df;
  }
  return { estimate, se: Math.sqrt(variance), df: variance ** 2 / squares };
}

/** How often something is called `regressed` without a change where a run is judged at five looks. */
export function lookAlarms(context: Context): Table {
  const repetitions = 4 * context.repetitions;
  const rows = FLIPS.map((flips) => {
    const suite = suiteOf(flips);
    context.progress(`looks, false alarms: flips ${flips.name}`);
    const counts = { factor: 0, benchmark: 0 };
    for (let i = 0; i < repetitions; i++) {
      const { paths, benchmark } = endOne(suite, {}, 'decided', context);
      if ([...paths.values()].some(({ state }) => state === 'regressed')) counts.factor++;
      if (benchmark) counts.benchmark++;
    }
    return [
      flips.name,
      percent(counts.factor / repetitions, 2),
      percent(upperBound(counts.factor, repetitions, 0.99), 2),
      percent(counts.benchmark / repetitions, 2),
      percent(upperBound(counts.benchmark, repetitions, 0.99), 2),
    ];
  });
  return {
    title: 'False alarms with five looks',
    note: `No true change; ${repetitions.toLocaleString('en')} simulated pull requests a row, all 24 benchmarks, sizes of the plan made for that flip rate; answers of one cluster of BBQ, MuSR and GPQA go together as much as the plan takes them to. LiveBench as one is among the benchmarks. One-sided, for each family at most ${percent(LEVEL)}; 99% bounds by Clopper and Pearson, at most 2.8%.`,
    head: ['flips', 'a factor', '99% bound', 'a benchmark', '99% bound'],
    rows,
  };
}

const SCENARIOS: { name: string; drops: Partial<Record<Factor, number>>; stopOn: 'decided' | 'regressed' }[] =
  [
    { name: 'none', drops: {}, stopOn: 'decided' },
    { name: '2 points in wk', drops: { wk: 0.02 }, stopOn: 'decided' },
    { name: '2 points in safety', drops: { safety: 0.02 }, stopOn: 'decided' },
    { name: '6 points in wk', drops: { wk: 0.06 }, stopOn: 'decided' },
    { name: '6 points in safety', drops: { safety: 0.06 }, stopOn: 'decided' },
    { name: '6 points in wk, stop-on: regressed', drops: { wk: 0.06 }, stopOn: 'regressed' },
    { name: '6 points in safety, stop-on: regressed', drops: { safety: 0.06 }, stopOn: 'regressed' },
  ];

/** Cost, power and coverage after stopping. */
export function lookEndings(context: Context): Table {
  const suite = suiteOf(PLANNED_FLIPS);
  const { repetitions } = context;
  const rows = SCENARIOS.map(({ name, drops, stopOn }) => {
    context.progress(`looks, endings: ${name}`);
    const sums = { share: 0, regressed: 0, held: 0, inside: 0, naive: 0, intervals: 0, bias: 0 };
    const [dropped] = Object.keys(drops) as Factor[];
    for (let run = 0; run < repetitions; run++) {
      const { paths, share } = endOne(suite, drops, stopOn, context);
      sums.share += share;
      const path = paths.get(dropped ?? 'wk')!;
      if (path.state === 'regressed') sums.regressed++;
      if (path.state === 'held') sums.held++;
      // Intervals take longer than all else here.
      if (path.state === 'other' || run >= Math.max(50, repetitions / 5)) continue;
      const truth = -(drops[path.id] ?? 0);
      const { estimate, ci } = stagewiseEstimate(path, path.done, path.estimate);
      const reach = 1.96 * path.estimate.se;
      sums.intervals++;
      sums.bias += estimate - truth;
      if (ci[0] <= truth && truth <= ci[1]) sums.inside++;
      if (Math.abs(path.estimate.estimate - truth) <= reach) sums.naive++;
    }
    return [
      name,
      percent(sums.share / repetitions),
      percent(sums.regressed / repetitions),
      percent(sums.held / repetitions),
      percent(sums.inside / sums.intervals),
      percent(sums.naive / sums.intervals),
      points(sums.bias / sums.intervals),
    ];
  });
  return {
    title: 'Endings of five looks',
    note: `Flips 10%; ${repetitions.toLocaleString('en')} simulated pull requests a row, intervals of the first fifth. Work in the unit of \`cost.work\`, of a full run of all 24 benchmarks; a plan without looks takes 25.7%. Outcome and interval are those of the factor that dropped (world knowledge where none did).`,
    head: ['true change', 'work', 'regressed', 'held', 'interval holds it', 'the naive one', 'bias, points'],
    rows,
  };
}

/** Whether looks have the covariance that the boundaries assume: that of two looks is the variance of the later one. */
export function lookCovariance(context: Context): Table {
  const suite = suiteOf(PLANNED_FLIPS);
  const repetitions = context.repetitions;
  context.progress('looks, covariance');
  const seen = new Map<Factor, number[][]>();
  for (let i = 0; i < repetitions; i++) {
    for (const [id, estimates] of endOne(suite, {}, 'decided', context).all) {
      const list = seen.get(id) ?? [];
      list.push(estimates.map(({ estimate }) => estimate));
      seen.set(id, list);
    }
  }
  return describeCovariance(seen, suite, {
    title: 'Covariance of looks',
    what: `No change, flips 10%, ${repetitions.toLocaleString('en')} simulated pull requests.`,
  });
}

/** Differences at the looks, by factor, a list a pull request: their covariance with the last, and the information of each. */
export function describeCovariance(
  seen: ReadonlyMap<Factor, number[][]>,
  suite: Suite,
  { title, what }: { title: string; what: string },
): Table {
  const rows = [...seen].map(([id, list]) => {
    const mean = (pick: (values: number[]) => number) =>
      list.reduce((sum, own) => sum + pick(own), 0) / list.length;
    const means = Array.from({ length: LOOKS.count }, (_, k) => mean((own) => own[k]!));
    const covariance = (j: number, k: number) => mean((own) => (own[j]! - means[j]!) * (own[k]! - means[k]!));
    const last = LOOKS.count - 1;
    const planned = suite.plan.sequential!.factors[id]!.fractions;
    return [
      id,
      ...Array.from({ length: last }, (_, k) => {
        const [own, whole] = [covariance(k, k), covariance(last, last)];
        const slope = covariance(k, last) / whole;
        const error = Math.sqrt((own / whole - slope ** 2) / list.length);
        return `${slope.toFixed(3)} (${error.toFixed(3)})`;
      }),
      ...Array.from(
        { length: last },
        (_, k) => `${(covariance(last, last) / covariance(k, k)).toFixed(2)} (${planned[k]!.toFixed(2)})`,
      ),
    ];
  });
  return {
    title,
    note: `${what} Cov(look k, last look) / Var(last look), which is 1 where looks are nested samples (in brackets its standard error), and the information of look k as a share of the last one’s (in brackets what the plan says).`,
    head: [
      'factor',
      ...[1, 2, 3, 4].map((k) => `Cov, look ${k}`),
      ...[1, 2, 3, 4].map((k) => `information, look ${k}`),
    ],
    rows,
  };
}
