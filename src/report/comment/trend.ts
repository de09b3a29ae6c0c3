import { plural } from '../../count.ts';
import { FACTOR_NAMES, FACTORS, type Factor } from '../../suite/benchmark.ts';
import { type JudgeScore, judgeLineName, judgeLineOf } from '../../verdict/judge-summary.ts';
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
  /** Name of the release that the record stands for; left out where it stands for none. */
  release?: string;
  /** What judges said, in no factor; left out where nothing was judged. */
  judge?: readonly JudgeScore[];
}

/** More points than this cannot be told apart. */
const MAX_POINTS = 12;
/** Mermaid's own first colour is next to white; this blue is seen on GitHub's light and dark pages. Its own height fills a screen a chart. */
const STYLE = JSON.stringify({
  themeVariables: { xyChart: { plotColorPalette: '#0969da', backgroundColor: 'transparent' } },
  xyChart: {
    width: 760,
    height: 180,
    titleFontSize: 14,
    xAxis: { labelFontSize: 11 },
    yAxis: { labelFontSize: 11 },
  },
});
/** Axes are at least this wide (points), so that noise does not look like a cliff. */
const MIN_RANGE = 4;
/** Charts of judge benchmarks beyond these are not looked at. */
const MAX_JUDGED = 4;
const MAX_TITLE_LENGTH = 90;

/**
 * The last records of the main branch and the candidate as a small chart a factor (Mermaid), oldest first, the candidate last; those of judge
 * benchmarks in a fold of their own. Null where there is nothing to draw a line between.
 */
export function renderTrend(history: readonly TrendPoint[], candidate: TrendPoint): string | null {
  const points = [...history.slice(-(MAX_POINTS - 1)), candidate];
  const factors = FACTORS.flatMap((factor) =>
    renderLine(FACTOR_NAMES[factor], points, ({ scores }) => scores[factor]),
  );
  const judged = (candidate.judge ?? []).flatMap((own) => {
    const line = judgeLineOf(own);
    return renderLine(
      judgeLineName(own),
      points,
      ({ judge = [] }) => judge.find((score) => judgeLineOf(score) === line)?.score ?? null,
    );
  });
  const records = plural(Math.min(history.length, MAX_POINTS - 1), 'record');
  const folds = [
    ...(factors.length > 0
      ? [fold(`Trend: the last ${records} of the main branch, and this model`, factors)]
      : []),
    ...(judged.length > 0
      ? [
          fold(
            'Trend of judge benchmarks, in no factor: 50 is as good as the reference',
            judged.slice(0, MAX_JUDGED),
          ),
        ]
      : []),
  ];
  return folds.length === 0 ? null : folds.join('\n\n');
}

function fold(summary: string, charts: readonly string[]): string {
  return `<details><summary>${summary}</summary>\n\n${charts.join('\n\n')}\n\n</details>`;
}

/** The chart of one line; none where there is nothing to draw it between, or the last point is not on it. */
function renderLine(
  name: string,
  points: readonly TrendPoint[],
  scoreOf: (point: TrendPoint) => number | null,
): string[] {
  const scored = points.flatMap((point) => {
    const score = scoreOf(point);
    return score === null ? [] : [{ label: point.label, score }];
  });
  return scored.length < 2 || scoreOf(points.at(-1)!) === null ? [] : [renderChart(name, scored)];
}

function renderChart(name: string, points: readonly { label: string; score: number }[]): string {
  const values = points.map(({ score }) => score * 100);
  const middle = (Math.max(...values) + Math.min(...values)) / 2;
  const half = Math.max(MIN_RANGE, Math.max(...values) - Math.min(...values)) / 2 + 1;
  const last = points.at(-1)!.score;
  // Names of judges are from records: what could end a title, a line or the fence is not shown.
  const title = name.replace(/[^\p{L}\p{N} .,:()/@_-]/gu, '').slice(0, MAX_TITLE_LENGTH);
  return [
    '```mermaid',
    `%%{init: ${STYLE}}%%`,
    'xychart-beta',
    `  title "${title}, points (now ${formatPoints(last).replace('\u2212', '-')})"`,
    // Quoted, or a sha of digits alone would be taken for a number.
    `  x-axis [${points.map(({ label }) => `"${label.replace(/[^\w.-]/g, '').slice(0, 10)}"`).join(', ')}]`,
    `  y-axis ${Math.max(0, Math.floor(middle - half))} --> ${Math.min(100, Math.ceil(middle + half))}`,
    `  line [${values.map((value) => value.toFixed(1)).join(', ')}]`,
    '```',
  ].join('\n');
}
