import { plural } from '../../count.ts';
import { findTask } from '../../suite/find-task.ts';
import { readCell, type Table } from '../format/read-table.ts';
import { Refusal } from '../refusal.ts';
import { scoreByMean } from '../score-by-mean.ts';
import {
  type ImportedRun,
  type ImportedTask,
  type ImportSource,
  lostCells,
  NO_CELL,
  skippedTask,
  toIso,
  unknownFacts,
  unknownProtocol,
} from '../source.ts';
import { chooseMetric, type ReportedMetric } from './choose-metric.ts';
import { countFromStderr } from './results.ts';

interface Column {
  name: string;
  metric: string;
}

/**
 * Reads the harness half of the published scores, a row a model and columns `TASK/METRIC` (`_stderr` beside it).
 * Other columns (run time, GPU, batch size) are no scores. Tasks outside the catalogue are left out.
 *
 * @throws Refusal when there is no `Name` column or no column of a known task.
 */
export function readHarnessTable({ columns, rows, leftOut }: Table, file: string): ImportSource[] {
  if (!columns.includes('Name')) throw new Refusal("it has no column 'Name'");
  const tasks = findTaskColumns(columns);
  if (tasks.size === 0) throw new Refusal('none of its columns is TASK/METRIC of a benchmark of SOS-Bench');
  if (rows.length === 0) throw new Refusal('it has no rows');
  const named = rows.filter(({ Name }) => Name !== undefined && Name !== '');
  const lost = rows.length - named.length;
  const left = lost > 0 ? [...leftOut, `${plural(lost, 'row')} without a Name`] : leftOut;
  const losses = left.map((what) => `${file}: left out: ${what}`);
  if (named.length * 2 < rows.length) throw new Refusal('most of its rows have no Name');
  return named.map((row, i) => {
    const model = row.Name!;
    const created = row.Created ? new Date(row.Created) : null;
    const time = created === null ? null : toIso(created.getTime() / 1000);
    const own = [...tasks].map(([task, columns]) => readTask(task, columns, row));
    const lostHere = [...losses, ...lostCells(file, own)];
    const commit = /[0-9a-f]{40}$/.exec(row.GitHub ?? '')?.[0];
    return {
      from: 'sos-bench-csv',
      model,
      label: time ?? `row-${i + 2}`,
      timed: time !== null,
      files: [file],
      facts: readFacts(row, model, time),
      tasks: own,
      losses: lostHere,
      notes: [
        ...(commit ? [`harness at commit ${commit}`] : []),
        ...lostHere,
        'IFEval: the instruction metrics are pooled over all instructions, another estimator than the mean over ' +
          'prompts that a run here gives; its standard error is that of the prompt metrics',
      ],
    };
  });
}

/** Columns by task; where a group stands beside its tasks, the tasks alone. */
function findTaskColumns(columns: readonly string[]): Map<string, Column[]> {
  const tasks = new Map<string, Column[]>();
  for (const name of columns) {
    const slash = name.lastIndexOf('/');
    const task = name.slice(0, slash);
    const metric = name.slice(slash + 1);
    if (slash <= 0 || metric.endsWith('_stderr') || findTask(task, 'lm-eval') === undefined) continue;
    tasks.set(task, [...(tasks.get(task) ?? []), { name, metric }]);
  }
  const covered = new Set([...tasks.keys()].flatMap((name) => coveredBenchmark(name)));
  for (const name of tasks.keys()) {
    const found = findTask(name, 'lm-eval');
    if (found?.task === null && covered.has(found.benchmark.id)) tasks.delete(name);
  }
  return tasks;
}

function coveredBenchmark(task: string): string[] {
  const found = findTask(task, 'lm-eval');
  return found?.task ? [found.benchmark.id] : [];
}

function readTask(task: string, columns: readonly Column[], row: Record<string, string>): ImportedTask {
  const found = findTask(task, 'lm-eval')!;
  const { metric } = found.benchmark;
  const reported = columns.map(({ name, metric }): ReportedMetric => {
    const value = readCell(row[name]);
    const stderr = readCell(row[`${name}_stderr`]);
    return {
      name: metric,
      filter: null,
      value: typeof value === 'number' ? value : null,
      stderr: typeof stderr === 'number' && stderr >= 0 ? stderr : null,
      higherIsBetter: null,
    };
  });
  const protocol = unknownProtocol(metric);
  const skip = (reason: string) => skippedTask(task, found.benchmark.id, reason, protocol);
  const odd = columns.find(({ name }) => typeof readCell(row[name]) === 'string');
  if (odd) return skip(`${odd.name} is '${row[odd.name]?.slice(0, 40)}', not a number`);
  if (reported.every(({ value }) => value === null)) return skip(NO_CELL);
  const chosen = chooseMetric(task, reported, null);
  if ('reason' in chosen) return skip(chosen.reason);
  if (chosen.benchmark !== found.benchmark.id) return skip(`the table has no column ${task}/${metric}`);
  const counted = reported.map(
    ({ value, stderr }) => value !== null && stderr !== null && countFromStderr(value, stderr),
  );
  const n = counted.find((count) => typeof count === 'number') ?? found.task?.items ?? found.benchmark.items;
  return scoreByMean(task, chosen, reported, n, protocol);
}

function readFacts(row: Record<string, string>, model: string, started: string | null): ImportedRun {
  const facts = unknownFacts(model, 'lm-eval');
  const seconds = readCell(row.Runtime);
  const seed = readCell(row['cli_configs.torch_seed']);
  const parameters = readCell(row['cli_configs.model_num_parameters']);
  const known = typeof seconds === 'number' && seconds > 0;
  return {
    ...facts,
    started,
    finished: started !== null && known ? toIso(Date.parse(started) / 1000 + seconds) : started,
    minutes: known ? seconds / 60 : null,
    seed: typeof seed === 'number' && Number.isInteger(seed) ? seed : null,
    subject: { ...facts.subject, parameters: typeof parameters === 'number' ? parameters : null },
  };
}
