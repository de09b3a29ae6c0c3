import { findRoot } from './find-root.ts';
import type { Spending } from './spending.ts';
import { goOn, reachAbove, startWalk } from './walk.ts';

/** A boundary that nothing crosses: there is no error left to spend. */
export const NEVER = 40;

/**
 * Upper boundaries c_1, ..., c_K of one-sided tests at information fractions `fractions` (increasing), as normal quantiles: with no
 * effect, the probability of crossing one of the first k is `spent(t_k)` (Lan and DeMets 1983). No stop for futility is counted on.
 *
 * @param grid points that the recursion integrates over.
 */
export function efficacyBoundaries(fractions: readonly number[], spent: Spending, grid?: number): number[] {
  let walk = startWalk();
  let used = 0;
  return fractions.map((t, index) => {
    const available = spent(t) - used;
    const bound =
      available <= 0
        ? NEVER
        : findRoot((z) => available - reachAbove(walk, t, 0, z), { low: -REACH, high: REACH });
    used = Math.max(used, spent(t));
    const next = fractions[index + 1];
    if (next !== undefined) walk = goOn(walk, t, 0, { low: -Infinity, high: bound, next, grid });
    return bound;
  });
}

const REACH = 9;
