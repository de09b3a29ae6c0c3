import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { plural } from '../count.ts';
import {
  bareColumn,
  findModelColumn,
  isLong,
  readScore,
  type ScoreColumn,
  scoreColumns,
} from '../import/boards/score-columns.ts';
import type { Board, BoardScore } from './board.ts';
import type { ModelNames } from './read-model-names.ts';
import { invalidScores, readScoreTable } from './read-text.ts';

/** Boards of score tables, with what was not used of them. */
export interface ReadBoards {
  boards: Board[];
  families: Map<string, string>;
  notes: string[];
}

/** What becomes of a model that is there twice with two scores: an error, or the best of them, as published boards with several runs of a model need it. */
export type Twice = 'refuse' | 'best';

/** The CSV files of a folder, or the file itself. */
export async function findScoreFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.csv$/i.test(name) && !name.startsWith('.')).sort();
  if (names.length === 0)
    throw invalidScores(path, 'it has no CSV files', 'give a file, or a folder of them');
  return names.map((name) => join(path, name));
}

/**
 * Reads a table of scores, a row a model, as boards are published: a column a benchmark; Arena-Hard's (`score` with `rating_q025` and `rating_q975`, or
 * `Scores (%)` with `CI (%)`); AlpacaEval's (`win_rate` with `standard_error`, and at equal length); the harness's (`TASK/METRIC` with `TASK/METRIC_stderr`); or a row a score (`model`, `scenario`, `score`).
 * Higher is better. A cell that is empty or `N/A` is no score. A column most of whose cells are no numbers is none of scores.
 *
 * @throws SosBenchError `scores-invalid`.
 */
export async function readBoards(
  path: string,
  names: ModelNames,
  twice: Twice = 'refuse',
): Promise<ReadBoards> {
  const table = await readScoreTable(path);
  const file = basename(path);
  const modelColumn = findModelColumn(table.columns);
  if (modelColumn === undefined)
    throw invalidScores(path, 'it has no column of models', "call the column of models 'model'");
  const rows = table.rows.map((row) => ({ ...row, [modelColumn]: row[modelColumn] ?? '' }));
  const notes = table.leftOut.map((what) => `${file}: left out: ${what}`);
  const unnamed = rows.filter((row) => row[modelColumn] === '').length;
  if (unnamed > 0) notes.push(`${file}: left out: ${plural(unnamed, 'row')} without a model`);
  const named = rows.filter((row) => row[modelColumn] !== '');
  const modelOf = (row: Record<string, string>) => {
    const own = row[modelColumn]!;
    return names.models.get(own) ?? own;
  };
  const stem = file.replace(/\.csv$/i, '');
  const options = { path, twice, notes };
  const boards = isLong(table.columns)
    ? longBoards(options, named, modelColumn, modelOf)
    : scoreColumns(table.columns, named, modelColumn).map((column) => ({
        name: column.name,
        scores: readColumn(options, named, column, modelColumn, modelOf),
      }));
  const filled = boards.filter(({ scores }) => scores.size > 0);
  if (filled.length === 0)
    throw invalidScores(path, 'none of its columns has scores', 'give a column of numbers, a row a model');
  const families = new Map<string, string>();
  for (const row of named) {
    if (!row.family) continue;
    const model = modelOf(row);
    if ((families.get(model) ?? row.family) !== row.family)
      throw invalidScores(path, `'${model}' is of two families`, 'keep one of the two');
    families.set(model, row.family);
  }
  return {
    boards: filled.map(({ name, scores }) => ({
      id: filled.length === 1 ? stem : `${stem}:${name}`,
      kind: 'table',
      file,
      scores,
    })),
    families,
    notes,
  };
}

interface ReadOptions {
  path: string;
  twice: Twice;
  /** Written to. */
  notes: string[];
}

function longBoards(
  options: ReadOptions,
  rows: readonly Record<string, string>[],
  modelColumn: string,
  modelOf: (row: Record<string, string>) => string,
): { name: string; scores: Map<string, BoardScore> }[] {
  const scenarios = [...new Set(rows.map(({ scenario = '' }) => scenario))].filter((name) => name !== '');
  const without = rows.filter(({ scenario = '' }) => scenario === '').length;
  if (without > 0)
    options.notes.push(`${basename(options.path)}: left out: ${plural(without, 'row')} without a scenario`);
  const column = bareColumn('score');
  return scenarios.map((name) => {
    const own = rows.filter(({ scenario }) => scenario === name);
    return { name, scores: readColumn(options, own, column, modelColumn, modelOf) };
  });
}

function readColumn(
  { path, twice, notes }: ReadOptions,
  rows: readonly Record<string, string>[],
  { name, errorOf }: ScoreColumn,
  modelColumn: string,
  modelOf: (row: Record<string, string>) => string,
): Map<string, BoardScore> {
  const scores = new Map<string, BoardScore>();
  const from = new Map<string, string>();
  const again = new Set<string>();
  for (const row of rows) {
    const own = row[modelColumn]!;
    const score = readScore(row[name]);
    if (score === null) continue;
    if (typeof score === 'string') {
      const hint = score.includes(',')
        ? 'write decimals with a point'
        : score.endsWith('%')
          ? 'write percentages without the sign'
          : 'leave a cell empty where there is no score';
      throw invalidScores(path, `${name} of '${own}' is '${score.slice(0, 40)}', not a number`, hint);
    }
    const model = modelOf(row);
    const before = from.get(model);
    if (before !== undefined) {
      const what =
        before === own ? `'${own}' is there twice` : `'${before}' and '${own}' are both '${model}'`;
      if (twice === 'refuse')
        throw invalidScores(
          path,
          `${what}, column ${name}`,
          'keep one row a model, or take the best: --twice best',
        );
      again.add(model);
      if (score <= scores.get(model)!.score) continue;
    }
    from.set(model, own);
    scores.set(model, { score, se: errorOf(row, score) });
  }
  if (again.size > 0) {
    const first = [...again][0]!;
    const which = again.size === 1 ? `'${first}'` : `${plural(again.size, 'model')} ('${first}' and others)`;
    notes.push(`${basename(path)}: the best score of several counts, column ${name}: ${which}`);
  }
  return scores;
}
