import type { HubOptions } from '../../harness/lm-eval/hub.ts';
import type { Worker } from '../../harness/lm-eval/worker.ts';
import type { Benchmark } from '../../suite/benchmark.ts';
import type { BenchmarkInventory } from '../../suite/plan/inventory.ts';
import type { Selection } from '../../suite/select.ts';
import type { Progress } from '../../system/progress.ts';
import { inventoryLiveBench, type LiveBenchInventory } from '../livebench/inventory.ts';
import type { LiveBenchReadiness } from '../livebench/prepare.ts';
import type { QuestionRequest } from '../request.ts';
import { answerTokens, MINI_MAX_GEN_TOKS } from '../request.ts';
import { type DescribingSettings, startWorker } from '../workers/workers.ts';
import { findCustomBenchmarks } from './custom-benchmarks.ts';
import { emptyInventory, type Inventory, inventoryLmEval } from './lm-eval-inventory.ts';
import { findSources } from './sources.ts';

interface InventoryOptions {
  cwd: string;
  hub: HubOptions;
  progress: Progress;
  selection: Selection;
  /** Ids of the benchmarks whose documents are needed; all that were asked for where null. */
  only: ReadonlySet<string> | null;
  /** What LiveBench needs of this machine, looked for only where its benchmarks are asked for. */
  prepareLiveBench(): Promise<LiveBenchReadiness>;
}

/** The benchmarks that were asked for, their documents, and the worker that read them, without a model. */
export interface TakenInventory {
  benchmarks: Benchmark[];
  inventory: Inventory;
  livebench: LiveBenchInventory;
  /** Null where no benchmark needs one. */
  worker: Worker | null;
}

/**
 * Finds the documents of every benchmark that was asked for and has a worker describe them.
 *
 * @throws SosBenchError as its steps do; no worker is left then.
 */
export async function takeInventory(
  request: QuestionRequest,
  settings: DescribingSettings,
  { cwd, hub, progress, selection: { inCatalogue, others }, only, prepareLiveBench }: InventoryOptions,
): Promise<TakenInventory> {
  let worker: Worker | null = null;
  try {
    const benchmarks: Benchmark[] = [...inCatalogue];
    if (others.length > 0) {
      worker = await startWorker(settings);
      benchmarks.push(...(await findCustomBenchmarks(others, inCatalogue, worker)));
    }
    const needed = benchmarks.filter(({ id }) => only?.has(id) ?? true);
    const wanted = needed.filter(({ harness }) => request.stages.includes(harness));
    const served = wanted.some(({ harness }) => harness === 'livebench');
    const readiness = served ? await prepareLiveBench() : null;
    // Questions that nobody could score are not fetched.
    const useful = wanted.filter(({ harness }) => harness === 'lm-eval' || readiness?.kind === 'ready');
    const sourced = await findSources(useful, { ...request, cwd, hub });
    progress.note('Reading the benchmarks');
    const ofWorker = sourced.filter(({ benchmark }) => benchmark.harness === 'lm-eval');
    if (ofWorker.length > 0) worker ??= await startWorker(settings);
    const replace = async () => {
      progress.note('The worker ended while it read the benchmarks; a new one continues');
      worker = await startWorker(settings);
      return worker;
    };
    const inventory = worker
      ? await inventoryLmEval(ofWorker, worker, generationOf(request), replace, {
          thinking: request.enableThinking === true,
        })
      : emptyInventory();
    const livebench = await inventoryLiveBench(
      sourced.filter(({ benchmark }) => benchmark.harness === 'livebench'),
      {
        readiness,
        suite: request.suite,
        release: request.livebench.release,
        maxTokens: answerTokens(request),
      },
    );
    for (const [task, protocol] of livebench.protocols) inventory.protocols.set(task, protocol);
    const found = new Map(
      [...inventory.benchmarks, ...livebench.benchmarks].map((benchmark) => [benchmark.id, benchmark]),
    );
    inventory.benchmarks = needed.map(
      (benchmark) => found.get(benchmark.id) ?? withoutDocuments(benchmark, readiness),
    );
    return { benchmarks, inventory, livebench, worker };
  } catch (error) {
    worker?.kill();
    throw error;
  }
}

/** Whether lm-eval has anything to do. */
export function needsWorkers({ stages }: QuestionRequest, { inCatalogue, others }: Selection): boolean {
  return (
    others.length > 0 || inCatalogue.some(({ harness }) => harness === 'lm-eval' && stages.includes(harness))
  );
}

/** A benchmark of a stage that was not asked for, or that cannot run here. */
function withoutDocuments(
  { id, harness, tasks }: Benchmark,
  readiness: LiveBenchReadiness | null,
): BenchmarkInventory {
  const reason =
    readiness?.kind === 'unavailable' && harness === 'livebench'
      ? readiness.reason
      : `stage ${harness} was not asked for (--stages)`;
  return { id, reason, tasks: tasks.map(({ name }) => ({ task: name, documents: null, reason })) };
}

function generationOf({ maxGenToks, suite }: QuestionRequest): Record<string, unknown> | null {
  const limit = maxGenToks ?? (suite === 'mini' ? MINI_MAX_GEN_TOKS : null);
  return limit === null ? null : { max_gen_toks: limit };
}
