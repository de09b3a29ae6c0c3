/** Indices of the models that a board has, the lowest score first. `scores` is NaN where it has none. */
export function orderOfScores(scores: Float64Array): number[] {
  const present = [...scores.keys()].filter((i) => !Number.isNaN(scores[i]!));
  return present.sort((a, b) => scores[a]! - scores[b]!);
}

/**
 * Share of the other models of one board that each model beats, ties not counted: the win rate of IBM's BenchBench. NaN for a model that is
 * left out, or where there is no other one.
 *
 * @param order as `orderOfScores` gives it.
 * @param kept 1 for each model that counts.
 */
export function winRates(scores: Float64Array, order: readonly number[], kept: Uint8Array): Float64Array {
  const rates = new Float64Array(scores.length).fill(Number.NaN);
  let members = 0;
  for (const i of order) if (kept[i] === 1) members++;
  if (members < 2) return rates;
  let below = 0;
  let at = 0;
  let last = Number.NaN;
  for (const i of order) {
    if (kept[i] !== 1) continue;
    if (scores[i]! > last) below = at;
    rates[i] = below / (members - 1);
    last = scores[i]!;
    at++;
  }
  return rates;
}
