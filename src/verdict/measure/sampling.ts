import type { Item } from '../../record/schema.ts';
import { clusteredMean, type Sampling } from '../../stats/clustered-mean.ts';
import { type EffectiveSize, effectiveSize } from '../../stats/effective-size.ts';
import type { Estimate } from '../../stats/estimate.ts';
import { numberClusters } from '../../stats/number-clusters.ts';
import { stratifiedMean } from '../../stats/stratified-mean.ts';
import type { Benchmark } from '../../suite/benchmark.ts';

/** How an item came into the sample. */
export type Sampled = Pick<Item, 'task' | 'cluster' | 'docHash' | 'inclusionP'>;

/** What a mean over items and its standard error rest on, beside one value an item. */
export interface Design extends Sampling {
  items: number;
  /** 1 / inclusion probability; undefined where all weigh the same. */
  weights: Float64Array | undefined;
  /** Undefined where every item stands alone. */
  clusters: Int32Array | undefined;
  /** Number of the task, where the mean is one of task means (LiveBench). */
  strata: Int32Array | undefined;
}

/** Items weigh 1 / inclusion probability, dependent ones form clusters; LiveBench is the mean of its tasks' means. */
export function designOf(items: readonly Sampled[], benchmark: Benchmark | undefined): Design {
  const equal = items.every(({ inclusionP }) => inclusionP === items[0]!.inclusionP);
  return {
    items: items.length,
    weights: equal ? undefined : Float64Array.from(items, ({ inclusionP }) => 1 / inclusionP),
    clusters: numberClusters(items),
    strata: benchmark?.harness === 'livebench' ? numberTasks(items) : undefined,
  };
}

/** Mean of one value an item, with its standard error. */
export function estimateMean(values: Float64Array, { strata, ...sampling }: Design): Estimate | null {
  return strata ? stratifiedMean(values, { ...sampling, strata }) : clusteredMean(values, sampling);
}

/** Whether every item stands alone and all weigh the same, so that exact methods for counts apply. */
export function isSimple({ weights, clusters, strata }: Design): boolean {
  return !weights && !clusters && !strata;
}

/** How many simple items the sample amounts to; in LiveBench each task weighs the same. */
export function sizeOf({ items, weights, clusters, strata }: Design): EffectiveSize {
  if (!strata) return effectiveSize(items, { weights, clusters });
  const totals = new Float64Array(items);
  const weigh = (index: number) => weights?.[index] ?? 1;
  strata.forEach((task, index) => {
    totals[task]! += weigh(index);
  });
  const shares = Float64Array.from(strata, (task, index) => weigh(index) / totals[task]!);
  return effectiveSize(items, { weights: shares, clusters });
}

/** Tasks as numbers 0, 1, 2, ... in order of their first item. */
export function numberTasks(items: readonly Sampled[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(items, ({ task }) => {
    const known = numbers.get(task);
    if (known !== undefined) return known;
    numbers.set(task, numbers.size);
    return numbers.size - 1;
  });
}
