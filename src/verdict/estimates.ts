import type { BenchmarkResult, Item } from '../record/schema.ts';
import { clusteredMean, type Sampling } from '../stats/clustered-mean.ts';
import { type EffectiveSize, effectiveSize } from '../stats/effective-size.ts';
import type { Estimate } from '../stats/estimate.ts';
import { stratifiedMean } from '../stats/stratified-mean.ts';
import { tInterval } from '../stats/t-interval.ts';
import { wilsonDesignInterval } from '../stats/wilson-design-interval.ts';
import { wilsonInterval } from '../stats/wilson-interval.ts';
import type { Benchmark } from '../suite/benchmark.ts';
import type { Interval, Score } from './schema.ts';
import { countedScore, countedScores } from './scoring.ts';

/** Level of the interval of a score, whatever alpha the tests have. */
export const SCORE_LEVEL = 0.95;

/** How an item came into the sample. */
export type Sampled = Pick<Item, 'task' | 'cluster' | 'inclusionP'>;

export interface ScoreEstimate extends Score {
  estimate: Estimate | null;
  n: number;
}

/**
 * Mean of one value an item, with its standard error: items weigh 1 / inclusion probability, dependent ones form
 * clusters. LiveBench is the mean of its tasks' means.
 */
export function estimateMean(
  items: readonly Sampled[],
  values: Float64Array,
  benchmark: Benchmark | undefined,
): Estimate | null {
  const sampling = samplingOf(items);
  if (benchmark?.harness !== 'livebench') return clusteredMean(values, sampling);
  return stratifiedMean(values, { ...sampling, strata: numberTasks(items) });
}

/** Score of one side of a benchmark from its items, with its interval. */
export function scoreItems(items: readonly Item[], benchmark: Benchmark | undefined): ScoreEstimate {
  const values = countedScores(items, benchmark);
  const estimate = estimateMean(items, values, benchmark);
  if (estimate === null) return { estimate, score: null, ci: null, n: 0 };
  const binary = values.every((value) => value === 0 || value === 1);
  const simple =
    binary &&
    estimate.units === items.length &&
    benchmark?.harness !== 'livebench' &&
    haveEqualWeights(items);
  const ci = simple
    ? wilsonInterval(estimate.estimate, items.length, SCORE_LEVEL)
    : wilsonDesignInterval(estimate, sizeOf(items, benchmark), SCORE_LEVEL);
  return { estimate, score: estimate.estimate, ci, n: items.length };
}

/** Score of a benchmark of which only the mean and its standard error are kept. */
export function scoreSummary(result: BenchmarkResult, benchmark: Benchmark | undefined): ScoreEstimate {
  if (result.mean === null) return { estimate: null, score: null, ci: null, n: 0 };
  const known = result.stderr !== null && result.n > 1;
  const estimate: Estimate = {
    estimate: countedScore(result.mean, benchmark),
    se: known ? result.stderr : null,
    df: known ? result.n - 1 : null,
    units: result.n,
  };
  return { estimate, score: estimate.estimate, ci: scoreInterval(estimate), n: result.n };
}

/** t interval of a score, cut off at 0 and 1. */
export function scoreInterval(estimate: Estimate): Interval | null {
  const ci = tInterval(estimate, SCORE_LEVEL);
  return ci && [Math.max(0, ci[0]), Math.min(1, ci[1])];
}

function samplingOf(items: readonly Sampled[]): Sampling {
  return {
    weights: Float64Array.from(items, (item) => 1 / item.inclusionP),
    clusters: numberClusters(items),
  };
}

/** How many simple items the sample amounts to; in LiveBench each task weighs the same. */
function sizeOf(items: readonly Sampled[], benchmark: Benchmark | undefined): EffectiveSize {
  const { weights, clusters } = samplingOf(items);
  if (benchmark?.harness !== 'livebench') return effectiveSize(items.length, { weights, clusters });
  const tasks = numberTasks(items);
  const totals = new Float64Array(items.length);
  tasks.forEach((task, i) => {
    totals[task]! += weights![i]!;
  });
  return effectiveSize(items.length, { weights: weights!.map((w, i) => w / totals[tasks[i]!]!), clusters });
}

/** Clusters numbered from 0; an item without one is its own. */
function numberClusters(items: readonly Sampled[]): Int32Array {
  const numbers = new Map<bigint, number>();
  let next = 0;
  return Int32Array.from(items, ({ cluster }) => {
    if (cluster === null) return next++;
    const known = numbers.get(cluster);
    if (known !== undefined) return known;
    numbers.set(cluster, next);
    return next++;
  });
}

function numberTasks(items: readonly Sampled[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(items, ({ task }) => {
    if (!numbers.has(task)) numbers.set(task, numbers.size);
    return numbers.get(task)!;
  });
}

function haveEqualWeights(items: readonly Item[]): boolean {
  return items.every((item) => item.inclusionP === items[0]!.inclusionP);
}
