import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import type { ModelLoaded, TaskSpec, WorkerRequest } from '../../harness/lm-eval/messages.ts';
import { Worker, type WorkerOptions } from '../../harness/lm-eval/worker.ts';
import { WorkerFault } from '../../harness/lm-eval/worker-fault.ts';
import { explainEngineFault } from '../../serving/engine-fault.ts';
import { closedFolder } from '../../system/files/workspace.ts';
import { isManaged } from '../../system/python/python-command.ts';
import { explainArgumentFault } from './argument-fault.ts';
import { workerBatch } from './batch-size.ts';
import type { Slot } from './devices.ts';
import type { ChunkWorker } from './flights.ts';

export interface WorkerSettings {
  options: WorkerOptions;
  includePaths: string[];
  seed: number;
  open: Extract<WorkerRequest, { type: 'open' }>;
  /** What to call it where there are several. */
  name?: string;
  /** Whether to end up on the CPU is a mistake. */
  needsGpu?: boolean;
  /** Whether log-probabilities will be asked for, so that a model without usable ones is none. */
  probe?: boolean;
  /** `harness` where the run went that way before; null or left out for the model to decide. */
  engine?: 'harness' | null;
}

/** The settings of each slot's worker: its own devices, threads and log (`worker-<slot>.log`). */
export function slotSettings(
  settings: WorkerSettings,
  slots: readonly Slot[],
  logs: string,
): WorkerSettings[] {
  return slots.map((slot, index) => ({
    ...settings,
    name: slot.name,
    needsGpu: slot.needsGpu,
    options: {
      ...settings.options,
      environment: { ...settings.options.environment, ...slot.environment },
      log: join(logs, `worker-${index}.log`),
    },
    open: { ...settings.open, args: { ...settings.open.args, ...slot.args }, device: slot.device },
  }));
}

/** Settings of a worker that need not load a model. */
export type DescribingSettings = Omit<WorkerSettings, 'open'> & Partial<Pick<WorkerSettings, 'open'>>;

/**
 * The environment of a worker: what is passed on of ours, where Python puts its caches, and where it finds
 * NLTK's data (beside a managed interpreter; a user's own folders stay known).
 */
export function workerPaths(
  python: string,
  cache: string,
  passedOn: Record<string, string> = {},
): Record<string, string> {
  const ownNltkData = join(python, '..', '..', 'nltk_data');
  return {
    // Threads that spin long while they wait make a shared CPU many times slower; not spinning at all costs a tenth.
    GOMP_SPINCOUNT: '20000',
    ...passedOn,
    NLTK_DATA: [ownNltkData, passedOn.NLTK_DATA].filter(Boolean).join(':'),
    HF_DATASETS_CACHE: join(cache, 'datasets'),
    // Workers never download: the run's first step does, and only it holds a token.
    HF_HUB_OFFLINE: '1',
    HF_DATASETS_OFFLINE: '1',
    TOKENIZERS_PARALLELISM: 'false',
    TQDM_MININTERVAL: '10',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
    // For what an environment of ours starts itself: its own Python is isolated by words, which its children need not get.
    ...(isManaged(python) ? { PYTHONPATH: '', PYTHONNOUSERSITE: '1', PYTHONSAFEPATH: '1' } : {}),
  };
}

/**
 * Starts a worker with the harness imported and the task folders indexed.
 *
 * @throws SosBenchError `worker-failed`.
 */
export async function startWorker(settings: DescribingSettings): Promise<Worker> {
  const worker = new Worker(settings.options);
  try {
    const { includePaths, seed } = settings;
    const prepared = await worker.request({ type: 'prepare', includePaths, seed, closed: closedFolder() });
    if (prepared.type === 'prepared') worker.versions = prepared.versions;
    return worker;
  } catch (error) {
    worker.kill();
    if (!(error instanceof WorkerFault)) throw error;
    throw new SosBenchError('worker-failed', `the worker could not start: ${error.message}`, {
      hint: `the log is ${settings.options.log}; 'python: managed' builds an environment that is known to work`,
      cause: error,
    });
  }
}

const OPEN_TRIES = 2;

/**
 * Loads the model, in a fresh worker when the first one dies of it.
 *
 * @param idle a worker that has no model yet, of these settings; null for a new one.
 * @param stopped aborting it kills the worker.
 * @throws SosBenchError `model-unreadable` (the harness refuses it), `model-missing` (it is gone), `logprobs-meaningless` or
 *   `worker-failed`.
 */
