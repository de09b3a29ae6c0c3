import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Benchmark, Task } from '../../suite/benchmark.ts';
import type { TaskSpec } from './messages.ts';

/** Where a task's documents come from, or why they cannot be had. */
export type TaskSource =
  | { kind: 'file'; path: string; fewshotPath: string | null; label: string }
  | { kind: 'hub'; path: string; label: string }
  | { kind: 'own'; label: string }
  | {
      kind: 'unavailable';
      reason: string;
      /** That a copy is here, but not the one it should be. */
      changed?: boolean;
    };

const FORMATS = ['jsonl', 'parquet'] as const;

/**
 * Looks a task up in a `datasets-dir`: `DIR/<benchmark>/<subset>.jsonl|parquet`, few-shot examples beside it in
 * `<subset>.fewshot.jsonl|parquet`. `label` says in the protocol which kind of folder it is.
 */
export function sourceInFolder(folder: string, benchmark: Benchmark, task: Task, label: string): TaskSource {
  const path = findFile(join(folder, benchmark.id), task.subset);
  if (path === null) {
    return {
      kind: 'unavailable',
      reason: `no file ${basename(folder)}/${benchmark.id}/${task.subset}.jsonl`,
    };
  }
  return {
    kind: 'file',
    path,
    fewshotPath: findFile(join(folder, benchmark.id), `${task.subset}.fewshot`),
    label,
  };
}

/** The files of a task in a `datasets-dir`, as `sourceInFolder` looks for them: questions, and examples where it has some. */
export function filesInFolder(folder: string, benchmark: Benchmark, task: Task): Record<string, string> {
  const path = (name: string) => join(folder, benchmark.id, `${name}.parquet`);
  const { split, fewshotSplit, subset } = task;
  return {
    [split]: path(subset),
    ...(fewshotSplit === undefined ? {} : { [fewshotSplit]: path(`${subset}.fewshot`) }),
  };
}

/** The task as the worker loads it: its own definition with the data it is to use. */
export function taskSpec(
  benchmark: Benchmark,
  task: Task,
  source: Exclude<TaskSource, { kind: 'unavailable' }>,
  generation: Record<string, unknown> | null,
): TaskSpec {
  return {
    task: task.name,
    overrides: overridesOf(task, source),
    clusterFields: benchmark.clusterFields,
    ...(generation === null ? {} : { generation }),
  };
}

function overridesOf(
  task: Task,
  source: Exclude<TaskSource, { kind: 'unavailable' }>,
): Record<string, unknown> {
  switch (source.kind) {
    case 'file':
      return fileOverrides(task, source);
    case 'hub':
      return { dataset_path: source.path };
    case 'own':
      return {};
  }
}

function fileOverrides(
  task: Task,
  source: { path: string; fewshotPath: string | null },
): Record<string, unknown> {
  const files: Record<string, string> = { [task.split]: source.path };
  const overrides: Record<string, unknown> = {
    dataset_path: source.path.endsWith('.parquet') ? 'parquet' : 'json',
    dataset_name: null,
    dataset_kwargs: { data_files: files },
    // Splits the folder does not have: a task may name them for examples it does not show.
    training_split: null,
    validation_split: null,
  };
  if (task.fewshotSplit !== undefined) {
    if (source.fewshotPath === null) {
      // Without examples the benchmark runs 0-shot; the harness still wants a split it can read them from.
      overrides.num_fewshot = 0;
      overrides.fewshot_split = task.split;
    } else {
      files[task.fewshotSplit] = source.fewshotPath;
    }
  }
  return overrides;
}

function findFile(folder: string, name: string): string | null {
  for (const format of FORMATS) {
    const path = join(folder, `${name}.${format}`);
    if (existsSync(path)) return path;
  }
  return null;
}
