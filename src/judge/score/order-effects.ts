import { binomialBounds } from '../../stats/binomial-bounds.ts';
import type { QuestionGames } from './pair-orders.ts';

/** How sure the bounds of this file are, one-sided. */
const LEVEL = 0.95;

export interface OrderEffects {
  /** Questions whose both orders were read: the others show no effect of the order. */
  questions: number;
  /**
   * How much more often than in half of the games the answer shown first wins, ties as half: a fraction of 1, from -0.5 to 0.5. Null
   * without questions, as its bounds.
   */
  position: number | null;
  /** Exact one-sided 95% bounds of it. */
  positionBounds: [number, number] | null;
  /** Questions of which one order says that the model's answer is better and the other that it is worse. */
  contradicted: number;
  /** Exact lower 95% bound of their share; 0 without questions. */
  contradictedLow: number;
}

/**
 * What a judge makes of the order in which it sees two answers.
 *
 * Bounds are binomial (Clopper and Pearson 1934), over games with a winner (n of N) for the position, over questions for contradictions:
 * exact for a handful too. The position's are (n / N)(bound - 1/2). Two games of a consistent judge have one first winner between them,
 * so that the count varies less than a binomial one and the bounds are too wide, if anything. They are too narrow only where more
 * than half of the questions contradict themselves, which tells against the judge by itself.
 */
export function orderEffects(questions: readonly QuestionGames[]): OrderEffects {
  let both = 0;
  let firstWins = 0;
  let secondWins = 0;
  let contradicted = 0;
  for (const { referenceFirst, modelFirst } of questions) {
    if (referenceFirst === null || modelFirst === null) continue;
    both++;
    for (const win of [1 - referenceFirst.win, modelFirst.win]) {
      if (win === 1) firstWins++;
      else if (win === 0) secondWins++;
    }
    if (Math.abs(referenceFirst.win - modelFirst.win) === 1) contradicted++;
  }
  const decided = firstWins + secondWins;
  const share = both === 0 ? 0 : decided / (2 * both);
  const [low, high] = binomialBounds(firstWins, decided, LEVEL);
  return {
    questions: both,
    position: both === 0 ? null : (firstWins - secondWins) / (4 * both),
    positionBounds: both === 0 ? null : [share * (low - 0.5), share * (high - 0.5)],
    contradicted,
    contradictedLow: binomialBounds(contradicted, both, LEVEL)[0],
  };
}

/** The position's effect and its bounds as results keep them, in the same unit; null without questions. */
export function positionFigures({
  position,
  positionBounds,
}: OrderEffects): { effect: number; low: number; high: number } | null {
  return position === null ? null : { effect: position, low: positionBounds![0], high: positionBounds![1] };
}
