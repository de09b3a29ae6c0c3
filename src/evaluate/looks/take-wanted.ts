import { FACTOR_NAMES, type Factor } from '../../suite/benchmark.ts';
import type { ScheduleOutcome } from '../workers/scheduler.ts';
import type { LookStops } from './look-stops.ts';

/**
 * Has the looks asked that the alarm of a judge wants of held factors. What cannot be asked leaves the record, and what was decided, as they are.
 *
 * @returns whether it was interrupted.
 */
export async function takeWanted(
  stops: LookStops,
  findWanted: () => readonly Factor[],
  {
    ask,
    note,
    signal,
  }: { ask: () => Promise<ScheduleOutcome>; note: (text: string) => void; signal: AbortSignal },
): Promise<{ interrupted: boolean }> {
  try {
    const wanted = findWanted();
    if (wanted.length === 0) return { interrupted: false };
    const names = wanted.map((id) => FACTOR_NAMES[id].toLowerCase()).join(', ');
    note(`Judge: the looks that are left of ${names} are taken, for the alarm alone (alarm-looks)`);
    stops.reopen(wanted);
    const { failed, interrupted } = await ask();
    if (failed.size > 0) throw new Error([...failed.values()][0]);
    return { interrupted };
  } catch (error) {
    stops.close();
    note(`Judge: they could not all be taken: ${error instanceof Error ? error.message : error}`);
    return { interrupted: signal.aborted };
  }
}
