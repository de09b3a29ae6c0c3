import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** How a drop of paired answers is tested. */
export interface PairedTest {
  /** One-sided error rate. */
  level: number;
  power: number;
  /** `counts`: McNemar's test of the answers that flipped; `t`: of the mean difference. */
  by: 'counts' | 't';
}

const ITERATIONS = 30;
const CLOSE = 1e-9;
/** Of fewer degrees of freedom the t distribution says little. */
const MIN_DF = 4;

/**
 * Pairs of answers with which a true drop is seen with the test's power. Answers that drop flip, and of the others as many as flip anyway, as
 * often up as down: flips = drop + (1 - drop) `variance`, and a pair's difference has the variance flips - drop².
 *
 * By counts, the test takes the flips for even, so that its standard error is that of no drop: n = (z sqrt(flips) + z(power) sqrt(flips -
 * drop²))² / drop² (Connett, Smith and McHugh 1987). By t, from the noncentral t distribution's normal approximation (Johnson, Kotz and
 * Balakrishnan 1995, 31.6).
 *
 * @param variance of one pair's difference where nothing drops: of right or wrong answers, the share that flips.
 * @param drop a fraction of 1.
 */
export function pairsForDrop(drop: number, variance: number, { level, power, by }: PairedTest): number {
  const flips = drop + (1 - drop) * Math.min(1, variance);
  const sd = Math.sqrt(Math.max(0, flips - drop ** 2));
  const [z, reserve] = [normalQuantile(1 - level, 0, 1), normalQuantile(power, 0, 1)];
  if (by === 'counts') return ((z * Math.sqrt(flips) + reserve * sd) / drop) ** 2;
  let pairs = (((z + reserve) * sd) / drop) ** 2;
  for (let i = 0; i < ITERATIONS; i++) {
    const df = Math.max(MIN_DF, pairs - 1);
    const t = -tQuantile(level, df);
    const reach = t * (1 - 1 / (4 * df)) + reserve * Math.sqrt(1 + t ** 2 / (2 * df));
    const next = ((reach * sd) / drop) ** 2;
    if (Math.abs(next - pairs) < CLOSE * pairs) return next;
    pairs = next;
  }
  return pairs;
}
