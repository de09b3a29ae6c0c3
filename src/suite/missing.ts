/** Share of a task's questions that may lack a score. */
export const TOLERATED_SHARE = 0.005;

/**
 * Whether so many of a task's questions lack a score that what is left says too little: more than one of them and more than
 * 0.5%, or all. The one rule for questions that could not be scored, and for those that a candidate lacks of its baseline's.
 */
export function isTooMuchMissing(missing: number, questions: number): boolean {
  if (missing === 0) return false;
  return missing >= questions || missing > Math.max(1, TOLERATED_SHARE * questions);
}
