import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@actions/core';
import { plural } from '../../../count.ts';
import { SosBenchError } from '../../../error.ts';
import { requestedIds } from '../../../evaluate/planning/choose-plan.ts';
import { readPlan } from '../../../evaluate/planning/read-plan.ts';
import { recordPaths } from '../../../record/paths.ts';
import type { LoadedRecord } from '../../../record/schema.ts';
import type { Settings } from '../../../settings/table.ts';
import type { Plan } from '../../../suite/plan/plan.ts';
import { restrictPlan } from '../../../suite/plan/plan.ts';
import { makeFolder, writeFileAtomic } from '../../../system/files/files.ts';
import { privateFolder } from '../../private-folder.ts';
import type { ActionRuntime } from '../../runtime.ts';
import type { Subject } from '../compare/subject.ts';

/**
 * The plan that the baseline was asked, for a sample of a change to be asked the same: every question then has its pair, also when
 * what chose them (defaults, history) is another one by now. Not for a push: it makes what later changes follow.
 *
 * @returns the file; null where there is none to follow, and the settings make the plan.
 */
export async function findBaselinePlan(
  baseline: LoadedRecord | null,
  settings: Pick<Settings, 'suite' | 'plan' | 'benchmarks'>,
  runtime: ActionRuntime,
  { base }: Subject,
): Promise<string | null> {
  if (base === null || settings.plan !== undefined || settings.suite !== 'pr') return null;
  if (baseline === null || baseline.record.suite !== 'pr') return null;
  const plan = await planOf(baseline, requestedIds(settings.benchmarks));
  if (typeof plan === 'string') {
    core.info(`A new plan is made, since the baseline's cannot be followed: ${plan}.`);
    return null;
  }
  const items = plan.chunks.reduce((sum, { docIds }) => sum + docIds.length, 0);
  core.info(`The plan of the baseline is followed: ${plural(items, 'question')}, plan ${plan.planHash}.`);
  const folder = privateFolder(runtime);
  const path = join(folder, 'plan-of-baseline.json');
  await makeFolder(folder);
  await writeFileAtomic(path, JSON.stringify(plan));
  return path;
}

/** The benchmarks that are asked for, of the baseline's plan; in words, why they cannot be had. */
async function planOf({ path, record }: LoadedRecord, asked: string[]): Promise<Plan | string> {
  const file = recordPaths(path).plan;
  if (!existsSync(file)) return 'it is not kept with the record';
  const plan = await readPlan(file).catch((error) => {
    if (error instanceof SosBenchError) return error.message;
    throw error;
  });
  if (typeof plan === 'string') return plan;
  if (plan.planHash !== record.planHash) return 'it is not the one of the record';
  const planned = new Set(plan.benchmarks.map(({ id }) => id));
  const missing = asked.filter((id) => !planned.has(id));
  if (missing.length > 0) return `it has no ${missing.join(', ')}`;
  const part = restrictPlan(plan, new Set(asked));
  return part.chunks.length > 0 ? part : 'it has no questions of what is asked for';
}
