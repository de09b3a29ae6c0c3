import { join, resolve } from 'node:path';
import { packageRoot } from '../system/paths.ts';
import type { ReadyModel } from './model.ts';
import type { EvaluationContext, EvaluationRequest } from './request.ts';
import { type WorkerSettings, workerPaths } from './workers.ts';

/** What was found for a run's workers. */
interface Surroundings {
  python: string;
  source: string;
  cache: string;
  environment: Record<string, string>;
  model: ReadyModel;
}

/** How the run's workers are started, before each gets devices and a log of its own. */
export function workerSettings(
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
