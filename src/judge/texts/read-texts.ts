import { z } from 'zod';
import { hasSystemCode, SosBenchError } from '../../error.ts';
import { parseJson } from '../../json.ts';
import { readTextLines } from '../../system/files/line-file.ts';

/** What a line holds beside its id. */
type TextKind = 'question' | 'answer';

const MAX_ID_LENGTH = 200;
const text = z.string();
const id = z.union([text.min(1).max(MAX_ID_LENGTH), z.number().int()]).transform(String);
const turns = z.array(z.union([text, z.looseObject({ content: text })])).min(1);
const asText = (turn: string | { content: string }) => (typeof turn === 'string' ? turn : turn.content);

const category = text.min(1).max(200).nullish().catch(null);

/** Questions in our own form, in Arena-Hard v2's and in v0.1's. */
const QuestionSchema = z.union([
  z
    .object({ id, question: text.min(1), category })
    .transform(({ category: own, ...row }) => ({ ...row, category: own ?? null })),
  z.object({ uid: id, prompt: text.min(1), category }).transform((row) => ({
    ...{ id: row.uid, question: row.prompt, category: row.category ?? null },
  })),
  z.object({ question_id: id, turns, category }).transform((row) => ({
    ...{ id: row.question_id, question: row.turns.map(asText).join('\n\n') },
    category: row.category ?? null,
  })),
]);

/** Answers likewise. */
const AnswerSchema = z.union([
  z.object({ id, answer: text, model: text.optional() }),
  z
    .object({ uid: id, answer: text, model: text.optional() })
    .transform(({ uid, ...row }) => ({ id: uid, ...row })),
  z
    .object({
      uid: id,
      model: text,
      messages: z.array(z.looseObject({ content: z.union([text, z.looseObject({ answer: text })]) })).min(1),
    })
    .transform(({ uid, model, messages }) => {
      const { content } = messages.at(-1)!;
      return { id: uid, model, answer: typeof content === 'string' ? content : content.answer };
    }),
  z
    .object({ question_id: id, model_id: text.optional(), choices: z.array(z.looseObject({ turns })).min(1) })
    .transform((row) => ({
      id: row.question_id,
      model: row.model_id,
      answer: asText(row.choices[0]!.turns.at(-1)!),
    })),
]);

export interface QuestionText {
  id: string;
  question: string;
  /** Null where the file has none. */
  category: string | null;
}

export interface AnswerTexts {
  /** As the file names it; null where it does not. */
  model: string | null;
  /** By question. */
  answers: ReadonlyMap<string, string>;
}

/**
 * Reads the questions of a judge benchmark: JSON lines with `id` and `question`, or Arena-Hard's of v0.1 or v2.
 *
 * @throws SosBenchError `data-invalid`.
 */
export async function readQuestionTexts(path: string): Promise<QuestionText[]> {
  const questions = new Map<string, QuestionText>();
  for await (const { row, line } of readRows(path, 'question')) {
    const parsed = QuestionSchema.safeParse(row);
    if (!parsed.success)
      throw bad(
        path,
        'question',
        `line ${line} is no question with 'id' (${MAX_ID_LENGTH} characters at most) and 'question'`,
      );
    if (questions.has(parsed.data.id))
      throw bad(path, 'question', `line ${line} has question ${parsed.data.id} a second time`);
    questions.set(parsed.data.id, parsed.data);
  }
  if (questions.size === 0) throw bad(path, 'question', 'it holds no question');
  return [...questions.values()];
}

/**
 * Reads one model's answers: JSON lines with `id` and `answer`, or Arena-Hard's of v0.1 or v2.
 *
 * @throws SosBenchError `data-invalid`.
 */
export async function readAnswerTexts(path: string): Promise<AnswerTexts> {
  const answers = new Map<string, string>();
  let model: string | null = null;
  for await (const { row, line } of readRows(path, 'answer')) {
    const parsed = AnswerSchema.safeParse(row);
    if (!parsed.success)
      throw bad(
        path,
        'answer',
        `line ${line} is no answer with 'id' (${MAX_ID_LENGTH} characters at most) and 'answer'`,
      );
    const { id: question, answer, model: own = null } = parsed.data;
    if (own !== null && model !== null && own !== model)
      throw bad(path, 'answer', `it has answers of two models, ${model} and ${own}: give a file for each`);
    model ??= own;
    if (answers.has(question))
      throw bad(path, 'answer', `line ${line} has a second answer to question ${question}`);
    answers.set(question, answer);
  }
  if (answers.size === 0) throw bad(path, 'answer', 'it holds no answer');
  return { model, answers };
}

async function* readRows(path: string, kind: TextKind): AsyncGenerator<{ row: unknown; line: number }> {
  try {
    for await (const { text: own, number: line } of readTextLines(path)) {
      // Spreadsheets and editors of Windows write a mark at the beginning.
      const content = line === 1 ? own.replace(/^\uFEFF/, '') : own;
      if (content.trim() === '') continue;
      let row: unknown;
      try {
        row = parseJson(content);
      } catch {
        throw bad(path, kind, `line ${line} is not JSON`);
      }
      yield { row, line };
    }
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) throw bad(path, kind, 'there is no such file');
    if (hasSystemCode(error, 'EISDIR')) throw bad(path, kind, 'it is a folder');
    throw error;
  }
}

function bad(path: string, kind: TextKind, what: string): SosBenchError {
  return new SosBenchError('data-invalid', `${path}: ${what}`, {
    hint: `give a file with a JSON object in each line, such as {"id": "q1", "${kind}": "..."}; docs/judge.md has all forms`,
  });
}
