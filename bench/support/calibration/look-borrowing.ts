import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { FACTORS, type Factor } from '../../../src/suite/benchmark.ts';
import { findBenchmark } from '../../../src/suite/catalogue.ts';
import { stagewiseEstimate } from '../../../src/verdict/looks/decide.ts';
import { withSpread } from '../../../src/verdict/measure/difference.ts';
import { CountedBorrowing } from '../counted-borrowing.ts';
import { type Context, percent, type Table } from './context.ts';
import {
  describeCovariance,
  endAnswers,
  FLIPS,
  type Flips,
  type Looked,
  PLANNED_FLIPS,
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
  flips: Flips;
  drops: Partial<Record<Factor, number>>;
  /** How many times the repetitions that the calibration makes. */
  times: number;
}

const SETTINGS: Setting[] = [
  ...FLIPS.map((flips) => ({ flips, drops: {}, times: 4 })),
  { flips: PLANNED_FLIPS, drops: { wk: 0.02 }, times: 1 },
  { flips: PLANNED_FLIPS, drops: { safety: 0.02 }, times: 1 },
];

/** A benchmark of the plan beside a baseline that answered more of its questions. */
interface Borrowed {
  own: Looked;
  right: number;
  rate: number;
  counted: CountedBorrowing;
}

function borrowedBenchmark(suite: Suite, own: Looked, right: number): Borrowed {
  const { plan } = suite;
  const isClustered = own.added.some((list) => list !== null);
  const numbers = new Map<string, number>();
  const strata = new Map<string, { task: number; cluster: number | null; known: number; added: number[] }>();
  plan.benchmarks
    .find(({ id }) => id === own.id)!
    .tasks.forEach(({ task, docIds, available, clusters: names }, place) => {
      const looks = new Map<number, number>();
      for (const chunk of plan.chunks) {
        if (chunk.task !== task || chunk.benchmark !== own.id) continue;
        for (const docId of chunk.docIds) looks.set(docId, chunk.look!);
      }
      const known = Math.min(available, LENT * docIds.length);
      const asOfTask = names.some((name) => name !== null) ? [...new Set(names)] : null;
      for (let i = 0; i < known; i++) {
        // What is not asked lies in the clusters of what is.
        const name = i < docIds.length ? names[i] : asOfTask?.[i % asOfTask.length];
        const key = name ?? `${task} ${i}`;
        if (isClustered && !numbers.has(key)) numbers.set(key, numbers.size);
        const cluster = isClustered ? numbers.get(key)! : null;
        const stratum = strata.get(`${place} ${cluster}`) ?? {
          ...{ task: place, cluster, known: 0 },
          added: own.counts.map(() => 0),
        };
        strata.set(`${place} ${cluster}`, stratum);
        stratum.known++;
        if (i < docIds.length) stratum.added[looks.get(docIds[i]!)! - 1]!++;
      }
    });
  const equalTasks = findBenchmark(own.id)!.harness === 'livebench';
  const counted = new CountedBorrowing([...strata.values()], { equalTasks });
  return { own, right, rate: suite.rateOf(own.id), counted };
}

/** One draw: the benchmark's borrowed difference at each look, with the standard error that the verdict takes. */
function simulate({ own, right, rate, counted }: Borrowed, drop: number, { random }: Context): Simulated {
  counted.draw(random, {
    right,
    // So often that this share of all answers flips, and lost in so many of the cases that are left.
    redrawn: rate / (2 * right * (1 - right)),
    lost: drop / right,
    follows: Math.sqrt(own.dependence),
  });
  const estimates: Simulated['estimates'] = [];
  const tails: number[] = [];
  own.counts.forEach((added, look) => {
    if (look > 0 && added === 0) {
      estimates.push(estimates[look - 1]!);
      tails.push(tails[look - 1]!);
      return;
    }
    const { estimate, ...delta } = withSpread(counted.estimateAt(look), false);
    const [se, df] = [delta.se!, delta.df!];
    estimates.push({ estimate, se, df });
    tails.push(tCdf(estimate / se, df));
  });
  return { estimates, tails };
}

/** Looks at differences that borrow the baseline's answers: false alarms, power, coverage after stopping, and the covariance of looks. */
export function lookBorrowing(context: Context): Table[] {
  const suites = new Map(
    [...new Set(SETTINGS.map(({ flips }) => flips))].map((flips) => {
      const suite = suiteOf(flips);
      const benchmarks = suite.benchmarks.map((own, index) =>
        borrowedBenchmark(suite, own, RIGHT[index % RIGHT.length]!),
      );
      return [flips, { suite, benchmarks }];
    }),
  );
  const seen = new Map<Factor, number[][]>();
  const rows = SETTINGS.map(({ flips, drops, times }) => {
    const repetitions = Math.max(20, Math.round(times * context.repetitions));
    context.progress(`looks and borrowing: flips ${flips.name} ${Object.keys(drops).join()}`);
    const { suite, benchmarks } = suites.get(flips)!;
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
          ...(isWanted
            ? simulate(benchmark, drop, context)
            : simulateCounts(own, suite.rateOf(own.id), drop, context)),
        };
      });
      const { paths, benchmark, all } = endAnswers(suite, answers, 'decided');
      if ([...paths.values()].some(({ state }) => state === 'regressed')) counts.factor++;
      if (benchmark) counts.benchmark++;
      if (dropped === undefined && flips === PLANNED_FLIPS) {
        for (const [id, estimates] of all) {
          const list = seen.get(id) ?? [];
          list.push(estimates.map(({ estimate }) => estimate));
          seen.set(id, list);
        }
      }
      for (const id of dropped === undefined ? FACTORS : [dropped]) {
        const path = paths.get(id)!;
        if (path.state === 'regressed') counts.regressed++;
        if (path.state === 'held') counts.held++;
        // An interval takes longer than all else here.
        if (i >= context.repetitions / 5) continue;
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
      flips.name,
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
    note: 'The baseline answered twice as many questions of each task as the plan asks, or all there are; right answers make up 50 to 80%. Cells are fixed by the first look. All 24 benchmarks, clusters as in the table before. False alarms one-sided, for each family at most 2.5% (99% bounds in brackets, at most 2.8%). Coverage of the first fifth of 10,000, all three factors where none dropped.',
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
    describeCovariance(seen, suites.get(PLANNED_FLIPS)!.suite, {
      title: 'Covariance of looks that borrow',
      what: `No change, flips 10%, ${size} simulated pull requests, the baseline as in the table before.`,
    }),
  ];
}
