import { ownValue } from '../../json.ts';
import type { Item, LoadedRecord } from '../schema.ts';
import { meanScore } from './sampling.ts';

/** One task's score as its harness measures it (WMDP not inverted), a fraction of 1. */
export interface TaskScore {
  benchmark: string;
  task: string;
  metric: string;
  mean: number;
  stderr: number | null;
}

/** Scores by task, in the record's order: from its items, or from the means it kept. */
export function taskScores({ record, items }: LoadedRecord): TaskScore[] {
  const grouped = new Map<string, Item[]>();
  for (const item of items) {
    const own = grouped.get(item.task);
    if (own) own.push(item);
    else grouped.set(item.task, [item]);
  }
  return record.benchmarks.flatMap(({ id, mean, stderr, tasks }) =>
    tasks.flatMap((entry): TaskScore[] => {
      const metric = ownValue(record.protocol.tasks, entry.task)?.metric ?? 'score';
      const known = { benchmark: id, task: entry.task, metric };
      const own = grouped.get(entry.task);
      const estimate = own && meanScore(own, undefined);
      if (estimate) return [{ ...known, mean: estimate.estimate, stderr: estimate.se }];
      // A benchmark of one task may have kept its mean for the benchmark alone.
      const kept = entry.mean ?? (tasks.length === 1 ? mean : null);
      if (kept === null) return [];
      return [{ ...known, mean: kept, stderr: entry.mean === null ? stderr : entry.stderr }];
    }),
  );
}
