/**
 * What each of p players adds to a game on average over all orders in which they may join (Shapley 1953). Of R² by subset of predictors these are
 * the values of Lindeman, Merenda and Gold 1980: they are never negative and sum to the R² of all.
 *
 * @param worth of each subset, 2^p values; bit j of the index stands for player j.
 */
export function shapleyValues(worth: Float64Array, p: number): Float64Array {
  const values = new Float64Array(p);
  const weights = weightsBySize(p);
  for (let mask = 0; mask < worth.length; mask++) {
    const weight = weights[bitCount(mask)]!;
    for (let j = 0; j < p; j++) {
      const bit = 1 << j;
      if ((mask & bit) === 0) values[j]! += weight * (worth[mask | bit]! - worth[mask]!);
    }
  }
  return values;
}

/** s! (p - s - 1)! / p! by the size s of the subset that is joined. */
function weightsBySize(p: number): number[] {
  const weights: number[] = [];
  for (let s = 0, weight = 1 / p; s < p; s++) {
    weights.push(weight);
    weight *= (s + 1) / (p - s - 1);
  }
  return weights;
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest &= rest - 1) count++;
  return count;
}
