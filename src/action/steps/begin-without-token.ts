import * as core from '@actions/core';
import { type Connection, connect } from '../connection.ts';
import { type DoorInputs, localConfig, readSettings } from '../inputs.ts';
import type { ActionWorld } from '../world.ts';
import { findGivenPlan } from './given-plan.ts';
import { requireTrustedTasks } from './include-path.ts';
import { subjectOf } from './references.ts';

/**
 * How a step begins that evaluates and holds no token: the event, and the settings of the checkout with the plan that may be
 * followed; task definitions are the base's.
 *
 * @throws SosBenchError as reading and checking these do.
 */
export async function beginWithoutToken(
  inputs: DoorInputs,
  world: ActionWorld,
): Promise<{ connection: Connection; settings: Awaited<ReturnType<typeof readSettings>> }> {
  const connection = await connect(world, { token: null, log: core.info });
  const settings = await readSettings('action', localConfig(inputs, world.cwd));
  const subject = subjectOf(connection.event);
  await requireTrustedTasks(settings['include-path'], world.cwd, connection.event, world.environment);
  const given = await findGivenPlan(settings.plan, world, connection, subject);
  for (const note of given?.notes ?? []) core.warning(note);
  settings.plan = given?.path;
  return { connection, settings };
}
