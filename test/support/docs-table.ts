/** Cells of the table that a page has between `<!-- NAME-start -->` and `<!-- NAME-end -->`, without its head. */
export function readDocsTable(page: string, name: string): string[][] {
  const part = page.split(`<!-- ${name}-start -->`)[1]?.split(`<!-- ${name}-end -->`)[0] ?? '';
  return part
    .trim()
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
