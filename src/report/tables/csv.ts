import Papa from 'papaparse';
import type { TaskScore } from '../../record/results/task-scores.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import type {
  BenchmarkComparison,
  FactorComparison,
  GroupComparison,
  Verdict,
} from '../../verdict/schema.ts';

const POINTS = 100;

/** One model's scores by task. */
export interface ModelScores {
  model: string;
  tasks: readonly TaskScore[];
}

/**
 * Scores in the column layout of the published SOS-Bench files: a row a model, `Name`, then `TASK/METRIC` and
 * `TASK/METRIC_stderr` (fractions of 1, as the harness measures), and LiveBench's tasks by bare name in points. An empty
 * cell is a score that is not there.
 */
export function renderScoresCsv(models: readonly ModelScores[]): string {
  const columns = new Set<string>();
  const rows = models.map(({ model, tasks }) => {
    const row: Record<string, string | number> = { Name: model };
    for (const { benchmark, task, metric, mean, stderr } of tasks) {
      if (findBenchmark(benchmark)?.harness === 'livebench') {
        row[task] = mean * POINTS;
        columns.add(task);
        continue;
      }
      row[`${task}/${metric}`] = mean;
      if (stderr !== null) row[`${task}/${metric}_stderr`] = stderr;
      columns.add(`${task}/${metric}`).add(`${task}/${metric}_stderr`);
    }
    return row;
  });
  return toCsv(['Name', ...columns], rows);
}

const COMPARISON_COLUMNS = [
  ...['kind', 'id', 'name', 'factor', 'outcome', 'n', 'paired', 'method'],
  ...['baseline', 'baseline_low', 'baseline_high', 'candidate', 'candidate_low', 'candidate_high'],
  ...[
    'difference',
    'difference_low',
    'difference_high',
    'se',
    'p',
    'p_adjusted',
    'detectable',
    'gained',
    'lost',
    'reason',
  ],
] as const;

/** A comparison, a row a factor, benchmark or group of benchmarks tested as one; numbers are fractions of 1. */
export function renderCompareCsv({ factors, benchmarks, groups = [] }: Verdict): string {
  const rows = [
    ...factors.map((factor) => ({ kind: 'factor', factor: factor.id, ...cells(factor) })),
    ...benchmarks.map((row) => ({
      kind: 'benchmark',
      factor: row.factor ?? '',
      ...cells(row),
      gained: row.flips?.gained,
      lost: row.flips?.lost,
    })),
    ...groups.map((group) => ({ kind: 'group', factor: group.factor, ...cells(group) })),
  ];
  return toCsv([...COMPARISON_COLUMNS], rows);
}

function cells(part: FactorComparison | BenchmarkComparison | GroupComparison) {
  const { baseline, candidate, delta } = part;
  return {
    id: part.id,
    name: part.name,
    outcome: part.outcome,
    n: part.n,
    paired: part.paired,
    method: part.method,
    baseline: baseline.score,
    baseline_low: baseline.ci?.[0],
    baseline_high: baseline.ci?.[1],
    candidate: candidate.score,
    candidate_low: candidate.ci?.[0],
    candidate_high: candidate.ci?.[1],
    difference: delta.estimate,
    difference_low: delta.ci?.[0],
    difference_high: delta.ci?.[1],
    se: delta.se,
    p: delta.p,
    p_adjusted: delta.pAdjusted,
    detectable: part.detectable,
    reason: part.reason,
  };
}

/** Names may come from outside: a spreadsheet must not take one for a formula. */
export function toCsv(columns: readonly string[], rows: readonly object[]): string {
  return `${Papa.unparse({ fields: [...columns], data: [...rows] }, { newline: '\n', escapeFormulae: /^[=@\t\r]|^[+-](?![\d.])/ })}\n`;
}
