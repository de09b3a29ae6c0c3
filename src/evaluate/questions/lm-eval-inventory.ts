import { SosBenchError } from '../../error.ts';
import { taskSpec } from '../../harness/lm-eval/data.ts';
import type { Described, TaskSpec, WorkerAnswer } from '../../harness/lm-eval/messages.ts';
import type { Worker } from '../../harness/lm-eval/worker.ts';
import { WorkerFault } from '../../harness/lm-eval/worker-fault.ts';
import type { TaskProtocol } from '../../record/schema.ts';
import {
  type BenchmarkInventory,
  SKIPPED_WHEN_THINKING,
  type TaskInventory,
} from '../../suite/plan/inventory.ts';
import type { SourcedBenchmark, SourcedTask } from './sources.ts';

/** What is known of the tasks before the model is loaded. */
export interface Inventory {
  benchmarks: BenchmarkInventory[];
  specs: Map<string, TaskSpec>;
  metrics: Map<string, string>;
  protocols: Map<string, TaskProtocol>;
}

export function emptyInventory(): Inventory {
  return { benchmarks: [], specs: new Map(), metrics: new Map(), protocols: new Map() };
}

/** The worker's word for what the machine lacks, as opposed to data that is broken. */
const MISSING_RESOURCE = 'MissingResource: ';
/** ENOSPC and EDQUOT as Python says them. */
const NO_SPACE = /\[Errno (28|122)\]/;

/**
 * Has a worker load and describe every task that has documents. One that ends over a task is replaced once: what killed
 * it may have been somebody else's memory.
 *
 * @param generation replaces parts of the generation settings of generating tasks; null keeps the tasks' own.
 * @param thinking whether the model reasons first: then it has no log-probabilities of options, and the harness refuses such tasks.
 * @param replace starts a worker in place of one that has ended; where left out, that ends the run.
 * @throws SosBenchError `data-invalid` when a file the user gave does not hold what its task needs.
 */
export async function inventoryLmEval(
  sourced: readonly SourcedBenchmark[],
  first: Worker,
  generation: Record<string, unknown> | null,
  replace?: () => Promise<Worker>,
  { thinking = false }: { thinking?: boolean } = {},
): Promise<Inventory> {
  let worker = first;
  const ask: Ask = async (spec) => {
    try {
      return await worker.request({ type: 'describe', spec });
    } catch (error) {
      if (!(error instanceof WorkerFault) || !error.ended || replace === undefined) throw error;
      worker.kill();
      worker = await replace();
      return await worker.request({ type: 'describe', spec });
    }
  };
  const inventory = emptyInventory();
  for (const { benchmark, tasks } of sourced) {
    const described: TaskInventory[] = [];
    for (const { task, source } of tasks) {
      if (source.kind === 'unavailable') {
        described.push({ task: task.name, documents: null, reason: source.reason });
        continue;
      }
      const spec = taskSpec(benchmark, task, source, generation);
      const answer = await describe(ask, spec, { task, source });
      if (typeof answer === 'string') {
        described.push({ task: task.name, documents: null, reason: answer });
        continue;
      }
      if (thinking && answer.outputType !== 'generate_until') {
        described.push({ task: task.name, documents: null, reason: SKIPPED_WHEN_THINKING });
        continue;
      }
      inventory.specs.set(task.name, spec);
      inventory.metrics.set(task.name, benchmark.metric);
      inventory.protocols.set(task.name, protocolOf(answer, benchmark.metric, source.label));
      described.push({ task: task.name, documents: documentsOf(answer), reason: null });
    }
    inventory.benchmarks.push({ id: benchmark.id, reason: null, tasks: described });
  }
  return inventory;
}

type Ask = (spec: TaskSpec) => Promise<WorkerAnswer>;

/** The description, or why the task cannot run here. */
async function describe(
  ask: Ask,
  spec: TaskSpec,
  { task, source }: SourcedTask,
): Promise<Described | string> {
  try {
    const answer = await ask(spec);
    if (answer.type !== 'described') throw new Error(`the worker answered 'describe' with '${answer.type}'`);
    return answer;
  } catch (error) {
    if (!(error instanceof WorkerFault)) throw error;
    const lacking = error.message.split(' <- ')[0]!;
    if (lacking.startsWith(MISSING_RESOURCE)) return lacking.slice(MISSING_RESOURCE.length);
    if (NO_SPACE.test(error.message)) {
      throw new SosBenchError('disk-full', `no space left to read ${task.name} into the cache`, {
        hint: 'free some space, or move the cache with SOS_BENCH_CACHE, and run the same command again',
        cause: error,
      });
    }
    if (error.kind === 'data' && source.kind === 'hub') return error.message;
    if (error.kind === 'data' && source.kind === 'file') {
      throw new SosBenchError(
        'data-invalid',
        `${source.path} cannot be used for ${task.name}: ${error.message}`,
        {
          hint: "it has to hold one JSON object a line, with the fields of the benchmark's Hub data set",
          cause: error,
        },
      );
    }
    throw new SosBenchError('worker-failed', `describing ${task.name} failed: ${error.message}`, {
      hint: 'the worker log in the output folder has the details',
      cause: error,
    });
  }
}

function protocolOf(described: Described, metric: string, data: string): TaskProtocol {
  return {
    version: described.version,
    fewshot: described.numFewshot,
    outputType: described.outputType,
    metric,
    generation: described.generation,
    data,
    prompts: null,
  };
}

const DEFAULT_MAX_GEN_TOKS = 256;

function documentsOf(described: Described): TaskInventory['documents'] {
  const { docHashes, clusters, lengths, readings } = described.items;
  const limit = Number(described.generation?.max_gen_toks ?? DEFAULT_MAX_GEN_TOKS);
  return {
    hashes: docHashes,
    clusters,
    lengths,
    exampleLength: described.exampleLength,
    readings,
    dropped: described.dropped,
    maxNewTokens: described.outputType === 'generate_until' ? limit : 0,
  };
}
