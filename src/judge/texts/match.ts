import type { AnsweredQuestion } from '../ask/head-to-head.ts';
import type { AnswerTexts, QuestionText } from './read-texts.ts';

export interface MatchedAnswers {
  /** Questions that both models answered, in the order of the questions. */
  answered: AnsweredQuestion[];
  /** Ids of questions that a side has no answer to. */
  missing: { model: string[]; reference: string[] };
  /** Answers of either side to questions that are not there. */
  strangers: number;
}

/** Both models' answers by question. An empty answer is an answer: the judge says what it is worth. */
export function matchAnswers(
  questions: readonly QuestionText[],
  model: AnswerTexts,
  reference: AnswerTexts,
): MatchedAnswers {
  const matched: MatchedAnswers = { answered: [], missing: { model: [], reference: [] }, strangers: 0 };
  const ids = new Set(questions.map(({ id }) => id));
  for (const { id, question } of questions) {
    const [own, other] = [model.answers.get(id), reference.answers.get(id)];
    if (own === undefined) matched.missing.model.push(id);
    if (other === undefined) matched.missing.reference.push(id);
    if (own !== undefined && other !== undefined)
      matched.answered.push({ id, question, model: own, reference: other });
  }
  for (const { answers } of [model, reference])
    for (const id of answers.keys()) if (!ids.has(id)) matched.strangers++;
  return matched;
}
