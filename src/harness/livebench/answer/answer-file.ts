import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SosBenchError } from '../../../error.ts';
import { parseJson } from '../../../json.ts';
import { fileError } from '../../../system/files/files.ts';
import { cutTornLine, LineFile, readKeptLines } from '../../../system/files/line-file.ts';

/** What the model said to one question. */
export interface Answer {
  questionId: string;
  /** One text a turn, without reasoning; empty only where reasoning has no end. */
  turns: string[];
  /** Whether one of them was cut at the token limit; left out where the server does not say. */
  cut?: boolean;
  /** Whether the reasoning of one of them has no end; left out where none was looked for. */
  unended?: boolean;
  /** Summed over the turns; null where the server does not count. */
  promptTokens: number | null;
  outputTokens: number | null;
  seconds: number;
}

/** A line of LiveBench's `model_answer` files, of which its graders read id, `answer_id` and `choices`. */
const LineSchema = z.object({
  question_id: z.string(),
  answer_id: z.string(),
  model_id: z.string(),
  choices: z.tuple([z.object({ index: z.literal(0), turns: z.array(z.string()).nonempty() })]),
  /** Seconds since 1970. */
  tstamp: z.number(),
  /** As LiveBench does, -1 for a turn whose tokens nobody counted. */
  total_output_tokens: z.number(),
  total_input_tokens: z.number().nullable(),
  total_time_s: z.number(),
  api_info: z.object({
    provider: z.literal('local'),
    api_name: z.string(),
    api_kwargs: z.null(),
  }),
  /** Ours, which LiveBench does not read; left out where nothing is known. */
  sos_bench: z.object({ cut: z.boolean().optional(), unended: z.boolean().optional() }).optional(),
});
type Line = z.infer<typeof LineSchema>;

/** The name the model has in LiveBench's files: none of those it has settings for. */
export const MODEL = 'sos-bench-model';

export interface AnswerNames {
  /** LiveBench's name of the model: in its file names and judgments. */
  displayName: string;
  /** What requests called it. */
  apiName: string;
}

/** Where answers are kept, each of which counts once it is written. */
export interface AnswerStore {
  append(answer: Answer, names: AnswerNames, now: Date): Promise<void>;
  close(): Promise<void>;
}

/** Answers on the disk: one line each, in LiveBench's own format, which counts once it is written. */
export class AnswerFile implements AnswerStore {
  readonly #path: string;
  readonly #lines: LineFile;

  private constructor(path: string, lines: LineFile) {
    this.#path = path;
    this.#lines = lines;
  }

  /**
   * Opens the file, making it where there is none, and reads what is there. A last line torn by a crash is cut off.
   * Of several answers to one question the last counts.
   *
   * @throws SosBenchError `journal-invalid` (unreadable in the middle), `disk-full`, `permission-denied`.
   */
  static async open(path: string): Promise<{ file: AnswerFile; answers: Map<string, Answer> }> {
    try {
      await cutTornLine(path);
      const answers = await readAnswers(path);
      return { file: new AnswerFile(path, await LineFile.open(path, 'a')), answers };
    } catch (error) {
      throw fileError(error, path, 'write');
    }
  }

  /**
   * Appends an answer; it counts once this has returned, because it is on the disk.
   *
   * @throws SosBenchError `disk-full`, `permission-denied`.
   */
  async append(answer: Answer, names: AnswerNames, now: Date): Promise<void> {
    try {
      await this.#lines.append(encodeAnswer(answer, names, now));
    } catch (error) {
      throw fileError(error, this.#path, 'write');
    }
  }

  async close(): Promise<void> {
    await this.#lines.close();
  }
}

/**
 * An answer as a line of a `model_answer` file. Its id is taken from what it says, so that the same answer has the
 * same id; characters beyond ASCII are escaped, as Python's `json` does, because LiveBench reads in the locale's
 * encoding.
 */
export function encodeAnswer(answer: Answer, { displayName, apiName }: AnswerNames, now: Date): string {
  const { questionId, turns, promptTokens, outputTokens, seconds, cut, unended } = answer;
  const ending = { ...(cut !== undefined && { cut }), ...(unended !== undefined && { unended }) };
  const line: Line = {
    question_id: questionId,
    answer_id: createHash('sha256')
      .update(JSON.stringify([questionId, displayName, turns]))
      .digest('hex')
      .slice(0, 22),
    model_id: displayName,
    choices: [{ index: 0, turns: turns as [string, ...string[]] }],
    tstamp: now.getTime() / 1000,
    total_output_tokens: outputTokens ?? -turns.length,
    total_input_tokens: promptTokens,
    total_time_s: seconds,
    api_info: { provider: 'local', api_name: apiName, api_kwargs: null },
    ...(Object.keys(ending).length > 0 && { sos_bench: ending }),
  };
  const json = JSON.stringify(line).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${json}\n`;
}

async function readAnswers(path: string): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  for await (const { text, number } of readKeptLines(path)) {
    const answer = parseLine(path, number, text);
    answers.set(answer.questionId, answer);
  }
  return answers;
}

function parseLine(path: string, number: number, text: string): Answer {
  try {
    const line = LineSchema.parse(parseJson(text));
    const { turns } = line.choices[0];
    const { cut, unended } = line.sos_bench ?? {};
    return {
      questionId: line.question_id,
      turns,
      ...(cut !== undefined && { cut }),
      ...(unended !== undefined && { unended }),
      promptTokens: line.total_input_tokens,
      outputTokens: line.total_output_tokens < 0 ? null : line.total_output_tokens,
      seconds: line.total_time_s,
    };
  } catch (cause) {
    throw new SosBenchError('journal-invalid', `${path} line ${number} cannot be read: it is not an answer`, {
      hint: 'restore the file, or start over with --fresh',
      cause,
    });
  }
}
