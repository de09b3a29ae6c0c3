import { FACTORS, type Factor } from '../benchmark.ts';
import type { BenchmarkModel, TaskStratum } from './variance.ts';

/** Benchmarks up to this size are taken whole; of longer ones at least `MIN_ITEMS`: a benchmark's collapse must not go unseen. */
const MAX_WHOLE = 500;
const MIN_ITEMS = 200;
/** Fewer items of a task show no spread. */
const MIN_OF_TASK = 2;

const HALVINGS = 60;

export interface Allocation {
  /** Items to take of each task. */
  sizes: Map<string, number>;
  /** Expected variance of each benchmark's mean difference, and of each factor's. */
  benchmarks: Map<string, number>;
  factors: Map<Factor, number>;
}

/**
 * How many items of each task bring the variance of every factor's difference down to its target at least cost:
 * n proportional to W S / sqrt(c) (Neyman's allocation with costs; Cochran 1977, 5.5), W the task's weight in the
 * factor, S the standard deviation of an item's difference, c an item's cost. Never fewer than the floors, never more
 * than there are; a factor whose target is out of reach takes all its items.
 *
 * @param targets variance wanted of each factor; a factor without one, and benchmarks in no factor, get their floors.
 * @param floorVariance for a plan with looks: the most variance that a benchmark of a factor may ever have, in place of the floors.
 */
export function allocate(
  benchmarks: readonly BenchmarkModel[],
  targets: Readonly<Partial<Record<Factor, number>>>,
  floorVariance?: (benchmark: BenchmarkModel) => number,
): Allocation {
  const floors = new Map(
    benchmarks.map((benchmark) => {
      if (floorVariance === undefined || benchmark.factor === null) return [benchmark, floorOf(benchmark)];
      const most = floorVariance(benchmark);
      const isEnough = (value: number) => varianceOf(benchmark, sizesOf(benchmark, value)) <= most;
      return [benchmark, smallest(fullIntensity(benchmark), isEnough)];
    }),
  );
  const sizesAt = (benchmark: BenchmarkModel, intensity: number) =>
    sizesOf(benchmark, Math.max(floors.get(benchmark)!, intensity * benchmark.share));
  const sizes = new Map<string, number>();
  const variances = new Map<string, number>();
  const factors = new Map<Factor, number>();
  const settle = (benchmark: BenchmarkModel, intensity: number): number => {
    const own = sizesAt(benchmark, intensity);
    benchmark.strata.forEach(({ task }, index) => void sizes.set(task, own[index]!));
    const variance = varianceOf(benchmark, own);
    variances.set(benchmark.id, variance);
    return variance;
  };
  for (const factor of FACTORS) {
    const own = benchmarks.filter((benchmark) => benchmark.factor === factor && benchmark.strata.length > 0);
    if (own.length === 0) continue;
    const target = targets[factor] ?? Infinity;
    const everything = Math.max(...own.map((benchmark) => fullIntensity(benchmark) / benchmark.share));
    const intensity = smallest(
      everything,
      (value) =>
        own.reduce(
          (sum, benchmark) => sum + benchmark.share ** 2 * varianceOf(benchmark, sizesAt(benchmark, value)),
          0,
        ) <= target,
    );
    factors.set(
      factor,
      own.reduce((sum, benchmark) => sum + benchmark.share ** 2 * settle(benchmark, intensity), 0),
    );
  }
  for (const benchmark of benchmarks) if (benchmark.factor === null) settle(benchmark, 0);
  return { sizes, benchmarks: variances, factors };
}

/** The intensity at which a benchmark has its floor. */
function floorOf(benchmark: BenchmarkModel): number {
  const documents = benchmark.strata.reduce((sum, stratum) => sum + stratum.documents, 0);
  const full = fullIntensity(benchmark);
  // The factor has too few items to show much, whatever is asked for; and they are cheap.
  if (documents <= MAX_WHOLE || benchmark.factor === 'if') return full;
  return smallest(full, (value) => sizesOf(benchmark, value).reduce((a, b) => a + b, 0) >= MIN_ITEMS);
}

/** The intensity at which every item is taken. */
function fullIntensity({ strata, rate }: BenchmarkModel): number {
  return Math.max(...strata.map((stratum) => stratum.documents / pull(stratum, rate)));
}

function sizesOf({ strata, rate }: BenchmarkModel, intensity: number): number[] {
  return strata.map((stratum) =>
    Math.min(stratum.documents, Math.max(MIN_OF_TASK, Math.ceil(intensity * pull(stratum, rate)))),
  );
}

/** S W / sqrt(c). */
function pull({ reducible, cost }: TaskStratum, rate: number): number {
  return Math.sqrt(reducible / (cost * rate));
}

function varianceOf({ strata, irreducible }: BenchmarkModel, sizes: readonly number[]): number {
  return strata.reduce((sum, { reducible }, index) => sum + reducible / sizes[index]!, irreducible);
}

/**
 * Smallest value up to `high` that is enough, or `high`. Values tried are the same for every wish on the same benchmarks, so
 * that asking for more never yields less: plans nest.
 */
function smallest(high: number, isEnough: (value: number) => boolean): number {
  let low = 0;
  let enough = high;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + enough) / 2;
    if (isEnough(middle)) enough = middle;
    else low = middle;
  }
  return enough;
}
