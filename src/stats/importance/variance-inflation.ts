import { subsetFits } from './subset-fits.ts';

/**
 * Variance inflation of each predictor: 1 / (1 - R²) of its fit on the others. Infinity where the others give it exactly.
 *
 * @param correlations symmetric matrix of the predictors, row by row.
 */
export function varianceInflation(correlations: Float64Array, p: number): number[] {
  return Array.from({ length: p }, (_, own) => {
    const order = [...Array.from({ length: p }, (_, j) => j).filter((j) => j !== own), own];
    const turned = Float64Array.from({ length: p * p }, (_, at) => {
      const [row, column] = [order[Math.floor(at / p)]!, order[at % p]!];
      return correlations[row * p + column]!;
    });
    const fits = subsetFits(turned, p - 1);
    const rest = 1 - fits[fits.length - 1]!;
    return rest < 1e-9 ? Infinity : 1 / rest;
  });
}
