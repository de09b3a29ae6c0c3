import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

export interface Test {
  /** Two-sided error rate of the whole family. */
  alpha: number;
  /** Tests in the family. */
  familySize: number;
  /** Estimates have to lie beyond this to count. */
  minimumEffect: number;
  /** Probability of seeing the drop; 0.8 where left out. */
  power?: number;
  /** What the estimate has to pass, in standard errors, where that is the boundary of a look. */
  boundary?: number;
}

/**
 * Smallest true drop that is called one with probability `power`, in the unit of `se` (normal approximation): it has
 * to pass the test, z(1 - a') se with a' = alpha / 2 over the family size, and the minimum effect, whichever asks
 * for more.
 */
export function detectable(
  se: number,
  { alpha, familySize, minimumEffect, power = 0.8, boundary }: Test,
): number {
  const z = (probability: number) => normalQuantile(probability, 0, 1);
  const passed = boundary ?? z(1 - strictestLevel(alpha, familySize));
  return Math.max((passed + z(power)) * se, minimumEffect + z(power) * se);
}

/** One-sided level of the smallest p-value of a family. */
export function strictestLevel(alpha: number, familySize: number): number {
  return alpha / 2 / Math.max(1, familySize);
}
