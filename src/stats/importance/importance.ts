import { quantile } from '../correlation/quantile.ts';
import { correlationMatrix } from './correlation-matrix.ts';
import { shapleyValues } from './shapley-values.ts';
import { subsetFits } from './subset-fits.ts';

export interface Importance {
  /** Observations. */
  n: number;
  /** Of the outcome's variance, the part that a linear fit on all predictors explains; `adjusted` for their number (Ezekiel 1930). */
  r2: { estimate: number; adjusted: number; ci: [number, number] };
  /** Of adjusted R², what each predictor has (LMG), as fractions that sum to 1. Null where the predictors explain nothing. */
  shares: { share: number; ci: [number, number] }[] | null;
}

/**
 * How much of an outcome its predictors explain, and which of them how much of that. Intervals redraw observations.
 *
 * R² of a sample is too large on average: each predictor adds c = (1 - R²) / (n - p - 1) to it by chance, and in a redraw of the sample once more.
 * Left in, a predictor of no weight would have a share, which grows as R² falls. So c is taken from what each predictor adds (no less than 0 is left),
 * and 2c in redraws; the quantiles of R² are adjusted twice.
 *
 * @param predictors one array a predictor, 1 to 10 of them, as long as `outcome`.
 * @param integer a random whole number from 0 to its argument - 1.
 * @returns null where the outcome has no spread, or there are no more observations than a fit has coefficients.
 */
export function measureImportance(
  { outcome, predictors }: { outcome: Float64Array; predictors: readonly Float64Array[] },
  { draws, level, integer }: { draws: number; level: number; integer: (below: number) => number },
): Importance | null {
  const [n, p] = [outcome.length, predictors.length];
  if (n < p + 2) return null;
  const columns = [...predictors, outcome].map(centred);
  const fitted = fitAll(columns, null, 1);
  if (fitted === null) return null;
  const r2s: number[] = [];
  const shares: number[][] = predictors.map(() => []);
  const counts = new Float64Array(n);
  for (let drawn = 0; drawn < draws; drawn++) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[integer(n)]! += 1;
    const again = fitAll(columns, counts, 2);
    if (again === null) continue;
    r2s.push(again.r2);
    if (again.shares !== null) for (const [j, own] of shares.entries()) own.push(again.shares[j]!);
  }
  const tails = [(1 - level) / 2, (1 + level) / 2] as const;
  const interval = (values: number[]): [number, number] => {
    if (values.length === 0) return [0, 1];
    values.sort((a, b) => a - b);
    return [quantile(values, tails[0]), quantile(values, tails[1])];
  };
  const shrink = (n - 1) / (n - p - 1);
  const unbiased = (r2: number) => Math.max(0, 1 - (1 - r2) * shrink);
  const [low, high] = interval(r2s);
  return {
    n,
    r2: {
      ...{ estimate: fitted.r2, adjusted: unbiased(fitted.r2) },
      ci: [unbiased(unbiased(low)), unbiased(unbiased(high))],
    },
    shares: fitted.shares && Array.from(fitted.shares, (share, j) => ({ share, ci: interval(shares[j]!) })),
  };
}

/** Nothing that predictors explain is more than rounding. */
const ROUNDING = 1e-9;

/** @param times how often what predictors add by chance is in the columns: once in a sample, twice in a redraw of it. */
function fitAll(
  columns: readonly Float64Array[],
  counts: Float64Array | null,
  times: number,
): { r2: number; shares: Float64Array | null } | null {
  const size = columns.length;
  const p = size - 1;
  const correlations = correlationMatrix(columns, counts);
  if (correlations[p * size + p] === 0) return null;
  const fits = subsetFits(correlations, p);
  const r2 = fits[fits.length - 1]!;
  const byChance = (times * (1 - r2)) / (columns[0]!.length - p - 1);
  const own = shapleyValues(fits, p).map((value) => Math.max(0, value - byChance));
  const total = own.reduce((sum, value) => sum + value, 0);
  return { r2, shares: total < ROUNDING ? null : own.map((value) => value / total) };
}

function centred(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}
