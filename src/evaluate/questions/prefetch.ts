import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { plural } from '../../count.ts';
import type { TaskSource } from '../../harness/lm-eval/data.ts';
import { fetchDataSets, fetchModel, type HubOptions } from '../../harness/lm-eval/hub.ts';
import { parseModelSource } from '../../model/source.ts';
import type { CatalogueBenchmark, DataSet } from '../../suite/benchmark.ts';
import { splitSelection } from '../../suite/select.ts';
import { makeFolder } from '../../system/files/files.ts';
import { makeScratch } from '../../system/files/scratch.ts';
import { findHubToken } from '../../system/hub-token.ts';
import { cacheRoot } from '../../system/paths.ts';
import { workerEnvironment } from '../../system/process/child-environment.ts';
import { vllmEnvironment } from '../../system/python/environment-spec.ts';
import type { ManagedPythonOptions } from '../../system/python/managed.ts';
import { resolvePython } from '../../system/python/resolve.ts';
import { isWithoutEnvironment, reasonAgainstVllmHere } from '../backend/vllm-fits.ts';
import { prepareLiveBench } from '../livebench/prepare.ts';
import { AUTO_BACKEND, type EvaluationContext, type EvaluationRequest } from '../request.ts';
import { runEnvironment } from '../run-environment.ts';
import { questionSettings } from '../workers/worker-settings.ts';
import { startWorker } from '../workers/workers.ts';
import { makeDataCache } from './data-cache.ts';
import { exportData } from './export-data.ts';

export type PrefetchRequest = Pick<
  EvaluationRequest,
  | 'suite'
  | 'benchmarks'
  | 'includePaths'
  | 'stages'
  | 'livebench'
  | 'python'
  | 'backend'
  | 'server'
  | 'devices'
  | 'device'
  | 'trustRemoteCode'
  | 'allowPickle'
> & {
  /** Folder that data sets are written to as `datasets-dir` reads them; null for the Hub's cache alone. */
  datasetsDir: string | null;
  /** Null for data sets only. */
  model: string | null;
};

export interface PrefetchReport {
  datasets: { id: string; revision: string | null; path: string | null; reason: string | null }[];
  /** Benchmarks of task definitions from outside: what data they need is not known before a run. */
  custom: string[];
  /** LiveBench's code and Python; null where no benchmark of it was asked for. */
  livebench: { commit: string | null; python: string | null; reason: string | null } | null;
  /** Null where no model on the Hub was asked for. */
  model: { repository: string; revision: string; path: string } | null;
}

/**
 * Fetches what a run would: the managed Python, data sets at their pinned revisions, a model on the Hub. A data set
 * that cannot be had is reported with its reason.
 *
 * @throws SosBenchError as resolving Python and fetching a model do.
 */
export async function prefetch(
  request: PrefetchRequest,
  context: Pick<EvaluationContext, 'cwd' | 'environment' | 'progress' | 'signal'>,
): Promise<PrefetchReport> {
  const { environment, progress, signal } = context;
  const note = (text: string) => progress.note(text);
  const where = { cwd: context.cwd, cache: cacheRoot(environment), environment, note, signal };
  await prepareForAuto(request, where);
  const python = await resolvePython(request.python, {
    ...where,
    ...(request.python === 'managed' && {
      spec: await runEnvironment({ ...request, launcher: [] }, environment),
    }),
  });
  const hub: HubOptions = {
    python,
    environment: workerEnvironment(environment),
    token: findHubToken(environment)?.token ?? null,
    cache: cacheRoot(environment),
    note,
    signal,
  };
  const wanted = dataSets(request);
  if (wanted.length > 0) note(`Fetching ${plural(wanted.length, 'data set')}`);
  const sources = wanted.length > 0 ? await fetchDataSets(wanted, hub) : new Map<string, TaskSource>();
  const failures = await writeData(request, sources, context, hub);
  const datasets = wanted.map(({ id, revision }) => {
    const source = sources.get(id)!;
    const path = source.kind === 'hub' ? source.path : null;
    const reason = source.kind === 'unavailable' ? source.reason : (failures.get(id) ?? null);
    return { id, revision, path, reason };
  });
  return {
    datasets,
    custom: splitSelection(request).others,
    livebench: await bringLiveBench(request, context),
    model: request.model === null ? null : await bringModel(request.model, request, context, hub),
  };
}

