import { type Design, designOf, estimateMean, type Sampled } from '../../src/record/results/sampling.ts';
import type { Estimate } from '../../src/stats/estimate.ts';
import type { Factor } from '../../src/suite/benchmark.ts';
import { judgeBenchmarks, judgeFactors } from '../../src/verdict/judge.ts';
import type { MeasuredBenchmark } from '../../src/verdict/measure/benchmarks.ts';
import { type DiscordantPairs, testPaired } from '../../src/verdict/measure/difference.ts';
import { NO_SCORE } from '../../src/verdict/measure/estimates.ts';
import { compareFactors, factorShares } from '../../src/verdict/measure/factors.ts';
import { measureGroups } from '../../src/verdict/measure/groups.ts';
import { findVerdicts } from '../../src/verdict/overall.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import type { BenchmarkComparison, FactorComparison, GroupComparison } from '../../src/verdict/schema.ts';
import type { Random } from '../../test/support/random.ts';
import { flips } from './discrete.ts';
import type { RowSize, SuiteSize } from './suite-sizes.ts';

/** How the items of a benchmark change between the two models. */
export interface Change {
  /** Share of the items that score otherwise although nothing has truly changed, gained and lost equally likely. */
  flipRate: number;
  /** True drop of the benchmark's score, by items lost beyond those. */
  drop: number;
  /** Whether the items of a cluster change all together or each for itself. */
  together: boolean;
}

export interface Draw {
  measured: Estimate;
  pairs: DiscordantPairs | null;
}

export interface SimulatedRow {
  size: RowSize;
  n: number;
  draw: (random: Random) => Draw;
}

/** Benchmarks whose answers are 0 or 1: of the others a flip moves the score by one to four quarters, each equally likely. */
const BINARY_LIVEBENCH = ['livebench-coding', 'livebench-math', 'livebench-reasoning'];
const QUARTERS = 4;
const MEAN_STEP = (QUARTERS + 1) / 2 / QUARTERS;

/** A benchmark as it is drawn again and again: by the counts that its test rests on, or by item where those are not enough. */
export function simulateRow(size: RowSize, change: Change): SimulatedRow {
  const n = size.tasks.reduce((a, b) => a + b, 0);
  const gain = change.flipRate / 2;
  const graded = isGraded(size);
  const loss = gain + change.drop / (graded ? MEAN_STEP : 1);
  if (size.clusters)
    return { size, n, draw: drawClusters(size, size.clusters, { gain, loss }, change.together) };
  if (graded || size.benchmark.harness === 'livebench') {
    return { size, n, draw: drawItems(size, { gain, loss }, graded) };
  }
  const count = flips(n, gain, loss);
  return { size, n, draw: (random) => measureCounts(...count(random), n) };
}

/** What items of 0 and 1 that stand alone and weigh the same amount to. */
export function measureCounts(gained: number, lost: number, n: number): Draw {
  const estimate = (gained - lost) / n;
  const se = Math.sqrt(((gained + lost) / n - estimate ** 2) / (n - 1));
  // No spread where all items changed alike.
  const spread = gained === n || lost === n ? 0 : se;
  return { measured: { estimate, se: spread, df: n - 1, units: n }, pairs: { gained, lost, n, unit: 1 } };
}

/** Items of which each has a document of its own. */
export function standingAlone(items: readonly Pick<Sampled, 'task' | 'inclusionP'>[]): Sampled[] {
  return items.map((item, place) => ({ ...item, cluster: null, docHash: BigInt(place) }));
}

/** A sample of clusters that weigh as much as they have items: with their means for values it gives what the items give. */
export function clusterDesign(sizes: readonly number[], benchmark?: RowSize['benchmark']): Design {
  return designOf(standingAlone(sizes.map((size) => ({ task: '', inclusionP: 1 / size }))), benchmark);
}

export function isGraded({ benchmark }: RowSize): boolean {
  return (
    benchmark.metric === 'ifeval' ||
    (benchmark.harness === 'livebench' && !BINARY_LIVEBENCH.includes(benchmark.id))
  );
}

