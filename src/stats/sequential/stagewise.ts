import { findRoot } from './find-root.ts';
import { goOn, reachAbove, startWalk } from './walk.ts';

/** A test that ended at a look, as its statistics say; larger values speak for the effect. */
export interface Ending {
  /** Information fractions of the looks up to the last one done. */
  fractions: readonly number[];
  /** At each look before the last one done: it would have ended above the one, or below the other. */
  efficacy: readonly number[];
  lower: readonly number[];
  /** The statistic at the last look done, as a normal quantile. */
  statistic: number;
}

/**
 * The mean of the statistic at the last look done that makes an ending at least as extreme have probability `share`, endings ordered by
 * stage: crossing the efficacy boundary earlier is more extreme, then a larger statistic at the same look (Siegmund 1978; Fairbanks and
 * Madsen 1982; Tsiatis, Rosner and Mehta 1984). 0.5 gives the median-unbiased estimate, 0.025 and 0.975 the ends of a 95% interval.
 * After one look it is the statistic less the normal quantile of 1 - share.
 */
export function stagewiseMean(
  { fractions, efficacy, lower, statistic }: Ending,
  share: number,
  grid = 121,
): number {
  const last = fractions.length - 1;
  const root = Math.sqrt(fractions[last]!);
  const moreExtreme = (mean: number): number => {
    const drift = mean / root;
    let walk = startWalk();
    let sum = 0;
    for (let k = 0; k < last; k++) {
      const t = fractions[k]!;
      sum += reachAbove(walk, t, drift, efficacy[k]!);
      walk = goOn(walk, t, drift, { low: lower[k]!, high: efficacy[k]!, next: fractions[k + 1]!, grid });
    }
    return sum + reachAbove(walk, fractions[last]!, drift, statistic);
  };
  return findRoot((mean) => moreExtreme(mean) - share, {
    low: statistic - REACH,
    high: statistic + REACH,
    halvings: 26,
  });
}

/** No estimate lies farther from the plain one. */
const REACH = 10;
