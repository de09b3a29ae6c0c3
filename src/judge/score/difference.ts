import { clusteredMean } from '../../stats/clustered-mean.ts';
import type { Estimate } from '../../stats/estimate.ts';
import type { CountedGames } from '../../suite/judge-benchmarks.ts';
import type { QuestionGames } from './pair-orders.ts';
import { weighGames } from './share.ts';

interface Counted {
  counted: CountedGames;
  strongWeight: number;
}

/** Of the questions that both models were judged on. */
export interface ShareDifference {
  /** Candidate's share of wins minus the baseline's, a fraction of 1; null without a common question. */
  delta: Estimate | null;
  /** Common questions. */
  n: number;
}

/**
 * The difference of two models' shares of wins against the same reference, by question: with u = sum of w (x - s) / sum of w over a question's
 * games, of the candidate minus of the baseline, the linearised difference of two ratios (Woodruff 1971), its variance is
 * n / (n - 1) times the sum of u^2 over the n common questions, with n - 1 degrees of freedom.
 */
export function shareDifference(
  baseline: readonly QuestionGames[],
  candidate: readonly QuestionGames[],
  options: Counted,
): ShareDifference {
  const before = sumQuestions(baseline, options);
  const after = sumQuestions(candidate, options);
  const common = [...before.keys()].filter((question) => after.has(question));
  const n = common.length;
  const residualsOf = (side: ReadonlyMap<string, QuestionSums>) => {
    const sums = common.map((question) => side.get(question)!);
    const weight = sums.reduce((sum, own) => sum + own.weight, 0);
    const share = sums.reduce((sum, own) => sum + own.won, 0) / weight;
    return { share, residuals: sums.map((own) => (own.won - share * own.weight) / weight) };
  };
  const [a, b] = [residualsOf(before), residualsOf(after)];
  const mean = clusteredMean(Float64Array.from(common, (_, i) => b.residuals[i]! - a.residuals[i]!));
  if (mean === null) return { delta: null, n };
  const { se } = mean;
  return { delta: { ...mean, estimate: b.share - a.share, se: se === null ? null : n * se }, n };
}

interface QuestionSums {
  won: number;
  weight: number;
}

/** Sums of w x and of w, by question. */
function sumQuestions(questions: readonly QuestionGames[], options: Counted): Map<string, QuestionSums> {
  const { wins, weights, questions: numbers } = weighGames(questions, options);
  const parts = new Map<string, QuestionSums>();
  for (let i = 0; i < wins.length; i++) {
    const { question } = questions[numbers[i]!]!;
    const part = parts.get(question) ?? { won: 0, weight: 0 };
    part.won += weights[i]! * wins[i]!;
    part.weight += weights[i]!;
    parts.set(question, part);
  }
  return parts;
}
