import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import { parseJson, sortKeys } from '../../json.ts';
import { isSha256 } from '../../sha256.ts';
import { fileError, makeFolder } from '../../system/files/files.ts';
import { cutTornLine, LineFile, readKeptLines } from '../../system/files/line-file.ts';
import { type FolderLock, takeLock } from '../../system/files/lock.ts';
import type { QuestionText } from './read-texts.ts';

/** Whose answers to what: both are SHA-256, 64 hex digits. */
export interface AnswersKey {
  /** As `answeringModel` has it. */
  model: string;
  /** As `digestQuestionSet` has it. */
  questionSet: string;
}

/** How questions are put to a model, as far as it decides an answer. */
export interface AnswerManner {
  /** Most tokens of an answer. */
  maxTokens: number;
  /** Whether the model is told to reason; null where it does as it likes. */
  enableThinking: boolean | null;
  /** What ends reasoning, which is cut off; null where nothing is. */
  reasoningEnd: string | null;
}

const LineSchema = z.object({ id: z.string().min(1), answer: z.string() });

/** As a record has it (`ModelIdentity`). */
interface Identity {
  algorithm: string;
  digest: string | null;
  parts: Readonly<Record<string, unknown>>;
}

/**
 * The model as `answers-dir` knows it: all of its parts, the template too, since a server that chats applies it whether or not the
 * benchmarks do.
 *
 * @returns null where a part of the model is not known, so that two models could be taken for one.
 */
export function answeringModel(identity: Identity | null): string | null {
  if (identity === null || identity.digest === null) return null;
  return sha256([identity.algorithm, sortKeys(identity.parts)]);
}

/**
 * A digest of the questions, in whatever order, and of how they are put.
 */
export function digestQuestionSet(
  questions: readonly Pick<QuestionText, 'id' | 'question'>[],
  { maxTokens, enableThinking, reasoningEnd }: AnswerManner,
): string {
  const texts = questions.map(({ id, question }) => [id, question] as const);
  texts.sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256({ version: 1, texts, maxTokens, enableThinking, reasoningEnd });
}

/**
 * The file of one model's answers to one set of questions: `DIR/MODEL/QUESTIONS.jsonl`.
 *
 * @param root the `answers-dir`.
 */
export function answersFile(root: string, { model, questionSet }: AnswersKey): string {
  if (!isSha256(model) || !isSha256(questionSet)) throw new Error('answers are kept by digests');
  return join(root, model, `${questionSet}.jsonl`);
}

/**
 * The answers that are kept, by question; none where there is no file. A last line that is being written does not count.
 *
 * @throws SosBenchError `journal-invalid` for a line that is no answer, `permission-denied`.
 */
export async function readKeptAnswers(root: string, key: AnswersKey): Promise<Map<string, string>> {
  return await readAnswers(answersFile(root, key));
}

/** Answers of one model on the disk, a line each, which count once they are written. They stay on this machine. */
export class KeptAnswers {
  readonly #path: string;
  readonly #lines: LineFile;
  readonly #lock: FolderLock;
  readonly #answers: Map<string, string>;

  private constructor(path: string, lines: LineFile, lock: FolderLock, answers: Map<string, string>) {
    this.#path = path;
    this.#lines = lines;
    this.#lock = lock;
    this.#answers = answers;
  }

  /**
   * Opens the file for one run at a time, making it and its folders for this user alone. A last line torn by a crash is cut off.
   *
   * @throws SosBenchError `run-locked` while another run writes it, `journal-invalid`, `disk-full`, `permission-denied`.
   */
  static async open(root: string, key: AnswersKey): Promise<KeptAnswers> {
    const path = answersFile(root, key);
    await makeFolder(dirname(path), 0o700);
    const lock = await takeLock(`${path}.lock`, `the file of answers ${path}`);
    try {
      await cutTornLine(path);
      const answers = await readAnswers(path);
      return new KeptAnswers(path, await LineFile.open(path, 'a'), lock, answers);
    } catch (error) {
      await lock.release();
      throw fileError(error, path, 'write');
    }
  }

  /** By question. */
  get answers(): ReadonlyMap<string, string> {
    return this.#answers;
  }

  /** Keeps an answer; one that is there already stays. @throws SosBenchError `disk-full`, `permission-denied`. */
  async append(id: string, answer: string): Promise<void> {
    if (this.#answers.has(id)) return;
    try {
      await this.#lines.append(`${JSON.stringify({ id, answer })}\n`);
    } catch (error) {
      throw fileError(error, this.#path, 'write');
    }
    this.#answers.set(id, answer);
  }

  async close(): Promise<void> {
    await this.#lines.close();
    await this.#lock.release();
  }
}

/** The first answer to a question counts: what was judged stays what was answered. */
async function readAnswers(path: string): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  let bad: { number: number; cause: unknown } | null = null;
  try {
    for await (const { text, number } of readKeptLines(path)) {
      // Only the last line can be one that is being written.
      if (bad !== null) throw unreadable(path, bad.number, bad.cause);
      try {
        const { id, answer } = LineSchema.parse(parseJson(text));
        if (!answers.has(id)) answers.set(id, answer);
      } catch (cause) {
        bad = { number, cause };
      }
    }
  } catch (error) {
    throw fileError(error, path, 'read');
  }
  return answers;
}

function unreadable(path: string, number: number, cause: unknown): SosBenchError {
  return new SosBenchError('journal-invalid', `${path} line ${number} cannot be read: it is not an answer`, {
    hint: 'remove the file: the questions are then asked again',
    cause,
  });
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
