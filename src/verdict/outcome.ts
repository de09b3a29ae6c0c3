import { equivalence } from '../stats/equivalence.ts';
import type { Estimate } from '../stats/estimate.ts';
import { MINIMUM_DF, MINIMUM_UNITS } from './policy.ts';
import type { Outcome } from './schema.ts';

export interface Bounds {
  /** Two-sided error rate of the family the adjusted p-value is corrected for. */
  alpha: number;
  minimumEffect: number;
  margin: number;
  /** The two sides are one and the same model: no spread then means no difference. */
  sameModel: boolean;
}

/** What a tested difference says; outcomes are tried in the order of this list. */
export function decideOutcome(delta: Estimate, pAdjusted: number | null, bounds: Bounds): Outcome {
  if (!isTestable(delta)) return 'inconclusive';
  const rejected = pAdjusted !== null && pAdjusted <= bounds.alpha;
  if (rejected && delta.estimate < -bounds.minimumEffect) return 'regressed';
  if (rejected && delta.estimate > bounds.minimumEffect) return 'improved';
  return isEquivalent(delta, bounds) ? 'equivalent' : 'inconclusive';
}

/** Whether a difference rests on enough independent units for a test: below that, an interval and nothing more. */
export function isTestable({ se, df, units }: Estimate): boolean {
  // Unequal weights leave fewer degrees of freedom than units - 1; below 4 the t distribution is no guide (Pustejovsky
  // and Tipton 2018). A factor has those of the benchmarks that dominate it.
  return se !== null && df !== null && units >= MINIMUM_UNITS && df >= MINIMUM_DF;
}

/** Two one-sided tests: the interval at level 1 - 2 alpha lies within the margin. */
function isEquivalent(delta: Estimate, { alpha, margin, sameModel }: Bounds): boolean {
  if (delta.se === 0 && !sameModel && !excludesFlips(delta.units, margin, alpha)) return false;
  const p = equivalence(delta, margin);
  return p !== null && p < alpha;
}

/**
 * Whether `units` without one flip show that fewer than `share` flip, at level 1 - alpha (the rule of three): a few
 * equal answers of two models have no spread, but prove little.
 */
export function excludesFlips(units: number, share: number, alpha: number): boolean {
  return (1 - share) ** units <= alpha;
}
