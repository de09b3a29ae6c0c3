import { readTrend } from '../../../history/lookup/trend.ts';
import { readJudgeAudit } from '../../../judge/audit/read-audit.ts';
import type { JudgeAudit } from '../../../judge/audit/schema.ts';
import type { LoadedRecord } from '../../../record/schema.ts';
import type { TrendPoint } from '../../../report/comment/trend.ts';
import { readCalibration } from '../../../settings/calibration-file.ts';
import type { ChangeModel } from '../../../verdict/measure/borrowing/expected-change.ts';
import type { Calibration } from '../../../verdict/measure/calibration.ts';
import type { Waiver } from '../../../verdict/schema.ts';
import type { Connection } from '../../connection.ts';
import type { ActionInputs } from '../../inputs.ts';
import type { ActionRuntime } from '../../runtime.ts';
import { trustPath } from '../../trust/paths.ts';
import type { Trust } from '../../trust/trust.ts';
import { learnFromHistory } from './learn.ts';
import { type LookedFor, lookups } from './lookup.ts';

/** What a candidate is compared with, and what else is known from before. */
export interface References {
  baseline: LoadedRecord | null;
  /** Commits between the baseline and the commit that was looked for; null where it was given. */
  distance: number | null;
  /** `baseline: rerun`: it is to be evaluated first. */
  rerun: boolean;
  anchor: LoadedRecord | null;
  /** What main's changes before the baseline teach of which answers a change turns; null where nothing is known. */
  learned: ChangeModel | null;
  calibration: Calibration | null;
  /** An audit of the judge, which reports cite. */
  judgeAudit: JudgeAudit | null;
  waivers: Waiver[];
  trend: TrendPoint[];
  /** What was looked at in vain, and what was wrong, in words. */
  notes: string[];
}

/** The records among what was found. */
export function recordsOf({ baseline, anchor }: Pick<References, 'baseline' | 'anchor'>): LoadedRecord[] {
  return [baseline, anchor].filter((record) => record !== null);
}

/** How much training runs of one recipe differ, by the file that `run-spread` names; null for none. */
export async function readRunSpread(
  { runSpread }: Pick<ActionInputs, 'runSpread'>,
  trust: Trust,
  runtime: ActionRuntime,
): Promise<Calibration | null> {
  return runSpread === null
    ? null
    : await readCalibration(await trustPath('run-spread', runSpread, trust, runtime));
}

/**
 * Finds what to compare with, before GPU time is spent. That there is no baseline yet is an outcome; that it could not be
 * looked for is an error.
 */
export async function findReferences(
  inputs: ActionInputs,
  runtime: ActionRuntime,
  connection: Connection,
  looked: LookedFor,
): Promise<References> {
  const { store, suite, trust } = looked;
  const references: References = {
    baseline: null,
    distance: null,
    rerun: inputs.baseline === 'rerun',
    anchor: null,
    learned: null,
    calibration: await readRunSpread(inputs, trust, runtime),
    judgeAudit:
      inputs.judgeAudit === null
        ? null
        : await readJudgeAudit(await trustPath('judge-audit', inputs.judgeAudit, trust, runtime)),
    waivers: [],
    trend: store === null ? [] : await readTrend(store, suite),
    notes: [],
  };
  const lookup = lookups(inputs, runtime, connection, looked);
  if (!references.rerun) {
    const found = await lookup.baseline();
    Object.assign(references, { baseline: found.record, distance: found.distance });
    references.notes.push(...found.notes);
    if (store !== null && found.record !== null && found.entry !== null) {
      const baseline = { record: found.record, entry: found.entry };
      const { learned, notes } = await learnFromHistory(baseline, { store, suite }, runtime);
      references.learned = learned;
      references.notes.push(...notes);
    }
  }
  if (inputs.anchor !== null) {
    const found = await lookup.anchor(inputs.anchor);
    references.anchor = found.record;
    references.notes.push(...found.notes);
  }
  return references;
}
