import type { Plan } from '../suite/plan/plan.ts';
import type { ServerSlot } from './livebench/server-slots.ts';
import { runLiveBench } from './livebench/stage.ts';
import type { TakenInventory } from './questions/take-inventory.ts';
import { type PlanRun, runPlan } from './run-plan.ts';
import type { ScheduleOutcome } from './workers/scheduler.ts';
import type { StandbyWorkers } from './workers/standby.ts';

export interface StagesRun
  extends Pick<PlanRun, 'plan' | 'state' | 'journal' | 'slots' | 'request' | 'context'> {
  taken: TakenInventory;
  /** The plan that this run does a part of. */
  fullPlan: Plan;
  /** Workers of the other slots that have been started already; null where there are none. */
  standby: StandbyWorkers | null;
  /** Where servers may be started. */
  serverSlots: readonly ServerSlot[];
  /** Folder that LiveBench's answers are kept in. */
  answers: string;
}

/**
 * Runs the chunks of the plan that are not done yet: lm-eval's on workers, then LiveBench's on servers, which get the
 * machine to themselves.
 *
 * @throws SosBenchError as the stages do.
 */
export async function runStages(run: StagesRun): Promise<ScheduleOutcome> {
  const { taken, standby, plan } = run;
  const { inventory, livebench, worker: idle } = taken;
  const isServed = ({ task }: { task: string }) => livebench.questions.has(task);
  const chunks = plan.chunks.filter((chunk) => !isServed(chunk));
  const outcome = await runPlan({ ...run, chunks, inventory, idle });
  standby?.end();
  if (outcome.interrupted) return outcome;
  const served = await runLiveBench({ ...run, inventory: livebench, chunks: plan.chunks.filter(isServed) });
  return { failed: new Map([...outcome.failed, ...served.failed]), interrupted: served.interrupted };
}
