import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { workerPaths } from '../../src/evaluate/workers/workers.ts';
import { sourceInFolder, taskSpec } from '../../src/harness/lm-eval/data.ts';
import type { Benchmark, Task } from '../../src/suite/benchmark.ts';

/** One document as the harness's own command line scored it. */
export interface CliItem {
  task: string;
  docId: number;
  docHash: string;
  /** Metric values as logged. */
  metrics: Record<string, unknown>;
  /** Log-probability of each option; empty for free text. */
  logprobs: number[];
}

export interface CliRun {
  python: string;
  model: string;
  /** A `datasets-dir`. */
  data: string;
  benchmarks: readonly Benchmark[];
  batchSize: number;
  maxGenToks: number;
  seed: number;
  cache: string;
  /** Scratch folder for task files and output. */
  folder: string;
}

/**
 * Runs lm-evaluation-harness's own command line on the documents of a `datasets-dir`, each task being the
 * original definition with only its data replaced.
 */
export async function runHarnessCli(run: CliRun): Promise<{ items: CliItem[]; seconds: number }> {
  const names = new Map<string, string>();
  await mkdir(run.folder, { recursive: true });
  const { stdout: upstream } = await execa(run.python, [
    '-c',
    'import lm_eval.tasks; print(lm_eval.tasks.__path__[0])',
  ]);
  const definitions = await indexDefinitions([upstream, join(import.meta.dirname, '../../tasks/lm-eval')]);
  for (const benchmark of run.benchmarks) {
    for (const task of benchmark.tasks) {
      const definition = definitions.get(task.name);
      const overrides = localOverrides(run.data, benchmark, task);
      if (definition === undefined || overrides === null) continue;
      names.set(`cli_${task.name}`, task.name);
      // JSON is YAML.
      const file = JSON.stringify({ include: definition, ...overrides, task: `cli_${task.name}` });
      await writeFile(join(run.folder, `cli_${task.name}.yaml`), file);
    }
  }
  const output = join(run.folder, 'output');
  const started = performance.now();
  await execa(
    run.python,
    [
      ['-m', 'lm_eval', 'run', '--model', 'hf', '--model_args', `pretrained=${run.model},dtype=float32`],
      ['--tasks', [...names.keys()].join(), '--include_path', run.folder, '--batch_size', `${run.batchSize}`],
      ['--gen_kwargs', `max_gen_toks=${run.maxGenToks}`, '--seed', `${run.seed}`, '--device', 'cpu'],
      ['--log_samples', '--output_path', output],
    ].flat(),
    {
      env: {
        ...workerPaths(run.python, run.cache),
        PYTHONPATH: join(import.meta.dirname, '../../tasks/lm-eval'),
      },
      stdin: 'ignore',
    },
  );
  const seconds = (performance.now() - started) / 1000;
  return { items: await readSamples(output, names), seconds };
}

function localOverrides(data: string, benchmark: Benchmark, task: Task): Record<string, unknown> | null {
  const source = sourceInFolder(data, benchmark, task, 'test');
  return source.kind === 'unavailable' ? null : taskSpec(benchmark, task, source, null).overrides;
}

/** Task name -> definition file, for definitions that name their task. */
async function indexDefinitions(folders: string[]): Promise<Map<string, string>> {
  const index = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.name.endsWith('.yaml')) continue;
      const path = join(entry.parentPath, entry.name);
      const name = /^"?task"?: *"?([\w-]+)"?\s*$/m.exec(await readFile(path, 'utf8'))?.[1];
      if (name !== undefined) index.set(name, path);
    }
  }
  return index;
}

async function readSamples(output: string, names: ReadonlyMap<string, string>): Promise<CliItem[]> {
  const items: CliItem[] = [];
  for (const entry of await readdir(output, { recursive: true, withFileTypes: true })) {
    const name = /^samples_(.+)_\d{4}-/.exec(entry.name)?.[1];
    const task = name === undefined ? undefined : names.get(name);
    if (task === undefined) continue;
    const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
    for (const line of text.split('\n').filter(Boolean)) {
      const sample = JSON.parse(line);
      const isChoice = Array.isArray(sample.filtered_resps[0]);
      items.push({
        task,
        docId: sample.doc_id,
        docHash: sample.doc_hash.slice(0, 16),
        metrics: Object.fromEntries(sample.metrics.map((metric: string) => [metric, sample[metric]])),
        logprobs: isChoice ? sample.filtered_resps.map(([logprob]: [string]) => Number(logprob)) : [],
      });
    }
  }
  return items;
}
