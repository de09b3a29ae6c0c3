import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import { parseJson } from '../../json.ts';
import { Sha256Schema } from '../../sha256.ts';
import { fileError } from '../../system/files/files.ts';
import { cutTornLine, LineFile, readKeptLines } from '../../system/files/line-file.ts';
import { type JudgeGame, JudgeGameSchema } from '../score/game.ts';
import { digestText, type OpenGame } from './head-to-head.ts';

const count = z.number().int().nonnegative();

/** What a judge said of one game, as it is kept: no text. */
const KeptGameSchema = z.object({
  key: Sha256Schema,
  game: JudgeGameSchema,
  /** Why there is no verdict. */
  reason: z.string().nullable(),
  tokens: z.object({ input: count, output: count }).nullable(),
  /** Whether the answers were shown in part. */
  cut: z.boolean().optional(),
});
export type KeptGame = z.infer<typeof KeptGameSchema>;

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

  private constructor(path: string, lines: LineFile, kept: ReadonlyMap<string, KeptGame>) {
    this.#path = path;
    this.#lines = lines;
    this.kept = kept;
  }

  /**
   * Opens it, making it where there is none. A last line torn by a crash is cut off.
   *
   * @throws SosBenchError `journal-invalid` (unreadable in the middle), `disk-full`, `permission-denied`.
   */
  static async open(path: string): Promise<GamesJournal> {
    try {
      await cutTornLine(path);
      const kept = await readGames(path);
      return new GamesJournal(path, await LineFile.open(path, 'a'), kept);
    } catch (error) {
      throw fileError(error, path, 'write');
    }
  }

  /** @throws SosBenchError `disk-full`, `permission-denied`. */
  async append(game: KeptGame): Promise<void> {
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

async function readGames(path: string): Promise<Map<string, KeptGame>> {
  const games = new Map<string, KeptGame>();
  for await (const { text, number } of readKeptLines(path)) {
    const game = parseGame(path, number, text);
    games.set(game.key, game);
  }
  return games;
}

function parseGame(path: string, number: number, line: string): KeptGame {
  try {
    return KeptGameSchema.parse(parseJson(line));
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
