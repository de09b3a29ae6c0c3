import { costOf, roughTokens } from '../../judge/ask/budget.ts';
import { type JudgeEstimate, usualOutputTokens } from '../../judge/ask/estimate.ts';
import { toldTo } from '../../judge/ask/prompt.ts';
import type { ReadyJudge } from './prepare.ts';

/** What an answer is taken to be long, in characters, before there is any: some 500 tokens. */
export const USUAL_ANSWER_CHARACTERS = 2000;

/** What judging every question in both orders will come to, against main and the reference, before any answer of the model is there. */
export function estimateJudge({
  questions,
  system,
  criteria,
  request,
  reference,
}: ReadyJudge): JudgeEstimate {
  const usual = 'x'.repeat(USUAL_ANSWER_CHARACTERS);
  const told = toldTo({ system, ...(criteria && { criteria }) });
  const others = questions.flatMap(({ id, question }) => {
    const own = reference?.answers.get(id);
    return [usual, ...(own === undefined ? [] : [own])].map((other) => ({ question, other }));
  });
  const once = others.reduce(
    (sum, { question, other }) => sum + roughTokens({ question, answers: [usual, other] }, told),
    0,
  );
  const games = 2 * others.length;
  const tokensAVerdict =
    request.mode === 'choice' ? 0 : Math.min(request.verdictTokens, usualOutputTokens(criteria));
  const tokens = { input: 2 * once, output: games * tokensAVerdict };
  return { games, tokens, cost: costOf(tokens, request.prices), tokensAVerdict };
}
