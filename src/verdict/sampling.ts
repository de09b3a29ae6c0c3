import type { Item } from '../record/schema.ts';
import { clusteredMean, type Sampling } from '../stats/clustered-mean.ts';
import { type EffectiveSize, effectiveSize } from '../stats/effective-size.ts';
import type { Estimate } from '../stats/estimate.ts';
import { stratifiedMean } from '../stats/stratified-mean.ts';
import type { Benchmark } from '../suite/benchmark.ts';

/** How an item came into the sample. */
export type Sampled = Pick<Item, 'task' | 'cluster' | 'inclusionP'>;

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

/** Whether every item stands alone and all weigh the same, so that exact methods for counts apply. */
export function isSimple(
  items: readonly Sampled[],
  estimate: Estimate,
  benchmark: Benchmark | undefined,
): boolean {
  if (benchmark?.harness === 'livebench' || estimate.units !== items.length) return false;
  return items.every((item) => item.inclusionP === items[0]!.inclusionP);
}

/** How many simple items the sample amounts to; in LiveBench each task weighs the same. */
export function sizeOf(items: readonly Sampled[], benchmark: Benchmark | undefined): EffectiveSize {
  const { weights, clusters } = samplingOf(items);
  if (benchmark?.harness !== 'livebench') return effectiveSize(items.length, { weights, clusters });
  const tasks = numberTasks(items);
  const totals = new Float64Array(items.length);
  tasks.forEach((task, i) => {
    totals[task]! += weights[i]!;
  });
  return effectiveSize(items.length, { weights: weights.map((w, i) => w / totals[tasks[i]!]!), clusters });
}

function samplingOf(items: readonly Sampled[]) {
  return {
    weights: Float64Array.from(items, (item) => 1 / item.inclusionP),
    clusters: numberClusters(items),
  } satisfies Sampling;
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
    const known = numbers.get(task);
    if (known !== undefined) return known;
    numbers.set(task, numbers.size);
    return numbers.size - 1;
  });
}
