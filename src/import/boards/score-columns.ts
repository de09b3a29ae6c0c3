import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { readCell } from '../format/read-table.ts';

/** What published boards call the column of models; AlpacaEval's has no name. */
const MODEL_COLUMNS = ['model', 'name', 'model_name', 'llm_model'];
/** Columns that say something else of a model, whatever their cells look like: families may be numbers. */
const NO_SCORES: ReadonlySet<string> = new Set(['', 'family', 'note']);
const STDERR = /_stderr$/;
const INTERVAL = /^\(\s*([-+]?[\d.]+)\s*[,/]\s*([-+]?[\d.]+)\s*\)$/;

/**
 * Whose columns a board has: Arena-Hard's of v0.1 (`score` with `rating_q025` and `rating_q975`) or v2 (`Scores (%)` with `CI (%)`), AlpacaEval's
 * (`win_rate` with `standard_error`, `length_controlled_winrate` with `lc_standard_error`), or a column a benchmark.
 */
export type BoardDialect = 'arena-hard-v0.1' | 'arena-hard-v2' | 'alpaca-eval' | 'plain';

type Row = Record<string, string>;

/** The interval that a board prints of a score, in the score's unit; `level` is a fraction of 1. */
export interface PrintedInterval {
  low: number;
  high: number;
  level: number;
}

/** A column of scores, and what the board says of how sure a cell is. */
export interface ScoreColumn {
  name: string;
  intervalOf: (row: Row, score: number) => PrintedInterval | null;
  /** Standard error, in the score's unit; that of an interval as if it were one of the normal distribution. */
  errorOf: (row: Row, score: number) => number | null;
}

export function dialectOf(columns: readonly string[]): BoardDialect {
  if (['score', 'rating_q025', 'rating_q975'].every((name) => columns.includes(name)))
    return 'arena-hard-v0.1';
  if (columns.includes('Scores (%)')) return 'arena-hard-v2';
  return columns.includes('win_rate') || columns.includes('length_controlled_winrate')
    ? 'alpaca-eval'
    : 'plain';
}

/** The column that names models; undefined where there is none. */
export function findModelColumn(columns: readonly string[]): string | undefined {
  const named = columns.find((column) => MODEL_COLUMNS.includes(column.toLowerCase()));
  return (
    named ?? (dialectOf(columns) === 'alpaca-eval' ? columns.find((column) => column === '') : undefined)
  );
}

/** Whether a board has a row a score: model, scenario, score. */
export function isLong(columns: readonly string[]): boolean {
  return columns.includes('scenario') && columns.includes('score');
}

/** The columns of a board that hold scores: of a plain one, those whose cells are mostly numbers. */
export function scoreColumns(
  columns: readonly string[],
  rows: readonly Row[],
  modelColumn: string,
): ScoreColumn[] {
  switch (dialectOf(columns)) {
    case 'arena-hard-v0.1':
      return [byInterval('score', (row) => between(row.rating_q025, row.rating_q975, 0.95))];
    case 'arena-hard-v2':
      return [byInterval('Scores (%)', (row, score) => aroundScore(row['CI (%)'], score, 0.9))];
    case 'alpaca-eval':
      return [
        byError('win_rate', 'standard_error'),
        byError('length_controlled_winrate', 'lc_standard_error'),
      ].filter(({ name }) => columns.includes(name));
    case 'plain':
      return columns
        .filter((column) => column !== modelColumn && !NO_SCORES.has(column) && !STDERR.test(column))
        .filter((column) => column === 'score' || isMostlyNumbers(rows.map((row) => row[column] ?? '')))
        .map((name) => byError(name, `${name}_stderr`));
  }
}

/** A column without errors. */
export function bareColumn(name: string): ScoreColumn {
  return { name, intervalOf: () => null, errorOf: () => null };
}

/** The score of a cell: null for none, a text for what is no finite number. `NaN` is a computation that failed, not a model without a score. */
export function readScore(cell: string | undefined): number | string | null {
  return cell !== undefined && /^[-+]?(nan|inf|infinity)$/i.test(cell) ? cell : readCell(cell);
}

function byInterval(name: string, intervalOf: ScoreColumn['intervalOf']): ScoreColumn {
  return {
    ...{ name, intervalOf },
    errorOf: (row, score) => {
      const printed = intervalOf(row, score);
      return printed && (printed.high - printed.low) / 2 / reachOf(printed.level);
    },
  };
}

const LEVEL = 0.95;

function byError(name: string, errorName: string): ScoreColumn {
  const errorOf = (row: Row) => {
    const error = readCell(row[errorName]);
    return typeof error === 'number' && error >= 0 ? error : null;
  };
  return {
    ...{ name, errorOf },
    intervalOf: (row, score) => {
      const error = errorOf(row);
      if (error === null) return null;
      const reach = reachOf(LEVEL) * error;
      return { low: score - reach, high: score + reach, level: LEVEL };
    },
  };
}

function between(low: string | undefined, high: string | undefined, level: number): PrintedInterval | null {
  const [from, to] = [readCell(low), readCell(high)];
  if (typeof from !== 'number' || typeof to !== 'number' || !(to >= from)) return null;
  return { low: from, high: to, level };
}

/** `(-2.3 / +2.1)`: how far it reaches from the score. */
function aroundScore(cell: string | undefined, score: number, level: number): PrintedInterval | null {
  const found = INTERVAL.exec(cell ?? '');
  if (found === null) return null;
  const [from, to] = [Number(found[1]), Number(found[2])];
  if (!(to >= from)) return null;
  const isReach = from <= 0 && to >= 0;
  return isReach ? { low: score + from, high: score + to, level } : { low: from, high: to, level };
}

/** How many standard errors half a normal interval has. */
function reachOf(level: number): number {
  return normalQuantile((1 + level) / 2, 0, 1);
}

function isMostlyNumbers(cells: readonly string[]): boolean {
  const filled = cells.map(readScore).filter((score) => score !== null);
  return filled.length > 0 && filled.filter((score) => typeof score === 'number').length * 2 > filled.length;
}
