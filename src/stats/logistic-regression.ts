/** What a weighted logistic regression is fitted to; rows that share a cluster depend on one another. */
export interface LogisticData {
  /** From 0 to 1, a row: 0.5 is half of each. */
  outcomes: Float64Array;
  /** Columns of the same length, without that of the intercept. */
  columns: readonly Float64Array[];
  weights: Float64Array;
  clusters: Int32Array;
}

/** The intercept, on the scale of log-odds. */
export interface LogisticIntercept {
  intercept: number;
  se: number;
  /** Clusters less coefficients. */
  df: number;
}

const MAX_STEPS = 50;
const CONVERGED = 1e-9;
/** Log-odds of a row move by no more in one step: a longer one may overshoot. */
const MAX_MOVE = 3;
/** Log-odds beyond it are those of outcomes that the columns tell apart: the likelihood has no maximum. */
const SEPARATED = 15;
/** A pivot this small, relative to its row, is of a column that the others give. */
const SINGULAR = 1e-9;

/**
 * Fits logit P = b0 + b x by weighted maximum likelihood (Newton's steps), for outcomes between 0 and 1 as quasi-likelihood (Papke and Wooldridge
 * 1996). The standard error of b0 is the sandwich over clusters (Liang and Zeger 1986), times sqrt(G / (G - k)) for G clusters and k coefficients.
 *
 * @returns `separated` where columns tell the outcomes apart so that no maximum exists, `singular` where they do not vary apart from one
 *   another, or where there are no more clusters than coefficients.
 */
export function logisticIntercept(data: LogisticData): LogisticIntercept | 'separated' | 'singular' {
  const { outcomes, columns, weights, clusters } = data;
  const size = columns.length + 1;
  const at = (row: number, column: number) => (column === 0 ? 1 : columns[column - 1]![row]!);
  const coefficients = new Float64Array(size);
  const etaOf = (row: number) => {
    let eta = 0;
    for (let j = 0; j < size; j++) eta += coefficients[j]! * at(row, j);
    return eta;
  };
  let factor: Float64Array[] | null = null;
  for (let step = 0; ; step++) {
    const score = new Float64Array(size);
    const information = Array.from({ length: size }, () => new Float64Array(size));
    let reach = 0;
    for (let row = 0; row < outcomes.length; row++) {
      const eta = etaOf(row);
      reach = Math.max(reach, Math.abs(eta));
      const mean = 1 / (1 + Math.exp(-eta));
      const residual = weights[row]! * (outcomes[row]! - mean);
      const spread = weights[row]! * mean * (1 - mean);
      for (let j = 0; j < size; j++) {
        score[j]! += residual * at(row, j);
        for (let k = 0; k <= j; k++) information[j]![k]! += spread * at(row, j) * at(row, k);
      }
    }
    if (reach > SEPARATED) return 'separated';
    factor = cholesky(information);
    if (factor === null) return 'singular';
    const change = solve(factor, score);
    let farthest = 0;
    for (let row = 0; row < outcomes.length; row++) {
      let moved = 0;
      for (let j = 0; j < size; j++) moved += change[j]! * at(row, j);
      farthest = Math.max(farthest, Math.abs(moved));
    }
    const share = Math.min(1, MAX_MOVE / farthest);
    for (let j = 0; j < size; j++) coefficients[j]! += share * change[j]!;
    if (farthest < CONVERGED) break;
    if (step === MAX_STEPS) return 'separated';
  }

  // The first row of the inverse information: what each row's residual moves the intercept by.
  const first = solve(
    factor,
    Float64Array.from({ length: size }, (_, j) => Number(j === 0)),
  );
  const moved = new Map<number, number>();
  for (let row = 0; row < outcomes.length; row++) {
    const mean = 1 / (1 + Math.exp(-etaOf(row)));
    let leverage = 0;
    for (let j = 0; j < size; j++) leverage += first[j]! * at(row, j);
    const part = weights[row]! * (outcomes[row]! - mean) * leverage;
    moved.set(clusters[row]!, (moved.get(clusters[row]!) ?? 0) + part);
  }
  const df = moved.size - size;
  if (df <= 0) return 'singular';
  let squares = 0;
  for (const part of moved.values()) squares += part * part;
  return { intercept: coefficients[0]!, se: Math.sqrt((squares * moved.size) / df), df };
}

/** The lower triangle L with L L' = `matrix` (its lower triangle is read); null where it is singular. */
function cholesky(matrix: readonly Float64Array[]): Float64Array[] | null {
  const lower = matrix.map((row) => Float64Array.from(row));
  for (let j = 0; j < lower.length; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = matrix[j]![k]!;
      for (let m = 0; m < k; m++) sum -= lower[j]![m]! * lower[k]![m]!;
      if (j === k) {
        if (!(sum > SINGULAR * matrix[j]![j]!)) return null;
        lower[j]![j] = Math.sqrt(sum);
      } else lower[j]![k] = sum / lower[k]![k]!;
    }
  }
  return lower;
}

/** x with L L' x = `right`. */
function solve(lower: readonly Float64Array[], right: Float64Array): Float64Array {
  const x = Float64Array.from(right);
  for (let j = 0; j < x.length; j++) {
    for (let k = 0; k < j; k++) x[j]! -= lower[j]![k]! * x[k]!;
    x[j]! /= lower[j]![j]!;
  }
  for (let j = x.length - 1; j >= 0; j--) {
    for (let k = j + 1; k < x.length; k++) x[j]! -= lower[k]![j]! * x[k]!;
    x[j]! /= lower[j]![j]!;
  }
  return x;
}
