/**
 * Adjusted p-values after Benjamini and Hochberg (1995): sorted ascending, p(i) times m / (i + 1), made monotone
 * from the largest down, at most 1. Rejecting those up to alpha keeps the false discovery rate at alpha for
 * independent or positively dependent tests. Same order as given.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const count = pValues.length;
  const adjusted = new Array<number>(count);
  const descending = pValues.map((_, index) => index).sort((a, b) => pValues[b]! - pValues[a]!);
  let smallest = 1;
  descending.forEach((index, rank) => {
    smallest = Math.min(smallest, (pValues[index]! * count) / (count - rank));
    adjusted[index] = smallest;
  });
  return adjusted;
}
