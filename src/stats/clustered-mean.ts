import type { Estimate } from './estimate.ts';
import { weightedMean } from './weighted-mean.ts';

export interface Sampling {
  /** One weight a value, of which one at least is above 0; equal where left out. Values of weight 0 do not count. */
  weights?: Float64Array | undefined;
  /** One cluster number a value; every value on its own where left out. */
  clusters?: Int32Array | undefined;
}

/**
 * Weighted mean of `values` with its CR2 standard error, in the values' unit, and Satterthwaite degrees of freedom
 * (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018), for a working variance of each value inverse to its weight.
 *
 * With S the sum of w (x - mean) over a cluster, h the cluster's share of the weight W and a = h^2 / (1 - h):
 * se^2 = sum of S^2 / (1 - h) / W^2, and df = 1 / (sum of h^2 + (sum of a)^2 - sum of a^2). It is unbiased under the
 * working variance. Single values of equal weight make it the sample standard deviation over sqrt(n), df = n - 1.
 *
 * Null for no values, or none of any weight. With one cluster the standard error is unknown; with equal values, or clusters of
 * equal means, it is 0.
 *
 * @throws RangeError as `weightedMean` does.
 */
export function clusteredMean(values: Float64Array, { weights, clusters }: Sampling = {}): Estimate | null {
  const w = weights ?? new Float64Array(values.length).fill(1);
  const center = weightedMean(values, w);
  if (center === null) return null;
  const { weight, residual } = sumClusters(values, w, clusters, center);
  const units = weight.length;
  if (units < 2) return { estimate: center, se: null, df: null, units };

  let total = 0;
  let largest = 0;
  weight.forEach((own, g) => {
    total += own;
    if (own > weight[largest]!) largest = g;
  });
  const df = satterthwaite(weight, total, largest);
  // Rounding in the mean must not give equal values a spread.
  const constant = findConstant(values, w);
  if (constant !== null) return { estimate: constant, se: 0, df, units };
  // Nor clusters of one and the same mean.
  const reach = ROUNDING * values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  if (residual.every((own, g) => Math.abs(own) <= reach * weight[g]!))
    return { estimate: center, se: 0, df, units };

  // What the largest cluster leaves to the others, added up: 1 - h would cancel where it has nearly all the weight.
  const others = sumExcept(weight, largest);
  const residualOfOthers = sumExcept(residual, largest);
  let variance = 0;
  for (let g = 0; g < units; g++) {
    const rest = g === largest ? others : total - weight[g]!;
    const own = g === largest ? -residualOfOthers : residual[g]!;
    variance += (own / total) * (own / rest);
  }
  return { estimate: center, se: Math.sqrt(variance), df, units };
}

/** Of sums of up to millions of values, relative to the values. */
const ROUNDING = 1e-12;

/** Weight of each cluster and its sum of w (x - center), clusters in order of their first value. */
function sumClusters(
  values: Float64Array,
  weights: Float64Array,
  clusters: Int32Array | undefined,
  center: number,
): { weight: Float64Array; residual: Float64Array } {
  const indexes = new Map<number, number>();
  const weight = new Float64Array(values.length);
  const residual = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const w = weights[i]!;
    if (w === 0) continue;
    let index = clusters && indexes.get(clusters[i]!);
    if (index === undefined) {
      index = count++;
      if (clusters) indexes.set(clusters[i]!, index);
    }
    weight[index]! += w;
    residual[index]! += w * (values[i]! - center);
  }
  return { weight: weight.subarray(0, count), residual: residual.subarray(0, count) };
}

function satterthwaite(weight: Float64Array, total: number, largest: number): number {
  // Without rounding: thresholds on n - 1 must not miss by 1e-15.
  if (weight.every((own) => own === weight[0])) return weight.length - 1;
  const others = sumExcept(weight, largest);
  const a = weight.map((own, g) => (own / total) * (own / (g === largest ? others : total - own)));
  const sumOfOthers = sumExcept(a, largest);
  const sum = sumOfOthers + a[largest]!;
  let inverse = 0;
  for (let g = 0; g < weight.length; g++) {
    // a (sum - a) is the cluster's part of (sum of a)^2 - sum of a^2.
    const rest = g === largest ? sumOfOthers : sum - a[g]!;
    inverse += (weight[g]! / total) ** 2 + a[g]! * rest;
  }
  return Math.max(1, 1 / inverse);
}

function sumExcept(numbers: Float64Array, index: number): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) if (i !== index) sum += numbers[i]!;
  return sum;
}

/** The value that all of any weight have; null where they differ. */
function findConstant(values: Float64Array, weights: Float64Array): number | null {
  const first = values[weights.findIndex((weight) => weight > 0)]!;
  return values.every((value, i) => value === first || weights[i] === 0) ? first : null;
}
