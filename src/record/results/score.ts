import type { WorkerItem } from '../../harness/lm-eval/messages.ts';
import { ownValue } from '../../json.ts';
import type { Metric } from '../../suite/benchmark.ts';

/** Metrics of IFEval whose mean is an item's score. */
export const IFEVAL_METRICS = [
  'prompt_level_strict_acc',
  'prompt_level_loose_acc',
  'inst_level_strict_acc',
  'inst_level_loose_acc',
] as const;

/**
 * An item's score in its benchmark's metric, a fraction of 1 as the harness measures it. IFEval: the mean of
 * its four metrics, the instruction metrics averaged within the document.
 *
 * @throws Error when the harness did not report the metric, or reported no number from 0 to 1.
 */
export function rawScore(item: WorkerItem, metric: Metric): number {
  const score =
    metric === 'ifeval'
      ? IFEVAL_METRICS.reduce((total, name) => total + share(item, name), 0) / IFEVAL_METRICS.length
      : share(item, metric);
  if (!(score >= 0 && score <= 1)) throw new Error(`${metric} of document ${item.docId} is ${score}`);
  return score;
}

/** Instructions of an IFEval item: given, followed strictly, followed loosely; null for other items. */
export function instructionCounts(item: WorkerItem): { total: number; strict: number; loose: number } | null {
  const strict = item.scores.inst_level_strict_acc;
  const loose = item.scores.inst_level_loose_acc;
  if (typeof strict !== 'object' || typeof loose !== 'object') return null;
  return { total: strict.total, strict: strict.passed, loose: loose.passed };
}

function share(item: WorkerItem, name: string): number {
  const value = ownValue(item.scores, name);
  if (value === undefined) throw new Error(`the harness reported no ${name} for document ${item.docId}`);
  if (typeof value === 'number') return value;
  return value.total === 0 ? 0 : value.passed / value.total;
}
