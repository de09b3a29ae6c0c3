import { z } from 'zod';
import type { BenchmarkResult } from '../../record/schema.ts';
import { type BenchmarkResultView, nameOf } from '../measure/result-view.ts';

const count = z.number().int().min(0);
/** So many of the answers that have a score; null where a record does not say. */
const ShareSchema = z.object({ count, of: count }).nullable();
type Share = z.infer<typeof ShareSchema>;

const ArmsSchema = z.object({ baseline: ShareSchema, candidate: ShareSchema });

/** How the generated answers of one benchmark ended, on both sides. */
export const EndingsSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Answers cut at the token limit. */
  cut: ArmsSchema,
  /** Answers whose reasoning has no end. */
  unended: ArmsSchema,
});
export type Endings = z.infer<typeof EndingsSchema>;

/** Benchmarks in which an answer of either side ended at the token limit, or in the middle of reasoning. */
export function findEndings(
  ids: readonly string[],
  views: { baseline: (id: string) => BenchmarkResultView; candidate: (id: string) => BenchmarkResultView },
): Endings[] {
  return ids.flatMap((id) => {
    const results = { baseline: views.baseline(id).result, candidate: views.candidate(id).result };
    const shares = (key: 'cutAnswers' | 'unendedReasoning') => ({
      baseline: shareOf(results.baseline, key),
      candidate: shareOf(results.candidate, key),
    });
    const found = { id, name: nameOf(id), cut: shares('cutAnswers'), unended: shares('unendedReasoning') };
    const all = [found.cut, found.unended].flatMap(({ baseline, candidate }) => [baseline, candidate]);
    return all.some((share) => share !== null && share.count > 0) ? [found] : [];
  });
}

function shareOf(result: BenchmarkResult | null, key: 'cutAnswers' | 'unendedReasoning'): Share {
  const found = result?.[key];
  return result === null || found === undefined || result.n === 0 ? null : { count: found, of: result.n };
}

/** Shares that are so far apart are told of: one point, and more than one answer. */
const MIN_DIFFERENCE = 0.01;

/** A warning for each benchmark whose sides differ in how their answers ended: what that makes is not a change of what a model can. */
export function warnOfEndings(endings: readonly Endings[]): string[] {
  return endings.flatMap(({ name, cut, unended }) => [
    ...warnOf(name, cut, 'answers were cut at the token limit', 'max-gen-toks'),
    ...warnOf(name, unended, 'answers have reasoning without an end', 'max-gen-toks and think-end-token'),
  ]);
}

function warnOf(
  name: string,
  { baseline, candidate }: z.infer<typeof ArmsSchema>,
  what: string,
  settings: string,
): string[] {
  if (baseline === null || candidate === null) return [];
  const apart = Math.abs(baseline.count / baseline.of - candidate.count / candidate.of);
  const fewer = Math.min(baseline.of, candidate.of);
  if (apart < MIN_DIFFERENCE || apart * fewer <= 1) return [];
  return [
    `${name}: ${describeShare(candidate)} of the candidate's ${what}, of the baseline's ${describeShare(baseline)}. A difference may come ` +
      `from the limit and not from the model; see ${settings}.`,
  ];
}

/** `12 of 541 (2.2%)`. */
export function describeShare(share: { count: number; of: number }): string {
  return `${share.count} of ${share.of} (${((100 * share.count) / share.of).toFixed(1)}%)`;
}
