import { createHash } from 'node:crypto';
import { z } from 'zod';
import { pickFields } from '../format/pick-fields.ts';
import { readRecords } from '../read-records.ts';
import { BadRecord, BadRecords } from '../refusal.ts';

/** SHA-256 of each answer's text, by model and question. */
export type AnswerDigests = Map<string, Map<string, string>>;

const text = z.string();
const AnswerSchema = z.union([
  // FastChat's format, of v0.1.
  z.object({
    question_id: z.union([text, z.number()]),
    model_id: text,
    choices: z.tuple([z.object({ turns: z.array(z.object({ content: text })).min(1) })], z.unknown()),
  }),
  // v2.
  z.object({
    uid: text,
    model: text,
    messages: z.array(z.object({ content: z.union([text, z.object({ answer: text })]) })).min(1),
  }),
]);

const FIELDS = ['question_id', 'model_id', 'choices', 'uid', 'model', 'messages'];

/**
 * Reads a file of answers; of their texts only digests are kept. A line that is no answer, LiveBench's among them, is skipped.
 *
 * @throws Refusal when the file is no log of JSON lines.
 */
export async function readArenaHardAnswers(path: string): Promise<AnswerDigests> {
  const models: AnswerDigests = new Map();
  await readRecords(
    path,
    false,
    (bytes, fields) => {
      const parsed = AnswerSchema.safeParse(pickFields(bytes, fields, FIELDS));
      if (!parsed.success) throw new BadRecord('no answer');
      const { model, question, answer } = settle(parsed.data);
      const own = models.get(model) ?? new Map<string, string>();
      models.set(model, own);
      own.set(question, createHash('sha256').update(answer).digest('hex'));
    },
    new BadRecords(),
  );
  return models;
}

function settle(row: z.infer<typeof AnswerSchema>): { model: string; question: string; answer: string } {
  if ('choices' in row) {
    const answer = row.choices[0].turns.at(-1)!.content;
    return { model: row.model_id, question: String(row.question_id), answer };
  }
  const { content } = row.messages.at(-1)!;
  return {
    model: row.model,
    question: row.uid,
    answer: typeof content === 'string' ? content : content.answer,
  };
}
