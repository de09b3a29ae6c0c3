/** A mean that goes into a weighted sum. */
export interface SummedMean {
  /** Its factor in the sum. */
  weight: number;
  estimate: number;
  /** Its own interval, of the level that the sum's interval is to have. */
  ci: readonly [number, number];
}

/**
 * Interval of a weighted sum of means that may depend on one another, from the intervals of the means: with d the distance of each mean to
 * that bound of its own which moves the sum towards the wanted end, that end lies sqrt(sum over k, j of r(k, j) w(k) d(k) w(j) d(j)) from the
 * sum (MOVER: Zou and Donner 2008; Zou, Huang and Zhang 2009). It has width where every mean lies at an end of its scale, since its parts have.
 *
 * @param parts in the unit of the sum.
 * @param correlation of the estimates at two indexes of `parts`; 1 with itself.
 */
export function linearCombinationInterval(
  parts: readonly SummedMean[],
  correlation: (k: number, j: number) => number,
): [number, number] {
  const sum = parts.reduce((total, { weight, estimate }) => total + weight * estimate, 0);
  const reach = (end: 'low' | 'high') => {
    const distances = parts.map(({ weight, estimate, ci }) => {
      const bound = weight > 0 === (end === 'low') ? ci[0] : ci[1];
      return weight * Math.abs(estimate - bound);
    });
    let squares = 0;
    for (const [k, own] of distances.entries())
      for (const [j, other] of distances.entries()) squares += correlation(k, j) * own * other;
    // Correlations that are themselves estimated need not belong to one another.
    return Math.sqrt(Math.max(0, squares));
  };
  return [sum - reach('low'), sum + reach('high')];
}
