import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import { parseJson } from '../../json.ts';
import { Sha256Schema } from '../../sha256.ts';
import { fileError } from '../../system/files/files.ts';
import { cutTornLine, LineFile, readKeptLines } from '../../system/files/line-file.ts';
import { type JudgeGame, JudgeGameSchema } from '../score/game.ts';
import { addTokens, NO_TOKENS, type TokenCounts } from './budget.ts';
import { digestText, type OpenGame } from './head-to-head.ts';

const count = z.number().int().nonnegative();
const tokens = z.object({ input: count, output: count });

/** What a judge said of one game, as it is kept: no text. */
const KeptGameSchema = z.object({
  key: Sha256Schema,
  game: JudgeGameSchema,
  /** Why there is no verdict. */
  reason: z.string().nullable(),
  tokens: tokens.nullable(),
  /** Whether the answers were shown in part. */
  cut: z.boolean().optional(),
  /** What its server calls the model that judged, where that is not the judge's name. */
  servedBy: z.string().max(300).optional(),
});
export type KeptGame = z.infer<typeof KeptGameSchema>;

/** What answers that were lost may have come to, of a game that got no verdict in that run. */
const LostSchema = z.object({ key: Sha256Schema, lost: tokens });
type Lost = z.infer<typeof LostSchema>;

/**
 * What tells one game from another: the question by its id and its text, the order, both answers and all that the judge's protocol is. Where
 * anything differs, it is asked.
 *
 * @param time 0, or 1 for a game that is asked once more to see whether the judge agrees with itself.
 */
export function gameKey(
  { game, question }: Pick<OpenGame, 'game' | 'question'>,
  protocol: string,
  time: 0 | 1,
): string {
  return keyOf([...partsOf(game, protocol, time), digestText(question)]);
}

/** The same as earlier journals have it, which do not tell questions of one id apart. */
export function formerGameKey({ game }: Pick<OpenGame, 'game'>, protocol: string, time: 0 | 1): string {
  return keyOf(partsOf(game, protocol, time));
}

function partsOf({ question, first, answers }: JudgeGame, protocol: string, time: 0 | 1) {
  return [question, first, answers.reference, answers.model, protocol, time];
}

function keyOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Games on the disk, a line each, which count once they are written: nothing is asked, or paid, twice. */
export class GamesJournal {
  readonly #path: string;
  readonly #lines: LineFile;
  /** By key. */
  readonly kept: ReadonlyMap<string, KeptGame>;
  /** What was lost of games in runs that got no verdict of them, by key. */
  readonly lost: ReadonlyMap<string, TokenCounts>;

  private constructor(path: string, lines: LineFile, { kept, lost }: Read) {
    this.#path = path;
    this.#lines = lines;
    this.kept = kept;
    this.lost = lost;
  }

  /**
   * Opens it, making it where there is none. A last line torn by a crash is cut off.
   *
   * @throws SosBenchError `journal-invalid` (unreadable in the middle), `disk-full`, `permission-denied`.
   */
  static async open(path: string): Promise<GamesJournal> {
    try {
      await cutTornLine(path);
      const read = await readGames(path);
      return new GamesJournal(path, await LineFile.open(path, 'a'), read);
    } catch (error) {
      throw fileError(error, path, 'write');
    }
  }

  /** @throws SosBenchError `disk-full`, `permission-denied`. */
  async append(game: KeptGame | Lost): Promise<void> {
    try {
      await this.#lines.append(`${JSON.stringify(game)}\n`);
    } catch (error) {
      throw fileError(error, this.#path, 'write');
    }
  }

  async close(): Promise<void> {
    await this.#lines.close();
  }
}

/** Games that are on the disk, and what was lost of others, by key. */
interface Read {
  kept: Map<string, KeptGame>;
  lost: Map<string, TokenCounts>;
}

/**
 * What a journal holds, which is left as it is; nothing where there is none.
 *
 * @throws SosBenchError `journal-invalid`.
 */
export async function readGames(path: string): Promise<Read> {
  const read: Read = { kept: new Map(), lost: new Map() };
  for await (const { text, number } of readKeptLines(path)) {
    const line = parseLine(path, number, text);
    if ('game' in line) read.kept.set(line.key, line);
    else read.lost.set(line.key, addTokens(read.lost.get(line.key) ?? NO_TOKENS, line.lost));
  }
  return read;
}

function parseLine(path: string, number: number, line: string): KeptGame | Lost {
  try {
    const value = parseJson(line);
    return LostSchema.safeParse(value).data ?? KeptGameSchema.parse(value);
  } catch (cause) {
    throw new SosBenchError(
      'journal-invalid',
      `${path} line ${number} cannot be read: it is not a judged game`,
      {
        hint: 'restore the file, or remove it to ask all games again',
        cause,
      },
    );
  }
}
