/**
 * Kendall's tau-b of paired values (Kendall 1945): pairs of the same order less pairs of the opposite one, over the geometric mean of
 * the pairs that are not tied in x and of those not tied in y. Null where a side has no spread.
 */
export function kendall(x: readonly number[], y: readonly number[]): number | null {
  let untiedX = 0;
  let untiedY = 0;
  let balance = 0;
  for (let i = 1; i < x.length; i++) {
    const xi = x[i]!;
    const yi = y[i]!;
    for (let j = 0; j < i; j++) {
      const dx = xi - x[j]!;
      const dy = yi - y[j]!;
      if (dx !== 0) untiedX++;
      if (dy !== 0) untiedY++;
      if (dx !== 0 && dy !== 0) balance += dx > 0 === dy > 0 ? 1 : -1;
    }
  }
  if (untiedX === 0 || untiedY === 0) return null;
  return balance / Math.sqrt(untiedX * untiedY);
}
