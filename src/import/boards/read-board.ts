import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { plural } from '../../count.ts';
import type { JudgeBoard } from '../../judge/score/game.ts';
import type { JudgeResult } from '../../judge/score/judge-result.ts';
import { publishedResult } from '../../judge/score/published.ts';
import type { Table } from '../format/read-table.ts';
import { Refusal } from '../refusal.ts';
import {
  bareColumn,
  dialectOf,
  findModelColumn,
  isLong,
  readScore,
  type ScoreColumn,
  scoreColumns,
} from './score-columns.ts';

/** What a published board says of one model. */
export interface PublishedModel {
  model: string;
  file: string;
  /** Empty where no score of the model can be used. */
  results: JudgeResult[];
  /** Cells that were lost, in words. */
  losses: string[];
}

type BenchmarkName = Pick<JudgeBoard, 'benchmark' | 'category'>;

/** At equal length, as AlpacaEval's own regression has it. */
const LENGTH_CONTROLLED = 'length-controlled';
const LEVEL = 0.95;

/**
 * Which judge benchmark a column of a board without its own dialect is of; null for one that is none. Its name says so: BenchBench's `arena_hard`,
 * `alphacaeval_v2lc`.
 */
export function judgeBenchmarkOf(name: string): BenchmarkName | null {
  if (/arena[-_ ]?hard/i.test(name))
    return { benchmark: /v2/i.test(name) ? 'arena-hard-v2' : 'arena-hard-v0.1', category: null };
  if (!/al(?:ph|p)aca[-_ ]?eval/i.test(name)) return null;
  return {
    benchmark: 'alpaca-eval',
    category: /lc|length/i.test(name.replace(/al\w*?ca/i, '')) ? LENGTH_CONTROLLED : null,
  };
}

/** Whether a table with these columns is a board of a judge. @param stem the file's name without its ending. */
export function isJudgeBoard(columns: readonly string[], stem: string): boolean {
  if (findModelColumn(columns) === undefined) return false;
  if (dialectOf(columns) !== 'plain') return true;
  if (isLong(columns)) return true;
  return columns.some((column) => judgeBenchmarkOf(column === 'score' ? stem : column) !== null);
}

/**
 * Reads a board that publishes a score a model. Which model judged, it does not say: the scores of one file are those of one judge, called by the
 * file.
 *
 * @throws Refusal where there is no score of a judge in it.
 */
export function readJudgeBoard({ columns, rows, leftOut }: Table, file: string): PublishedModel[] {
  const modelColumn = findModelColumn(columns);
  if (modelColumn === undefined) throw new Refusal('it has no column of models');
  const named = rows.filter((row) => (row[modelColumn] ?? '') !== '');
  const stem = file.replace(/\.[ct]sv$/i, '');
  const models = new Map<string, PublishedModel>();
  const lost = leftOut.map((what) => `${file}: left out: ${what}`);
  if (named.length < rows.length)
    lost.push(`${file}: left out: ${plural(rows.length - named.length, 'row')} without a model`);
  const isPlain = dialectOf(columns) === 'plain';
  const parts = partsOf(columns, named, modelColumn, stem);
  if (parts.length === 0)
    throw new Refusal("none of its columns is known as a judge's: 'sos-bench agree --with' takes any scores");
  for (const { column, rows: own, name } of parts) {
    const board = { ...name, judge: `board ${file}`, reference: null };
    for (const { model, result, loss } of readColumn(own, column, modelColumn, { file, isPlain, board })) {
      const known = models.get(model) ?? { model, file, results: [], losses: [...lost] };
      models.set(model, known);
      if (loss !== null) known.losses.push(loss);
      if (result === null) continue;
      if (loss === null && known.results.some((other) => isSame(other, result)))
        known.losses.push(`${file}: two columns are of one benchmark: ${column.name}, the later one, counts`);
      known.results = [...known.results.filter((other) => !isSame(other, result)), result];
    }
  }
  // A model all of whose scores were lost is named as well, with what was lost of it.
  if ([...models.values()].some(({ results }) => results.length > 0)) return [...models.values()];
  const [reason = 'it has no rows'] = [...models.values()].flatMap(({ losses }) => losses);
  throw new Refusal(`it has no score that can be used (${reason})`);
}