function drawClusters(
  { benchmark }: RowSize,
  sizes: readonly number[],
  { gain, loss }: { gain: number; loss: number },
  together: boolean,
): SimulatedRow['draw'] {
  const design = clusterDesign(sizes, benchmark);
  const bySize = new Map(sizes.map((size) => [size, flips(together ? 1 : size, gain, loss)]));
  const draws = sizes.map((size) => ({ count: bySize.get(size)!, of: together ? 1 : size }));
  const means = new Float64Array(sizes.length);
  return (random) => {
    draws.forEach(({ count, of }, place) => {
      const [gained, lost] = count(random);
      means[place] = (gained - lost) / of;
    });
    return { measured: estimateMean(means, design)!, pairs: null };
  };
}

function drawItems(
  { tasks, benchmark }: RowSize,
  { gain, loss }: { gain: number; loss: number },
  graded: boolean,
): SimulatedRow['draw'] {
  const items = standingAlone(
    tasks.flatMap((size, place) => Array.from({ length: size }, () => ({ task: `${place}`, inclusionP: 1 }))),
  );
  const design = designOf(items, benchmark);
  const counts = tasks.map((size) => flips(size, gain, loss));
  const values = new Float64Array(items.length);
  return (random) => {
    values.fill(0);
    let first = 0;
    tasks.forEach((size, place) => {
      const [gained, lost] = counts[place]!(random);
      // Which items change does not matter to a mean.
      for (let i = 0; i < gained + lost; i++) {
        const step = graded ? (random.integer(QUARTERS) + 1) / QUARTERS : 1;
        values[first + i] = i < gained ? step : -step;
      }
      first += size;
    });
    return { measured: estimateMean(values, design)!, pairs: null };
  };
}

/** A suite whose benchmarks change as told: the change of each benchmark, by its place and factor. */
export function simulateSuite(
  { rows }: SuiteSize,
  change: (place: number, factor: Factor | null) => Change,
): SimulatedRow[] {
  return rows.map((size, place) => simulateRow(size, change(place, size.benchmark.factor)));
}

export interface Judgement {
  rows: MeasuredBenchmark[];
  factors: FactorComparison[];
  benchmarks: BenchmarkComparison[];
  /** Benchmarks that are tested together as one. */
  groups: GroupComparison[];
  /** Whether the default policy fails the pull request. */
  failed: boolean;
}

/** One pull request from drawing to verdict, by the code that judges real ones. */
export function judgePullRequest(suite: readonly SimulatedRow[], random: Random): Judgement {
  const rows = suite.map(({ size, n, draw }) => compareDraw(size, n, draw(random)));
  return judgeRows(rows);
}

/** Judges benchmarks as `compare` does. */
export function judgeRows(rows: MeasuredBenchmark[]): Judgement {
  const policy = DEFAULT_POLICY;
  const factors = judgeFactors(compareFactors(rows, policy.preset), policy);
  const shares = factorShares(rows, policy.preset);
  const { benchmarks, groups } = judgeBenchmarks(
    rows,
    measureGroups(rows, policy, undefined),
    policy,
    shares,
  );
  const compared = {
    incomplete: false,
    factors,
    benchmarks: [...benchmarks, ...groups],
    waived: new Set<string>(),
  };
  const found = findVerdicts(compared);
  return {
    rows,
    factors,
    benchmarks,
    groups,
    failed: found.some((verdict) => policy.failOn.includes(verdict)),
  };
}

export function compareDraw({ benchmark }: RowSize, n: number, { measured, pairs }: Draw): MeasuredBenchmark {
  const noScore = { ...NO_SCORE, n };
  return {
    id: benchmark.id,
    name: benchmark.name,
    factor: benchmark.factor,
    baseline: noScore,
    candidate: noScore,
    ...testPaired(measured, pairs, false),
    span: 1,
    paired: true,
    n,
    flips: null,
    borrowed: null,
    outcome: null,
    reason: null,
    incomplete: false,
    missing: [],
    required: null,
    part: null,
    blockedBy: [],
    status: { baseline: 'done', candidate: 'done' },
  };
}
