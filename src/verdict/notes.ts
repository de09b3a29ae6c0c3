import { formatCount, plural } from '../count.ts';
import type { LoadedRecord } from '../record/schema.ts';
import { findBenchmark } from '../suite/catalogue.ts';
import type { MeasuredBenchmark } from './measure/benchmarks.ts';
import type { ChangeModel } from './measure/borrowing/expected-change.ts';
import { describeDrift } from './measure/drift.ts';
import type { BenchmarkComparison, Drift, FactorComparison } from './schema.ts';

/** What a reader should know before trusting the comparison. */
export function findWarnings(found: {
  sameModel: boolean;
  forced: boolean;
  benchmarks: readonly BenchmarkComparison[];
  drift: Drift | null;
  records: readonly LoadedRecord[];
}): string[] {
  const flipped = found.benchmarks.reduce(
    (sum, { flips }) => sum + (flips ? flips.gained + flips.lost : 0),
    0,
  );
  const warnings: string[] = [];
  if (found.forced) {
    warnings.push(
      'Compared by force: the two were evaluated in different ways, which are listed, and any difference may come from that.',
    );
  }
  if (found.drift?.drifted) warnings.push(`Drift: ${describeDrift(found.drift)}, whatever this change did.`);
  const repairs = found.records.map(({ record }) => record.imported?.repairs.join('; ') ?? '');
  if (repairs[0] !== repairs[1]) {
    warnings.push(
      'The import repaired the published results of the two sides in different ways, or of one side only.',
    );
  }
  if (found.sameModel && flipped > 0) {
    warnings.push(
      `One and the same model scored ${flipped} ${flipped === 1 ? 'question' : 'questions'} differently: ` +
        'that much is noise of the evaluation itself.',
    );
  }
  return warnings;
}

/** Scores print with one digit of points. */
const HALF_A_DIGIT = 0.0005;

/** Remarks on single numbers. */
export function findFootnotes(found: {
  factors: readonly FactorComparison[];
  benchmarks: readonly BenchmarkComparison[];
  measured: readonly Pick<MeasuredBenchmark, 'id' | 'name' | 'part'>[];
  learned: Pick<ChangeModel, 'pairs'> | null;
  alpha: number;
}): string[] {
  const unsure = [...found.factors, ...found.benchmarks].filter(
    ({ delta: { ci, pAdjusted } }) =>
      ci !== null && (ci[0] > 0 || ci[1] < 0) && pAdjusted !== null && pAdjusted > found.alpha,
  );
  const footnotes: string[] = [];
  if (unsure.length > 0) {
    const names = unsure.map(({ name }) => name).join(', ');
    const tests = [...found.factors, ...found.benchmarks].filter(
      ({ delta }) => delta.pAdjusted !== null,
    ).length;
    footnotes.push(
      unsure.length === 1
        ? `The interval of ${names} excludes 0. It is not counted after the correction for ${tests} tests.`
        : `The intervals of ${names} exclude 0. They are not counted after the correction for ${tests} tests.`,
    );
  }
  const borrowed = describeBorrowed(found);
  if (borrowed !== null) footnotes.push(borrowed);
  const parts = found.measured.flatMap(({ id, name, part }) =>
    part === null || part.length === 0 ? [] : [describePart(id, name, part)],
  );
  if (parts.length > 0) {
    footnotes.push(`Compared on a part of their tasks: ${parts.join('; ')}.`);
  }
  const beyond = [...found.factors, ...found.benchmarks].filter(({ baseline, candidate }) =>
    [baseline.score, candidate.score].some(
      (score) => score !== null && (score < -HALF_A_DIGIT || score > 1 + HALF_A_DIGIT),
    ),
  );
  if (beyond.length > 0) {
    footnotes.push(
      `Scores worse than guessing are shown as 0.0 (for WMDP as 100.0); the differences use the unclipped scores: ${beyond.map(({ name }) => name).join(', ')}.`,
    );
  }
  if (found.benchmarks.some(({ id, delta }) => id === 'wmdp' && delta.estimate !== null)) {
    footnotes.push('WMDP asks for dangerous knowledge and is counted inverted: higher means safer.');
  }
  return footnotes;
}

/** That differences rest on more of the baseline's answers than there are pairs, and what that is worth; null where none does. */
function describeBorrowed({
  factors,
  benchmarks,
  learned,
}: {
  factors: readonly FactorComparison[];
  benchmarks: readonly BenchmarkComparison[];
  learned: Pick<ChangeModel, 'pairs'> | null;
}): string | null {
  const own = benchmarks.filter(({ borrowed }) => borrowed);
  if (own.length === 0) return null;
  const asked = own.reduce((sum, { n }) => sum + n, 0);
  const known = own.reduce((sum, { borrowed }) => sum + borrowed!.baselineItems, 0);
  const left = factors.flatMap(({ name, borrowed }) =>
    borrowed?.varianceRatio == null
      ? []
      : [`${(100 * borrowed.varianceRatio).toFixed(0)}% in ${name.toLowerCase()}`],
  );
  const worth =
    left.length > 0
      ? ` Compared with the asked questions alone, the variance of the difference is ${left.join(', ')}.`
      : '';
  const pairs = learned?.pairs.length ?? 0;
  const byMargin = own.some(({ borrowed }) => borrowed!.byMargin)
    ? ` It also uses how close each answer was to another one (learned from ${plural(pairs, 'earlier change')} of main).`
    : '';
  return (
    `In ${plural(own.length, 'benchmark')} the baseline answered ${plural(known, 'question')}, and ${formatCount(asked)} of them, drawn at random, ` +
    'were asked here. The estimate uses all answers of the baseline: how many it had right and wrong in each task is known, and only how ' +
    `many of each kind changed is estimated from the sample.${byMargin} So these scores are not plain averages of the asked questions.${worth}`
  );
}

/** Tasks named of one benchmark; the rest is counted. */
const MAX_NAMED_TASKS = 3;

/** `GPQA on sosb_gpqa_diamond (1 of 3)`. */
function describePart(id: string, name: string, part: readonly string[]): string {
  const named = part.slice(0, MAX_NAMED_TASKS).join(', ');
  const more = part.length > MAX_NAMED_TASKS ? ` and ${part.length - MAX_NAMED_TASKS} more` : '';
  return `${name} on ${named}${more} (${part.length} of ${findBenchmark(id)?.tasks.length})`;
}
