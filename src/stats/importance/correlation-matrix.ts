/**
 * Pearson correlations of several variables, each observation counted so many times.
 *
 * @param columns one array a variable, of equal length.
 * @param counts how often each observation counts; once where null.
 * @returns row by row; 0 off the diagonal and on it for a variable without spread, 1 on the diagonal otherwise.
 */
export function correlationMatrix(
  columns: readonly Float64Array[],
  counts: Float64Array | null,
): Float64Array {
  const size = columns.length;
  const n = columns[0]?.length ?? 0;
  const sums = new Float64Array(size);
  const products = new Float64Array(size * size);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const count = counts === null ? 1 : counts[i]!;
    if (count === 0) continue;
    total += count;
    for (let a = 0; a < size; a++) {
      const weighted = count * columns[a]![i]!;
      sums[a]! += weighted;
      for (let b = 0; b <= a; b++) products[a * size + b]! += weighted * columns[b]![i]!;
    }
  }
  const spread = (a: number) => Math.max(0, products[a * size + a]! - sums[a]! ** 2 / total);
  const spreads = columns.map((_, a) => Math.sqrt(spread(a)));
  const matrix = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    // What is left of rounding is no spread.
    const has = (b: number) => spreads[b]! ** 2 > 1e-12 * (1 + products[b * size + b]!);
    if (has(a)) matrix[a * size + a] = 1;
    for (let b = 0; b < a; b++) {
      if (!has(a) || !has(b)) continue;
      const product = products[a * size + b]! - (sums[a]! * sums[b]!) / total;
      const value = Math.min(1, Math.max(-1, product / (spreads[a]! * spreads[b]!)));
      matrix[a * size + b] = value;
      matrix[b * size + a] = value;
    }
  }
  return matrix;
}
