import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { type BaselineItems, borrowCells } from '../../../src/stats/borrowing/cells.ts';
import { borrowedDifference } from '../../../src/stats/borrowing/difference.ts';
import { FACTORS, type Factor } from '../../../src/suite/benchmark.ts';
import { findBenchmark } from '../../../src/suite/catalogue.ts';
import { stagewiseEstimate } from '../../../src/verdict/looks/decide.ts';
import { testPaired } from '../../../src/verdict/measure/difference.ts';
import { type Context, percent, type Table } from './context.ts';
import {
  describeCovariance,
  endAnswers,
  type Looked,
  type Simulated,
  type Suite,
  simulateCounts,
  suiteOf,
} from './looks.ts';
import { upperBound } from './upper-bound.ts';

/** The baseline has so many questions for each that the whole plan asks, or all there are. */
const LENT = 2;
const RIGHT = [0.5, 0.6, 0.7, 0.8];

interface Setting {
  rate: number;
  drops: Partial<Record<Factor, number>>;
  /** Of the repetitions that the calibration makes: each question is drawn, for which others take counts. */
  share: number;
}

const SETTINGS: Setting[] = [
  { rate: 0.1, drops: {}, share: 0.2 },
  { rate: 0.1, drops: { wk: 0.02 }, share: 0.1 },
  { rate: 0.1, drops: { safety: 0.02 }, share: 0.1 },
  { rate: 0.25, drops: {}, share: 0.1 },
];

/** A benchmark of the plan beside a baseline that answered more of its questions. */
interface Borrowed {
  own: Looked;
  right: number;
  tasks: Int32Array;
  clusters: Int32Array | undefined;
  /** What is asked by each look, as indexes into the baseline's questions, with their weights. */
  looks: { indexes: Int32Array; weights: Float64Array }[];
  equalTasks: boolean;
}

function borrowedBenchmark(suite: Suite, own: Looked, right: number): Borrowed {
  const { plan } = suite;
  const planned = plan.benchmarks.find(({ id }) => id === own.id)!;
  const tasks: number[] = [];
  const clusters: number[] = [];
  const numbers = new Map<string, number>();
  const lookOf: number[] = [];
  const asked: number[] = [];
  const knownOf: number[] = [];
  planned.tasks.forEach(({ task, docIds, available, clusters: names }, place) => {
    const looks = new Map<number, number>();
    for (const chunk of plan.chunks) {
      if (chunk.task !== task || chunk.benchmark !== own.id) continue;
      for (const docId of chunk.docIds) looks.set(docId, chunk.look!);
    }
    const known = Math.min(available, LENT * docIds.length);
    knownOf.push(known);
    const asOfTask = names.some((name) => name !== null) ? [...new Set(names)] : null;
    for (let i = 0; i < known; i++) {
      // What is not asked lies in the clusters of what is.
      const name = i < docIds.length ? names[i] : asOfTask?.[i % asOfTask.length];
      const key = name ?? `${task} ${i}`;
      if (!numbers.has(key)) numbers.set(key, numbers.size);
      if (i < docIds.length) {
        asked.push(tasks.length);
        lookOf.push(looks.get(docIds[i]!)!);
      }
      tasks.push(place);
      clusters.push(numbers.get(key)!);
    }
  });
  const clustered = own.added.some((list) => list !== null);
  const looks = own.counts.map((_, look) => {
    const indexes = Int32Array.from(asked.filter((_index, i) => lookOf[i]! <= look + 1));
    const counts = knownOf.map(() => 0);
    for (const index of indexes) counts[tasks[index]!]!++;
    const weights = Float64Array.from(indexes, (index) => knownOf[tasks[index]!]! / counts[tasks[index]!]!);
    return { indexes, weights };
  });
  return {
    ...{ own, right, looks },
    tasks: Int32Array.from(tasks),
    clusters: clustered ? Int32Array.from(clusters) : undefined,
    equalTasks: findBenchmark(own.id)!.harness === 'livebench',
  };
}

/** One draw: the benchmark's borrowed difference at each look, with the standard error that the verdict takes. */
function simulate(benchmark: Borrowed, rate: number, drop: number, { random }: Context): Simulated {
  const { own, right, tasks, clusters, looks, equalTasks } = benchmark;
  const scores = new Float64Array(tasks.length);
  // An answer is drawn again so often that this share of all flips, and lost in so many of the cases that are left.
  const redrawn = rate / (2 * right * (1 - right));
  const lost = drop / right;
  const follows = clusters ? Math.sqrt(own.dependence) : 0;
  const common = new Map<number, number>();
  const drawn = () => (random.uniform() < redrawn ? Number(random.uniform() < right) : -1);
  for (let i = 0; i < scores.length; i++) scores[i] = Number(random.uniform() < right);
  const all = looks.at(-1)!.indexes;
  const changes = new Float64Array(tasks.length);
  for (const index of all) {
    let later = -1;
    if (follows > 0 && random.uniform() < follows) {
      const cluster = clusters![index]!;
      later = common.get(cluster) ?? drawn();
      common.set(cluster, later);
    } else later = drawn();
    const kept = later < 0 ? scores[index]! : later;
    changes[index] = (random.uniform() < lost ? 0 : kept) - scores[index]!;
  }
  const baseline: BaselineItems = { tasks, scores, clusters };
  const cells = borrowCells(looks[0]!.indexes, baseline);
  const estimates: Simulated['estimates'] = [];
  const tails: number[] = [];
  looks.forEach(({ indexes, weights }, look) => {
    if (look > 0 && indexes.length === looks[look - 1]!.indexes.length) {
      estimates.push(estimates[look - 1]!);
      tails.push(tails[look - 1]!);
      return;
    }
    const values = Float64Array.from(indexes, (index) => changes[index]!);
    const found = borrowedDifference({ indexes, values, weights }, baseline, { cells, equalTasks })!;
    const delta = testPaired(found, null, false).delta!;
    const { estimate, se, df } = { ...delta, se: delta.se!, df: delta.df! };
    estimates.push({ estimate, se, df });
    tails.push(tCdf(estimate / se, df));
  });
  return { estimates, tails };
}

