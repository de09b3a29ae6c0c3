import { findBenchmark } from '../suite/catalogue.ts';
import type { Summary } from '../verdict/summary.ts';

/** What is missing of rows that have a score all the same, in the order of the rows; unescaped. */
export function gapNotes(summaries: readonly Summary[]): { name: string; text: string }[] {
  return summaries.flatMap(({ model, benchmarks }) =>
    benchmarks.flatMap(({ id, score, reason }) => {
      if (score === null || reason === null) return [];
      const name = findBenchmark(id)?.name ?? id;
      return [{ name: summaries.length > 1 ? `${model}, ${name}` : name, text: reason }];
    }),
  );
}
