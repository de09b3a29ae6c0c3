import tCdf from '@stdlib/stats-base-dists-t-cdf';
import type { Estimate } from './estimate.ts';

/**
 * p-value of two one-sided t tests (Schuirmann 1987) that the truth lies within plus or minus `margin`: the larger of
 * the two. It is below alpha exactly where the interval at level 1 - 2 alpha lies inside the margin.
 *
 * Null where the standard error is unknown. Without spread it is 0 inside the margin and 1 elsewhere, and says no
 * more than that: a few equal values have no spread by chance, which the caller has to look at.
 */
export function equivalence({ estimate, se, df }: Estimate, margin: number): number | null {
  if (se === null || df === null) return null;
  const inside = margin - Math.abs(estimate);
  if (se === 0) return inside > 0 ? 0 : 1;
  // The nearer end of the margin gives the larger p.
  return tCdf(-inside / se, df);
}
