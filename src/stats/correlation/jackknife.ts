import type { Estimate } from '../estimate.ts';

/**
 * A statistic of all members with its standard error by leaving out one group after the other (Tukey 1958): variance
 * (g - 1) / g sum (t_i - mean)^2 over g groups, g - 1 degrees of freedom.
 *
 * @param groups members of each group, as indices; members of one group depend on one another.
 * @param statistic of the members that are kept; null where they have none.
 * @returns null where all have no statistic; without a standard error where there are fewer than 2 groups, or some of the rest have none.
 */
export function jackknife(
  groups: readonly (readonly number[])[],
  statistic: (members: readonly number[]) => number | null,
): Estimate | null {
  const estimate = statistic(groups.flat().sort((a, b) => a - b));
  if (estimate === null) return null;
  return jackknifeOf(
    estimate,
    groups.map((_, out) =>
      statistic(groups.flatMap((group, i) => (i === out ? [] : group)).sort((a, b) => a - b)),
    ),
  );
}

/**
 * The same where the statistics are known already.
 *
 * @param left the statistic without each group in turn; null where the rest has none.
 */
export function jackknifeOf(estimate: number | null, left: readonly (number | null)[]): Estimate | null {
  if (estimate === null) return null;
  const g = left.length;
  const values = left.filter((value) => value !== null);
  if (g < 2 || values.length < g) return { estimate, se: null, df: null, units: g };
  const mean = values.reduce((sum, value) => sum + value, 0) / g;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { estimate, se: Math.sqrt(((g - 1) / g) * squares), df: g - 1, units: g };
}
