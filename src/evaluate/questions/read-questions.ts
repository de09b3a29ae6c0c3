import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchmarkInventory } from '../../suite/plan/plan.ts';
import { splitSelection } from '../../suite/select.ts';
import { makeFolder } from '../../system/files/files.ts';
import { makeScratch } from '../../system/files/scratch.ts';
import { findHubToken } from '../../system/hub-token.ts';
import { cacheRoot } from '../../system/paths.ts';
import { workerEnvironment } from '../../system/process/child-environment.ts';
import { resolvePython } from '../../system/python/resolve.ts';
import { prepareLiveBench } from '../livebench/prepare.ts';
import type { EvaluationContext, QuestionRequest } from '../request.ts';
import { questionSettings } from '../workers/worker-settings.ts';
import { makeDataCache } from './data-cache.ts';
import { takeInventory } from './take-inventory.ts';

/**
 * The documents of every benchmark that was asked for, without a model and without a run folder.
 *
 * @throws SosBenchError as the steps of an evaluation do.
 */
export async function readQuestions(
  request: QuestionRequest,
  { cwd, environment, progress, signal }: Omit<EvaluationContext, 'now' | 'origin'>,
): Promise<BenchmarkInventory[]> {
  const selection = splitSelection(request);
  const cache = cacheRoot(environment);
  const logs = join(cache, 'logs');
  const log = join(logs, `plan-${process.pid}.log`);
  await makeFolder(logs, 0o700);
  const note = (text: string) => progress.note(text);
  const python = await resolvePython(request.python, { cwd, cache, environment, note, signal });
  const passedOn = workerEnvironment(environment);
  const hub = {
    python,
    environment: passedOn,
    token: findHubToken(environment)?.token ?? null,
    cache,
    note,
    signal,
  };
  const scratch = await makeScratch(passedOn);
  const dataCache = await makeDataCache(cache);
  const options = { python, log, signal, stallTimeout: request.stallTimeout * 1000 };
  const paths = { cwd, cache, dataCache: dataCache.path, scratch: scratch.path };
  const settings = questionSettings(request, { ...paths, passedOn, options });
  try {
    const taken = await takeInventory(request, settings, {
      cwd,
      hub,
      progress,
      selection,
      only: null,
      prepareLiveBench: () =>
        prepareLiveBench(request, { cwd, environment, progress, signal }, { cache, serverSlot: null }),
    });
    await taken.worker?.shutdown();
    // Kept where something went wrong: errors name it.
    await rm(log, { force: true });
    return taken.inventory.benchmarks;
  } finally {
    await dataCache.remove();
    await scratch.remove();
  }
}
