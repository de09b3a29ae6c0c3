import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';

/**
 * Exact two-sided p-value of McNemar's test (1947): of n independent pairs of 0/1 values, `gained` went from 0 to 1
 * and `lost` from 1 to 0; p = min(1, 2 P(B <= min(gained, lost))), B binomial with gained + lost trials of 1/2.
 * The same as a sign test of differences. 1 without a discordant pair.
 *
 * @throws RangeError for counts that are not whole numbers from 0.
 */
export function mcnemar(gained: number, lost: number): number {
  if (![gained, lost].every((count) => Number.isInteger(count) && count >= 0)) {
    throw new RangeError(`${gained} gained and ${lost} lost are not counts`);
  }
  return Math.min(1, 2 * binomialCdf(Math.min(gained, lost), gained + lost, 0.5));
}
