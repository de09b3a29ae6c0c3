import type { Metric } from '../../suite/benchmark.ts';
import { findTask, foreignId } from './find-task.ts';

export const IFEVAL_METRICS = [
  'prompt_level_strict_acc',
  'prompt_level_loose_acc',
  'inst_level_strict_acc',
  'inst_level_loose_acc',
] as const;

/** A metric of a task as a results file reports it. Values that are no numbers (`NaN`, `N/A`) are null. */
export interface ReportedMetric {
  name: string;
  filter: string | null;
  value: number | null;
  stderr: number | null;
  higherIsBetter: boolean | null;
}

export interface ChosenMetric {
  benchmark: string;
  /** `ifeval` stands for the mean of its four. */
  metric: Metric | (string & {});
  filter: string | null;
  /** What was passed over, and why. */
  notes: string[];
}

/** Grow with errors, whatever their range. */
const ERROR_METRICS =
  /perplexity|bits_per_byte|loss|brier|(^|_)(mae|mse|rmse|wer|cer|ter|ece|error|bypass|likelihood_diff)(_|$)/i;

/**
 * Chooses the metric that scores a task: the catalogue's where the task is one of its; else the first that can be a
 * score (a fraction of 1 that grows with quality), those with a standard error first. A task of the catalogue that
 * lacks the catalogue's metric is another test of the same name and counts as a task outside of it.
 *
 * @returns the choice, or why there is none.
 */
export function chooseMetric(task: string, metrics: readonly ReportedMetric[]): ChosenMetric | string {
  const found = findTask(task, 'lm-eval');
  if (found !== undefined) {
    const wanted = found.benchmark.metric;
    const names: readonly string[] = wanted === 'ifeval' ? IFEVAL_METRICS : [wanted];
    const own = names.map((name) => findMetric(metrics, name));
    if (own.every((metric) => metric !== undefined)) {
      const filter = own[0]!.filter;
      const bad = own.map(refuse).find((reason) => reason !== null);
      return bad ?? { benchmark: found.benchmark.id, metric: wanted, filter, notes: [] };
    }
  }
  const refused: string[] = [];
  const usable = metrics.filter((metric) => {
    const reason = refuse(metric);
    if (reason !== null) refused.push(reason);
    return reason === null;
  });
  const chosen = usable.find(({ stderr }) => stderr !== null) ?? usable[0];
  if (chosen === undefined) return refused.length > 0 ? refused.join('; ') : 'it has no metric';
  const { name: metric, filter } = chosen;
  const notes = [...refused.map((reason) => `${task}: left out: ${reason}`)];
  const others = usable.filter((other) => other !== chosen).map(writeName);
  if (others.length > 0) {
    notes.push(`${task}: scored by ${writeName(chosen)}; also there: ${others.join(', ')}`);
  }
  if (found === undefined) return { benchmark: foreignId(task), metric, filter, notes };
  notes.push(`${task}: has no ${found.benchmark.metric}, so it is not counted as ${found.benchmark.name}`);
  return { benchmark: foreignId(task), metric, filter, notes };
}

/** The metric under the filter `none`, else under its first. */
function findMetric(metrics: readonly ReportedMetric[], name: string): ReportedMetric | undefined {
  const own = metrics.filter((metric) => metric.name === name);
  return own.find(({ filter }) => filter === 'none' || filter === null) ?? own[0];
}

function refuse(metric: ReportedMetric): string | null {
  const { name, value, higherIsBetter } = metric;
  if (value === null) return `${name} is no finite number`;
  if (higherIsBetter === false || (higherIsBetter === null && ERROR_METRICS.test(name))) {
    return `${name} falls as a model gets better`;
  }
  if (value < 0 || value > 1) return `${name} is ${value}, not a fraction of 1`;
  return null;
}

function writeName({ name, filter }: ReportedMetric): string {
  return filter === null || filter === 'none' ? name : `${name} (${filter})`;
}
