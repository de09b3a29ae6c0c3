import { noun } from '../count.ts';
import { commonestAnswers } from '../record/results/answer-counts.ts';
import { meanScore } from '../record/results/sampling.ts';
import type { BenchmarkResult, Item } from '../record/schema.ts';
import type { Benchmark, CatalogueBenchmark } from '../suite/benchmark.ts';
import { CATALOGUE, findBenchmark } from '../suite/catalogue.ts';
import { findTask } from '../suite/find-task.ts';
import { binomialStderr, type ImportedTask } from './source.ts';

export interface SummarisedTasks {
  benchmarks: BenchmarkResult[];
  items: Item[];
  notes: string[];
}

/** The benchmarks of one run: the catalogue's in its order, then the others. */
export function summariseTasks(tasks: readonly ImportedTask[]): SummarisedTasks {
  const groups = new Map<string, ImportedTask[]>(CATALOGUE.map(({ id }) => [id, []]));
  for (const task of tasks) groups.set(task.benchmark, [...(groups.get(task.benchmark) ?? []), task]);
  const built: SummarisedTasks = { benchmarks: [], items: [], notes: [] };
  for (const [id, own] of groups) {
    if (own.length === 0) continue;
    const { result, items, notes } = summarise(id, own);
    built.benchmarks.push(result);
    for (const item of items) built.items.push(item);
    built.notes.push(...notes);
  }
  return built;
}

function summarise(id: string, tasks: readonly ImportedTask[]) {
  const benchmark = findBenchmark(id);
  const scored = tasks.filter(({ skipped }) => skipped === null);
  const sampled = scored.filter(({ items }) => items !== null);
  // Items of some tasks alone would be another benchmark: the means of all say more.
  const hasAllItems = scored.length > 0 && sampled.length === scored.length;
  const items = hasAllItems ? scored.flatMap((task) => task.items!) : [];
  const notes =
    !hasAllItems && sampled.length > 0
      ? [`${id}: items of ${sampled.length} of ${scored.length} tasks only, so none kept`]
      : [];
  const estimate = hasAllItems ? estimateItems(items, benchmark) : estimateMeans(scored, benchmark);
  const gap = describeGap(benchmark, tasks, scored);
  const n = scored.reduce((sum, task) => sum + task.n, 0);
  const single = scored.length === 1 ? scored[0]! : null;
  const result: BenchmarkResult = {
    id,
    status: scored.length === 0 ? 'skipped' : gap === null ? 'done' : 'partial',
    reason: gap,
    n,
    planned: n + missingItems(benchmark, scored),
    unscored: 0,
    mean: estimate?.mean ?? null,
    stderr: estimate?.stderr ?? null,
    stderrOrigin: estimate?.stderr == null ? null : estimate.origin,
    chance: benchmark === undefined || n === 0 ? null : chanceOf(benchmark, scored),
    constantScore: hasAllItems ? constantOf(scored, n) : null,
    answers: hasAllItems ? addCounts(scored) : {},
    instructions: single?.instructions ?? null,
    tasks: tasks.map((task) => ({
      task: task.task,
      status: task.skipped === null ? 'done' : 'skipped',
      reason: task.skipped,
      n: task.n,
      dropped: task.dropped,
      mean: hasAllItems ? null : task.mean,
      stderr: hasAllItems ? null : task.stderr,
      chance: task.skipped !== null || benchmark === undefined ? null : taskChance(benchmark, task.task),
    })),
  };
  return { result, items, notes };
}

interface Mean {
  mean: number;
  stderr: number | null;
  origin: NonNullable<BenchmarkResult['stderrOrigin']>;
}

function estimateItems(items: readonly Item[], benchmark: Benchmark | undefined): Mean | null {
  const estimate = meanScore(items, benchmark);
  return estimate && { mean: estimate.estimate, stderr: estimate.se, origin: 'items' };
}

/**
 * Weighted mean of the tasks (LiveBench: equal weights, else by items) with sqrt(sum of (w se)^2). Tasks without a
 * standard error of their own (one item each, say) form one stratum with a derived one.
 */
