import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import { findRoot } from './sequential/find-root.ts';

/**
 * Exact one-sided bounds of a binomial share (Clopper and Pearson 1934): `low` and `high` each hold at `level`, a fraction of 1, when
 * `successes` of `n` independent trials succeeded. [0, 1] for no trials.
 *
 * @throws RangeError for counts that are not whole numbers from 0, or do not fit into n.
 */
export function binomialBounds(successes: number, n: number, level: number): [low: number, high: number] {
  if (![successes, n - successes].every((count) => Number.isInteger(count) && count >= 0)) {
    throw new RangeError(`${successes} successes are not a count of ${n} trials`);
  }
  const high = upperBound(successes, n, level);
  const low = 1 - upperBound(n - successes, n, level);
  return [low, high];
}

/** The share at which no more successes than these have the probability 1 - level. */
function upperBound(successes: number, n: number, level: number): number {
  if (successes === n) return 1;
  return findRoot((share) => 1 - level - binomialCdf(successes, n, share), { low: successes / n, high: 1 });
}
