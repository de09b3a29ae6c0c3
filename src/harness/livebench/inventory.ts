import type { DocumentInventory } from '../../suite/plan/plan.ts';
import { hashQuestion, type LiveBenchQuestion } from './question.ts';

/**
 * A task's questions as a plan sees them; lengths are characters of all messages.
 *
 * @param maxNewTokens most tokens of an answer.
 */
export function inventoryOf(
  questions: readonly LiveBenchQuestion[],
  maxNewTokens: number,
): DocumentInventory {
  return {
    hashes: questions.map(hashQuestion),
    clusters: questions.map(() => null),
    lengths: questions.map(({ turns, systemPrompt = '' }) =>
      turns.reduce((total, turn) => total + turn.length, systemPrompt.length),
    ),
    exampleLength: 0,
    // Each turn's prompt holds those before it, which a server keeps.
    readings: questions.map(() => 1),
    dropped: {},
    maxNewTokens,
  };
}
