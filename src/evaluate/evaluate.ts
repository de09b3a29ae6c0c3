import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { SosBenchError } from '../error.ts';
import type { Worker } from '../harness/lm-eval/worker.ts';
import { recordPaths } from '../record/paths.ts';
import type { RunRecord } from '../record/schema.ts';
import type { Plan } from '../suite/plan.ts';
import { type Shard, shardName, shardPlan } from '../suite/shards.ts';
import { workerEnvironment } from '../system/child-environment.ts';
import { makeFolder, writeFileAtomic } from '../system/files.ts';
import { listGpus } from '../system/gpus.ts';
import { takeLock } from '../system/lock.ts';
import { cacheRoot, packageRoot } from '../system/paths.ts';
import { resolvePython } from '../system/python/resolve.ts';
import { choosePlan, followPlan, plannedIds } from './choose-plan.ts';
import { planSlots } from './devices.ts';
import type { Inventory } from './inventory.ts';
import { Journal, type JournalState } from './journal.ts';
import { leaveRecord } from './leave-record.ts';
import { type ReadyModel, readyModel } from './model.ts';
import { readPlan } from './read-plan.ts';
import type { EvaluationContext, EvaluationRequest } from './request.ts';
import { runPlan } from './run-plan.ts';
import { isWorkerLoss, type ScheduleOutcome } from './scheduler.ts';
import { splitSelection, surveyQuestions } from './survey.ts';
import { slotSettings, type WorkerSettings, workerPaths } from './workers.ts';

/**
 * Evaluates a model and leaves a record in the output folder: plan, journal, `items.parquet`, `record.json`.
 * The same request on the same folder goes on where an earlier one stopped.
 *
 * @throws SosBenchError; after `interrupted` and `run-incomplete` the folder holds a valid partial record.
 */
export async function evaluate(asked: EvaluationRequest, context: EvaluationContext): Promise<RunRecord> {
  const stored = asked.plan === null ? null : await readPlan(resolve(context.cwd, asked.plan));
  const request = stored === null ? asked : followPlan(asked, stored);
  const folder = resolve(context.cwd, request.output);
  const paths = recordPaths(folder);
  const selection = splitSelection(request);
  const lock = await takeLock(paths.lock, `the output folder ${folder}`);
  let idle: Worker | null = null;
  try {
    await makeFolder(paths.logs, 0o700);
    const cache = cacheRoot(context.environment);
    const { progress, signal } = context;
    const note = (text: string) => progress.note(text);
    const python = await resolvePython(request.python, {
      cache,
      environment: context.environment,
      note,
      signal,
    });
    const source = join(packageRoot(), 'worker');
    const environment = workerEnvironment(context.environment);
    const hub = { python, source, environment, token: context.environment.HF_TOKEN ?? null, signal };
    const model = await readyModel(request, context, hub);

    const machine = { gpus: await listGpus(environment), cores: availableParallelism(), environment };
    const settings = workerSettings(request, context, { python, source, cache, environment, model });
    const slots = slotSettings(settings, planSlots(request, machine), paths.logs);
    const survey = await surveyQuestions(request, slots[0]!, {
      cwd: context.cwd,
      hub,
      progress,
      selection,
      only: stored && plannedIds(stored),
    });
    idle = survey.worker;
    const { benchmarks, inventory } = survey;
    const plan = choosePlan(request, inventory.benchmarks, stored);
    const part = request.shard === null ? plan : shardPlan(plan, request.shard);
    await requireOwnFolder(paths.record, paths.journal, request.fresh);

    const identity = {
      planHash: plan.planHash,
      modelDigest: model.digest,
      protocol: protocolSettings(request, inventory),
    };
    const opened = await Journal.open(paths.journal, identity, { fresh: request.fresh, now: context.now });
    const { journal, state } = opened;
    try {
      if (request.fresh)
        await Promise.all([paths.record, paths.items].map((path) => rm(path, { force: true })));
      await writeFileAtomic(paths.plan, `${JSON.stringify(plan)}\n`);
      progress.note(describePlan(part, state, request.shard));
      const leave = (outcome: ScheduleOutcome) =>
        leaveRecord(folder, { request, context, benchmarks, plan: part, state, inventory, model, outcome });
      let outcome: ScheduleOutcome;
      try {
        outcome = await runPlan({ plan: part, state, journal, inventory, slots, idle, request, context });
      } catch (error) {
        // No worker could go on; what was done before makes a record all the same.
        if (isWorkerLoss(error) && state.hello !== null)
          await leave({ failed: new Map(), interrupted: true });
        throw error;
      }
      idle = null;
      if (state.hello === null) throw interrupted();
      const record = await leave(outcome);
      if (outcome.interrupted) throw interrupted();
      requireComplete(record);
      return record;
    } finally {
      await journal.close();
    }
  } catch (error) {
    // What fails because we are stopping is not a failure of its own.
    if (context.signal.aborted) throw interrupted();
    throw error;
  } finally {
    context.progress.stop();
    idle?.kill();
    await lock.release();
  }
}

