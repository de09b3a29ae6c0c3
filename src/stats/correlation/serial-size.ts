/**
 * How many independent pairs as much is known of, where both sides follow in time and neighbours depend on one another
 * (Bartlett 1935, lag 1): n / (1 + 2 a b), a and b the autocorrelations of the two sides. Differences of consecutive scores share a score: where all
 * of it is noise, a = b = -1/2, and n pairs count as n / 1.5. Never more than n.
 */
export function serialSize(x: readonly number[], y: readonly number[]): number {
  return x.length / (1 + 2 * Math.max(0, autocorrelation(x) * autocorrelation(y)));
}

function autocorrelation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let products = 0;
  let squares = 0;
  for (const [i, value] of values.entries()) {
    squares += (value - mean) ** 2;
    if (i > 0) products += (value - mean) * (values[i - 1]! - mean);
  }
  return squares === 0 ? 0 : products / squares;
}
