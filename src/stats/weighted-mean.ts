/**
 * Sum of w x / sum of w, for weights in any unit (with 1/p of sampled items: the Hajek estimator).
 * Null where there are no values or the weights sum to 0.
 *
 * @throws RangeError for lengths that differ, a value that is not finite, a weight that is not finite or below 0.
 */
export function weightedMean(values: Float64Array, weights: Float64Array): number | null {
  if (values.length !== weights.length) {
    throw new RangeError(`${values.length} values, but ${weights.length} weights`);
  }
  let total = 0;
  let weight = 0;
  for (let i = 0; i < values.length; i++) {
    if (!(weights[i]! >= 0)) throw new RangeError(`weight ${i} is ${weights[i]}`);
    total += weights[i]! * values[i]!;
    weight += weights[i]!;
  }
  if (!Number.isFinite(total) || !Number.isFinite(weight))
    throw new RangeError('values or weights not finite');
  return weight > 0 ? total / weight : null;
}
