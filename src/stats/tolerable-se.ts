import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { strictestLevel, type Test } from './detectable.ts';

/**
 * Largest standard error with which a true drop is called one with the test's power: the inverse of `detectable`, in
 * the unit of `drop`. Null where none is small enough, since the drop does not exceed the minimum effect.
 */
export function tolerableSe(
  drop: number,
  { alpha, familySize, minimumEffect, power = 0.8 }: Test,
): number | null {
  if (!(drop > Math.max(0, minimumEffect))) return null;
  const z = (probability: number) => normalQuantile(probability, 0, 1);
  return Math.min(
    drop / (z(1 - strictestLevel(alpha, familySize)) + z(power)),
    (drop - minimumEffect) / z(power),
  );
}
