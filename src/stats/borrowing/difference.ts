import { clusteredMean } from '../clustered-mean.ts';
import type { Estimate } from '../estimate.ts';
import type { BaselineItems } from './cells.ts';

/** What was asked of the candidate: some of the baseline's questions, chosen at random within their tasks. */
export interface AskedItems {
  /** Which of the baseline's questions, as indexes into its arrays. */
  indexes: Int32Array;
  /** One value a question, candidate minus baseline. */
  values: Float64Array;
  /** 1 / probability with which both were asked it; equal where left out. Only ratios within a task count. */
  weights?: Float64Array | undefined;
}

export interface Borrowing {
  /** Number of each baseline question's cell, from `borrowCells`. */
  cells: Int32Array;
  /** Whether the mean is one of task means (LiveBench), and not one of questions. */
  equalTasks?: boolean;
  /** What each baseline question's value was expected to be, by a model that no answer of the candidate entered; 0 where left out. */
  expected?: Float64Array | undefined;
  /** Whether the values are scores of one model, and not changes: a score of 1 did not turn. */
  ofScores?: boolean;
}

/**
 * Mean of `values` over the questions that the baseline was asked, and by them over the population they are a sample of: the mean
 * of what was expected, plus sum over cells of W_h times the mean of value - expected over what was asked of the cell. W_h is the
 * cell's share of the baseline's questions. With nothing expected it is the post-stratified mean of a double sample (Cochran 1977, 5A.9 and
 * 12.2), with it the difference estimator (Särndal, Swensson and Wretman 1992, 6.3): unbiased whatever the model, as questions are asked
 * at random.
 *
 * Variance: sum of W_h^2 s_h^2 / n_h, plus the variance of expected + cell mean over the N questions of the baseline, over N. With
 * clusters both are sums over clusters, added up before they are squared, since a cluster may lie in several cells and in both parts:
 * with S a cluster's sum of w (x - mean) in a part, W the part's weight and h the cluster's share of it, the cluster's term is the sum over
 * its parts of S / W / sqrt(1 - h) (CR2 as in `clusteredMean`), and the variance the sum of the squared terms.
 *
 * To the variance of a cell of which more than half turned from one score to one other, `lackOfSpread` adds what so few that stayed do not show.
 *
 * Degrees of freedom: Satterthwaite's over the parts, and with clusters at most those of all that was asked as one. The standard error
 * is null where a cell has one unit alone. Null where nothing was asked.
 *
 * @throws RangeError for arrays of different lengths, a cell of which nothing was asked, and as `clusteredMean` does
 */
export function borrowedDifference(
  asked: AskedItems,
  baseline: BaselineItems,
  { cells, equalTasks = false, expected, ofScores = false }: Borrowing,
): Estimate | null {
  const { indexes, values } = asked;
  if (indexes.length !== values.length)
    throw new RangeError(`values are ${values.length}, indexes ${indexes.length}`);
  if (cells.length !== baseline.tasks.length)
    throw new RangeError(`cells are ${cells.length}, tasks ${baseline.tasks.length}`);
  if (indexes.length === 0) return null;
  const shares = shareOf(baseline, equalTasks);
  const weights = weighAsked(asked, baseline, shares);
  const terms = new Float64Array(shares.length);
  const clustered = baseline.clusters !== undefined;
  const clusterOf = (index: number) => (baseline.clusters ? baseline.clusters[index]! : index);

  const byCell = groupBy(indexes.map((index) => cells[index]!));
  const cellShares = sumBy(cells, shares);
  const means = new Float64Array(cellShares.length);
  const parts: Part[] = [];
  let hidden = 0;
  for (const [cell, share] of cellShares.entries()) {
    if (share === 0) continue;
    const own = byCell.get(cell);
    if (own === undefined) throw new RangeError(`nothing was asked of cell ${cell}`);
    const residuals = Float64Array.from(own, (i) => values[i]! - (expected ? expected[indexes[i]!]! : 0));
    const units = Int32Array.from(own, (i) => clusterOf(indexes[i]!));
    const part = addPart(
      terms,
      { values: residuals, weights: Float64Array.from(own, (i) => weights[i]!), units, clustered },
      share,
    );
    means[cell] = part.mean;
    const unseen = ofScores
      ? 0
      : share ** 2 *
        lackOfSpread(
          own.map((i) => values[i]!),
          new Set(units).size,
        );
    hidden += unseen;
    parts.push({ ...part, variance: part.variance + unseen });
  }

  const fitted = shares.map((_, index) => means[cells[index]!]! + (expected ? expected[index]! : 0));
  let estimate = 0;
  const groups = equalTasks ? groupBy(baseline.tasks) : null;
  for (const own of groups ? groups.values() : [null]) {
    const pick = (numbers: Float64Array) =>
      own ? Float64Array.from(own, (index) => numbers[index]!) : numbers;
    const units = own ? Int32Array.from(own, clusterOf) : (baseline.clusters ?? null);
    const share = groups ? 1 / groups.size : 1;
    const part = addPart(terms, { values: pick(fitted), weights: pick(shares), units, clustered }, share);
    estimate += share * part.mean;
    // A task of one question shows no spread between its questions.
    if (part.df !== null) parts.push(part);
  }

  const units = new Set(indexes.map(clusterOf)).size;
  if (parts.some(({ df }) => df === null)) return { estimate, se: null, df: null, units };
  const variance = terms.reduce((sum, term) => sum + term ** 2, hidden);
  // Rounding in the means must not give equal values a spread.
  const reach = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const se = Math.sqrt(variance) <= ROUNDING * reach ? 0 : Math.sqrt(variance);
  const df = satterthwaite(parts);
  return {
    estimate,
    se,
    df: baseline.clusters ? Math.min(df, freedomOfAll(asked, weights, clusterOf)) : df,
    units,
  };
}

