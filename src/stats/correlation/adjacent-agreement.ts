/** How well one side orders the models that are close to one another on the other side. */
export interface AdjacentAgreement {
  /** Pairs of the same order less pairs of the opposite one, over all close pairs: -1 to 1; a tie on the side that is tested counts as neither. */
  agreement: number;
  pairs: number;
}

/**
 * Of the pairs of members that differ on `reference`, and by no more than `within`: those in the same order on `tested` less those in the
 * opposite one, a share of all. Null where there is no such pair.
 */
export function adjacentAgreement(
  tested: readonly number[],
  reference: readonly number[],
  within: number,
  members: readonly number[],
): AdjacentAgreement | null {
  // A difference of exactly the limit, as decimal fractions have it, is within.
  const limit = within * (1 + 1e-9);
  let pairs = 0;
  let balance = 0;
  for (const [at, i] of members.entries()) {
    for (const j of members.slice(0, at)) {
      const gap = reference[i]! - reference[j]!;
      if (gap === 0 || Math.abs(gap) > limit) continue;
      pairs++;
      const other = tested[i]! - tested[j]!;
      if (other !== 0) balance += other > 0 === gap > 0 ? 1 : -1;
    }
  }
  return pairs === 0 ? null : { agreement: balance / pairs, pairs };
}
