import { existsSync, readFileSync } from 'node:fs';
import type { Benchmark } from '../../src/suite/benchmark.ts';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { clusterSizes, share } from './clusters.ts';

/** Which items of a benchmark take part: their number by task, and the clusters they form where they do. */
export interface RowSize {
  benchmark: Benchmark;
  tasks: number[];
  clusters: number[] | null;
}

export interface SuiteSize {
  name: string;
  items: number;
  rows: RowSize[];
}

const FLOOR = 200;

/** All items of all 24 benchmarks. */
export function fullSuite(): SuiteSize {
  return suiteOf(
    'full',
    CATALOGUE.map(({ items }) => items),
  );
}

/** The benchmarks that lm-evaluation-harness runs. */
export function withoutLiveBench({ name, rows }: SuiteSize): SuiteSize {
  const own = rows.filter(({ benchmark }) => benchmark.harness !== 'livebench');
  return { name: `${name}, no LiveBench`, items: total(own), rows: own };
}

/** `total` items in proportion to the benchmarks' items, but at least 200 a benchmark, or all it has. */
export function sampledSuite(total: number): SuiteSize {
  const counts = (rate: number) =>
    CATALOGUE.map(({ items }) => Math.max(Math.min(items, FLOOR), Math.round(items * rate)));
  const sum = (rate: number) => counts(rate).reduce((a, b) => a + b, 0);
  let low = 0;
  let high = 1;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (sum(middle) <= total) low = middle;
    else high = middle;
  }
  return suiteOf(`${total.toLocaleString('en')} items`, counts(low));
}

/** The questions that ship with the project. */
export function miniSuite(folder = 'tasks/mini'): SuiteSize {
  const rows = CATALOGUE.flatMap((benchmark): RowSize[] => {
    const tasks = benchmark.tasks.map(({ subset }) => readRows(`${folder}/${benchmark.id}/${subset}.jsonl`));
    const documents = tasks.flat();
    if (documents.length === 0) return [];
    const fields = benchmark.clusterFields.find((names) => names.every((name) => name in documents[0]!));
    const counts = new Map<string, number>();
    for (const document of fields ? documents : []) {
      const key = JSON.stringify(fields!.map((name) => document[name]));
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const clusters = [...counts.values()].some((count) => count > 1) ? [...counts.values()] : null;
    return [{ benchmark, tasks: tasks.map(({ length }) => length), clusters }];
  });
  return { name: 'mini', items: total(rows), rows };
}

function suiteOf(name: string, counts: readonly number[]): SuiteSize {
  const rows = CATALOGUE.map((benchmark, place) => ({
    benchmark,
    tasks: share(
      counts[place]!,
      benchmark.tasks.map(({ items }) => items),
    ),
    clusters: clusterSizes(benchmark.id, counts[place]!),
  }));
  return { name, items: total(rows), rows };
}

function total(rows: readonly RowSize[]): number {
  return rows.reduce((sum, { tasks }) => sum + tasks.reduce((a, b) => a + b, 0), 0);
}

function readRows(path: string): Record<string, unknown>[] {
  if (!existsSync(path)) return [];
  const rows = readFileSync(path, 'utf8').trim().split('\n');
  // A document without a label is none.
  return rows.map((line): Record<string, unknown> => JSON.parse(line)).filter(({ label }) => label !== null);
}
