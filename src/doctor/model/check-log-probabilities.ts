import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { makeDataCache } from '../../evaluate/questions/data-cache.ts';
import { type Machine, planSlots, type WantedDevices } from '../../evaluate/workers/devices.ts';
import { openModel, slotSettings, workerPaths } from '../../evaluate/workers/workers.ts';
import type { Benchmark } from '../../suite/benchmark.ts';
import { makeFolder } from '../../system/files/files.ts';
import { makeScratch } from '../../system/files/scratch.ts';
import type { Environment } from '../../system/process/child-environment.ts';
import { secretValues } from '../../system/secrets.ts';
import { type Check, fail, ok } from '../check.ts';

export interface ProbeOptions {
  intent: WantedDevices;
  /** The harness's arguments for the model, its name or folder among them. */
  args: Record<string, unknown>;
  machine: Machine;
  cwd: string;
  cache: string;
  environment: Environment;
  /** What a worker would be given of it. */
  passedOn: Record<string, string>;
  /** Python of the workers. */
  python: string;
  signal: AbortSignal;
  note: (text: string) => void;
}

/** Whether a benchmark's answers are chosen by log-probabilities; the others are generated. */
export function isChosenByLogProbabilities({ harness, metric }: Benchmark): boolean {
  return harness === 'lm-eval' && (metric === 'acc' || metric === 'acc_norm');
}

/** Loads the model as a run would and looks at its log-probabilities: never at whether it knows an answer. */
export async function checkLogProbabilities(options: ProbeOptions): Promise<Check> {
  const { intent, args, machine, cwd, cache, environment, passedOn, python, signal, note } = options;
  const logs = join(cache, 'logs');
  const log = `doctor-worker-${process.pid}`;
  const scratch = await makeScratch(passedOn);
  const data = await makeDataCache(cache);
  try {
    await makeFolder(logs, 0o700);
    const onServer = intent.backend.startsWith('local-');
    const key = environment.OPENAI_API_KEY;
    const [settings] = slotSettings(
      {
        options: {
          python,
          launcher: intent.launcher,
          launcherFolder: cwd,
          environment: {
            ...workerPaths(python, cache, passedOn),
            HF_DATASETS_CACHE: data.path,
            TMPDIR: scratch.path,
            ...(onServer && key ? { OPENAI_API_KEY: key } : {}),
          },
          log: '',
          stallTimeout: READY_MS,
          secrets: secretValues(args),
          signal,
        },
        includePaths: [],
        seed: 0,
        open: {
          type: 'open',
          backend: intent.backend,
          args,
          batchSize: '1',
          device: intent.device,
          applyChatTemplate: false,
          systemInstruction: null,
          seed: 0,
        },
        probe: true,
      },
      planSlots(intent, machine).slice(0, 1),
      logs,
    );
    note(onServer ? 'Asking the server for log-probabilities' : 'Loading the model for one probe');
    const own = { ...settings!, options: { ...settings!.options, log: join(logs, `${log}.log`) } };
    const { worker } = await openModel(own, null, signal);
    await worker.shutdown();
    // Kept where something went wrong: errors name it.
    await rm(own.options.log, { force: true });
    return ok('log-probabilities', 'finite, different for different texts, additive over tokens');
  } catch (error) {
    if (!(error instanceof SosBenchError) || signal.aborted) throw error;
    return fail('log-probabilities', error.message, error.hint ?? 'see the check model');
  } finally {
    await data.remove();
    await scratch.remove();
  }
}

/** Loading a large model from a slow disk takes that long. */
const READY_MS = 30 * 60 * 1000;
