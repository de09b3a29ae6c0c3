import { byTime, type IndexLine } from './entry.ts';

/**
 * Entries that keep items although `keep` newer ones do. Months are given newest first, and read only as far as items go.
 */
export async function overdueItems(
  months: readonly string[],
  linesOf: (month: string) => Promise<IndexLine[]>,
  keep: number,
): Promise<IndexLine[]> {
  const overdue: IndexLine[] = [];
  let kept = 0;
  for (const month of months) {
    const own = (await linesOf(month))
      .filter(({ itemsKept }) => itemsKept)
      .sort(byTime)
      .reverse();
    // A month without items, past the ones kept, ends it: those before it had theirs dropped earlier.
    if (own.length === 0 && kept >= keep) break;
    for (const line of own) {
      if (kept < keep) kept++;
      else overdue.push(line);
    }
  }
  return overdue;
}
