import { costOf, roughTokens } from '../../judge/ask/budget.ts';
import { type JudgeEstimate, USUAL_OUTPUT_TOKENS } from '../../judge/ask/estimate.ts';
import type { ReadyJudge } from './prepare.ts';

/** What an answer is taken to be long, in characters, before there is any: some 500 tokens. */
export const USUAL_ANSWER_CHARACTERS = 2000;

/** What judging every question in both orders will come to, before any answer is there. */
export function estimateJudge({ questions, system, request }: ReadyJudge): JudgeEstimate {
  const answer = 'x'.repeat(USUAL_ANSWER_CHARACTERS);
  const once = questions.reduce(
    (sum, { question }) => sum + roughTokens({ question, answers: [answer, answer] }, system),
    0,
  );
  const games = 2 * questions.length;
  const tokens = {
    input: 2 * once,
    output: games * (request.mode === 'choice' ? 0 : Math.min(request.verdictTokens, USUAL_OUTPUT_TOKENS)),
  };
  return { games, tokens, cost: costOf(tokens, request.prices) };
}
