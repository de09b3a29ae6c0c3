const HALVINGS = 60;

/** Where an increasing function passes 0 between `low` and `high`; the end that is nearer where it does not. */
export function findRoot(
  increasing: (value: number) => number,
  { low, high, halvings = HALVINGS }: { low: number; high: number; halvings?: number },
): number {
  let [from, to] = [low, high];
  for (let i = 0; i < halvings; i++) {
    const middle = (from + to) / 2;
    if (increasing(middle) < 0) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}
