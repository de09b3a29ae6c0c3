import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Lease, leaseFolder } from '../cache/lease.ts';
import { SosBenchError } from '../error.ts';
import type { Worker } from '../harness/lm-eval/worker.ts';
import { recordPaths } from '../record/paths.ts';
import type { RunRecord } from '../record/schema.ts';
import type { Plan } from '../suite/plan.ts';
import { type Shard, shardName, shardPlan } from '../suite/shards.ts';
import { workerEnvironment } from '../system/child-environment.ts';
import { makeFolder, writeFileAtomic } from '../system/files.ts';
import { listGpus, visibleGpus } from '../system/gpus.ts';
import { takeLock } from '../system/lock.ts';
import { cacheRoot, packageRoot } from '../system/paths.ts';
import { resolvePython } from '../system/python/resolve.ts';
import { makeScratch, type Scratch } from '../system/scratch.ts';
import { choosePlan, followPlan, plannedIds } from './choose-plan.ts';
import { planSlots } from './devices.ts';
import type { Inventory } from './inventory.ts';
import { Journal, type JournalCopy, type JournalState } from './journal.ts';
import { leaveRecord } from './leave-record.ts';
import { serverPlaces } from './livebench/places.ts';
import { prepareLiveBench } from './livebench/prepare.ts';
import { runLiveBench } from './livebench/stage.ts';
import { type ReadyModel, readyModel, requireDigest } from './model.ts';
import { readPlan } from './read-plan.ts';
import type { EvaluationContext, EvaluationRequest } from './request.ts';
import { runPlan } from './run-plan.ts';
import { isWorkerLoss, type ScheduleOutcome } from './scheduler.ts';
import { StandbyWorkers } from './standby.ts';
import { needsWorkers, splitSelection, surveyQuestions } from './survey.ts';
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
  let standby: StandbyWorkers | null = null;
  let lease: Lease | null = null;
  let scratch: Scratch | null = null;
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
    if (request.python === 'managed') lease = await leaseFolder(dirname(dirname(python)));
    const source = join(packageRoot(), 'worker');
    const environment = workerEnvironment(context.environment);
    const hub = { python, source, environment, token: context.environment.HF_TOKEN ?? null, signal };
    const model = await readyModel(request, context, hub);
    requireDigest(model, context.modelDigest);

    const machine = { gpus: await listGpus(environment), cores: availableParallelism(), environment };
    // What a launcher starts elsewhere finds no folder of ours.
    if (request.launcher.length === 0) scratch = await makeScratch(environment);
    const ownTemporary = scratch === null ? environment : { ...environment, TMPDIR: scratch.path };
    const surroundings = { python, source, cache, environment: ownTemporary, model };
    const settings = workerSettings(request, context, surroundings);
    const slots = slotSettings(settings, planSlots(request, machine), paths.logs);
    if (needsWorkers(request, selection)) standby = new StandbyWorkers(slots);
    const gpus = visibleGpus(machine.gpus, environment);
    const places = serverPlaces(request, context, { model, slots, gpus, cache, logs: paths.logs });
    const survey = await surveyQuestions(request, slots[0]!, {
      cwd: context.cwd,
      hub,
      progress,
      selection,
      only: stored && plannedIds(stored),
      prepareLiveBench: () => prepareLiveBench(request, context, { cache, place: places[0]! }),
    });
    idle = survey.worker;
    const { benchmarks, inventory, livebench } = survey;
    const plan = choosePlan(request, inventory.benchmarks, stored);
    const part = request.shard === null ? plan : shardPlan(plan, request.shard);
    await requireOwnFolder(paths.record, paths.journal, request.fresh);

    const identity = {
      planHash: plan.planHash,
      modelDigest: model.digest,
      protocol: protocolSettings(request, inventory),
    };
    const copy = await context.state?.begin({
      ...request,
      identity,
      note,
      journal: paths.journal,
      plan: part,
    });
    const opened = await Journal.open(paths.journal, identity, {
      ...request,
      now: context.now,
      copy: copy ?? null,
    });
    const { journal, state } = opened;
    try {
      if (request.fresh)
        await Promise.all([paths.record, paths.items].map((path) => rm(path, { force: true })));
      const answers = answersFolder(paths.livebench, copy ?? null);
      // They belong to the journal's model and plan.
      if (!opened.resumed) await rm(answers, { recursive: true, force: true });
      await writeFileAtomic(paths.plan, `${JSON.stringify(plan)}\n`);
      progress.note(describePlan(part, state, request.shard));
      const leave = (outcome: ScheduleOutcome) =>
        leaveRecord(folder, { request, context, benchmarks, plan: part, state, inventory, model, outcome });
      const [chunks, served] = partition(part.chunks, ({ task }) => livebench.questions.has(task));
      const run = { plan: part, state, journal, request, context };
      let outcome: ScheduleOutcome;
      try {
        outcome = await runPlan({ ...run, chunks, inventory, slots, idle, ...(standby && { standby }) });
      } catch (error) {
        // No worker could go on; what was done before makes a record all the same.
        if (isWorkerLoss(error) && state.hello !== null)
          await leave({ failed: new Map(), interrupted: true });
        throw error;
      }
      idle = null;
      // Servers get the machine to themselves.
      standby?.end();
      if (!outcome.interrupted) {
        const { failed, interrupted } = await runLiveBench({
          ...run,
          chunks: served,
          survey: livebench,
          places,
          answers,
        });
        outcome = { failed: new Map([...outcome.failed, ...failed]), interrupted };
      }
      if (state.hello === null && state.server === null) throw nothingAsked(outcome);
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
    standby?.end();
    await lease?.release();
    await scratch?.remove();
    await lock.release();
  }
}

/** LiveBench's answers are kept beside the journal that a later attempt goes on from. */
function answersFolder(own: string, copy: JournalCopy | null): string {
  return copy === null ? own : join(dirname(copy.path), 'livebench');
}

/** Those a test does not hold for, and those it holds for; both in order. */
function partition<T>(values: readonly T[], test: (value: T) => boolean): [T[], T[]] {
  return [values.filter((value) => !test(value)), values.filter(test)];
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

/** The run ended before any model was opened or asked. */
function nothingAsked({ failed }: ScheduleOutcome): SosBenchError {
  const [first] = failed;
  if (first === undefined) return interrupted();
  return new SosBenchError('run-incomplete', `nothing was evaluated: ${first[0]} failed (${first[1]})`, {
    hint: 'the logs in the output folder have the details; run the same command again to go on',
  });
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
