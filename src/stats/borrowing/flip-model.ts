/** Answers of two models in succession to questions of options, one entry a question in every array. */
export interface FlipHistory {
  /** |margin| of the earlier model over the median of its benchmark: how near it was to answering otherwise. */
  nearness: Float64Array;
  /** 1 where the earlier model was right, 0 where not. */
  right: Uint8Array;
  /** 1 where the later model's answer scores otherwise. */
  flipped: Uint8Array;
}

/** Of log P(flip) / (1 - P(flip)): constant, log of nearness, right, and the product of the two. */
export type FlipModel = readonly [number, number, number, number];

/** Fewer flips tell nothing of four coefficients. */
const MIN_FLIPS = 50;

/** Nearness is kept within these: a margin of 0 has no logarithm. */
const NEAREST = 1e-3;
const FARTHEST = 1e3;

/** Squared coefficients cost so much: answers that can be told apart wholly would make them infinite. */
const RIDGE = 0.5;
const MAX_STEPS = 50;
const CONVERGED = 1e-9;

/**
 * Logistic regression of flips on log nearness, right, and their product, by Newton's method (iteratively reweighted least squares; McCullagh
 * and Nelder 1989, 4.4) with a small ridge penalty on all but the constant. Null where fewer than 50 answers flipped, or fewer than 50 did not.
 */
export function fitFlips({ nearness, right, flipped }: FlipHistory): FlipModel | null {
  const flips = flipped.reduce((sum, flip) => sum + flip, 0);
  if (flips < MIN_FLIPS || flipped.length - flips < MIN_FLIPS) return null;
  let model: FlipModel = [Math.log(flips / (flipped.length - flips)), 0, 0, 0];
  for (let step = 0; step < MAX_STEPS; step++) {
    const gradient = model.map((coefficient, k) => (k === 0 ? 0 : -RIDGE * coefficient));
    const curvature = model.map((_, k) => model.map((_, l) => (k === l && k > 0 ? RIDGE : 0)));
    for (let i = 0; i < flipped.length; i++) {
      const x = termsOf(nearness[i]!, right[i]!);
      const p = probability(model, x);
      for (let k = 0; k < x.length; k++) {
        gradient[k]! += x[k]! * (flipped[i]! - p);
        for (let l = 0; l < x.length; l++) curvature[k]![l]! += p * (1 - p) * x[k]! * x[l]!;
      }
    }
    const move = solve(curvature, gradient);
    model = [model[0] + move[0]!, model[1] + move[1]!, model[2] + move[2]!, model[3] + move[3]!];
    if (move.every((part) => Math.abs(part) < CONVERGED)) break;
  }
  return model.every(Number.isFinite) ? model : null;
}

/** P(flip) of an answer by the model. */
export function flipProbability(model: FlipModel, nearness: number, right: boolean): number {
  return probability(model, termsOf(nearness, right ? 1 : 0));
}

/**
 * Slope of the change in score (-1 for an answer lost, 1 for one gained) on what was expected of it (-P or P), among the right and the wrong
 * answers of each group: what of the expected came true. Null where nothing differs in what is expected.
 *
 * @param group number of each answer's group
 */
export function expectedSlope(
  expected: Float64Array,
  change: Float64Array,
  group: Int32Array,
): number | null {
  const sums = new Map<number, { n: number; expected: number; change: number }>();
  for (let i = 0; i < group.length; i++) {
    const sum = sums.get(group[i]!) ?? { n: 0, expected: 0, change: 0 };
    sums.set(group[i]!, {
      n: sum.n + 1,
      expected: sum.expected + expected[i]!,
      change: sum.change + change[i]!,
    });
  }
  let products = 0;
  let squares = 0;
  for (let i = 0; i < group.length; i++) {
    const { n, expected: total, change: changes } = sums.get(group[i]!)!;
    products += (expected[i]! - total / n) * (change[i]! - changes / n);
    squares += (expected[i]! - total / n) ** 2;
  }
  return squares > 0 ? products / squares : null;
}

function termsOf(nearness: number, right: number): [number, number, number, number] {
  const log = Math.log(Math.min(FARTHEST, Math.max(NEAREST, nearness)));
  return [1, log, right, log * right];
}

function probability(model: FlipModel, x: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += model[k]! * x[k]!;
  return 1 / (1 + Math.exp(-sum));
}

/** Solves a positive definite system by Gauss's elimination. */
function solve(matrix: readonly (readonly number[])[], vector: readonly number[]): number[] {
  const rows = matrix.map((row, k) => [...row, vector[k]!]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    for (let below = k + 1; below < n; below++) {
      const factor = rows[below]![k]! / rows[k]![k]!;
      for (let l = k; l <= n; l++) rows[below]![l]! -= factor * rows[k]![l]!;
    }
  }
  const solved = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    let rest = rows[k]![n]!;
    for (let l = k + 1; l < n; l++) rest -= rows[k]![l]! * solved[l]!;
    solved[k] = rest / rows[k]![k]!;
  }
  return solved;
}
