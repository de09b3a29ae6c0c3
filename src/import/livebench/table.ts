import { plural } from '../../count.ts';
import { CATALOGUE } from '../../suite/catalogue.ts';
import { readCell, type Table } from '../format/read-table.ts';
import { Refusal } from '../refusal.ts';
import {
  binomialStderr,
  type ImportedTask,
  type ImportSource,
  lostCells,
  NO_CELL,
  skippedTask,
  summaryTask,
  unknownFacts,
  unknownProtocol,
} from '../source.ts';

/** The two releases whose means are around; the catalogue is the second. */
export type Release = '2024-06-24' | '2024-07-26';

/** Questions of the first release where they differ; it had no task `spatial`. */
const FIRST_RELEASE: Record<string, number> = {
  LCB_generation: 50,
  coding_completion: 38,
  spatial: 0,
};

const BENCHMARKS = CATALOGUE.filter(({ harness }) => harness === 'livebench');

/** `livebench-data-analysis` is column `data_analysis` of `all_groups.csv`. */
function categoryOf(id: string): string {
  return id.replace(/^livebench-/, '').replaceAll('-', '_');
}

const TASK_NAMES = BENCHMARKS.flatMap(({ tasks }) => tasks.map(({ name }) => name));

/** Which release the tables are of: a table of tasks tells it by whether `spatial` is there. */
export function findRelease(tables: readonly Table[]): Release {
  const byTask = tables.filter(({ columns }) => columns.some((name) => TASK_NAMES.includes(name)));
  const first = byTask.length > 0 && !byTask.some(({ columns }) => columns.includes('spatial'));
  return first ? '2024-06-24' : '2024-07-26';
}

/**
 * Reads LiveBench's `all_tasks.csv` (a column a task) or `all_groups.csv` (a column a category), scores from 0 to 100.
 * Averages and other columns are no scores. Neither file has standard errors or counts: errors are derived, counts are
 * those of the release.
 *
 * @throws Refusal when there is no `model` column or no known task or category.
 */
export function readLiveBenchTable(
  { columns, rows, leftOut }: Table,
  file: string,
  release: Release,
): ImportSource[] {
  if (!columns.includes('model')) throw new Refusal("it has no column 'model'");
  if (rows.length === 0) throw new Refusal('it has no rows');
  const questions = (name: string, items: number) =>
    release === '2024-06-24' ? (FIRST_RELEASE[name] ?? items) : items;
  const tasks = BENCHMARKS.flatMap((row) =>
    row.tasks
      .filter(({ name }) => columns.includes(name))
      .map(({ name, items }) => ({ task: name, benchmark: row.id, n: questions(name, items) })),
  );
  const categories = BENCHMARKS.filter(({ id }) => columns.includes(categoryOf(id))).map((row) => ({
    task: categoryOf(row.id),
    benchmark: row.id,
    n: row.tasks.reduce((sum, { name, items }) => sum + questions(name, items), 0),
  }));
  const found = tasks.length > 0 ? tasks : categories;
  if (found.length === 0) throw new Refusal('none of its columns is a task or category of LiveBench');
  const only = tasks.length > 0 ? '' : 'category means only; ';
  const assumed = `LiveBench: ${only}question counts of release ${release} assumed`;
  const named = rows.filter(({ model }) => model !== undefined && model !== '');
  const lost = rows.length - named.length;
  if (named.length * 2 < rows.length) throw new Refusal('most of its rows have no model');
  const left = [...leftOut, ...(lost > 0 ? [`${plural(lost, 'row')} without a model`] : [])];
  const losses = left.map((what) => `${file}: left out: ${what}`);
  return named.map((row, i) => {
    const model = row.model!;
    const own = found.map(({ task, benchmark, n }) => readScore(task, benchmark, n, row[task]));
    const lost = [...losses, ...lostCells(file, own)];
    return {
      from: 'livebench',
      model,
      label: `${file}-row-${i + 2}`,
      timed: false,
      files: [file],
      facts: unknownFacts(model, 'livebench'),
      tasks: own,
      losses: lost,
      notes: [
        `${assumed}; standard errors derived as sqrt(p (1 - p) / n), an upper bound for graded scores`,
        ...lost,
      ],
    };
  });
}

function readScore(task: string, benchmark: string, n: number, cell: string | undefined): ImportedTask {
  const value = readCell(cell);
  const protocol = unknownProtocol('livebench');
  if (value === null) return skippedTask(task, benchmark, NO_CELL, protocol);
  if (typeof value === 'string')
    return skippedTask(task, benchmark, `'${value.slice(0, 40)}' is not a number`, protocol);
  if (value < 0 || value > 100)
    return skippedTask(task, benchmark, `${value} is not from 0 to 100`, protocol);
  const mean = value / 100;
  const stderr = binomialStderr(mean, n);
  return summaryTask(
    task,
    benchmark,
    { n, mean, stderr, stderrOrigin: stderr === null ? null : 'derived' },
    protocol,
  );
}
