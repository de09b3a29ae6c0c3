import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../system/files/files.ts';
import { makeScratch } from '../../system/files/scratch.ts';
import { cacheRoot } from '../../system/paths.ts';
import { workerEnvironment } from '../../system/process/child-environment.ts';
import { resolvePython } from '../../system/python/resolve.ts';
import type { EvaluationContext, QuestionRequest } from '../request.ts';
import { questionSettings } from '../workers/worker-settings.ts';
import type { DescribingSettings } from '../workers/workers.ts';
import { makeDataCache } from './data-cache.ts';

/** What reading questions takes of this machine. */
export type ReaderContext = Omit<EvaluationContext, 'now' | 'origin'>;
/** Which Python reads them, and with what. */
export type ReaderRequest = Pick<QuestionRequest, 'python' | 'includePaths' | 'seed' | 'stallTimeout'>;

/** What was made ready for it. */
export interface QuestionReader {
  /** How a worker is started that reads questions and opens no model. */
  settings: DescribingSettings;
  python: string;
  cache: string;
  /** What children get of the environment. */
  passedOn: Record<string, string>;
  note(text: string): void;
}

/**
 * Makes ready what a worker needs to read questions, for as long as they are read.
 *
 * @throws SosBenchError `python-missing`, `python-unsuitable`, `environment-failed`.
 */
export async function withQuestionReader<Result>(
  request: ReaderRequest,
  { cwd, environment, progress, signal }: ReaderContext,
  read: (reader: QuestionReader) => Promise<Result>,
): Promise<Result> {
  const cache = cacheRoot(environment);
  const logs = join(cache, 'logs');
  const log = join(logs, `plan-${process.pid}.log`);
  await makeFolder(logs, 0o700);
  const note = (text: string) => progress.note(text);
  const python = await resolvePython(request.python, { cwd, cache, environment, note, signal });
  const passedOn = workerEnvironment(environment);
  const scratch = await makeScratch(passedOn);
  const dataCache = await makeDataCache(cache);
  const options = { python, log, signal, stallTimeout: request.stallTimeout * 1000 };
  const paths = { cwd, cache, dataCache: dataCache.path, scratch: scratch.path };
  const settings = questionSettings(request, { ...paths, passedOn, options });
  try {
    const result = await read({ settings, python, cache, passedOn, note });
    // Kept where something went wrong: errors name it.
    await rm(log, { force: true });
    return result;
  } finally {
    await dataCache.remove();
    await scratch.remove();
  }
}
