import { join, resolve } from 'node:path';
import { packageRoot } from '../../system/paths.ts';
import { secretValues } from '../../system/secrets.ts';
import type { ReadyModel } from '../model.ts';
import type { EvaluationContext, EvaluationRequest } from '../request.ts';
import { type DescribingSettings, type WorkerSettings, workerPaths } from './workers.ts';

/** What was found for a run's workers. */
interface Surroundings {
  python: string;
  cache: string;
  /** Where the harness's data library keeps the questions. */
  dataCache: string;
  environment: Record<string, string>;
  model: ReadyModel;
}

/** How a worker is started that reads questions and opens no model. */
export function questionSettings(
  { includePaths, seed }: Pick<EvaluationRequest, 'includePaths' | 'seed'>,
  {
    cwd,
    cache,
    dataCache,
    passedOn,
    scratch,
    options,
  }: {
    cwd: string;
    cache: string;
    dataCache: string;
    passedOn: Record<string, string>;
    scratch: string;
    options: Omit<WorkerSettings['options'], 'environment'>;
  },
): DescribingSettings {
  const { python } = options;
  return {
    options: {
      ...options,
      environment: {
        ...workerPaths(python, cache, passedOn),
        HF_DATASETS_CACHE: dataCache,
        TMPDIR: scratch,
      },
    },
    includePaths: taskFolders(includePaths, cwd),
    seed,
  };
}

/** Ours, and those from outside. */
function taskFolders(includePaths: readonly string[], cwd: string): string[] {
  return [join(packageRoot(), 'tasks', 'lm-eval'), ...includePaths.map((path) => resolve(cwd, path))];
}

/** How the run's workers are started, before each gets devices and a log of its own. */
export function workerSettings(
  request: EvaluationRequest,
  context: EvaluationContext,
  { python, cache, dataCache, environment, model }: Surroundings,
): WorkerSettings {
  const serverKey = context.environment.OPENAI_API_KEY;
  return {
    options: {
      python,
      launcher: request.launcher,
      launcherFolder: context.cwd,
      environment: {
        ...workerPaths(python, cache, environment),
        HF_DATASETS_CACHE: dataCache,
        // Only the backend that asks a server needs its key.
        ...(request.backend.startsWith('local-') && serverKey ? { OPENAI_API_KEY: serverKey } : {}),
      },
      log: '',
      stallTimeout: request.stallTimeout * 1000,
      secrets: secretValues(request.modelArgs),
      signal: context.signal,
    },
    includePaths: taskFolders(request.includePaths, context.cwd),
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
      thinking: { enabled: request.enableThinking, end: request.thinkEndToken ?? null },
    },
  };
}
