import type { BenchmarkResult } from '../../record/schema.ts';
import type { Benchmark } from '../../suite/benchmark.ts';
import type { BenchmarkResultView } from './result-view.ts';

interface ResultViews {
  baseline: BenchmarkResultView;
  candidate: BenchmarkResultView;
}

/** The tasks that a side has scores of. */
export function scoredTasks({ items, result }: BenchmarkResultView): string[] {
  return items.length > 0
    ? [...new Set(items.map(({ task }) => task))]
    : (result?.tasks.filter(({ n }) => n > 0).map(({ task }) => task) ?? []);
}

/**
 * Both sides on the tasks that both have: a mean over some tasks says nothing of one over others. Null where they share none, or where
 * a side has neither single items nor the means of its tasks.
 */
export function onCommonTasks(
  { baseline, candidate }: ResultViews,
  benchmark: Benchmark | undefined,
): ResultViews | null {
  const [before, after] = [new Set(scoredTasks(baseline)), new Set(scoredTasks(candidate))];
  const common = new Set([...before].filter((task) => after.has(task)));
  if (common.size === before.size && common.size === after.size) return { baseline, candidate };
  if (common.size === 0) return null;
  const [own, theirs] = [baseline, candidate].map((view) => restrict(view, common, benchmark));
  return own && theirs ? { baseline: own, candidate: theirs } : null;
}

function restrict(
  view: BenchmarkResultView,
  common: ReadonlySet<string>,
  benchmark: Benchmark | undefined,
): BenchmarkResultView | null {
  if (scoredTasks(view).length === common.size) return view;
  if (view.items.length > 0) return { ...view, items: view.items.filter(({ task }) => common.has(task)) };
  const tasks = view.result!.tasks.filter(({ task }) => common.has(task));
  if (tasks.some(({ mean }) => mean === null)) return null;
  return { ...view, result: { ...view.result!, ...meanOf(tasks, benchmark), tasks } };
}

/** Mean of the tasks' means (LiveBench: equal weights, else by items), with sqrt(sum of (w se)^2). */
function meanOf(
  tasks: BenchmarkResult['tasks'],
  benchmark: Benchmark | undefined,
): Pick<BenchmarkResult, 'n' | 'mean' | 'stderr'> {
  const n = tasks.reduce((sum, task) => sum + task.n, 0);
  const weight = (task: { n: number }) =>
    benchmark?.harness === 'livebench' ? 1 / tasks.length : task.n / n;
  const known = tasks.every(({ stderr }) => stderr !== null);
  return {
    n,
    mean: tasks.reduce((sum, task) => sum + weight(task) * task.mean!, 0),
    stderr: known
      ? Math.sqrt(tasks.reduce((sum, task) => sum + (weight(task) * task.stderr!) ** 2, 0))
      : null,
  };
}
