import { clusteredMean } from '../../stats/clustered-mean.ts';
import { type EffectiveSize, effectiveSize } from '../../stats/effective-size.ts';
import type { Estimate } from '../../stats/estimate.ts';
import { wilsonDesignInterval, wilsonDesignTest } from '../../stats/wilson-design-interval.ts';
import type { CountedGames } from '../../suite/judge-benchmarks.ts';
import { gamesRead, type QuestionGames } from './pair-orders.ts';

/** What a verdict of "much better" counts beside one of "better", as Arena-Hard has it. */
export const STRONG_WEIGHT = 3;

/** Games of a question that was judged both ways round. */
const ORDERS = 2;

export interface WeightedGames {
  /** Of the model's answer: 1, 0.5 or 0 a game. */
  wins: Float64Array;
  weights: Float64Array;
  /** Number of the question, by position in the list. */
  questions: Int32Array;
}

/** The games that count, with their weights. */
export function weighGames(
  questions: readonly QuestionGames[],
  { counted, strongWeight }: { counted: CountedGames; strongWeight: number },
): WeightedGames {
  const wins: number[] = [];
  const weights: number[] = [];
  const numbers: number[] = [];
  for (const [number, question] of questions.entries()) {
    const read = gamesRead(question);
    if (counted === 'question' && read.length < ORDERS) continue;
    for (const game of read) {
      wins.push(game.win);
      weights.push(game.strong ? strongWeight : 1);
      numbers.push(number);
    }
  }
  return {
    wins: Float64Array.from(wins),
    weights: Float64Array.from(weights),
    questions: Int32Array.from(numbers),
  };
}

export interface JudgeShare {
  /** A fraction of 1: 0.5 where the model's answers are as good as the reference's. Null where no verdict was read. */
  estimate: Estimate | null;
  /** At `level`; null where one question alone cannot show it. */
  ci: [number, number] | null;
}

/**
 * The weighted share of games that the model wins, sum of w x / sum of w, with w = 3 for "much better", 1 otherwise, and x = 1, 0.5 or 0: in
 * closed form what a Bradley-Terry model fitted to games against one reference predicts (arena-hard-auto 0489bf3, `show_result.py`;
 * Hunter 2004 for the model).
 *
 * Its standard error is that of a ratio by linearisation over questions, both orders of which depend on one another (CR2, as
 * `clusteredMean`), and its interval lies within [0, 1] (`wilsonDesignInterval`).
 */
export function shareOfWins(
  questions: readonly QuestionGames[],
  { counted, strongWeight, level }: { counted: CountedGames; strongWeight: number; level: number },
): JudgeShare {
  const { estimate, size } = estimateShare(questions, { counted, strongWeight });
  return { estimate, ci: estimate && wilsonDesignInterval(estimate, size, level) };
}

/**
 * One-sided p-value of a share of wins of one half or less, by the test that goes with the interval of `shareOfWins` (`wilsonDesignTest`). Null
 * where one question alone cannot show it.
 */
export function testShare(
  questions: readonly QuestionGames[],
  options: { counted: CountedGames; strongWeight: number },
): number | null {
  const { estimate, size } = estimateShare(questions, options);
  return estimate && wilsonDesignTest(estimate, size, 0.5);
}

function estimateShare(
  questions: readonly QuestionGames[],
  options: { counted: CountedGames; strongWeight: number },
): { estimate: Estimate | null; size: EffectiveSize } {
  const { wins, weights, questions: clusters } = weighGames(questions, options);
  const sampling = { weights, clusters };
  return { estimate: clusteredMean(wins, sampling), size: effectiveSize(wins.length, sampling) };
}
