import { plural } from '../../count.ts';
import { FACTOR_NAMES, FACTORS, type Factor } from '../../suite/benchmark.ts';
import { type JudgeScore, judgeLineName, judgeLineOf } from '../../verdict/judge-summary.ts';
import type { Interval } from '../../verdict/schema.ts';
import type { TrendPoint } from '../comment/trend.ts';
import { formatPoints, formatScore, UNKNOWN } from '../format.ts';
import { type Chapter, clip, dataTable, html, type Markup } from './markup.ts';
import type { ReportPage } from './page.ts';

const MAX_POINTS = 40;
/** Points that the axis shows at least: noise must not look like a cliff. */
const MIN_RANGE = 0.04;
const HEIGHT = 150;
const TOP = 18;
const BOTTOM = 22;
/** Charts of judge benchmarks. */
const MAX_JUDGED = 8;
/** Names of records below a chart. */
const MAX_NAMES = 10;
const MAX_NAME = 60;
const MAX_REASON = 300;

interface Point {
  label: string;
  score: number;
  ci: Interval | null;
  isCandidate: boolean;
  isRelease: boolean;
  /** Drops that were accepted after the point before, and up to this one. */
  waived: boolean;
}

/** One line of the trend: a factor's, or what a judge said. */
interface Line {
  name: string;
  scoreOf: (point: TrendPoint) => { score: number; ci: Interval | null } | null;
}

/** How main came here, factor by factor and judge by judge, with the releases and the accepted drops; null where there is no line to draw. */
export function trendChapter(page: ReportPage): Chapter | null {
  const points = [...page.trend.slice(-(MAX_POINTS - 1)), candidateOf(page)];
  const draw = (lines: readonly Line[]) =>
    lines.flatMap((line) => {
      const own = pointsOf(page, points, line);
      return own.length < 2 || !own.at(-1)!.isCandidate ? [] : [drawTrend(line.name, own)];
    });
  const factors = FACTORS.map((factor): Line => {
    const scoreOf = ({ scores, cis }: TrendPoint) =>
      scores[factor] === null ? null : { score: scores[factor], ci: cis?.[factor] ?? null };
    return { name: FACTOR_NAMES[factor], scoreOf };
  });
  const charts = draw(factors);
  const judged = draw((page.judged ?? []).slice(0, MAX_JUDGED).map(judgeLine));
  const waivers = waiversOf(page);
  if (charts.length === 0 && judged.length === 0 && waivers === null) return null;
  const body = html`${charts.length + judged.length > 0 && html`<p>Scores of main's last records in points with 95% intervals, and of this model (triangle). R: a release, or what drift is measured from. W: a drop was accepted before that record. Intervals of single scores are wider than those of paired differences.</p>`}${charts.length > 0 && html`${charts}${tableOf(page, points)}`}${judged.length > 0 && html`<h3>Judges, in no factor</h3><p>50 is as good as the reference.</p>${judged}`}${waivers}`;
  return { id: 'trend', title: 'Trend, releases, accepted drops', body };
}

/** What a judge said of one benchmark: of the same judge, reference and protocol only. */
function judgeLine(own: JudgeScore): Line {
  const line = judgeLineOf(own);
  return {
    name: clip(judgeLineName(own), MAX_NAME),
    scoreOf: ({ judge = [] }) => judge.find((score) => judgeLineOf(score) === line) ?? null,
  };
}

function candidateOf({ label, summary, judged = [] }: ReportPage): TrendPoint {
  const of = (id: Factor) => summary.factors.find((factor) => factor.id === id);
  const entries = <T>(pick: (id: Factor) => T) => ({
    wk: pick('wk'),
    if: pick('if'),
    safety: pick('safety'),
  });
  return {
    label,
    scores: entries((id) => of(id)?.score ?? null),
    cis: entries((id) => of(id)?.ci ?? null),
    judge: judged,
  };
}

/** Whether a record stands for a release, or is the one that drift is measured from. */
function isRelease({ verdict }: ReportPage, { release, sha }: TrendPoint): boolean {
  return release !== undefined || (sha !== undefined && sha === verdict?.drift?.anchor.commit);
}

function pointsOf(page: ReportPage, points: readonly TrendPoint[], { scoreOf }: Line): Point[] {
  const accepted = page.verdict?.waivers.map(({ created }) => created) ?? [];
  return points.flatMap((point, index) => {
    const found = scoreOf(point);
    if (found === null) return [];
    const since = points[index - 1]?.created;
    const { created } = point;
    const waived =
      created !== undefined &&
      since !== undefined &&
      accepted.some((time) => since < time && time <= created);
    return [
      {
        label: point.label.slice(0, 10),
        ...{ score: found.score, ci: found.ci },
        isCandidate: index === points.length - 1,
        isRelease: isRelease(page, point),
        waived,
      },
    ];
  });
}

