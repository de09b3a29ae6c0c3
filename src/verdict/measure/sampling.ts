import type { Design } from '../../record/results/sampling.ts';
import { type EffectiveSize, effectiveSize } from '../../stats/effective-size.ts';

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
