/** Variances of scores[question][repeat], of as many repeats each: of the questions' own means, and of repeats of one question. */
export interface VarianceComponents {
  mean: number;
  /** Unbiased, and so below 0 where repeats explain more than all of it. */
  between: number;
  within: number;
}

/**
 * One-way analysis of variance with random effects: with q questions and r repeats, the mean square of repeats estimates `within`,
 * that of questions within + r between (Searle, Casella and McCulloch, Variance Components, 1992, chapter 3).
 *
 * @throws RangeError with fewer than two questions or repeats, or not as many repeats of each.
 */
export function varianceComponents(scores: readonly (readonly number[])[]): VarianceComponents {
  const repeats = scores[0]?.length ?? 0;
  if (scores.length < 2 || repeats < 2) throw new RangeError('two questions and two repeats at least');
  if (scores.some(({ length }) => length !== repeats))
    throw new RangeError('not as many repeats of each question');
  const means = scores.map(meanOf);
  const mean = meanOf(means);
  const squares = (values: readonly number[], of: number) =>
    values.reduce((sum, value) => sum + (value - of) ** 2, 0);
  const within =
    scores.reduce((sum, row, index) => sum + squares(row, means[index]!), 0) /
    (scores.length * (repeats - 1));
  const ofQuestions = (repeats * squares(means, mean)) / (scores.length - 1);
  return { mean, between: (ofQuestions - within) / repeats, within };
}

/** Standard error of the mean over so many questions, each asked so many times: questions are drawn, and so are answers. */
export function standardErrorOf(
  { between, within }: Pick<VarianceComponents, 'between' | 'within'>,
  questions: number,
  repeats: number,
): number {
  return Math.sqrt((Math.max(0, between) + within / repeats) / questions);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
