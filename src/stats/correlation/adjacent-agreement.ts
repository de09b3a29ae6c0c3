import type { Estimate } from '../estimate.ts';
import { jackknifeOf } from './jackknife.ts';

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
  const { pairs, balance } = countPairs(tested, reference, within, [members]);
  return pairs === 0 ? null : { agreement: balance / pairs, pairs };
}

/**
 * The same of all members, with its standard error by leaving out one group after the other, as `jackknife` does it: each pair is looked at once, and
 * those of a group are taken off the counts.
 *
 * @param groups members of each group, as indices; members of one group depend on one another.
 */
export function adjacentJackknife(
  tested: readonly number[],
  reference: readonly number[],
  within: number,
  groups: readonly (readonly number[])[],
): Estimate | null {
  const { pairs, balance, ofGroup } = countPairs(tested, reference, within, groups);
  const share = (won: number, of: number) => (of === 0 ? null : won / of);
  return jackknifeOf(
    share(balance, pairs),
    ofGroup.map((own) => share(balance - own.balance, pairs - own.pairs)),
  );
}

interface PairCounts {
  pairs: number;
  /** Pairs in the same order less those in the opposite one. */
  balance: number;
}

/** Pairs of all groups' members, and by group those that one of its members is part of. */
function countPairs(
  tested: readonly number[],
  reference: readonly number[],
  within: number,
  groups: readonly (readonly number[])[],
): PairCounts & { ofGroup: PairCounts[] } {
  // A difference of exactly the limit, as decimal fractions have it, is within.
  const limit = within * (1 + 1e-9);
  const members = Int32Array.from(groups.flat());
  const groupOf = Int32Array.from(groups.flatMap((group, index) => group.map(() => index)));
  const x = Float64Array.from(members, (i) => tested[i]!);
  const y = Float64Array.from(members, (i) => reference[i]!);
  const all = { pairs: 0, balance: 0 };
  const pairs = new Int32Array(groups.length);
  const balances = new Int32Array(groups.length);
  for (let i = 1; i < members.length; i++) {
    const own = groupOf[i]!;
    for (let j = 0; j < i; j++) {
      const gap = y[i]! - y[j]!;
      if (gap === 0 || gap > limit || gap < -limit) continue;
      const other = x[i]! - x[j]!;
      const order = other === 0 ? 0 : other > 0 === gap > 0 ? 1 : -1;
      all.pairs++;
      all.balance += order;
      pairs[own]! += 1;
      balances[own]! += order;
      const second = groupOf[j]!;
      if (second === own) continue;
      pairs[second]! += 1;
      balances[second]! += order;
    }
  }
  return { ...all, ofGroup: groups.map((_, at) => ({ pairs: pairs[at]!, balance: balances[at]! })) };
}
