import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { sourceInFolder, type TaskSource } from '../../harness/lm-eval/data.ts';
import { fetchDataSets, type HubOptions } from '../../harness/lm-eval/hub.ts';
import type { Benchmark, Task } from '../../suite/benchmark.ts';
import type { Suite } from '../../suite/plan/plan.ts';
import { packageRoot } from '../../system/paths.ts';

/** A task and where its documents come from. */
export interface SourcedTask {
  task: Task;
  source: TaskSource;
}

export interface SourcedBenchmark {
  benchmark: Benchmark;
  tasks: SourcedTask[];
}

export interface SourceOptions {
  suite: Suite;
  datasetsDir: string | null;
  cwd: string;
  hub: HubOptions;
}

/**
 * Finds every benchmark's documents: in the package (suite `mini`), in a `datasets-dir`, or on the Hub. What
 * cannot be had is `unavailable` with its reason.
 *
 * @throws SosBenchError `data-missing` when the `datasets-dir` itself does not exist.
 */
export async function findSources(
  benchmarks: readonly Benchmark[],
  options: SourceOptions,
): Promise<SourcedBenchmark[]> {
  const locate = await locator(benchmarks, options);
  const find: Locate = (benchmark, task) => {
    if (benchmark.dataset === null) return { kind: 'own', label: 'include-path' };
    return locate(benchmark, task);
  };
  return benchmarks.map((benchmark) => ({
    benchmark,
    tasks: benchmark.tasks.map((task) => ({ task, source: find(benchmark, task) })),
  }));
}

type Locate = (benchmark: Benchmark, task: Task) => TaskSource;

async function locator(benchmarks: readonly Benchmark[], options: SourceOptions): Promise<Locate> {
  if (options.suite === 'mini') {
    const folder = join(packageRoot(), 'tasks', 'mini');
    return (benchmark, task) => sourceInFolder(folder, benchmark, task, 'mini');
  }
  if (options.datasetsDir !== null) {
    const folder = resolve(options.cwd, options.datasetsDir);
    if (!existsSync(folder)) {
      throw new SosBenchError('data-missing', `there is no folder ${folder}`, {
        hint: 'datasets-dir holds <benchmark>/<subset>.jsonl files; leave it out to use the Hub',
      });
    }
    return (benchmark, task) => sourceInFolder(folder, benchmark, task, 'datasets-dir');
  }
  const datasets = benchmarks.flatMap(({ dataset }) => (dataset ? [dataset] : []));
  const fetched = await fetchDataSets(datasets, options.hub);
  return ({ dataset, name }) =>
    fetched.get(dataset?.id ?? '') ?? { kind: 'unavailable', reason: `the data of ${name} was not fetched` };
}