/** Looks at differences that borrow the baseline's answers: false alarms, power, coverage after stopping, and the covariance of looks. */
export function lookBorrowing(context: Context): Table[] {
  const suites = new Map(
    [...new Set(SETTINGS.map(({ rate }) => rate))].map((rate) => {
      const suite = suiteOf(rate);
      const benchmarks = suite.benchmarks.map((own, index) =>
        borrowedBenchmark(suite, own, RIGHT[index % RIGHT.length]!),
      );
      return [rate, { suite, benchmarks }];
    }),
  );
  const seen = new Map<Factor, number[][]>();
  const rows = SETTINGS.map(({ rate, drops, share: part }) => {
    const repetitions = Math.max(20, Math.round(part * context.repetitions));
    context.progress(`looks and borrowing: flips ${percent(rate, 0)} ${Object.keys(drops).join()}`);
    const { suite, benchmarks } = suites.get(rate)!;
    const [dropped] = Object.keys(drops) as Factor[];
    const counts = { factor: 0, benchmark: 0, regressed: 0, held: 0, inside: 0, naive: 0, intervals: 0 };
    for (let i = 0; i < repetitions; i++) {
      const answers = benchmarks.map((benchmark) => {
        const { own } = benchmark;
        const drop = drops[own.factor] ?? 0;
        // What becomes of the other factors is not looked at.
        const isWanted = dropped === undefined || own.factor === dropped;
        return {
          own,
          ...(isWanted ? simulate(benchmark, rate, drop, context) : simulateCounts(own, rate, drop, context)),
        };
      });
      const { paths, benchmark, all } = endAnswers(suite, answers, 'decided');
      if ([...paths.values()].some(({ state }) => state === 'regressed')) counts.factor++;
      if (benchmark) counts.benchmark++;
      if (dropped === undefined && rate === SETTINGS[0]!.rate) {
        for (const [id, estimates] of all) {
          seen.set(id, [...(seen.get(id) ?? []), estimates.map(({ estimate }) => estimate)]);
        }
      }
      for (const id of dropped === undefined ? FACTORS : [dropped]) {
        const path = paths.get(id)!;
        if (path.state === 'regressed') counts.regressed++;
        if (path.state === 'held') counts.held++;
        const truth = -(drops[id] ?? 0);
        const { ci } = stagewiseEstimate(path, path.done, path.estimate);
        counts.intervals++;
        if (ci[0] <= truth && truth <= ci[1]) counts.inside++;
        if (Math.abs(path.estimate.estimate - truth) <= 1.96 * path.estimate.se) counts.naive++;
      }
    }
    const none = dropped === undefined;
    const share = (count: number) => percent(count / repetitions, 2);
    const bound = (count: number) => percent(upperBound(count, repetitions, 0.99), 2);
    return [
      percent(rate, 0),
      repetitions.toLocaleString('en'),
      none ? 'none' : `2 points in ${dropped}`,
      none ? `${share(counts.factor)} (${bound(counts.factor)})` : '',
      none ? `${share(counts.benchmark)} (${bound(counts.benchmark)})` : '',
      none ? '' : percent(counts.regressed / repetitions),
      none ? '' : percent(counts.held / repetitions),
      percent(counts.inside / counts.intervals),
      percent(counts.naive / counts.intervals),
    ];
  });
  const size = [...seen.values()][0]!.length.toLocaleString('en');
  const table: Table = {
    title: 'Five looks at differences that borrow',
    note: 'The baseline answered twice as many questions of each task as the plan asks, or all there are; right answers make up 50 to 80%. Cells are fixed by the first look. All 24 benchmarks. False alarms one-sided, for each family at most 2.5% (99% bounds in brackets). Coverage of all three factors where none dropped.',
    head: [
      'flips',
      'pull requests',
      'true change',
      'a factor `regressed`',
      'a benchmark',
      'regressed',
      'held',
      'interval holds it',
      'the naive one',
    ],
    rows,
  };
  return [
    table,
    describeCovariance(seen, suites.get(SETTINGS[0]!.rate)!.suite, {
      title: 'Covariance of looks that borrow',
      what: `No change, flips 10%, ${size} simulated pull requests, the baseline as in the table before.`,
    }),
  ];
}
