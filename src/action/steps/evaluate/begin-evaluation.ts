import * as core from '@actions/core';
import type { Pull } from '../../../github/event.ts';
import type { AskedRecord } from '../../../record/schema.ts';
import type { GivenValues } from '../../../settings/resolve.ts';
import { type KeyOf, type Settings, settingsOf } from '../../../settings/table.ts';
import { tellSettings } from '../../../settings/trust/asked.ts';
import type { Trusted } from '../../../settings/trust/trusted.ts';
import { closeWorkspace } from '../../../system/files/workspace.ts';
import type { Connection } from '../../connection.ts';
import type { ActionInputs } from '../../inputs.ts';
import type { ActionRuntime } from '../../runtime.ts';
import { findGivenPlan, type GivenPlan } from '../../trust/given-plan.ts';
import { requireOwnPaths } from '../../trust/paths.ts';
import { type FoundSettings, findSettings } from '../../trust/settings.ts';
import { findTrust, type Trust } from '../../trust/trust.ts';

/** Settings of a job that evaluates and may report. */
export type JobSettings = Pick<Settings, KeyOf<'run' | 'action'>>;

/** How an evaluation begins: who judges, the settings that may, and the plan that is followed. */
export interface Beginning {
  trust: Trust;
  settings: Trusted<JobSettings>;
  plan: GivenPlan | null;
  /** What the record tells of its settings. */
  asked: AskedRecord;
  notes: string[];
  /** Where the configuration has a part of a setting. */
  locationOf: FoundSettings<KeyOf<'action'>>['locationOf'];
  /** The settings of the baseline's model, of which nothing is the change's to say. */
  ofBase: (given: GivenValues) => Trusted<JobSettings>;
}

/**
 * Decides by whose settings a model is evaluated; see docs/trust.md.
 *
 * @throws SosBenchError as reading and checking these do.
 */
export async function beginEvaluation(
  inputs: ActionInputs,
  runtime: ActionRuntime,
  connection: Connection,
  { newest = false, pull = null }: { newest?: boolean; pull?: Pull | null } = {},
): Promise<Beginning> {
  const trust = await findTrust(connection, { baseBranches: inputs.baseBranches, newest, pull });
  const found = await findSettings(settingsOf('action'), inputs, trust, connection, runtime);
  // Neither may a task that they define have its data there.
  if (trust.isChange) closeWorkspace();
  await requireOwnPaths(found.settings, trust, runtime);
  const given = { plan: found.settings.plan, hash: inputs.planHash, from: found.origin('plan') };
  const plan = await findGivenPlan(given, trust, connection, runtime);
  return {
    trust,
    settings: forJob(found.settings, plan?.path),
    plan,
    asked: { commit: found.commit, settings: tellSettings(found.settings, found.origin, plan) },
    notes: [...trust.notes, ...found.notes, ...(plan?.notes ?? [])],
    locationOf: found.locationOf,
    ofBase: (given) => {
      const settings = found.ofBase(given);
      return forJob(settings, settings.plan);
    },
  };
}

/** With what no input says: the output folder is taken over only from the command line. */
function forJob(
  settings: Trusted<Pick<Settings, KeyOf<'action'>>>,
  plan: string | undefined,
): Trusted<JobSettings> {
  return { ...settings, plan, fresh: false };
}

/** Says in the log what a reader of the report should know, for steps that write none. */
export function warnOf(notes: readonly string[]): void {
  for (const note of notes) core.warning(note);
}