export async function openModel(
  requested: WorkerSettings,
  idle: Worker | null,
  stopped: AbortSignal,
): Promise<{ worker: Worker; modelLoaded: ModelLoaded }> {
  const settings = { ...requested, options: { ...requested.options, signal: stopped } };
  for (let attempt = 1; ; attempt++) {
    const worker = attempt === 1 && idle !== null ? idle : await startWorker(settings);
    const stop = () => worker.kill();
    stopped.addEventListener('abort', stop);
    if (stopped.aborted) stop();
    try {
      const modelLoaded = await worker.request({
        ...settings.open,
        ...(settings.probe && { probe: true }),
        ...(settings.engine && { engine: settings.engine }),
      });
      if (modelLoaded.type !== 'hello')
        throw new Error(`the worker answered 'open' with '${modelLoaded.type}'`);
      if (modelLoaded.probe) throw meaningless(modelLoaded.probe, settings);
      if (settings.needsGpu && modelLoaded.device.type === 'cpu') throw noGpu(settings);
      return { worker, modelLoaded };
    } catch (error) {
      worker.kill();
      if (!(error instanceof WorkerFault)) throw error;
      if (error.ended && attempt < OPEN_TRIES && !settings.options.signal.aborted) continue;
      throw openError(error, settings);
    } finally {
      stopped.removeEventListener('abort', stop);
    }
  }
}

function meaningless(
  { fault, advice }: NonNullable<ModelLoaded['probe']>,
  { name, open }: WorkerSettings,
): SosBenchError {
  const who = open.backend.startsWith('local-') ? 'the server' : 'the model';
  return new SosBenchError(
    'logprobs-meaningless',
    `${who} cannot be scored by log-probabilities${name ? ` (${name})` : ''}: ${fault}`,
    { hint: `${advice}; benchmarks whose answers are generated need none (--benchmarks)` },
  );
}

function noGpu({ name, options }: WorkerSettings): SosBenchError {
  return new SosBenchError(
    'worker-failed',
    `${name ?? 'the worker'}: PyTorch in ${options.python} sees no GPU there`,
    {
      hint: 'install a PyTorch built for this GPU, or choose with --devices (cpu:1 for the processor)',
    },
  );
}

function openError(fault: WorkerFault, { options: { log }, open }: WorkerSettings): SosBenchError {
  const refused = explainArgumentFault(fault.message, open.backend, open.args);
  if (refused !== null)
    return new SosBenchError('usage', refused.message, {
      hint: `${refused.hint}; the log is ${log}`,
      cause: fault,
    });
  const explained = open.backend === 'vllm' ? explainEngineFault(fault.message) : null;
  if (explained !== null) {
    const { message, hint, isOfModel = false } = explained;
    const code = isOfModel ? 'model-unreadable' : 'worker-failed';
    return new SosBenchError(code, `the model could not be loaded: ${message}`, {
      hint: `${hint}; the log is ${log}`,
      cause: fault,
    });
  }
  if (fault.kind === 'oom' || fault.kind === 'host-oom') {
    return new SosBenchError(
      'worker-failed',
      `there is not enough memory to load the model: ${fault.message}`,
      {
        hint: 'use a device with more memory, a smaller dtype (--model-args dtype=bfloat16) or fewer workers',
        cause: fault,
      },
    );
  }
  const path = open.args.pretrained;
  if (typeof path === 'string' && isAbsolute(path) && !existsSync(path)) {
    return new SosBenchError('model-missing', `the model is gone: there is nothing at ${path} any more`, {
      hint: 'put it back and run the same command again: finished chunks are kept',
      cause: fault,
    });
  }
  const code = fault.kind === 'model' ? 'model-unreadable' : 'worker-failed';
  return new SosBenchError(code, `the model could not be loaded: ${fault.message}`, {
    hint: `the log is ${log}`,
    cause: fault,
  });
}

/**
 * The scheduler's view of a worker with its model loaded.
 *
 * @param batchTokens the budget of its batches; null where it has none.
 * @param inFlight how many chunks of such a task it takes at once.
 */
export function chunkWorker(
  worker: Worker,
  device: string,
  specs: ReadonlyMap<string, TaskSpec>,
  metrics: ReadonlyMap<string, string>,
  batchTokens: number | null,
  inFlight: (task: string) => number,
): ChunkWorker {
  return {
    device,
    batchTokens,
    inFlight: ({ task }) => inFlight(task),
    async evaluate(chunk, batchSize, onProgress, together) {
      const spec = specs.get(chunk.task);
      const metric = metrics.get(chunk.task);
      if (!spec || !metric) throw new Error(`the plan names a task without a definition: ${chunk.task}`);
      const { id, docIds: items } = chunk;
      const answer = await worker.request(
        {
          ...{ type: 'evaluate', chunk: id, spec, metric, items },
          ...workerBatch(batchSize, batchTokens),
          ...(together && { together }),
        },
        onProgress,
      );
      if (answer.type !== 'result' || answer.chunk !== id) {
        throw new WorkerFault('garbage', `the worker answered '${answer.type}' for chunk ${id}`);
      }
      const answered = [...answer.items, ...(answer.unscored ?? [])].map(({ docId }) => docId);
      if (answered.sort((a, b) => a - b).join() !== items.join())
        throw new WorkerFault('garbage', `chunk ${id} came back with other questions`);
      return answer;
    },
    shutdown: () => worker.shutdown(),
    kill: () => worker.kill(),
  };
}
