import type { Estimate } from '../stats/estimate.ts';
import { MINIMUM_UNITS } from '../suite/minimum-units.ts';
import { MINIMUM_DF } from './policy.ts';
import type { Interval, Outcome } from './schema.ts';

export interface Tested {
  estimate: number;
  /** Whether there are enough independent units for a test. */
  testable: boolean;
  /** Corrected for the family; null where there is no test. */
  pAdjusted: number | null;
  /** Interval at level 1 - 2 alpha. */
  equivalenceCi: Interval | null;
}

export interface Bounds {
  alpha: number;
  minimumEffect: number;
  margin: number;
}

/** What a tested difference says; outcomes are tried in the order of this list. */
export function decideOutcome(
  { estimate, testable, pAdjusted, equivalenceCi }: Tested,
  bounds: Bounds,
): Outcome {
  if (!testable) return 'inconclusive';
  const rejected = pAdjusted !== null && pAdjusted <= bounds.alpha;
  if (rejected && estimate < -bounds.minimumEffect) return 'regressed';
  if (rejected && estimate > bounds.minimumEffect) return 'improved';
  // Two one-sided tests at alpha each, said as an interval.
  const [low, high] = equivalenceCi ?? [-Infinity, Infinity];
  return low > -bounds.margin && high < bounds.margin ? 'equivalent' : 'inconclusive';
}

/** Whether a difference rests on enough independent units for a test: below that, an interval and nothing more. */
export function isTestable({ se, df, units }: Estimate): boolean {
  // Unequal weights leave fewer degrees of freedom than units - 1; below 4 the t distribution is not a guide (Pustejovsky
  // and Tipton 2018). A factor has those of the benchmarks that dominate it.
  return se !== null && df !== null && units >= MINIMUM_UNITS && df >= MINIMUM_DF;
}
