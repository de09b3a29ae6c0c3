import { clusteredMean } from './clustered-mean.ts';
import { combine } from './combine.ts';
import { effectiveSize } from './effective-size.ts';
import type { Estimate } from './estimate.ts';
import { type Stratification, splitStrata } from './strata.ts';

/**
 * Mean of stratum means, each with its given weight: the sum of share times mean, of variance sum of share^2 se^2
 * with each stratum's standard error by `clusteredMean`, degrees of freedom by Welch and Satterthwaite (`combine`).
 *
 * A stratum of one unit shows no spread. It is taken to have that of a unit of the other strata: their se^2 / sum of
 * h^2 (h a cluster's share of the stratum's weight), averaged by degrees of freedom. Where every stratum has but one
 * unit, they are collapsed into one (Cochran 1977, 5A.12), which errs towards too large a standard error, as it takes
 * the differences between strata for chance. Null for no values; one unit in all has no standard error.
 *
 * @throws RangeError as `clusteredMean` and `splitStrata` do, and for a stratum whose values all weigh 0.
 */
export function stratifiedMean(values: Float64Array, stratification: Stratification): Estimate | null {
  if (values.length === 0) return null;
  const strata = splitStrata(values, stratification).map((stratum) => {
    const mean = clusteredMean(stratum.values, stratum);
    if (mean === null) throw new RangeError('a stratum without any weight');
    return { ...stratum, mean, clusters: effectiveSize(stratum.values.length, stratum).clusters };
  });
  const estimate = strata.reduce((sum, { share, mean }) => sum + share * mean.estimate, 0);
  const units = strata.reduce((sum, { mean }) => sum + mean.units, 0);

  const spread = strata.filter(({ mean }) => mean.se !== null);
  if (spread.length === 0) {
    const means = Float64Array.from(strata, ({ mean }) => mean.estimate);
    return clusteredMean(means, { weights: Float64Array.from(strata, ({ share }) => share) });
  }
  const borrowed = strata.reduce((sum, { share, mean }) => sum + (mean.se === null ? share ** 2 : 0), 0);
  const freedom = spread.reduce((sum, { mean }) => sum + mean.df!, 0);
  // Every variance counts for its own stratum and, in part, for those that borrow it.
  const error = combine(
    spread.map(({ mean }) => mean),
    spread.map(({ share, mean, clusters }) =>
      Math.sqrt(share ** 2 + (borrowed * mean.df! * clusters) / freedom),
    ),
  )!;
  return { estimate, se: error.se, df: error.df, units };
}
