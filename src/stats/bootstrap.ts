import { createRandom } from './random.ts';
import { type Stratification, splitStrata } from './strata.ts';
import { weightedMean } from './weighted-mean.ts';

export interface Bootstrap {
  /** Standard deviation over the resamples. */
  se: number;
  /** Percentile interval. */
  ci: [number, number];
}

export interface BootstrapOptions {
  seed: number;
  resamples: number;
  /** Of the interval, a fraction of 1. */
  level: number;
}

/**
 * Bootstrap of the mean that `stratifiedMean` estimates (one stratum: `clusteredMean`), by drawing whole clusters with
 * replacement within each stratum, as many as it has (Davison and Hinkley 1997). It shares nothing with the formulas of
 * those but the data, and serves to check them; with G clusters in a stratum its variance is about (G - 1) / G of
 * theirs. Null for no values; a stratum of one cluster shows no spread.
 *
 * @throws RangeError as `splitStrata` and `weightedMean` do, and for fewer than 2 resamples.
 */
export function bootstrap(
  values: Float64Array,
  stratification: Stratification,
  { seed, resamples, level }: BootstrapOptions,
): Bootstrap | null {
  if (resamples < 2) throw new RangeError(`${resamples} resamples`);
  if (values.length === 0) return null;
  const random = createRandom(seed);
  const strata = splitStrata(values, stratification).map((stratum) => ({
    share: stratum.share,
    ...sumClusters(stratum.values, stratum.weights, stratum.clusters),
  }));
  const means = Float64Array.from({ length: resamples }, () =>
    strata.reduce((sum, { share, weight, total }) => {
      let drawnWeight = 0;
      let drawnTotal = 0;
      for (let k = 0; k < weight.length; k++) {
        const g = random.integer(weight.length);
        drawnWeight += weight[g]!;
        drawnTotal += total[g]!;
      }
      return sum + (share * drawnTotal) / drawnWeight;
    }, 0),
  ).sort();
  const center = means.reduce((sum, mean) => sum + mean, 0) / resamples;
  const squares = means.reduce((sum, mean) => sum + (mean - center) ** 2, 0);
  return {
    se: Math.sqrt(squares / (resamples - 1)),
    ci: [quantile(means, (1 - level) / 2), quantile(means, (1 + level) / 2)],
  };
}

function sumClusters(values: Float64Array, weights?: Float64Array, clusters?: Int32Array) {
  if (weightedMean(values, weights ?? new Float64Array(values.length).fill(1)) === null) {
    throw new RangeError('a stratum without any weight');
  }
  const sums = new Map<number, { weight: number; total: number }>();
  values.forEach((value, i) => {
    const weight = weights ? weights[i]! : 1;
    if (weight === 0) return;
    const cluster = clusters ? clusters[i]! : i;
    const sum = sums.get(cluster) ?? { weight: 0, total: 0 };
    sums.set(cluster, { weight: sum.weight + weight, total: sum.total + weight * value });
  });
  const list = [...sums.values()];
  return {
    weight: Float64Array.from(list, ({ weight }) => weight),
    total: Float64Array.from(list, ({ total }) => total),
  };
}

/** Between the two nearest of the sorted values, linearly. */
function quantile(sorted: Float64Array, probability: number): number {
  const place = probability * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (place - below) * ((sorted[below + 1] ?? low) - low);
}
