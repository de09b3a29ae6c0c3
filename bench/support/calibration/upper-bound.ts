import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';

/** Upper one-sided Clopper-Pearson bound of a probability at `level`, from `count` of `n` repetitions. */
export function upperBound(count: number, n: number, level: number): number {
  if (count >= n) return 1;
  let low = count / n;
  let high = 1;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (binomialCdf(count, n, middle) > 1 - level) low = middle;
    else high = middle;
  }
  return high;
}
