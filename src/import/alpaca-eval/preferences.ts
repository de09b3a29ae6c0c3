import { type AnswerStyle, findStyleFault } from '../../answer-style.ts';
import { plural } from '../../count.ts';
import {
  boardKey,
  type JudgeBoard,
  type JudgedGames,
  type JudgeGame,
  MAX_BOARDS,
  MAX_GAMES,
} from '../../judge/score/game.ts';
import { Refusal } from '../refusal.ts';

export const ALPACA_EVAL = 'alpaca-eval' as const;

/** What one file says of one model's preferences. */
export interface PreferenceFile {
  model: string;
  file: string;
  boards: JudgedGames[];
  /** Lines and questions that were lost, in words. */
  losses: string[];
}

/**
 * The share of the win that a preference of AlpacaEval gives the model: 1 is for the reference, 2 for the model, what lies between for both in part, and
 * 0 is what older files have for a tie. Null for none that could be read, undefined for what is no preference.
 */
export function preferenceShare(preference: unknown): number | null | undefined {
  if (preference === null) return null;
  if (typeof preference !== 'number' || Number.isNaN(preference)) return undefined;
  if (preference === 0) return 0.5;
  return preference >= 1 && preference <= 2 ? preference - 1 : undefined;
}

/** Gathers one file's preferences by model, judge and reference. A question that is there twice counts once, by the later one, and is counted. */
export class Preferences {
  readonly #models = new Map<string, Map<string, { board: JudgeBoard; games: Map<string, JudgeGame> }>>();
  readonly #again = new Map<string, number>();
  #games = 0;

  /** @throws Refusal where there are more judges or games than a record may have. */
  add(
    model: string,
    of: Pick<JudgeBoard, 'judge' | 'reference'>,
    game: Omit<JudgeGame, 'first' | 'verdict'>,
  ): void {
    const board: JudgeBoard = { benchmark: ALPACA_EVAL, category: null, ...of };
    const boards =
      this.#models.get(model) ?? new Map<string, { board: JudgeBoard; games: Map<string, JudgeGame> }>();
    this.#models.set(model, boards);
    const key = boardKey(board);
    const own = boards.get(key) ?? { board, games: new Map<string, JudgeGame>() };
    boards.set(key, own);
    const before = own.games.get(game.question);
    if (before === undefined) this.#games++;
    else if (before.preference !== game.preference) this.#again.set(model, (this.#again.get(model) ?? 0) + 1);
    own.games.set(game.question, { ...game, first: null, verdict: null });
    if (boards.size > MAX_BOARDS) throw new Refusal(`it has more than ${MAX_BOARDS} judges`);
    if (this.#games > MAX_GAMES) throw new Refusal(`it has more than ${plural(MAX_GAMES, 'game')}`);
  }

  /** @param lost what the file lost as a whole, in words. */
  files(file: string, lost: readonly string[]): PreferenceFile[] {
    return [...this.#models].map(([model, boards]) => {
      const twice = this.#again.get(model) ?? 0;
      const again = `${file}: ${plural(twice, 'question')} judged twice: the later one counts`;
      return {
        ...{ model, file },
        boards: [...boards.values()].map(({ board, games }) => ({ ...board, games: [...games.values()] })),
        losses: [...lost, ...(twice > 0 ? [again] : [])],
      };
    });
  }
}

/** Counts that an answer can have; undefined where one is missing or impossible. */
export function soundStyle(style: Record<keyof AnswerStyle, number>): AnswerStyle | undefined {
  return findStyleFault(style) === null ? style : undefined;
}
