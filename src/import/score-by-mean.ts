import { IFEVAL_METRICS } from '../record/results/score.ts';
import type { TaskProtocol } from '../record/schema.ts';
import type { ChosenMetric, ReportedMetric } from './lm-eval/choose-metric.ts';
import { binomialStderr, type ImportedTask, summaryTask } from './source.ts';

/**
 * A task by its mean. Its standard error is the reported one; where none was, sqrt(p (1 - p) / n). IFEval: the mean of
 * four metrics, with the mean of the standard errors of its two prompt metrics (a bound: as if they were perfectly
 * correlated; the harness reports none for the instruction metrics).
 */
export function scoreByMean(
  task: string,
  chosen: ChosenMetric,
  metrics: readonly ReportedMetric[],
  n: number,
  protocol: TaskProtocol,
): ImportedTask {
  const named = (name: string) => metrics.filter((metric) => metric.name === name);
  const of = (name: string) => named(name).find(({ filter }) => filter === chosen.filter) ?? named(name)[0];
  const parts = (chosen.metric === 'ifeval' ? IFEVAL_METRICS : [chosen.metric]).map((name) => of(name)!);
  const mean = average(parts.map(({ value }) => value ?? 0));
  const stderrs = parts.flatMap(({ stderr }) => (stderr === null ? [] : [stderr]));
  const single = parts.length === 1 && stderrs.length === 1;
  const stderr = stderrs.length > 0 ? average(stderrs) : binomialStderr(mean, n);
  const stderrOrigin = stderr === null ? null : single ? 'reported' : 'derived';
  return summaryTask(task, chosen.benchmark, { n, mean, stderr, stderrOrigin }, protocol);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
