/** A pivot below this is a column that says nothing which the ones before it do not say. */
const SINGULAR = 1e-10;

/**
 * R² of the least-squares fit (with an intercept) of an outcome on each subset of its predictors.
 *
 * @param correlations symmetric matrix of p + 1 variables, row by row: the p predictors, then the outcome.
 * @returns 2^p values; bit j of the index stands for predictor j. A predictor without spread, or that others give exactly, adds nothing.
 */
export function subsetFits(correlations: Float64Array, p: number): Float64Array {
  const size = p + 1;
  const fits = new Float64Array(2 ** p);
  const chosen = new Int32Array(p);
  // Row by row of the Cholesky factor of the chosen predictors; the last row is the outcome's.
  const factor = new Float64Array(size * size);
  for (let mask = 1; mask < fits.length; mask++) {
    let count = 0;
    for (let j = 0; j < p; j++) if (mask & (1 << j)) chosen[count++] = j;
    let fit = 0;
    for (let i = 0; i <= count; i++) {
      const row = i === count ? p : chosen[i]!;
      let squares = 0;
      for (let k = 0; k < i; k++) {
        const pivot = factor[k * size + k]!;
        let value = correlations[row * size + chosen[k]!]!;
        for (let l = 0; l < k; l++) value -= factor[i * size + l]! * factor[k * size + l]!;
        value = pivot === 0 ? 0 : value / pivot;
        factor[i * size + k] = value;
        squares += value * value;
      }
      const left = correlations[row * size + row]! - squares;
      factor[i * size + i] = left > SINGULAR ? Math.sqrt(left) : 0;
      if (i === count) fit = squares;
    }
    fits[mask] = Math.min(1, fit);
  }
  return fits;
}
