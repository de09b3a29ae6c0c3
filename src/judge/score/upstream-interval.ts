import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import type { CountedGames } from '../../suite/judge-benchmarks.ts';
import type { QuestionGames } from './pair-orders.ts';
import { STRONG_WEIGHT, weighGames } from './share.ts';

/**
 * The interval that Arena-Hard itself would print, at `level`: it resamples games, "much better" as three, as if they were independent
 * (arena-hard-auto 196f6b8, `show_result.py`). This is what its bootstrap comes to with many rounds, s -+ z sqrt(sum of w (x - s)^2) /
 * sum of w. It is too narrow: the two orders of a question depend on one another, and three copies are one verdict. Null without games.
 */
export function upstreamInterval(
  questions: readonly QuestionGames[],
  { counted, level }: { counted: CountedGames; level: number },
): [number, number] | null {
  const { wins, weights } = weighGames(questions, { counted, strongWeight: STRONG_WEIGHT });
  let total = 0;
  let won = 0;
  for (let i = 0; i < wins.length; i++) {
    total += weights[i]!;
    won += weights[i]! * wins[i]!;
  }
  if (total === 0) return null;
  const share = won / total;
  let squares = 0;
  for (let i = 0; i < wins.length; i++) squares += weights[i]! * (wins[i]! - share) ** 2;
  const reach = normalQuantile((1 + level) / 2, 0, 1) * (Math.sqrt(squares) / total);
  return [share - reach, share + reach];
}
