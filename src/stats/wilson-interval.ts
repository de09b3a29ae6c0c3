import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/**
 * Score interval of a proportion (Wilson 1927) at `level`, a fraction of 1: `share` of `n` independent 0/1 values
 * were 1. Lies in [0, 1] and has width even where all values are equal; [0, 1] for no values. With `df` the quantile
 * is that of the t distribution, for an `n` that is itself an estimate.
 */
export function wilsonInterval(share: number, n: number, level: number, df?: number): [number, number] {
  if (n === 0) return [0, 1];
  const tail = (1 + level) / 2;
  const z = df === undefined ? normalQuantile(tail, 0, 1) : tQuantile(tail, df);
  const shrink = 1 + (z * z) / n;
  const center = (share + (z * z) / (2 * n)) / shrink;
  const reach = (z / shrink) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  // Exact at the ends, where rounding would leave 1e-17.
  return [share === 0 ? 0 : Math.max(0, center - reach), share === 1 ? 1 : Math.min(1, center + reach)];
}
