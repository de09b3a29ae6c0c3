import { clusteredMean, type Sampling } from '../../stats/clustered-mean.ts';
import type { Estimate } from '../../stats/estimate.ts';
import { numberClusters } from '../../stats/number-clusters.ts';
import { stratifiedMean } from '../../stats/stratified-mean.ts';
import type { Benchmark } from '../../suite/benchmark.ts';
import type { Item } from '../schema.ts';

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

/**
 * Items weigh 1 / inclusion probability, dependent ones form clusters; LiveBench is the mean of its tasks' means. Records, tables and
 * verdicts all have their means from here.
 *
 * @param benchmark undefined for items of one task, or of a benchmark that is not in the catalogue.
 */
export function designOf(
  items: readonly Sampled[],
  benchmark: Pick<Benchmark, 'harness'> | undefined,
): Design {
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

/** Mean of the items' scores, with its standard error; null for no items. See `designOf`. */
export function meanScore(
  items: readonly Item[],
  benchmark: Pick<Benchmark, 'harness'> | undefined,
): Estimate | null {
  return estimateMean(
    Float64Array.from(items, ({ score }) => score),
    designOf(items, benchmark),
  );
}

/** Tasks as numbers 0, 1, 2, ... in order of their first item. */
export function numberTasks(items: readonly Pick<Item, 'task'>[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(items, ({ task }) => {
    const known = numbers.get(task);
    if (known !== undefined) return known;
    numbers.set(task, numbers.size);
    return numbers.size - 1;
  });
}
