import type { Sampling } from './clustered-mean.ts';

export interface Stratification extends Sampling {
  /** One stratum number (0, 1, 2, ...) a value. */
  strata: Int32Array;
  /** Weight of each stratum's mean, by stratum number, in any unit; equal where left out. */
  stratumWeights?: Float64Array | undefined;
}

/** The values of one stratum, and the share of its mean in the whole. */
export interface Stratum extends Sampling {
  share: number;
  values: Float64Array;
}

/**
 * Splits values by stratum, in order of the first value of each. A stratum without values takes no part: the shares of
 * the others sum to 1.
 *
 * @throws RangeError for lengths that differ, and where a stratum's weight is not above 0.
 */
export function splitStrata(values: Float64Array, stratification: Stratification): Stratum[] {
  const { strata, weights, clusters, stratumWeights } = stratification;
  if (strata.length !== values.length) {
    throw new RangeError(`${values.length} values, but ${strata.length} strata`);
  }
  const indexes = new Map<number, number[]>();
  strata.forEach((stratum, index) => {
    const own = indexes.get(stratum);
    if (own) own.push(index);
    else indexes.set(stratum, [index]);
  });
  const weigh = (stratum: number): number => {
    const weight = stratumWeights ? stratumWeights[stratum] : 1;
    if (weight === undefined || !(weight > 0)) throw new RangeError(`stratum ${stratum} weighs ${weight}`);
    return weight;
  };
  const total = [...indexes.keys()].reduce((sum, stratum) => sum + weigh(stratum), 0);
  return [...indexes].map(([stratum, own]) => ({
    share: weigh(stratum) / total,
    values: Float64Array.from(own, (index) => values[index]!),
    weights: weights && Float64Array.from(own, (index) => weights[index]!),
    clusters: clusters && Int32Array.from(own, (index) => clusters[index]!),
  }));
}
