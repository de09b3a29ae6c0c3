import { findRoot } from './find-root.ts';
import type { Spending } from './spending.ts';
import { goOn, reachAbove, reachBelow, startWalk } from './walk.ts';

/** How a test at several looks ends where there is no effect, and what effect it is made for. */
export interface FutilityDesign {
  /** The drift at which the test has its power: a true effect over the standard error at the last look. */
  drift: number;
  /**
   * f_1, ..., f_K: at look k the effect is ruled out where the statistic of "the effect is there" (zero mean under the effect) is f_k
   * or more. The last is drift - c_K: whoever does not cross there has ruled it out.
   */
  bounds: number[];
}

/**
 * Boundaries for futility beside the efficacy boundaries: under the effect, the probability of stopping for futility by look k is
 * `missed(t_k)` (Pampallona, Tsiatis and Kim 2001). Non-binding: the efficacy boundaries do not count on them.
 */
export function futilityDesign(
  fractions: readonly number[],
  efficacy: readonly number[],
  missed: Spending,
  grid = 241,
): FutilityDesign {
  const last = fractions.length - 1;
  const lowerAt = (drift: number) => {
    let walk = startWalk();
    let used = 0;
    const lower: number[] = [];
    for (let k = 0; k < last; k++) {
      const t = fractions[k]!;
      const available = missed(t) - used;
      used = missed(t);
      const center = drift * Math.sqrt(t);
      const found = findRoot((x) => reachBelow(walk, t, drift, x) - available, {
        low: center - 10,
        high: center + 10,
      });
      lower.push(Math.min(found, efficacy[k]!));
      walk = goOn(walk, t, drift, { low: lower[k]!, high: efficacy[k]!, next: fractions[k + 1]!, grid });
    }
    const left = missed(1) - used;
    return { lower, excess: left - reachBelow(walk, fractions[last]!, drift, efficacy[last]!) };
  };
  const drift = findRoot((value) => lowerAt(value).excess, { low: 0, high: 12, halvings: 34 });
  const lower = [...lowerAt(drift).lower, efficacy[last]!];
  return { drift, bounds: lower.map((bound, k) => drift * Math.sqrt(fractions[k]!) - bound) };
}

/**
 * Probability of each ending of a test: crossing the efficacy boundary, or being stopped for futility, by look; at the last look
 * one of the two.
 *
 * @param drift true effect over the standard error at information fraction 1.
 * @param lower bounds below which the test stops for futility, on the scale of the statistic.
 */
export function endingsOf(
  fractions: readonly number[],
  {
    efficacy,
    lower,
    drift,
    grid = 241,
  }: { efficacy: readonly number[]; lower: readonly number[]; drift: number; grid?: number },
): { crossed: number[]; futile: number[] } {
  let walk = startWalk();
  const endings = { crossed: [] as number[], futile: [] as number[] };
  fractions.forEach((t, k) => {
    endings.crossed.push(reachAbove(walk, t, drift, efficacy[k]!));
    endings.futile.push(reachBelow(walk, t, drift, lower[k]!));
    const next = fractions[k + 1];
    if (next !== undefined) walk = goOn(walk, t, drift, { low: lower[k]!, high: efficacy[k]!, next, grid });
  });
  return endings;
}
