import { detectable, type Test } from './detectable.ts';

/**
 * Smallest number of independent values for which a true drop is called one with the test's power: the least n with
 * detectable(sd / sqrt(n)) <= drop. `sd` is the standard deviation of one value's difference, in the unit of `drop`
 * (times the root of the design effect for clustered or weighted values). Null where no number is enough, since the
 * drop does not exceed the minimum effect.
 */
export function requiredN(drop: number, sd: number, test: Test): number | null {
  if (!(drop > Math.max(0, test.minimumEffect))) return null;
  const isEnough = (n: number) => detectable(sd / Math.sqrt(n), test) <= drop;
  let enough = 1;
  while (!isEnough(enough)) {
    enough *= 2;
    if (enough > Number.MAX_SAFE_INTEGER) return null;
  }
  let tooFew = Math.floor(enough / 2);
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
