import { recordPaths } from '../../record/paths.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import { readPlan } from './read-plan.ts';

/** The plan beside a record, where it is the one of that hash: its own hash is computed again. Null elsewhere. */
export async function planBeside(
  { path }: Pick<LoadedRecord, 'path'>,
  hash: string | null,
): Promise<Plan | null> {
  if (hash === null) return null;
  const plan = await readPlan(recordPaths(path).plan).catch(() => null);
  return plan?.planHash === hash ? plan : null;
}
