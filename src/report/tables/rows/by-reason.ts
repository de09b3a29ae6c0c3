/** Names of what has one reason, by reason, in the order in which they come. */
export function groupByReason<Row>(
  rows: readonly Row[],
  describe: (row: Row) => { name: string; reason: string },
): [reason: string, names: string[]][] {
  const groups = new Map<string, string[]>();
  for (const row of rows) {
    const { name, reason } = describe(row);
    groups.set(reason, [...(groups.get(reason) ?? []), name]);
  }
  return [...groups];
}
