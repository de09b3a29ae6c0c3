import { plural } from '../../count.ts';
import type { OrderEffects } from './order-effects.ts';

/** What a judge may do at most and still give a score; fractions of 1. */
export interface JudgeLimits {
  /** Share of verdicts that could not be read. */
  unread: number;
  /** Lower bound of the position effect, whichever way. */
  position: number;
  /** Lower bound of the share of contradicted questions. */
  contradicted: number;
}

export const JUDGE_LIMITS: JudgeLimits = { unread: 0.05, position: 0.15, contradicted: 0.5 };

/**
 * Why the verdicts of a judge are no measurement; null where nothing speaks against them.
 *
 * @param judged what it made of the games that it was asked about: none where all answers are equal.
 */
export function findJudgeFault(
  judged: { games: number; unread: number; effects: OrderEffects },
  limits: JudgeLimits = JUDGE_LIMITS,
): string | null {
  const { games, unread, effects } = judged;
  if (unread > limits.unread * games) return `${unread} of ${plural(games, 'verdict')} could not be read`;
  const [low, high] = effects.positionBounds ?? [0, 0];
  const bound = Math.max(low, -high);
  if (bound > limits.position) {
    const which = low > 0 ? 'first' : 'second';
    return `judge decides by position: it prefers the answer shown ${which}, by ${points(bound)} points or more`;
  }
  if (effects.contradictedLow > limits.contradicted) {
    return (
      `judge decides by position: with the answers in the other order it contradicts itself in ${effects.contradicted} of ` +
      plural(effects.questions, 'question')
    );
  }
  return null;
}

function points(fraction: number): string {
  return (100 * fraction).toFixed(1);
}
