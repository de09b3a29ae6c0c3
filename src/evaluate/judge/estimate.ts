import { costOf, roughTokens } from '../../judge/ask/budget.ts';
import { type JudgeEstimate, usualOutputTokens } from '../../judge/ask/estimate.ts';
import { toldTo } from '../../judge/ask/prompt.ts';
import { isAlias, type ReadyJudge } from './prepare.ts';

/** What an answer is taken to be long, in characters, before there is any: some 500 tokens. */
export const USUAL_ANSWER_CHARACTERS = 2000;

/** With the games of main's answers against the reference among the rest. */
export interface StageEstimate extends JudgeEstimate {
  rejudged: number;
}

/**
 * What judging every question in both orders will come to at most, before any answer of the model is there: the model's against main's and
 * against the reference's, and main's against the reference's where the judge's name does not say which version judges.
 */
export function estimateJudge({
  questions,
  system,
  criteria,
  request,
  reference,
}: Pick<ReadyJudge, 'questions' | 'system' | 'criteria' | 'request' | 'reference'>): StageEstimate {
  const usual = 'x'.repeat(USUAL_ANSWER_CHARACTERS);
  const told = toldTo({ system, ...(criteria && { criteria }) });
  // Whose answers are held against the reference's.
  const sides = isAlias(request) ? 2 : 1;
  const referenced = questions.filter(({ id }) => reference?.answers.has(id)).length;
  const others = questions.flatMap(({ id, question }) => {
    const own = reference?.answers.get(id);
    const against = own === undefined ? [] : Array<string>(sides).fill(own);
    return [usual, ...against].map((other) => ({ question, other }));
  });
  const once = others.reduce(
    (sum, { question, other }) => sum + roughTokens({ question, answers: [usual, other] }, told),
    0,
  );
  const games = 2 * others.length;
  const tokensAVerdict =
    request.mode === 'choice' ? 0 : Math.min(request.verdictTokens, usualOutputTokens(criteria));
  const tokens = { input: 2 * once, output: games * tokensAVerdict };
  const rejudged = sides === 1 ? 0 : 2 * referenced;
  return { games, rejudged, tokens, cost: costOf(tokens, request.prices), tokensAVerdict };
}