interface BoardPart {
  name: BenchmarkName;
  column: ScoreColumn;
  rows: readonly Record<string, string>[];
}

function partsOf(
  columns: readonly string[],
  rows: readonly Record<string, string>[],
  modelColumn: string,
  stem: string,
): BoardPart[] {
  const dialect = dialectOf(columns);
  if (dialect === 'plain' && isLong(columns)) {
    const scenarios = [...new Set(rows.map(({ scenario = '' }) => scenario))];
    return scenarios.flatMap((scenario) => {
      const name = judgeBenchmarkOf(scenario);
      const own = rows.filter((row) => row.scenario === scenario);
      return name === null ? [] : [{ name, column: bareColumn('score'), rows: own }];
    });
  }
  return scoreColumns(columns, rows, modelColumn).flatMap((column) => {
    const name = nameOf(dialect, column.name, stem);
    return name === null ? [] : [{ name, column, rows }];
  });
}

function nameOf(dialect: ReturnType<typeof dialectOf>, column: string, stem: string): BenchmarkName | null {
  switch (dialect) {
    case 'plain':
      return judgeBenchmarkOf(column === 'score' ? stem : column);
    case 'alpaca-eval':
      return { benchmark: 'alpaca-eval', category: column === 'win_rate' ? null : LENGTH_CONTROLLED };
    default:
      return { benchmark: dialect, category: null };
  }
}

interface ReadCell {
  model: string;
  result: JudgeResult | null;
  loss: string | null;
}

function* readColumn(
  rows: readonly Record<string, string>[],
  column: ScoreColumn,
  modelColumn: string,
  { file, isPlain, board }: { file: string; isPlain: boolean; board: JudgeBoard },
): Generator<ReadCell> {
  const scores = rows.map((row) => readScore(row[column.name]));
  // Judges' own boards print points; of others, one that has nothing above 1 prints fractions.
  const isFraction = isPlain && scores.every((score) => typeof score !== 'number' || score <= 1);
  const unit = isFraction ? 1 : 100;
  const seen = new Set<string>();
  for (const [at, row] of rows.entries()) {
    const score = scores[at]!;
    if (score === null) continue;
    const model = row[modelColumn]!;
    const lost = (what: string): ReadCell => ({
      ...{ model, result: null },
      loss: `${file}: ${column.name} left out: ${what}`,
    });
    if (typeof score === 'string') {
      yield lost(`'${score.slice(0, 40)}' is no number`);
      continue;
    }
    if (score < 0 || score > unit) {
      yield lost(`${score} is no share of wins, from 0 to ${unit}`);
      continue;
    }
    const again = seen.has(model) ? `${file}: ${column.name} is there twice: the later row counts` : null;
    seen.add(model);
    const error = column.errorOf(row, score);
    const printed = column.intervalOf(row, score);
    const result = publishedResult(board, {
      score: score / unit,
      ci: printed && usualInterval(printed, score, unit),
      stderr: error === null || error > unit ? null : error / unit,
    });
    yield { model, result, loss: again };
  }
}

/** The board's interval at the level of all others, within 0 and 1; null where the score lies outside of it. */
function usualInterval(
  { low, high, level }: { low: number; high: number; level: number },
  score: number,
  unit: number,
): [number, number] | null {
  if (low > score || high < score) return null;
  const wider = normalQuantile((1 + LEVEL) / 2, 0, 1) / normalQuantile((1 + level) / 2, 0, 1);
  return [
    Math.max(0, score + wider * (low - score)) / unit,
    Math.min(unit, score + wider * (high - score)) / unit,
  ];
}

function isSame(one: JudgeResult, other: JudgeResult): boolean {
  return one.benchmark === other.benchmark && one.category === other.category;
}
