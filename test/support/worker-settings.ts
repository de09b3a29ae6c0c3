import type { WorkerSettings } from '../../src/evaluate/workers/workers.ts';

/** Settings of a worker of backend hf that has nothing of its own but these options. */
export function workerSettings(
  {
    signal,
    ...options
  }: Pick<WorkerSettings['options'], 'python' | 'signal'> & Partial<WorkerSettings['options']>,
  seed = 1,
): WorkerSettings {
  return {
    options: {
      environment: { PATH: process.env.PATH ?? '' },
      log: '',
      stallTimeout: 120_000,
      signal,
      ...options,
    },
    includePaths: [],
    seed,
    open: {
      type: 'open',
      backend: 'hf',
      args: {},
      batchSize: '8',
      device: null,
      applyChatTemplate: false,
      systemInstruction: null,
      seed,
    },
  };
}
