import { findBenchmark } from './catalogue.ts';

/**
 * Why the questions of a benchmark are not shown, even locally; null where they may be. Gated ones are given to those who asked for
 * them alone, and harmful ones should stand in no report. Of a task that the catalogue does not know nobody can say.
 */
export function whyTextIsWithheld(id: string): string | null {
  const benchmark = findBenchmark(id);
  if (benchmark === undefined) return 'the catalogue does not know it';
  if (benchmark.dataset.gated) return 'its data is gated';
  return benchmark.harmful ? 'its questions are harmful' : null;
}
