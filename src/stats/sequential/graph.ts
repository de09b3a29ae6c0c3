/** One of several tests at one look; statistics are normal quantiles. */
export interface LookOfTest {
  id: string;
  /** How much speaks for a drop. */
  drop: number;
  /** How much speaks against the drop that the test is made for. */
  against: number;
  /** Efficacy boundaries of this look by how many of the family are rejected already: none, one, two, ... */
  efficacy: readonly number[];
  futility: number;
}

/**
 * Decides one look of a family of one-sided tests by the graph that is Holm's procedure: each starts at alpha / m, and whenever one is
 * rejected, the others' level rises to alpha over those that are left, from this look on (Maurer and Bretz 2013). What is not
 * rejected and has crossed its futility boundary is held.
 *
 * @param rejected how many of the family were rejected at earlier looks.
 * @returns what is decided at this look; the others go on.
 */
export function decideLook(
  tests: readonly LookOfTest[],
  rejected: number,
): ReadonlyMap<string, 'regressed' | 'held'> {
  const decided = new Map<string, 'regressed' | 'held'>();
  let level = rejected;
  for (;;) {
    const next = tests.find(
      ({ id, drop, efficacy }) => !decided.has(id) && drop >= efficacy[Math.min(level, efficacy.length - 1)]!,
    );
    if (next === undefined) break;
    decided.set(next.id, 'regressed');
    level++;
  }
  for (const { id, against, futility } of tests) {
    if (!decided.has(id) && against >= futility) decided.set(id, 'held');
  }
  return decided;
}
