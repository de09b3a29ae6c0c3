import { join } from 'node:path';
import { fetchDataSets, fetchModel, type HubOptions } from '../harness/lm-eval/hub.ts';
import { parseModelSource } from '../model/source.ts';
import type { DataSet } from '../suite/benchmark.ts';
import { selectBenchmarks } from '../suite/select.ts';
import { workerEnvironment } from '../system/child-environment.ts';
import { cacheRoot, packageRoot } from '../system/paths.ts';
import { resolvePython } from '../system/python/resolve.ts';
import type { EvaluationContext, EvaluationRequest } from './request.ts';

export type PrefetchRequest = Pick<
  EvaluationRequest,
  'suite' | 'benchmarks' | 'python' | 'trustRemoteCode' | 'allowPickle'
> & {
  /** Null for data sets only. */
  model: string | null;
};

export interface PrefetchReport {
  datasets: { id: string; revision: string | null; path: string | null; reason: string | null }[];
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
  const python = await resolvePython(request.python, {
    cache: cacheRoot(environment),
    environment,
    note,
    signal,
  });
  const hub: HubOptions = {
    python,
    source: join(packageRoot(), 'worker'),
    environment: workerEnvironment(environment),
    token: environment.HF_TOKEN ?? null,
    signal,
  };
  const wanted = dataSets(request);
  if (wanted.length > 0) note(`Fetching ${wanted.length} data sets`);
  const sources = wanted.length > 0 ? await fetchDataSets(wanted, hub) : new Map();
  const datasets = wanted.map(({ id, revision }) => {
    const source = sources.get(id)!;
    const path = source.kind === 'hub' ? source.path : null;
    const reason = source.kind === 'unavailable' ? source.reason : null;
    return { id, revision, path, reason };
  });
  return {
    datasets,
    model: request.model === null ? null : await bringModel(request.model, request, context, hub),
  };
}

/** Each once: several rows may read one. */
function dataSets({ suite, benchmarks }: PrefetchRequest): DataSet[] {
  if (suite === 'mini') return [];
  const rows = selectBenchmarks(benchmarks).filter(({ harness }) => harness === 'lm-eval');
  return [...new Map(rows.map(({ dataset }) => [dataset.id, dataset])).values()];
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