interface Surroundings {
  python: string;
  source: string;
  cache: string;
  environment: Record<string, string>;
  model: ReadyModel;
}

function workerSettings(
  request: EvaluationRequest,
  context: EvaluationContext,
  { python, source, cache, environment, model }: Surroundings,
): WorkerSettings {
  const includePaths = request.includePaths.map((path) => resolve(context.cwd, path));
  const serverKey = context.environment.OPENAI_API_KEY;
  return {
    options: {
      python,
      launcher: request.launcher,
      source,
      environment: {
        ...workerPaths(python, cache, environment),
        PYTHONPATH: source,
        // Only the backend that asks a server needs its key.
        ...(request.backend.startsWith('local-') && serverKey ? { OPENAI_API_KEY: serverKey } : {}),
      },
      log: '',
      stallTimeout: request.stallTimeout * 1000,
      signal: context.signal,
    },
    includePaths: [join(packageRoot(), 'tasks', 'lm-eval'), ...includePaths],
    seed: request.seed,
    open: {
      type: 'open',
      backend: request.backend,
      args: model.args,
      batchSize: request.batchSize,
      device: request.device,
      applyChatTemplate: request.applyChatTemplate,
      systemInstruction: request.systemInstruction,
      seed: request.seed,
    },
  };
}

/** A record without its journal came from elsewhere; a run must not overwrite it. */
async function requireOwnFolder(record: string, journal: string, fresh: boolean): Promise<void> {
  if (fresh || !existsSync(record) || existsSync(journal)) return;
  throw new SosBenchError('journal-mismatch', `${record} is a record this folder's run did not leave`, {
    hint: 'use another --output folder, or --fresh to replace it',
  });
}

/** What the journal's results depend on beside plan and model, as text that can be shown when it differs. */
function protocolSettings(request: EvaluationRequest, inventory: Inventory): Record<string, string> {
  const tasks = [...inventory.protocols].map(([task, protocol]) => [
    `task ${task}`,
    `version ${protocol.version}, ${protocol.fewshot}-shot, ${protocol.data}, ${JSON.stringify(protocol.generation)}`,
  ]);
  return {
    backend: request.backend,
    'model-args': JSON.stringify(request.modelArgs),
    'apply-chat-template': String(request.applyChatTemplate),
    'enable-thinking': String(request.enableThinking),
    'system-instruction': String(request.systemInstruction),
    'batch-size': request.batchSize,
    device: request.devices.kind === 'cpu' ? 'cpu' : String(request.device),
    ...(request.tensorParallel === null ? {} : { 'tensor-parallel': String(request.tensorParallel) }),
    ...Object.fromEntries(tasks),
  };
}

function describePlan(plan: Plan, state: JournalState, shard: Shard | null): string {
  const items = plan.chunks.reduce((total, chunk) => total + chunk.docIds.length, 0);
  const planned = plan.benchmarks.filter(({ status }) => status === 'planned').length;
  const done = plan.chunks.filter((chunk) => state.results.has(chunk.id)).length;
  const resumed = done === 0 ? '' : `; ${done} of ${plan.chunks.length} chunks are done already`;
  const part = shard === null ? '' : ` (shard ${shardName(shard)})`;
  return `${items} items of ${planned} benchmarks in ${plan.chunks.length} chunks${part}${resumed}`;
}

function interrupted(): SosBenchError {
  return new SosBenchError('interrupted', 'interrupted; finished chunks are kept', {
    hint: 'run the same command again to go on from there',
  });
}

function requireComplete(record: RunRecord): void {
  const open = record.benchmarks.filter(({ status }) => status === 'failed' || status === 'partial');
  if (open.length === 0) return;
  const reasons = open.map(
    ({ id, status, reason }) => `${id} ${status}${reason === null ? '' : ` (${reason})`}`,
  );
  throw new SosBenchError('run-incomplete', `not all planned items were evaluated: ${reasons.join('; ')}`, {
    hint: 'the others are in the record; run the same command again to retry the missing ones',
  });
}
