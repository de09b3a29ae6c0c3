import tCdf from '@stdlib/stats-base-dists-t-cdf';
import type { EffectiveSize } from './effective-size.ts';
import type { Estimate } from './estimate.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** How many failures (or successes, the rarer) what is presumed of the design counts as. */
const PRESUMED_EVENTS = 0.5;

/**
 * Score interval at `level` of a mean of scores in [0, 1] that are clustered, weighted, stratified or fractional:
 * Wilson's, with the number of independent 0/1 values that would have the same standard error for n, and the t
 * quantile (Korn and Graubard 1998; Franco, Little, Louis and Slud 2019). Lies in [0, 1], and has width even where all
 * values are equal. Null where the standard error is unknown.
 *
 * That number is items / deff with deff = se^2 items / (p (1 - p)). Near 0 and 1 a handful of failures decide deff,
 * and none leaves it open, so that it is averaged with what would be presumed without data, sqrt(items / clusters):
 * half way, as a factor, between independent values and clusters of equal ones. The weights are clusters min(p, 1 - p),
 * the clusters with a failure or success, whichever are fewer, and 0.5. Where a t interval covers a true share of 0.02
 * in 22% (12 values) to 82% (200 values in clusters of 3) of samples, this one does in 92% and more.
 *
 * A few clusters with a failure tell little of deff either. Of E of them, a number left to chance, the sum of squares
 * varies as a chi-square with 2 E degrees of freedom does, or 2 (E + 0.5) with what is presumed. That concerns the part of
 * the spread that is due to clusters, (1 - clusters / items) with the weight E / (E + 0.5) from above: 1 / df is averaged
 * from both. With `df` alone 275 clusters of 200 values, correlated by 0.3, cover a share of 0.02 in 87% of samples.
 *
 * `size` comes from `effectiveSize` of the same sample.
 */
export function wilsonDesignInterval(
  estimate: Estimate,
  size: EffectiveSize,
  level: number,
): [number, number] | null {
  const equal = equalTrials(estimate, size);
  return equal && wilsonInterval(equal.share, equal.n, level, equal.df);
}

/**
 * One-sided p-value of a mean that is no larger than `origin`, (0, 1): the score test that goes with that interval, whose lower end at level
 * 1 - 2 p lies just at `origin`. Null where the standard error is unknown.
 */
export function wilsonDesignTest(estimate: Estimate, size: EffectiveSize, origin: number): number | null {
  const equal = equalTrials(estimate, size);
  if (equal === null || equal.n === 0) return null;
  return tCdf((origin - equal.share) / Math.sqrt((origin * (1 - origin)) / equal.n), equal.df);
}

/** Independent 0/1 values that would have the same standard error, and the degrees of freedom of that number. */
function equalTrials(
  { estimate, se, df }: Estimate,
  { items, clusters }: EffectiveSize,
): { share: number; n: number; df: number } | null {
  if (se === null || df === null) return null;
  const share = Math.min(1, Math.max(0, estimate));
  const rarer = Math.min(share, 1 - share);
  const events = clusters * rarer;
  // events times deff, without the division by 0 at the ends.
  const found = (clusters * items * se * se) / (1 - rarer);
  const presumed = PRESUMED_EVENTS * Math.sqrt(items / clusters);
  const deff = (found + presumed) / (events + PRESUMED_EVENTS);
  const unsure = (1 - clusters / items) * (events / (events + PRESUMED_EVENTS));
  const few = Math.min(df, 2 * (events + PRESUMED_EVENTS));
  return { share, n: items / deff, df: 1 / ((1 - unsure) / df + unsure / few) };
}
