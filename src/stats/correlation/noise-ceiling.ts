import { quantile } from './quantile.ts';
import { spearman } from './spearman.ts';

/** Scores of the same models on two sides, in the same order, with their standard errors. */
export interface NoisySides {
  x: readonly number[];
  xErrors: readonly number[];
  y: readonly number[];
  yErrors: readonly number[];
}

export interface NoiseCeiling {
  /** Spearman's correlation that the errors alone would leave, on average, if both sides truly had the same order. */
  ceiling: number;
  /** What the errors alone do to the observed correlation, these very models measured again: 2.5% and 97.5% of the redraws. */
  ci: [number, number];
}

/**
 * How well two sides can agree at most, given their standard errors, by parametric redraws. For the ceiling, each side's true scores are
 * its scores drawn towards their mean until their variance is that of the scores less the mean squared error; those of y are
 * put in the order of x, each with its own error; then both are measured again, with normal errors.
 *
 * @param normal a standard normal number.
 * @returns null where a side has no spread.
 */
export function noiseCeiling(sides: NoisySides, draws: number, normal: () => number): NoiseCeiling | null {
  const { x, xErrors, y, yErrors } = sides;
  if (spearman(x, y) === null) return null;
  const trueX = shrink(x, xErrors);
  const trueY = shrink(y, yErrors);
  const byX = orderOf(trueX);
  const byY = orderOf(trueY);
  // The model that is k-th on x is the one that is k-th on y.
  const agreeing = byX.map((i, k) => ({ x: trueX[i]!, xError: xErrors[i]!, y: byY[k]! }));
  const redraw = (values: readonly number[], errors: readonly number[]) =>
    values.map((value, i) => value + errors[i]! * normal());
  const observed: number[] = [];
  let sum = 0;
  for (let drawn = 0; drawn < draws; drawn++) {
    observed.push(spearman(redraw(x, xErrors), redraw(y, yErrors)) ?? 0);
    const [left, right] = [
      agreeing.map((pair) => pair.x + pair.xError * normal()),
      agreeing.map((pair) => trueY[pair.y]! + yErrors[pair.y]! * normal()),
    ];
    sum += spearman(left, right) ?? 0;
  }
  observed.sort((a, b) => a - b);
  return { ceiling: sum / draws, ci: [quantile(observed, 0.025), quantile(observed, 0.975)] };
}

function shrink(scores: readonly number[], errors: readonly number[]): number[] {
  const n = scores.length;
  const mean = scores.reduce((sum, score) => sum + score, 0) / n;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (n - 1);
  const noise = errors.reduce((sum, error) => sum + error ** 2, 0) / n;
  const factor = Math.sqrt(Math.max(0, variance - noise) / variance);
  return scores.map((score) => mean + factor * (score - mean));
}

function orderOf(values: readonly number[]): number[] {
  return values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
}
