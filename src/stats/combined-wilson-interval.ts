import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { combine } from './combine.ts';
import type { EffectiveSize } from './effective-size.ts';
import type { Estimate } from './estimate.ts';
import { wilsonDesignInterval } from './wilson-design-interval.ts';

/** A mean of scores in [0, 1], with its interval and what its sample amounts to. */
export interface BoundedMean {
  estimate: Estimate;
  ci: readonly [number, number];
  size: EffectiveSize;
}

/**
 * Score interval at `level` of a weighted mean of independent means of scores in [0, 1] (`shares` sum to 1; each `ci` has the same
 * level): strata of one sample, whose interval is `wilsonDesignInterval`'s (Korn and Graubard 1998; Franco, Little, Louis and Slud
 * 2019). Lies in [0, 1], and has width where all values are equal. One mean alone keeps its own interval; null where a standard
 * error is unknown.
 *
 * A stratum of a dozen answers that are all right shows no spread, and with much weight would make the whole look certain (coverage of
 * two benchmarks, one of 12 items and three fourths of the weight: 64% at worst). So each variance is at least that of its own
 * score interval, ((upper - lower) / 2z)^2: 93% and more. Squaring and adding the distances to the ends of the intervals (Newcombe 1998;
 * Zou and Donner 2008) was tried: for ten benchmarks of a dozen items it covers 93 to 94% on average, 90% at worst.
 */
export function combinedWilsonInterval(
  means: readonly BoundedMean[],
  shares: readonly number[],
  level: number,
): [number, number] | null {
  if (means.length === 1) return [...means[0]!.ci];
  const z = normalQuantile((1 + level) / 2, 0, 1);
  const spread = means.map(({ estimate, ci: [low, high] }) => ({
    ...estimate,
    se: estimate.se === null ? null : Math.max(estimate.se, (high - low) / 2 / z),
  }));
  const mean = combine(spread, shares);
  if (mean === null) return null;
  const sizeOf = (part: keyof EffectiveSize) =>
    1 / means.reduce((sum, { size }, index) => sum + shares[index]! ** 2 / size[part], 0);
  return wilsonDesignInterval(mean, { items: sizeOf('items'), clusters: sizeOf('clusters') }, level);
}
