import { SosBenchError } from '../error.ts';
import type { ModelLoaded } from '../harness/lm-eval/messages.ts';
import type { Worker } from '../harness/lm-eval/worker.ts';
import type { TaskProtocol } from '../record/schema.ts';
import type { Chunk, Plan } from '../suite/plan/plan.ts';
import type { Journal } from './journal/journal.ts';
import {
  applyModelLoaded,
  askedOf,
  deviceKey,
  type JournalState,
  keepChunk,
  withKnown,
} from './journal/state.ts';
import { type LookStops, labelOfLook } from './looks/look-stops.ts';
import type { Inventory } from './questions/lm-eval-inventory.ts';
import type { EvaluationContext, EvaluationRequest } from './request.ts';
import { BatchMemory } from './workers/batch-memory.ts';
import { BY_TOKENS } from './workers/batch-size.ts';
import { Eta } from './workers/eta.ts';
import { isOutOfMemory, runChunks, type ScheduleOutcome } from './workers/scheduler.ts';
import type { StandbyWorkers } from './workers/standby.ts';
import { chunkWorker, openModel, type WorkerSettings } from './workers/workers.ts';

export interface PlanRun {
  plan: Plan;
  /** Those of the plan that workers evaluate. */
  chunks: readonly Chunk[];
  state: JournalState;
  journal: Journal;
  inventory: Inventory;
  /** One for each worker. */
  slots: readonly WorkerSettings[];
  /** A worker of the first slot that has prepared the tasks and has no model yet; null where there is none. */
  idle: Worker | null;
  /** Workers of the other slots that have been started already; null where there are none. */
  standby: StandbyWorkers | null;
  request: EvaluationRequest;
  context: EvaluationContext;
  /** Which chunks are not needed; null or left out where all of them are. */
  stops?: LookStops | null;
}

/** Evaluates the chunks that are not done yet; every result and fault goes into the journal first. */
export async function runPlan(run: PlanRun): Promise<ScheduleOutcome> {
  const { plan, state, journal, inventory, slots, request, context, stops = null } = run;
  // Durations: the clock of the day may be set back in between.
  const clock = () => performance.now();
  const chunks = run.chunks
    .filter((chunk) => !state.results.has(chunk.id) && !stops?.isDropped(chunk))
    .map((chunk) => askedOf(chunk, state));
  const eta = new Eta(
    plan.chunks,
    new Set(state.results.keys()),
    clock,
    (chunk) => stops?.isDropped(chunk) ?? false,
  );
  const labels = new Map(plan.chunks.map((chunk) => [chunk.id, chunk.benchmark]));
  const show = (chunk: string) => {
    const label = labelOfLook(stops, labels.get(chunk) ?? chunk);
    context.progress.update({ ...eta.state(stops?.look), label });
  };
  const probe = chunks.some(({ task }) => isScoredByLogProbabilities(inventory.protocols.get(task)));
  let idle: Worker | null = run.idle;
  if (chunks.length === 0) await idle?.shutdown();
  return await runChunks({
    chunks,
    workers: slots.length,
    batchSize: request.batchSize,
    memory: recallBatches(plan, state),
    signal: context.signal,
    now: clock,
    isDropped: stops === null ? undefined : (chunk) => stops.isDropped(chunk),
    async startWorker(slot, signal) {
      const settings = { ...slots[slot]!, probe, engine: recallEngine(state) };
      // Those that are still starting too.
      signal.addEventListener('abort', () => run.standby?.end(), { once: true });
      const where = settings.name ? ` (${settings.name})` : '';
      context.progress.note(`Loading the model${where}`);
      const started = clock();
      const ready = slot === 0 ? idle : ((await run.standby?.take(slot)) ?? null);
      if (slot === 0) idle = null;
      const { worker, modelLoaded: loaded } = await openModel(settings, ready, signal);
      const modelLoaded = { ...loaded, ...recallBudget(state, loaded) };
      const seconds = (clock() - started) / 1000;
      try {
        await keepModelLoaded(journal, state, modelLoaded, seconds);
      } catch (error) {
        worker.kill();
        throw error;
      }
      context.progress.note(`Model loaded on ${modelLoaded.device.name}${where} (${seconds.toFixed(0)} s)`);
      const fallback = whyNotShared(request, modelLoaded);
      if (fallback !== null) {
        context.progress.note(
          `The model reads the shared beginning of questions again for each of them: ${fallback}`,
        );
      }
      eta.start();
      return chunkWorker(
        worker,
        deviceName(settings, modelLoaded),
        inventory.specs,
        inventory.metrics,
        modelLoaded.batchTokens ?? null,
        (task) => (isWritten(inventory.protocols.get(task)) ? (modelLoaded.chunksInFlight ?? 1) : 1),
      );
    },
    async onResult(result, batchSize) {
      const { chunk, seconds, items, unscored } = result;
      const entry = withKnown({ chunk, seconds, batchSize, items, ...(unscored && { unscored }) }, state);
      await journal.append({ type: 'chunk', ...entry });
      keepChunk(state, entry);
      state.deviceSeconds += seconds;
      eta.finish(chunk);
      show(chunk);
      stops?.advance();
    },
    async onFault({ chunk: { id: chunk }, kind, message, seconds, batchSize, device, tries }) {
      await journal.append({ type: 'fault', chunk, kind, message, seconds, batchSize, device });
      state.faults.push({ chunk, kind, message, batchSize, device });
      state.deviceSeconds += seconds;
      eta.advance(chunk, 0);
      context.progress.note(`${chunk}, try ${tries}: ${kind}: ${message}`);
    },
    onSlotLost(slot, reason) {
      context.progress.note(`${slots[slot]!.name} is no longer used, the others continue: ${reason}`);
    },
    onProgress({ chunk, done, total }) {
      if (total) eta.advance(chunk, done / total);
      show(chunk);
    },
  });
}

