import { plural } from '../../count.ts';
import { FACTOR_NAMES, FACTORS, type Factor } from '../../suite/benchmark.ts';
import type { Interval } from '../../verdict/schema.ts';
import { formatPoints } from '../format.ts';

/** One record on the way: a commit of the main branch, or the pull request's own. */
export interface TrendPoint {
  /** A short sha; letters and digits only are shown. */
  label: string;
  /** Scores, fractions of 1; null where a factor was not measured. */
  scores: Record<Factor, number | null>;
  /** Their 95% intervals; null where a factor was not measured, left out where unknown. */
  cis?: Record<Factor, Interval | null>;
  /** Commit of the record, and when the record was kept; left out where unknown. */
  sha?: string;
  created?: string;
}

/** More points than this cannot be told apart. */
const MAX_POINTS = 12;
/** Axes are at least this wide (points), so that noise does not look like a cliff. */
const MIN_RANGE = 4;

/**
 * The last records of the main branch and the candidate as a small chart a factor (Mermaid), oldest first, the
 * candidate last. Null where there is nothing to draw a line between.
 */
export function renderTrend(history: readonly TrendPoint[], candidate: TrendPoint): string | null {
  const charts = FACTORS.map((factor) => {
    const points = [...history.slice(-(MAX_POINTS - 1)), candidate].filter(
      ({ scores }) => scores[factor] !== null,
    );
    return points.length < 2 || candidate.scores[factor] === null ? null : renderChart(factor, points);
  }).filter((chart) => chart !== null);
  if (charts.length === 0) return null;
  const records = plural(Math.min(history.length, MAX_POINTS - 1), 'record');
  return `<details><summary>Trend: the last ${records} of the main branch, and this model</summary>\n\n${charts.join('\n\n')}\n\n</details>`;
}

function renderChart(factor: Factor, points: readonly TrendPoint[]): string {
  const values = points.map(({ scores }) => (scores[factor] ?? 0) * 100);
  const middle = (Math.max(...values) + Math.min(...values)) / 2;
  const half = Math.max(MIN_RANGE, Math.max(...values) - Math.min(...values)) / 2 + 1;
  const last = points.at(-1)!.scores[factor];
  return [
    '```mermaid',
    'xychart-beta',
    `  title "${FACTOR_NAMES[factor]}, points (now ${formatPoints(last).replace('\u2212', '-')})"`,
    // Quoted, or a sha of digits alone would be taken for a number.
    `  x-axis [${points.map(({ label }) => `"${label.replace(/[^\w.-]/g, '').slice(0, 10)}"`).join(', ')}]`,
    `  y-axis ${Math.max(0, Math.floor(middle - half))} --> ${Math.min(100, Math.ceil(middle + half))}`,
    `  line [${values.map((value) => value.toFixed(1)).join(', ')}]`,
    '```',
  ].join('\n');
}
