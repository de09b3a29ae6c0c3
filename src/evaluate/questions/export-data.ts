import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { readLiveBenchQuestions } from '../../harness/livebench/read-questions.ts';
import { filesInFolder, sourceInFolder, type TaskSource, taskSpec } from '../../harness/lm-eval/data.ts';
import type { Worker } from '../../harness/lm-eval/worker.ts';
import { WorkerFault } from '../../harness/lm-eval/worker-fault.ts';
import type { Benchmark, Task } from '../../suite/benchmark.ts';
import { fileError, makeFolder, writeFileAtomic } from '../../system/files/files.ts';

export interface ExportOptions {
  /** A `datasets-dir`. What is in it already stays as it is. */
  folder: string;
  /** Date of LiveBench's question set. */
  release: string;
  /** Starts a worker with the tasks known, once and only where one is needed. */
  startWorker(): Promise<Worker>;
}

/**
 * Writes what benchmarks need of fetched data sets into the layout that `datasets-dir` reads.
 *
 * @param sources fetched data sets, by id.
 * @returns why a data set could not be written, by its id; empty where all could.
 * @throws SosBenchError `disk-full`, `permission-denied`, `worker-failed`.
 */
export async function exportData(
  benchmarks: readonly Benchmark[],
  sources: ReadonlyMap<string, TaskSource>,
  { folder, release, startWorker }: ExportOptions,
): Promise<Map<string, string>> {
  const failures = new Map<string, string>();
  let worker: Worker | null = null;
  try {
    for (const benchmark of benchmarks) {
      const source = sources.get(benchmark.dataset?.id ?? '');
      if (source?.kind !== 'hub') continue;
      for (const task of benchmark.tasks) {
        if (sourceInFolder(folder, benchmark, task, '').kind === 'file') continue;
        try {
          if (benchmark.harness === 'livebench') {
            await writeLiveBench(folder, benchmark, task, source, release);
          } else {
            worker ??= await startWorker();
            await writeTask(folder, benchmark, task, source, worker);
          }
        } catch (error) {
          if (!isOfData(error)) throw error;
          failures.set(benchmark.dataset!.id, `${task.name} cannot be read: ${error.message}`);
          if (error instanceof WorkerFault && error.ended) worker = null;
        }
      }
    }
    await worker?.shutdown();
    return failures;
  } finally {
    worker?.kill();
  }
}

/** What is wrong with one data set must not take the others along. */
function isOfData(error: unknown): error is Error {
  if (error instanceof SosBenchError) return error.code === 'data-invalid' || error.code === 'data-missing';
  return error instanceof WorkerFault;
}

async function writeTask(
  folder: string,
  benchmark: Benchmark,
  task: Task,
  source: Extract<TaskSource, { kind: 'hub' }>,
  worker: Worker,
): Promise<void> {
  const files = Object.entries(filesInFolder(folder, benchmark, task)).map(([split, path]) => {
    const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
    return { split, path, temporary };
  });
  await makeFolder(join(folder, benchmark.id));
  try {
    await worker.request({
      type: 'export',
      spec: taskSpec(benchmark, task, source, null),
      files: Object.fromEntries(files.map(({ split, temporary }) => [split, temporary])),
    });
    // The questions last: they say that the task is there.
    for (const { path, temporary } of files.reverse()) await rename(temporary, path);
  } catch (error) {
    throw fileError(error, join(folder, benchmark.id), 'write');
  } finally {
    for (const { temporary } of files) await rm(temporary, { force: true });
  }
}

async function writeLiveBench(
  folder: string,
  benchmark: Benchmark,
  task: Task,
  source: TaskSource,
  release: string,
): Promise<void> {
  const questions = await readLiveBenchQuestions(benchmark, task, source, release);
  await makeFolder(join(folder, benchmark.id));
  const lines = questions.map(({ raw }) => `${JSON.stringify(raw)}\n`);
  await writeFileAtomic(join(folder, benchmark.id, `${task.subset}.jsonl`), lines.join(''), 0o644);
}
