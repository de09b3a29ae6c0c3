import { byTime, type IndexLine } from './entry.ts';

/**
 * Entries that keep items although `keep` newer ones do, and that are not pinned. Months are given newest first, and read
 * only as far as items go.
 *
 * @param through a month that is read in any case: a pin that was let go may lie that far back.
 */
export async function overdueItems(
  months: readonly string[],
  linesOf: (month: string) => Promise<IndexLine[]>,
  keep: number,
  { pinned, through = null }: { pinned: ReadonlySet<string>; through?: string | null },
): Promise<IndexLine[]> {
  const overdue: IndexLine[] = [];
  let kept = 0;
  for (const month of months) {
    const own = (await linesOf(month))
      .filter(({ itemsKept }) => itemsKept)
      .sort(byTime)
      .reverse();
    // A month without items, past the ones kept, ends it: those before it had theirs dropped earlier.
    const isPast = kept >= keep && own.every(({ sha }) => pinned.has(sha));
    if (isPast && (through === null || month < through)) break;
    for (const line of own) {
      if (kept < keep) kept++;
      else if (!pinned.has(line.sha)) overdue.push(line);
    }
  }
  return overdue;
}