/** As wide as the page: what lies across is in percent. */
export function drawTrend(name: string, points: readonly Point[]): Markup {
  const values = points.flatMap(({ score, ci }) => [score, ...(ci ?? [])]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const middle = (low + high) / 2;
  const half = Math.max(MIN_RANGE / 2, (high - low) / 2) * 1.08;
  const y = (score: number) =>
    Math.round(TOP + (HEIGHT - TOP - BOTTOM) * (0.5 - (score - middle) / (2 * half)));
  const x = (index: number) =>
    `${Math.round((12 + (84 * index) / Math.max(1, points.length - 1)) * 100) / 100}%`;
  const last = points.at(-1)!;
  // Names have room for so many; the last ones are always there.
  const step = Math.ceil(points.length / MAX_NAMES);
  const isNamed = (index: number) =>
    index === 0 || (index >= step && (points.length - 1 - index) % step === 0);
  const grid = [middle + half / 1.08, middle, middle - half / 1.08];
  const marks = points.map((point, index) => {
    const { score, ci, isCandidate, isRelease, waived, label } = point;
    const shape = isCandidate ? 'M-6 5H6L0-6Z' : 'M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0Z';
    const told = [isRelease && 'R', waived && 'W'].filter(Boolean).join(' ');
    return html`${ci !== null && html`<line class="ci line" x1="${x(index)}" x2="${x(index)}" y1="${y(ci[0])}" y2="${y(ci[1])}"/>`}<svg x="${x(index)}" y="${y(score)}" overflow="visible"><path class="m line" d="${shape}"/></svg>${told !== '' && html`<text x="${x(index)}" y="12" text-anchor="middle">${told}</text>`}${isNamed(index) && html`<text class="${index === 0 || isCandidate ? 'end' : 'inner'}" x="${x(index)}" y="${HEIGHT - 6}" text-anchor="${isCandidate ? 'end' : 'middle'}">${label}</text>`}`;
  });
  const lines = points
    .slice(1)
    .map(
      ({ score }, index) =>
        html`<line class="line" x1="${x(index)}" y1="${y(points[index]!.score)}" x2="${x(index + 1)}" y2="${y(score)}"/>`,
    );
  return html`<h3>${name}, now ${formatPoints(last.score)}</h3>
<svg class="trend" width="100%" height="${HEIGHT}" role="img" aria-label="${name} of the last ${plural(points.length, 'record')}: ${points.map(({ score }) => formatPoints(score)).join(', ')}">${grid.map((score) => html`<line class="grid" x1="9%" x2="100%" y1="${y(score)}" y2="${y(score)}"/><text x="0" y="${y(score) + 4}">${formatPoints(score)}</text>`)}${lines}${marks}</svg>
`;
}

function tableOf(page: ReportPage, points: readonly TrendPoint[]): Markup {
  const columns = [
    { title: 'Record', kind: 'text' },
    ...FACTORS.map((factor) => ({ title: FACTOR_NAMES[factor], kind: 'number' }) as const),
  ] as const;
  const cell = ({ scores, cis }: TrendPoint, factor: Factor) =>
    scores[factor] === null ? UNKNOWN : formatScore({ score: scores[factor], ci: cis?.[factor] ?? null });
  const nameOf = (point: TrendPoint) => {
    const name = point.label.slice(0, 10);
    if (point.release !== undefined) return `${name} (${clip(point.release, MAX_NAME)})`;
    return isRelease(page, point) ? `${name} (anchor)` : name;
  };
  const rows = points.map((point) => [nameOf(point), ...FACTORS.map((factor) => cell(point, factor))]);
  return dataTable('Scores of the last records', columns, rows);
}

/** Drops that people accepted. */
function waiversOf({ verdict }: ReportPage): Markup | null {
  if (verdict === null || verdict.waivers.length === 0) return null;
  const nameOf = (id: string) =>
    [...verdict.factors, ...verdict.benchmarks].find((part) => part.id === id)?.name ?? id;
  const rows = verdict.waivers
    .slice(0, MAX_POINTS)
    .map(({ target, by, created, expires, reason, applied, exceeded, pull }) => [
      clip(nameOf(target), MAX_NAME),
      clip(by, MAX_NAME),
      pull === null ? UNKNOWN : `#${pull}`,
      `${created.slice(0, 10)} to ${expires.slice(0, 10)}`,
      exceeded.length > 0 ? 'exceeded' : applied ? 'let a drop pass' : 'in force',
      clip(reason, MAX_REASON),
    ]);
  const columns = ['Accepted', 'by', 'for', 'when', 'state', 'reason'].map(
    (title) => ({ title, kind: 'text' }) as const,
  );
  return html`<h3>Accepted drops</h3>${dataTable('Drops that somebody accepted', columns, rows)}`;
}
