import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { efficacyBoundaries } from './efficacy.ts';
import { findRoot } from './find-root.ts';
import { boundaryOfT, dropStatistic, type LookEstimate } from './look-test.ts';
import { hwangShihDeCani } from './spending.ts';

const GRID = 121;
const HALVINGS = 18;
/** Nothing is told apart below. */
const SMALLEST = 1e-12;

/**
 * Repeated confidence interval (Jennison and Turnbull 1989): the estimate -+ the boundary of its look, as a quantile of t, times its standard
 * error. With the boundaries of a test at level alpha / 2 it holds the truth at all looks at once with probability 1 - alpha or more, so at whichever
 * one the run ended, and for whatever reason. Null where the look has no boundary.
 *
 * @param bound of the look, a normal quantile.
 */
export function repeatedInterval({ estimate, se, df }: LookEstimate, bound: number): [number, number] | null {
  const width = boundaryOfT(bound, df) * se;
  return Number.isFinite(width) ? [estimate - width, estimate + width] : null;
}

/**
 * The two-sided p-value that goes with it: the least alpha at which the repeated interval at the last look done leaves out 0, the levels alpha / 2
 * spent by Hwang, Shih and DeCani. Unlike the sequential p-value it rests on this look alone, so that it and the interval agree.
 *
 * @param fractions information fractions of the looks up to the last done, increasing.
 */
export function repeatedP(estimate: LookEstimate, fractions: readonly number[], gamma: number): number {
  const statistic = Math.abs(dropStatistic(estimate));
  const tail = normalCdf(-statistic, 0, 1);
  const last = fractions.length - 1;
  if (last <= 0 && fractions[0] === 1) return Math.min(1, 2 * tail);
  const boundAt = (level: number) =>
    efficacyBoundaries(fractions, (t) => hwangShihDeCani(level, gamma, t), GRID)[last]!;
  // At a one-sided level of one half already the p-value is 1.
  if (boundAt(0.5) > statistic) return 1;
  if (boundAt(SMALLEST) < statistic) return 2 * SMALLEST;
  const found = findRoot((level) => statistic - boundAt(Math.exp(level)), {
    low: Math.log(SMALLEST),
    high: Math.log(0.5),
    halvings: HALVINGS,
  });
  return Math.min(1, 2 * Math.exp(found));
}
