import { findBenchmark } from '../../suite/catalogue.ts';
import { describeShare } from '../../verdict/signs/endings.ts';
import type { Summary } from '../../verdict/summary.ts';

/** How answers ended where some were cut, in the order of the benchmarks; unescaped. */
export function endingNotes(summaries: readonly Summary[]): { name: string; text: string }[] {
  return summaries.flatMap(({ model, benchmarks }) =>
    benchmarks.flatMap(({ id, n, cutAnswers = 0, unendedReasoning = 0 }) => {
      const facts = [
        cutAnswers > 0 &&
          `${describeShare({ count: cutAnswers, of: n })} answers were cut at the token limit`,
        unendedReasoning > 0 &&
          `${describeShare({ count: unendedReasoning, of: n })} have reasoning without an end`,
      ].filter((fact) => fact !== false);
      if (facts.length === 0) return [];
      const name = findBenchmark(id)?.name ?? id;
      return [{ name: summaries.length > 1 ? `${model}, ${name}` : name, text: facts.join(', ') }];
    }),
  );
}

/** What is missing of benchmarks that have a score all the same, in the order of the benchmarks; unescaped. */
export function gapNotes(summaries: readonly Summary[]): { name: string; text: string }[] {
  return summaries.flatMap(({ model, benchmarks }) =>
    benchmarks.flatMap(({ id, score, reason }) => {
      if (score === null || reason === null) return [];
      const name = findBenchmark(id)?.name ?? id;
      return [{ name: summaries.length > 1 ? `${model}, ${name}` : name, text: reason }];
    }),
  );
}
