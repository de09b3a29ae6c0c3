import tCdf from '@stdlib/stats-base-dists-t-cdf';
import type { Estimate } from './estimate.ts';

/**
 * Two-sided p-value of estimate = 0 by the t distribution. An estimate of 0 without spread has p = 1;
 * any other without spread, or of unknown spread, has none (null).
 */
export function tTest({ estimate, se, df }: Estimate): number | null {
  if (se === null || df === null) return null;
  if (se === 0) return estimate === 0 ? 1 : null;
  return Math.min(1, 2 * tCdf(-Math.abs(estimate / se), df));
}
