/** What preference and substance together say; the first two are what the alarm is about. */
export const ALARM_STATES = [
  'style over substance',
  'judge up, substance down',
  'judge up, substance up',
  'cannot tell',
  'judge not up',
  'no alarm',
] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

/** One-sided level of the test that the judge prefers the new answers, and of the bounds that exclude a gain. */
export const ALARM_LEVEL = 0.05;

/** What the judge's verdicts say. */
export type AlarmJudge =
  | {
      /** One-sided p-value of a share of wins of one half or less. */
      p: number;
      reason: null;
    }
  /** They say nothing, and why. */
  | { p: null; reason: string };

/** What became of one factor. */
export interface AlarmFactor {
  name: string;
  change: 'regressed' | 'improved' | 'neither';
  /** Upper bound of its change, one-sided at 1 - `ALARM_LEVEL`; null where it was not measured, or not enough. */
  upper: number | null;
  /** A gain worth the name, that the bound has to lie below. */
  gain: number;
}

/** Whether the bound rules a gain worth the name out. */
export function excludesGain({ upper, gain }: Pick<AlarmFactor, 'upper' | 'gain'>): boolean {
  return upper !== null && upper < gain;
}

/**
 * Style over substance: the judge prefers the new answers, and a gain worth the name is excluded for every factor. It is an intersection-union test
 * (Berger 1982): all parts have to hold, each at `ALARM_LEVEL`, so that a false alarm is no more likely than that without any correction.
 * Where a factor `regressed`, that was tested by the verdict already.
 */
export function decideAlarm(judge: AlarmJudge, factors: readonly AlarmFactor[]): AlarmState {
  if (judge.p === null) return 'no alarm';
  if (judge.p > ALARM_LEVEL) return 'judge not up';
  if (factors.some(({ change }) => change === 'regressed')) return 'judge up, substance down';
  if (factors.length > 0 && factors.every(excludesGain)) return 'style over substance';
  return factors.some(({ change }) => change === 'improved') ? 'judge up, substance up' : 'cannot tell';
}
