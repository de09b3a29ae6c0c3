import { SosBenchError } from '../../error.ts';
import type { Expanded } from '../../harness/lm-eval/messages.ts';
import type { Worker } from '../../harness/lm-eval/worker.ts';
import { WorkerFault } from '../../harness/lm-eval/worker-fault.ts';
import type { Benchmark } from '../../suite/benchmark.ts';

type ExpandedTask = Expanded['tasks'][number];

/**
 * Benchmarks made of tasks (or groups of tasks) that `include-path` defines and the catalogue does not know. They
 * belong to no factor.
 *
 * @param inCatalogue the catalogue's benchmarks of the same run.
 * @throws SosBenchError `benchmark-unknown`, or `task-unusable` for tasks that no score in [0, 1] can be had from, or
 *   that two benchmarks of the run have in common.
 */
export async function findCustomBenchmarks(
  names: readonly string[],
  inCatalogue: readonly Benchmark[],
  worker: Worker,
): Promise<Benchmark[]> {
  const benchmarks: Benchmark[] = [];
  for (const name of new Set(names)) benchmarks.push(customBenchmark(name, await expand(name, worker)));
  requireDisjoint([...inCatalogue, ...benchmarks]);
  return benchmarks;
}

/** An item counts once: results are kept by task. */
function requireDisjoint(benchmarks: readonly Benchmark[]): void {
  const owners = new Map<string, string>();
  for (const { id, tasks } of benchmarks) {
    for (const { name } of tasks) {
      const owner = owners.get(name);
      if (owner !== undefined) throw unusable(name, `is in both ${owner} and ${id}`);
      owners.set(name, id);
    }
  }
}

async function expand(name: string, worker: Worker): Promise<ExpandedTask[]> {
  try {
    const answer = await worker.request({ type: 'expand', name });
    if (answer.type !== 'expanded') throw new Error(`the worker answered 'expand' with '${answer.type}'`);
    return answer.tasks;
  } catch (error) {
    if (!(error instanceof WorkerFault) || !error.message.startsWith('UnknownTask')) throw error;
    throw new SosBenchError(
      'benchmark-unknown',
      `'${name}' is neither a benchmark nor a task defined in include-path`,
      {
        hint: "'sos-bench list' shows the benchmarks; a task goes by the name after 'task:' or 'group:' in its YAML",
        cause: error,
      },
    );
  }
}

function customBenchmark(name: string, tasks: readonly ExpandedTask[]): Benchmark {
  const [first] = tasks;
  if (first === undefined) throw unusable(name, 'has no tasks');
  const rolling = tasks.find(({ outputType }) => outputType === 'loglikelihood_rolling');
  if (rolling !== undefined)
    throw unusable(rolling.task, 'scores whole texts (loglikelihood_rolling), and no question for itself');
  const metric = metricOf(first);
  if (metric === null) throw unusable(first.task, 'has no metric of which more is better');
  const other = tasks.find((task) => metricOf(task) !== metric || task.dataset !== first.dataset);
  if (other !== undefined)
    throw unusable(name, `mixes tasks of different metrics or data sets (${other.task})`);
  return {
    id: name,
    name,
    factor: null,
    harness: 'lm-eval',
    direction: 'higher',
    metric,
    chance: null,
    constantScore: null,
    size: 0,
    items: 0,
    dataset: first.dataset === null ? null : { id: first.dataset, revision: first.revision, gated: false },
    tasks: tasks.map((task) => ({
      name: task.task,
      subset: task.task,
      split: task.split,
      items: 0,
      chance: null,
      ...(task.fewshotSplit === null ? {} : { fewshotSplit: task.fewshotSplit }),
    })),
    clusterFields: [],
  };
}

function metricOf({ metrics, outputType }: ExpandedTask): string | null {
  if (metrics.length === 0) return outputType === 'multiple_choice' ? 'acc' : 'exact_match';
  return metrics.find(({ higherIsBetter }) => higherIsBetter)?.name ?? null;
}

function unusable(task: string, why: string): SosBenchError {
  return new SosBenchError('task-unusable', `${task} ${why}`, {
    hint: 'name tasks one by one, each once, and give them a metric such as acc or exact_match',
  });
}
