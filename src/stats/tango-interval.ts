import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

/**
 * Score interval of a difference of paired proportions (Tango 1998) at `level`: of `n` independent pairs of 0/1
 * values, `gained` went from 0 to 1 and `lost` from 1 to 0, so that the estimate is (gained - lost) / n.
 *
 * It holds the differences d with |gained - lost - n d| <= z sqrt(n (2 q + d (1 - d))), q the most likely share of
 * lost pairs given d, the larger root of 2n q^2 + ((2n - gained + lost) d - gained - lost) q = lost d (1 - d).
 * Lies in [-1, 1], and has width without a discordant pair: +- z^2 / (n + z^2). For 0 pairs [-1, 1].
 *
 * @throws RangeError for counts that are not whole numbers from 0, or do not fit into n.
 */
export function tangoInterval(gained: number, lost: number, n: number, level: number): [number, number] {
  if (![gained, lost, n - gained - lost].every((count) => Number.isInteger(count) && count >= 0)) {
    throw new RangeError(`${gained} gained and ${lost} lost are not counts of ${n} pairs`);
  }
  if (n === 0) return [-1, 1];
  const z = normalQuantile((1 + level) / 2, 0, 1);
  return [-upperEnd(lost, gained, n, z), upperEnd(gained, lost, n, z)];
}

/** Halves the range from the estimate to 1 until it is as narrow as rounding allows: the score falls throughout. */
function upperEnd(gained: number, lost: number, n: number, z: number): number {
  let low = (gained - lost) / n;
  let high = 1;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return high;
    const distance = n * middle - (gained - lost);
    const variance = n * (2 * likelyLost(middle, gained, lost, n) + middle * (1 - middle));
    if (distance * distance <= z * z * variance) low = middle;
    else high = middle;
  }
}

function likelyLost(difference: number, gained: number, lost: number, n: number): number {
  const a = 2 * n;
  const b = (2 * n - gained + lost) * difference - gained - lost;
  const c = -lost * difference * (1 - difference);
  return (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
}
