import type { DecideLook } from '../../../evaluate/looks/look-stops.ts';
import { planBeside } from '../../../evaluate/planning/plan-beside.ts';
import type { LoadedRecord } from '../../../record/schema.ts';
import { policyOf } from '../../../settings/policy.ts';
import type { Settings } from '../../../settings/table.ts';
import type { LooksRequest } from '../../../verdict/compare.ts';
import { decideStop } from '../../../verdict/looks/stop.ts';
import { spreadsOf } from '../../../verdict/measure/calibration.ts';
import type { Requested } from '../../../verdict/protocol/required.ts';
import type { References } from './references.ts';

/**
 * By whose looks a change is judged: those of the plan that the base or the workflow names, of the one that this very job made, or of the
 * baseline's own plan, where the candidate was evaluated by it. A record of another job is not asked. Null where there are none.
 *
 * @param isEvaluatedHere whether this job evaluated the candidate: its hash is then that of the plan that trusted settings made.
 */
export async function findLooks(
  candidate: LoadedRecord,
  { plan }: Requested,
  { baseline }: Pick<References, 'baseline'>,
  settings: Pick<Settings, 'stop-on'>,
  { isEvaluatedHere = false }: { isEvaluatedHere?: boolean } = {},
): Promise<LooksRequest | null> {
  if (baseline === null) return null;
  const { planHash } = candidate.record;
  const isOfBaseline = planHash !== null && planHash === baseline.record.planHash;
  const known = isEvaluatedHere ? candidate : isOfBaseline ? baseline : null;
  const found = plan ?? (known && (await planBeside(known, planHash)));
  return found?.sequential === undefined ? null : { plan: found, stopOn: settings['stop-on'] };
}

/**
 * Decides looks on the baseline that a change is compared with, as its report will.
 *
 * @param isTrusted whether the report will know the plan, whichever it is; else only the baseline's own may end a run early.
 */
export function looksOn(
  baseline: LoadedRecord,
  calibration: References['calibration'],
  settings: Parameters<typeof policyOf>[0] & Pick<Settings, 'stop-on'>,
  { isTrusted }: { isTrusted: boolean },
): DecideLook {
  const policy = policyOf(settings);
  const spreads = calibration === null ? undefined : spreadsOf(calibration, policy.preset);
  return (plan, candidate, through) => {
    if (!isTrusted && plan.planHash !== baseline.record.planHash)
      return { obstacle: "its plan is not the baseline's", decided: new Map(), isOver: false };
    return decideStop(
      baseline,
      candidate,
      { plan, stopOn: settings['stop-on'] },
      { policy, spreads, through },
    );
  };
}
