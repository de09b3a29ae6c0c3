import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** One estimate at one look: its difference, standard error and degrees of freedom. */
export interface LookEstimate {
  estimate: number;
  se: number;
  df: number;
}

/**
 * How much an estimate speaks for a drop, as a normal quantile: the z whose upper tail is the t distribution's beyond
 * -(estimate - origin) / se. So boundaries, which are normal quantiles, are compared as p-values of t.
 */
export function dropStatistic({ estimate, se, df }: LookEstimate, origin = 0): number {
  const difference = estimate - origin;
  if (se === 0) return difference === 0 ? 0 : -Math.sign(difference) * LARGEST;
  const t = -difference / se;
  const z = normalQuantile(tCdf(-Math.abs(t), df), 0, 1);
  return Math.sign(t) * Math.min(LARGEST, -z);
}

/** Beyond it, tails are too small for a double. */
const LARGEST = 37;

/** The quantile of the t distribution that has the tail of a normal boundary. */
export function boundaryOfT(bound: number, df: number): number {
  return Math.sign(bound) * -tQuantile(normalCdf(-Math.abs(bound), 0, 1), df);
}
