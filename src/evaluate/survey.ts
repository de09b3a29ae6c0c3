import type { HubOptions } from '../harness/lm-eval/hub.ts';
import type { Worker } from '../harness/lm-eval/worker.ts';
import type { Benchmark } from '../suite/benchmark.ts';
import { isKnown, selectBenchmarks } from '../suite/select.ts';
import type { Progress } from '../system/progress.ts';
import { findCustomBenchmarks } from './custom-benchmarks.ts';
import { type Inventory, takeInventory } from './inventory.ts';
import type { QuestionRequest } from './request.ts';
import { findSources } from './sources.ts';
import { type DescribingSettings, startWorker } from './workers.ts';

/** Upper bound of generated tokens in suite `mini`, whose questions have short answers. */
const MINI_MAX_GEN_TOKS = 64;

/** The catalogue's rows that are asked for, and names that only task definitions from outside can have. */
interface Selection {
  rows: Benchmark[];
  others: string[];
}

interface SurveyOptions {
  cwd: string;
  hub: HubOptions;
  progress: Progress;
  selection: Selection;
  /** Ids of the benchmarks whose documents are needed; all that were asked for where null. */
  only: ReadonlySet<string> | null;
}

/** The benchmarks that were asked for, their documents, and the worker that read them, without a model. */
export interface Survey {
  benchmarks: Benchmark[];
  inventory: Inventory;
  worker: Worker;
}

/**
 * Finds the documents of every benchmark that was asked for and has a worker describe them.
 *
 * @throws SosBenchError as its steps do; no worker is left then.
 */
export async function surveyQuestions(
  request: QuestionRequest,
  settings: DescribingSettings,
  { cwd, hub, progress, selection: { rows, others }, only }: SurveyOptions,
): Promise<Survey> {
  let worker: Worker | null = null;
  try {
    const benchmarks: Benchmark[] = [...rows];
    if (others.length > 0) {
      worker = await startWorker(settings);
      benchmarks.push(...(await findCustomBenchmarks(others, rows, worker)));
    }
    const needed = benchmarks.filter(({ id }) => only?.has(id) ?? true);
    const sourced = await findSources(needed, { ...request, cwd, hub });
    progress.note('Reading the benchmarks');
    worker ??= await startWorker(settings);
    const inventory = await takeInventory(sourced, worker, generationOf(request));
    return { benchmarks, inventory, worker };
  } catch (error) {
    worker?.kill();
    throw error;
  }
}

/**
 * Sorts the names of benchmarks that were asked for.
 *
 * @throws SosBenchError `benchmark-unknown`.
 */
export function splitSelection({ benchmarks, includePaths }: QuestionRequest): Selection {
  const others = includePaths.length === 0 ? [] : benchmarks.filter((name) => !isKnown(name));
  const known = benchmarks.filter((name) => !others.includes(name));
  return { rows: others.length > 0 && known.length === 0 ? [] : selectBenchmarks(known), others };
}

function generationOf({ maxGenToks, suite }: QuestionRequest): Record<string, unknown> | null {
  const limit = maxGenToks ?? (suite === 'mini' ? MINI_MAX_GEN_TOKS : null);
  return limit === null ? null : { max_gen_toks: limit };
}
