import type { BenchmarkResult, LoadedRecord } from '../../record/schema.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { nameOf } from '../measure/result-view.ts';
import { countedScore } from '../measure/scoring.ts';
import type { Collapsed } from '../schema.ts';

const COLLAPSED_SHARE = 0.99;
const COLLAPSED_ITEMS = 10;

/** Benchmarks on which the candidate gives one constant answer: several benchmarks reward one, so the score hides it. */
export function findCollapsed(baseline: LoadedRecord, candidate: LoadedRecord): Collapsed[] {
  const before = new Map(baseline.record.benchmarks.map((result) => [result.id, result]));
  return candidate.record.benchmarks.flatMap((result) => {
    const share = constantShare(result);
    if (share === null || share < COLLAPSED_SHARE) return [];
    const constant = result.constantScore;
    const earlier = before.get(result.id);
    return [
      {
        id: result.id,
        name: nameOf(result.id),
        share,
        n: result.n,
        baselineToo: ((earlier && constantShare(earlier)) ?? 0) >= COLLAPSED_SHARE,
        constantScore: constant === null ? null : countedScore(constant, findBenchmark(result.id)),
      },
    ];
  });
}

/** Share of the items that got the commonest answer; null where there are too few items to tell. */
function constantShare({ answers, n }: BenchmarkResult): number | null {
  if (n < COLLAPSED_ITEMS) return null;
  const counts = Object.values(answers);
  return counts.length === 0 ? null : Math.min(1, Math.max(...counts) / n);
}
