import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { efficacyBoundaries } from './efficacy.ts';
import { hwangShihDeCani } from './spending.ts';

const GRID = 121;
const HALVINGS = 16;
const FAR = 0.1;

/**
 * Sequential p-value: the least level at which a one-sided test that spends it by Hwang, Shih and DeCani would have crossed its
 * boundary at a look done so far (Liu and Anderson 2008). A valid p-value at whatever look one stops. With one look at fraction 1 it is
 * that look's p-value. Above 0.1 it is rounded up.
 *
 * @param fractions information fractions of the looks done, increasing.
 * @param pValues one-sided p-values of the looks done; null where a look was skipped, which spends nothing.
 */
export function sequentialP(
  fractions: readonly number[],
  pValues: readonly (number | null)[],
  gamma: number,
): number {
  const done = fractions.flatMap((t, k) => (pValues[k] == null ? [] : [{ t, p: pValues[k]! }]));
  if (done.length === 0) return 1;
  const times = done.map(({ t }) => t);
  const share = times.map((t) => hwangShihDeCani(1, gamma, t));
  // Crossing at a look takes at most all that is spent by then, and at least what is spent there.
  const smallest = Math.min(...done.map(({ p }, k) => p / share[k]!));
  const largest = Math.min(1, ...done.map(({ p }, k) => p / (share[k]! - (share[k - 1] ?? 0))));
  // Far from any test the upper bound will do: it is a valid p-value too, if a larger one.
  if (smallest >= FAR) return largest;
  if (largest <= smallest || smallest === 0) return Math.min(1, Math.max(smallest, 0));
  const crosses = (level: number): boolean =>
    efficacyBoundaries(times, (t) => hwangShihDeCani(level, gamma, t), GRID).some(
      (bound, k) => done[k]!.p <= normalCdf(-bound, 0, 1),
    );
  let [low, high] = [Math.log(smallest), Math.log(largest)];
  for (let i = 0; i < HALVINGS && high - low > 1e-4; i++) {
    const middle = (low + high) / 2;
    if (crosses(Math.exp(middle))) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}