function estimateMeans(tasks: readonly ImportedTask[], benchmark: Benchmark | undefined): Mean | null {
  const total = tasks.reduce((sum, { n }) => sum + n, 0);
  if (tasks.length === 0 || total === 0) return null;
  const weight = (task: ImportedTask) =>
    benchmark?.harness === 'livebench' ? 1 / tasks.length : task.n / total;
  const known = tasks.filter(
    ({ stderr, stderrOrigin }) => stderr !== null && (stderrOrigin === 'reported' || tasks.length === 1),
  );
  const others = tasks.filter((task) => !known.includes(task));
  let variance = known.reduce((sum, task) => sum + (weight(task) * task.stderr!) ** 2, 0);
  let unknown = false;
  if (benchmark?.harness === 'livebench') {
    for (const task of others) {
      if (task.stderr === null) unknown = true;
      else variance += (weight(task) * task.stderr) ** 2;
    }
  } else if (others.length > 0) {
    const n = others.reduce((sum, task) => sum + task.n, 0);
    const share = others.reduce((sum, task) => sum + task.mean! * task.n, 0) / n;
    const stderr = binomialStderr(share, n);
    if (stderr === null) unknown = true;
    else variance += ((n / total) * stderr) ** 2;
  }
  return {
    mean: tasks.reduce((sum, task) => sum + weight(task) * task.mean!, 0),
    stderr: unknown ? null : Math.sqrt(variance),
    origin: tasks.every(({ stderrOrigin }) => stderrOrigin === 'reported') ? 'reported' : 'derived',
  };
}

/** What is missing of the benchmark, in words; null where nothing is. */
function describeGap(
  benchmark: Benchmark | undefined,
  tasks: readonly ImportedTask[],
  scored: readonly ImportedTask[],
): string | null {
  const skipped = tasks.filter((task) => task.skipped !== null);
  const reasons = [...new Set(skipped.map((task) => task.skipped))];
  if (scored.length === 0) return reasons.join('; ');
  const named = skipped.map((task) => `${task.task}: ${task.skipped}`);
  const dropped = scored.some((task) => Object.keys(task.dropped).length > 0) ? 'questions left out' : null;
  const wanted =
    benchmark === undefined || coversBenchmark(benchmark, scored) ? tasks.length : benchmark.tasks.length;
  const count = scored.length < wanted ? `${scored.length} of ${wanted} ${noun(wanted, 'task')}` : null;
  return [count, ...named, dropped].filter(Boolean).join('; ') || null;
}

/** One name for the whole benchmark (a group, a category), or LiveBench's first release, which had no `spatial`. */
function coversBenchmark(benchmark: Benchmark, scored: readonly ImportedTask[]): boolean {
  if (scored.some(({ task }) => catalogueTask(benchmark, task) === null)) return true;
  const missing = benchmark.tasks.filter(({ name }) => !scored.some(({ task }) => task === name));
  return benchmark.harness === 'livebench' && missing.every(({ name }) => name === 'spatial');
}

function missingItems(benchmark: Benchmark | undefined, scored: readonly ImportedTask[]): number {
  if (benchmark === undefined || coversBenchmark(benchmark, scored)) return 0;
  const there = new Set(scored.map(({ task }) => catalogueTask(benchmark, task)));
  return benchmark.tasks.reduce((sum, task) => sum + (there.has(task.name) ? 0 : task.items), 0);
}

/** The catalogue's own name of a task; null for a name that stands for the whole benchmark. */
function catalogueTask(benchmark: Benchmark, task: string): string | null {
  return findTask(task, benchmark.harness)?.task?.name ?? null;
}

function taskChance(benchmark: CatalogueBenchmark, task: string): number {
  return findTask(task, benchmark.harness)?.task?.chance ?? benchmark.chance;
}

function chanceOf(benchmark: CatalogueBenchmark, scored: readonly ImportedTask[]): number {
  const total = scored.reduce((sum, { n }) => sum + n, 0);
  return scored.reduce((sum, { task, n }) => sum + taskChance(benchmark, task) * n, 0) / total;
}

/** A bound where a benchmark has several tasks: each with its own best constant. */
function constantOf(scored: readonly ImportedTask[], n: number): number | null {
  if (scored.length !== 1 || n === 0) return null;
  return scored[0]!.constantScore;
}

function addCounts(scored: readonly ImportedTask[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { answers } of scored) {
    for (const [answer, count] of Object.entries(answers))
      counts.set(answer, (counts.get(answer) ?? 0) + count);
  }
  return commonestAnswers(counts);
}