function isScoredByLogProbabilities(protocol: TaskProtocol | undefined): boolean {
  return protocol?.outputType === 'multiple_choice' || protocol?.outputType === 'loglikelihood';
}

function isWritten(protocol: TaskProtocol | undefined): boolean {
  return protocol?.outputType === 'generate_until';
}

/** Backends that read what questions share once, where nothing else is asked for. */
const SHARING = ['hf', 'vllm'];

/** Why a model that was to be read in the shared way is not; null where it is, or where nobody asked for it. */
function whyNotShared(
  { backend, batchSize }: EvaluationRequest,
  { engine, engineReason }: ModelLoaded,
): string | null {
  const isAsked = batchSize === BY_TOKENS && SHARING.includes(backend);
  return isAsked && engine === 'harness' ? (engineReason ?? null) : null;
}

/**
 * A model that could not be read in the shared way at first is not read so later: one record does not mix both without need. The
 * other way round there is no choice, and the record names both.
 */
function recallEngine({ engines }: JournalState): 'harness' | null {
  return engines.has('harness') ? 'harness' : null;
}

/** An earlier attempt's budget of tokens on such a device, in place of what would be reckoned now. */
function recallBudget(
  state: JournalState,
  { device, batchTokens }: ModelLoaded,
): Pick<ModelLoaded, 'batchTokens'> {
  return batchTokens == null ? {} : { batchTokens: state.budgets.get(deviceKey(device)) ?? batchTokens };
}

/** What earlier attempts at this run found not to fit into memory. */
function recallBatches(plan: Plan, state: JournalState): BatchMemory {
  const memory = new BatchMemory();
  const tasks = new Map(plan.chunks.map(({ id, task }) => [id, task]));
  for (const { chunk, kind, batchSize, device } of state.faults) {
    const task = tasks.get(chunk);
    if (device !== null && task !== undefined && isOutOfMemory(kind)) memory.ranOut(device, task, batchSize);
  }
  return memory;
}

/** A slot and what is in it: on another kind of device, batches that did not fit may. */
function deviceName({ name }: WorkerSettings, { device }: ModelLoaded): string {
  return [name, device.name, device.memory].filter(Boolean).join(', ');
}

async function keepModelLoaded(
  journal: Journal,
  state: JournalState,
  modelLoaded: ModelLoaded,
  seconds: number,
): Promise<void> {
  const before = state.modelLoaded;
  if (before !== null && before.chatTemplateApplied !== modelLoaded.chatTemplateApplied) {
    throw new SosBenchError(
      'journal-mismatch',
      'the chat template was applied before and is not now, or the reverse',
      {
        hint: 'use another --output folder, or --fresh to discard what is there',
      },
    );
  }
  await journal.append({ type: 'hello', hello: modelLoaded, seconds });
  applyModelLoaded(state, modelLoaded);
  state.deviceSeconds += seconds;
}
