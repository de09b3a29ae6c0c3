import { join } from 'node:path';
import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import { parseJson } from '../../json.ts';
import { readTextLines } from '../../system/files/line-file.ts';
import { packageRoot } from '../../system/paths.ts';
import { readAnswerTexts, readQuestionTexts } from '../texts/read-texts.ts';
import type { AuditAnswer } from './interventions/answer.ts';

/** A question with an answer that an audit alters. */
export interface AuditQuestion extends AuditAnswer {
  question: string;
  category: string | null;
}

const text = z.string().min(1);
const BundledSchema = z.object({
  id: text,
  category: text,
  question: text,
  answer: text,
  number: z.object({ right: text, wrong: text }),
  claim: z.object({ true: text, false: text }),
});

/** The 40 questions that ship, with right answers of ours and what makes each of them wrong. */
export async function bundledAuditQuestions(): Promise<AuditQuestion[]> {
  const questions: AuditQuestion[] = [];
  for await (const { text: line } of readTextLines(
    join(packageRoot(), 'tasks', 'judge-mini', 'questions.jsonl'),
  ))
    if (line.trim() !== '') questions.push(BundledSchema.parse(parseJson(line)));
  return questions;
}

/**
 * A user's own questions and answers. Nothing is known of these answers, so that their numbers and claims cannot be made wrong.
 *
 * @returns the questions that have an answer, in their order.
 * @throws SosBenchError `data-invalid`.
 */
export async function readAuditQuestions(files: {
  questions: string;
  answers: string;
}): Promise<AuditQuestion[]> {
  const questions = await readQuestionTexts(files.questions);
  const { answers } = await readAnswerTexts(files.answers);
  const answered = questions.flatMap(({ id, question, category }) => {
    const answer = answers.get(id);
    return answer === undefined || answer.trim() === '' ? [] : [{ id, question, category, answer }];
  });
  if (answered.length > 0) return answered;
  throw new SosBenchError(
    'data-invalid',
    `${files.answers} has no answer to any question of ${files.questions}`,
    { hint: 'give the answers to these questions, by the same ids' },
  );
}
