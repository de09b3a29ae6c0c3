import type { Chunk, Plan } from '../suite/plan/plan.ts';
import type { ServerSlot } from './livebench/server-slots.ts';
import { runLiveBench } from './livebench/stage.ts';
import type { LookStops } from './looks/look-stops.ts';
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
  /** Which chunks are not needed; null or left out where all of them are. */
  stops?: LookStops | null;
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
  const { taken, standby, plan, stops = null } = run;
  const { inventory, livebench, worker: idle } = taken;
  const isServed = ({ task }: { task: string }) => livebench.questions.has(task);
  stops?.advance();
  const failed = new Map<string, string>();
  let first = true;
  for (const part of partsOf(plan, stops, isServed)) {
    const chunks = part.filter((chunk) => !isServed(chunk));
    const outcome = await runPlan({ ...run, chunks, inventory, idle: first ? idle : null });
    first = false;
    standby?.end();
    for (const [id, reason] of outcome.failed) failed.set(id, reason);
    if (outcome.interrupted) return { failed, interrupted: true };
    const asked = part.filter((chunk) => isServed(chunk) && !stops?.isDropped(chunk));
    const served = await runLiveBench({ ...run, inventory: livebench, chunks: asked });
    for (const [id, reason] of served.failed) failed.set(id, reason);
    if (served.interrupted) return { failed, interrupted: true };
    stops?.advance();
  }
  return { failed, interrupted: false };
}

/**
 * What is run before the machine goes from workers to servers, and back: all of it, or with looks that have questions for both one
 * look after the other, since each may be the last.
 */
export function* partsOf(
  { chunks }: Plan,
  stops: LookStops | null,
  isServed: (chunk: Chunk) => boolean,
): Generator<Chunk[]> {
  let left = [...chunks];
  while (left.length > 0) {
    const isOpen = (chunk: Chunk) => isServed(chunk) && !stops?.isDropped(chunk);
    const looks = left.filter(isOpen).map(({ look = 1 }) => look);
    // Without questions for servers ahead, workers keep their model to the end.
    const until = stops === null || looks.length === 0 ? Infinity : Math.min(...looks);
    const now = left.filter(({ look = 1 }) => look <= until);
    left = left.filter((chunk) => !now.includes(chunk));
    yield now;
  }
}
