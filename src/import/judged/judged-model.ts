import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { boardKey, type JudgedGames, type JudgeGame, MAX_BOARDS, MAX_GAMES } from '../../judge/score/game.ts';
import type { JudgeResult } from '../../judge/score/judge-result.ts';
import type { PreferenceFile } from '../alpaca-eval/preferences.ts';
import type { PublishedModel } from '../boards/read-board.ts';

/** What all files of an import say of one model that judges have seen. */
export interface JudgedModel {
  model: string;
  files: string[];
  /** Games, by benchmark, category, judge and reference. */
  boards: JudgedGames[];
  /** Scores that boards publish, without games. */
  published: JudgeResult[];
  losses: string[];
}

/** What AlpacaEval's files say, a model after the other. */
export function joinPreferences(files: readonly PreferenceFile[]): JudgedModel[] {
  return files.map(({ model, file, boards, losses }) => ({
    ...{ model, files: [file], boards, published: [], losses: [...losses] },
  }));
}

/** What boards publish, a model after the other. */
export function joinPublished(models: readonly PublishedModel[]): JudgedModel[] {
  return models.map(({ model, file, results, losses }) => ({
    ...{ model, files: [file], boards: [], published: results, losses },
  }));
}

/**
 * Puts together what several files say of one model. A question that two files judge alike counts once, by the later file, and so does a score that two
 * files publish under one name; both are named.
 *
 * @throws SosBenchError `import-invalid` where a model has more judges or games than a record may have.
 */
export function joinJudged(judged: readonly JudgedModel[]): JudgedModel[] {
  const models = new Map<string, JudgedModel>();
  for (const own of judged) {
    const known = models.get(own.model);
    models.set(own.model, known === undefined ? own : joinTwo(known, own));
  }
  for (const { model, boards, published } of models.values()) {
    const games = boards.reduce((sum, board) => sum + board.games.length, 0);
    const what =
      boards.length + published.length > MAX_BOARDS
        ? `more than ${MAX_BOARDS} judges or categories`
        : games > MAX_GAMES
          ? `more than ${plural(MAX_GAMES, 'game')}`
          : null;
    if (what === null) continue;
    throw new SosBenchError('import-invalid', `'${model}' has ${what}`, {
      hint: 'import fewer of its files at a time',
    });
  }
  return [...models.values()];
}

function joinTwo(one: JudgedModel, other: JudgedModel): JudgedModel {
  const boards = new Map(one.boards.map((board) => [boardKey(board), board]));
  const published = new Map(one.published.map((result) => [boardKey(result), result]));
  const losses = [...one.losses];
  for (const board of other.boards) {
    const known = boards.get(boardKey(board));
    const games = new Map((known?.games ?? []).map((game) => [turnOf(game), game]));
    const twice = board.games.filter((game) => games.has(turnOf(game))).length;
    if (twice > 0)
      losses.push(
        `${other.files.join()}: ${plural(twice, 'game')} there in two files: the later file counts`,
      );
    for (const game of board.games) games.set(turnOf(game), game);
    boards.set(boardKey(board), { ...board, games: [...games.values()] });
  }
  for (const result of other.published) {
    const known = published.get(boardKey(result));
    if (known !== undefined && known.score !== result.score)
      losses.push(`${other.files.join()}: there in two files of this name: the later file counts`);
    published.set(boardKey(result), result);
  }
  return {
    model: one.model,
    files: [...new Set([...one.files, ...other.files])],
    boards: [...boards.values()],
    published: [...published.values()],
    losses: [...new Set([...losses, ...other.losses])],
  };
}

function turnOf({ question, first }: JudgeGame): string {
  return JSON.stringify([question, first]);
}