/** Which environment a run takes by itself is known when it has looked at its model: both are built. */
async function prepareForAuto(
  { backend, python, devices, device }: PrefetchRequest,
  where: ManagedPythonOptions & { cwd: string },
): Promise<void> {
  if (backend !== AUTO_BACKEND || python !== 'managed') return;
  const against = await reasonAgainstVllmHere(
    { devices, device, launcher: [], modelArgs: {} },
    where.environment,
  );
  if (against !== null) return;
  try {
    await resolvePython(python, { ...where, spec: vllmEnvironment('gpu') });
  } catch (error) {
    if (!isWithoutEnvironment(error)) throw error;
    where.note?.(
      `Runs here will take backend hf, unless they name another: vLLM cannot be had: ${error.message}`,
    );
  }
}

const SEED = 0;
const STALL_MS = 1_800_000;

/** Also writes them where `datasets-dir` finds them. */
async function writeData(
  request: PrefetchRequest,
  sources: ReadonlyMap<string, TaskSource>,
  {
    cwd,
    environment,
    progress,
    signal,
  }: Pick<EvaluationContext, 'cwd' | 'environment' | 'progress' | 'signal'>,
  { python }: HubOptions,
): Promise<Map<string, string>> {
  if (request.datasetsDir === null || sources.size === 0) return new Map();
  const folder = resolve(cwd, request.datasetsDir);
  progress.note(`Writing the data sets to ${folder}`);
  const cache = cacheRoot(environment);
  const passedOn = workerEnvironment(environment);
  const logs = join(cache, 'logs');
  await makeFolder(logs, 0o700);
  const log = join(logs, `prefetch-${process.pid}.log`);
  const scratch = await makeScratch(passedOn);
  const dataCache = await makeDataCache(cache);
  const options = { python, log, signal, stallTimeout: STALL_MS };
  const reading = { includePaths: [], seed: SEED };
  const paths = { cwd, cache, dataCache: dataCache.path, scratch: scratch.path };
  const settings = questionSettings(reading, { ...paths, passedOn, options });
  try {
    const { release } = request.livebench;
    const written = { folder, release, startWorker: () => startWorker(settings) };
    const failures = await exportData(benchmarksOf(request), sources, written);
    if (failures.size === 0) await rm(log, { force: true });
    return failures;
  } finally {
    await dataCache.remove();
    await scratch.remove();
  }
}

function benchmarksOf(request: PrefetchRequest): CatalogueBenchmark[] {
  return splitSelection(request).inCatalogue.filter(({ harness }) => request.stages.includes(harness));
}

async function bringLiveBench(
  request: PrefetchRequest,
  context: Pick<EvaluationContext, 'cwd' | 'environment' | 'progress' | 'signal'>,
): Promise<PrefetchReport['livebench']> {
  if (!benchmarksOf(request).some(({ harness }) => harness === 'livebench')) return null;
  const cache = cacheRoot(context.environment);
  const readiness = await prepareLiveBench(request, context, { cache, serverSlot: null });
  if (readiness.kind === 'unavailable') return { commit: null, python: null, reason: readiness.reason };
  const { checkout, python } = readiness.environment;
  return { commit: checkout.commit, python, reason: null };
}

/** Each once: several benchmarks may read one. */
function dataSets(request: PrefetchRequest): DataSet[] {
  if (request.suite === 'mini') return [];
  const benchmarks = benchmarksOf(request);
  return [...new Map(benchmarks.map(({ dataset }) => [dataset.id, dataset])).values()];
}

async function bringModel(
  model: string,
  { trustRemoteCode: allowCode, allowPickle }: PrefetchRequest,
  { cwd, progress }: Pick<EvaluationContext, 'cwd' | 'progress'>,
  hub: HubOptions,
): Promise<PrefetchReport['model']> {
  const source = parseModelSource(model, cwd);
  if (source.kind !== 'hub') return null;
  const { repository } = source;
  progress.note(`Fetching ${repository}`);
  const fetched = await fetchModel(repository, source.revision, { ...hub, allowCode, allowPickle });
  return { repository, ...fetched };
}
