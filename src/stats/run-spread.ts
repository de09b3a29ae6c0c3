import chisquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import type { Estimate } from './estimate.ts';

/** How much the true score varies between training runs of one recipe, in the unit of the scores. */
export interface RunSpread {
  sd: number;
  /** Interval of the standard deviation. */
  ci: [number, number];
  /** Sample variance of the scores, of which `noise` is sampling error of the questions. */
  variance: number;
  noise: number;
  /** Models less 1. */
  df: number;
}

/**
 * Standard deviation between runs from the scores of k >= 3 models of one recipe, and `errors`, the standard errors of
 * their k (k - 1) / 2 pairwise differences (in any order).
 *
 * A score is x_i = t_i + e_i: t_i the model's true score, of variance sd^2 between runs, and e_i the error from the
 * questions, which models answering the same ones share in part. So x_i - x_j has variance 2 sd^2 + se_ij^2, and as the
 * sample variance s^2 is half the mean of (x_i - x_j)^2 over pairs, its expectation is sd^2 + mean of se_ij^2 / 2. Hence
 * sd^2 = s^2 - mean of se_ij^2 / 2, at least 0. For the interval s^2 (k - 1) / (its expectation) is chi-square with k - 1
 * degrees of freedom; the same noise is taken off both ends.
 *
 * @throws RangeError for fewer than 3 models, errors that are not one a pair, and numbers that are not finite.
 */
export function runSpread(scores: readonly number[], errors: readonly number[], level: number): RunSpread {
  const count = scores.length;
  if (count < 3) throw new RangeError(`the spread between runs needs 3 models, not ${count}`);
  if (errors.length !== (count * (count - 1)) / 2) {
    throw new RangeError(`${errors.length} standard errors for the pairs of ${count} models`);
  }
  if (![...scores, ...errors].every(Number.isFinite)) throw new RangeError('scores or errors not finite');
  const mean = scores.reduce((sum, score) => sum + score, 0) / count;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const noise = errors.reduce((sum, se) => sum + se ** 2, 0) / errors.length / 2;
  const df = count - 1;
  const root = (variance: number) => Math.sqrt(Math.max(0, variance - noise));
  return {
    sd: root(squares / df),
    ci: [
      root(squares / chisquareQuantile((1 + level) / 2, df)),
      root(squares / chisquareQuantile((1 - level) / 2, df)),
    ],
    variance: squares / df,
    noise,
    df,
  };
}

/**
 * The difference of two models as a difference of their recipes: its variance gains 2 sd^2. The degrees of freedom are
 * Satterthwaite's, se^2 with its own and 2 sd^2 with k - 1; as sd^2 is a sample variance s^2 less the noise, it varies
 * as s^2 does, so that V^2 / df = se^4 / df_own + (2 s^2)^2 / (k - 1), df at least 1. (With sd^2 there a test at 5% errs up to
 * 12% of the time where runs vary about as much as the questions make them; as it is, 2 to 5%.) An unknown standard error
 * stays unknown.
 */
export function widen(difference: Estimate, { sd, variance, df }: RunSpread): Estimate {
  if (difference.se === null || difference.df === null) return difference;
  const own = difference.se ** 2;
  const total = own + 2 * sd ** 2;
  if (total === 0) return difference;
  return {
    ...difference,
    se: Math.sqrt(total),
    df: Math.max(1, total ** 2 / (own ** 2 / difference.df + (2 * variance) ** 2 / df)),
  };
}