const ROUNDING = 1e-12;

/** What one cell, or the baseline's questions, add to the estimate. */
interface Part {
  mean: number;
  variance: number;
  /** Null for one unit alone. */
  df: number | null;
}

/**
 * What the variance of a cell's mean lacks where nearly all of its answers turned alike: of 36 that were right and of which 90% are lost, some
 * three stay, or none, and their sample variance is mostly too small. It is brought up to that of two more answers, one that turned and one that did not (Agresti
 * and Coull 1998). Nothing where half or fewer turned: there right and wrong cells balance one another, and no change is far from it.
 *
 * @param values of the cell; only where all are 0 or one and the same number.
 * @param units independent ones.
 */
function lackOfSpread(values: readonly number[], units: number): number {
  const step = values.find((value) => value !== 0) ?? 0;
  const turned = values.reduce((count, value) => count + Number(value !== 0), 0) / values.length;
  if (turned <= 1 / 2 || values.some((value) => value !== 0 && value !== step)) return 0;
  const smoothed = (units * turned + 1) / (units + 2);
  const seen = (turned * (1 - turned)) / Math.max(1, units - 1);
  return step ** 2 * Math.max(0, (smoothed * (1 - smoothed)) / units - seen);
}

/** Each baseline question's share in the mean; they sum to 1. */
function shareOf({ tasks, weights }: BaselineItems, equalTasks: boolean): Float64Array {
  const own = weights ?? new Float64Array(tasks.length).fill(1);
  const totals = sumBy(tasks, own);
  const count = totals.filter((total) => total > 0).length;
  const total = totals.reduce((sum, part) => sum + part, 0);
  return own.map((weight, index) => weight / (equalTasks ? count * totals[tasks[index]!]! : total));
}

/** Every asked question's weight, so that those of a task sum to the task's share. */
function weighAsked(
  { indexes, weights }: AskedItems,
  { tasks }: BaselineItems,
  shares: Float64Array,
): Float64Array {
  const own = weights ?? new Float64Array(indexes.length).fill(1);
  const askedTasks = indexes.map((index) => tasks[index]!);
  const known = sumBy(tasks, shares);
  const asked = sumBy(askedTasks, own);
  return own.map((weight, i) => (weight * known[askedTasks[i]!]!) / asked[askedTasks[i]!]!);
}

/** Adds to the units' terms what a weighted mean of these values, times `share`, adds to them. */
function addPart(
  terms: Float64Array,
  {
    values,
    weights,
    units,
    clustered,
  }: { values: Float64Array; weights: Float64Array; units: Int32Array | null; clustered: boolean },
  share: number,
): Part {
  const clusters = clustered ? (units ?? undefined) : undefined;
  const { estimate: mean, se, df } = clusteredMean(values, { weights, clusters })!;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const add = (unit: number, residual: number, weight: number) => {
    const rest = 1 - weight / total;
    if (rest > ROUNDING) terms[unit]! += ((residual / total) * share) / Math.sqrt(rest);
  };
  const sums = new Map<number, { residual: number; weight: number }>();
  for (let i = 0; i < values.length; i++) {
    const unit = units ? units[i]! : i;
    const weight = weights[i]!;
    const residual = weight * (values[i]! - mean);
    const sum = sums.get(unit);
    if (!clustered) add(unit, residual, weight);
    else if (sum === undefined) sums.set(unit, { residual, weight });
    else {
      sum.residual += residual;
      sum.weight += weight;
    }
  }
  for (const [unit, { residual, weight }] of sums) add(unit, residual, weight);
  return { mean, variance: se === null ? 0 : (share * se) ** 2, df };
}

function satterthwaite(parts: readonly Part[]): number {
  let variance = 0;
  let squares = 0;
  let freedom = 0;
  for (const part of parts) {
    variance += part.variance;
    squares += part.variance ** 2 / part.df!;
    freedom += part.df!;
  }
  return squares > 0 ? variance ** 2 / squares : freedom;
}

/** Cells that share clusters do not vary on their own, as Satterthwaite's formula takes them to. */
function freedomOfAll(
  { indexes, values }: AskedItems,
  weights: Float64Array,
  clusterOf: (index: number) => number,
) {
  const clusters = indexes.map(clusterOf);
  return clusteredMean(values, { weights, clusters })!.df ?? Infinity;
}

/** Sums of the values by key, a whole number from 0. */
function sumBy(keys: Int32Array, values: Float64Array): Float64Array {
  const sums = new Float64Array(keys.reduce((max, key) => Math.max(max, key), -1) + 1);
  for (let i = 0; i < keys.length; i++) sums[keys[i]!]! += values[i]!;
  return sums;
}

/** Indexes of the keys by key; those without any left out. */
function groupBy(keys: Int32Array): Map<number, number[]> {
  const groups: number[][] = [];
  keys.forEach((key, index) => {
    groups[key] ??= [];
    groups[key].push(index);
  });
  return new Map(groups.flatMap((own, key) => [[key, own] as const]));
}
