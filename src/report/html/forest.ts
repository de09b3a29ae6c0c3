import { formatCount } from '../../count.ts';
import type {
  BenchmarkComparison,
  FactorComparison,
  Interval,
  Outcome,
  Verdict,
} from '../../verdict/schema.ts';
import { formatDelta, formatP, formatPoints, formatScorePoints, UNKNOWN } from '../format.ts';
import { describeFactorOutcome, describeOutcome } from '../outcome-words.ts';
import { colourOf, drawMark, iconOf } from './marks.ts';
import { type Chapter, clip, html, type Markup } from './markup.ts';

type Row = FactorComparison | BenchmarkComparison;

/** Points on both sides of 0 that the axis shows at least: noise must not look like a cliff. */
const MIN_REACH = 0.05;
/** More benchmarks than this are counted, not drawn. */
const MAX_ROWS = 120;
const MAX_NAME = 60;
/** Where 0 is on the axis, and how far from it the ends of the axis are, in percent of the width. */
const CENTRE = 50;
const HALF = 48;
const HEIGHT = 24;

/** Every factor with its benchmarks: the difference with its interval, beside what counts as equal and what would have been seen. */
export function forestChapter({ factors, benchmarks, coverage, sameModel }: Verdict): Chapter {
  const compared = benchmarks.filter(({ delta }) => delta.estimate !== null);
  const rows: { row: Row; isFactor: boolean }[] = factors.flatMap((factor) => [
    { row: factor, isFactor: true },
    ...compared.filter((one) => one.factor === factor.id).map((row) => ({ row, isFactor: false })),
  ]);
  rows.push(...compared.filter(({ factor }) => factor === null).map((row) => ({ row, isFactor: false })));
  const shown = rows.slice(0, MAX_ROWS);
  const reach = reachOf(
    shown.map(({ row }) => row),
    factors,
  );
  const more = rows.length - shown.length;
  const body = html`<p>Points gained (right of 0) or lost (left), with the 95% interval. ${KEY}</p>
<table class="forest" role="table"><caption>Difference of each factor and benchmark, candidate minus baseline</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Factor, benchmark</th><th role="columnheader" scope="col" class="plot">${axis(reach)}</th>${[
    'difference (95%)',
    'baseline → candidate',
    'detectable drop',
    'outcome',
  ].map((title) => html`<th role="columnheader" scope="col">${title}</th>`)}</tr></thead>
<tbody role="rowgroup">
${shown.map(({ row, isFactor }) => drawRow(row, isFactor, { reach, coverage, sameModel }))}</tbody></table>
${more > 0 && html`<p>and ${formatCount(more)} more, in <code>verdict.json</code>.</p>`}${notCompared(benchmarks)}`;
  return { id: 'forest', title: 'Factors and benchmarks', body };
}

const SHAPES = ['regressed', 'improved', 'equivalent', 'held', 'inconclusive'] as const;

const KEY = html`Each outcome has a shape of its own: ${SHAPES.map(
  (outcome, index) =>
    html`${index > 0 && ', '}<span class="key">${iconOf(outcome)}${describeOutcome(outcome).word}</span>`,
)}. The grey band is the margin: an interval inside it counts as equal. The dotted line is the detectable drop: a true drop of that size is seen four times in five.`;

/** How far the axis reaches: all of the estimates and of the factors' intervals, and of wide intervals of small benchmarks what has room. */
function reachOf(rows: readonly Row[], factors: readonly FactorComparison[]): number {
  const sizes = (list: readonly Row[], of: (row: Row) => readonly (number | null)[]) =>
    Math.max(0, ...list.flatMap((row) => of(row).map((value) => Math.abs(value ?? 0))));
  const estimates = sizes(rows, ({ delta }) => [delta.estimate]);
  const bounds = sizes(rows, ({ delta }) => delta.ci ?? []);
  const most = Math.max(2 * MIN_REACH, 1.5 * estimates, 1.2 * sizes(factors, ({ delta }) => delta.ci ?? []));
  return Math.max(MIN_REACH, Math.min(bounds, most));
}

/** In percent of the width, within the axis. */
function at(value: number, reach: number): string {
  const share = Math.max(-1, Math.min(1, value / reach));
  return `${Math.round((CENTRE + HALF * share) * 100) / 100}%`;
}

function width(from: number, to: number, reach: number): string {
  const [low, high] = [from, to].map((value) => Math.max(-1, Math.min(1, value / reach)));
  return `${Math.round(HALF * (high! - low!) * 100) / 100}%`;
}

function axis(reach: number): Markup {
  const ticks = [-1, -0.5, 0, 0.5, 1].map((share) => share * reach);
  return html`<svg class="axis" height="${HEIGHT}" width="100%" role="img" aria-label="axis from ${formatPoints(-reach)} to ${formatPoints(reach)} points">${ticks.map(
    (tick, index) =>
      html`<text x="${at(tick, reach)}" y="16" text-anchor="${index === 0 ? 'start' : index === 4 ? 'end' : 'middle'}">${formatPoints(tick)}</text>`,
  )}</svg>`;
}

/**
 * One row's picture: the margin as a band, the detectable drop as a dotted line, the interval and, at the estimate, the shape of the outcome. As
 * wide as its cell: all that lies across is in percent.
 */
export function drawDifference(
  { delta, threshold, detectable, outcome }: Pick<Row, 'delta' | 'threshold' | 'detectable' | 'outcome'>,
  reach: number,
): Markup {
  const { estimate, ci } = delta;
  const middle = HEIGHT / 2;
  return html`<svg class="row" height="${HEIGHT}" width="100%" aria-hidden="true"><rect class="band" x="${at(-threshold.margin, reach)}" width="${width(-threshold.margin, threshold.margin, reach)}" y="1" height="${HEIGHT - 2}"/><line class="zero" x1="${CENTRE}%" x2="${CENTRE}%" y1="0" y2="${HEIGHT}"/>${
    detectable !== null &&
    detectable <= reach &&
    html`<line class="seen" x1="${at(-detectable, reach)}" x2="${at(-detectable, reach)}" y1="2" y2="${HEIGHT - 2}"/>`
  }${ci !== null && drawInterval(ci, outcome, reach, middle)}${
    estimate !== null &&
    html`<svg x="${at(estimate, reach)}" y="${middle}" overflow="visible">${drawMark(outcome)}</svg>`
  }</svg>`;
}

/** With a cap where it ends, and without one where it goes on beyond the axis. */
function drawInterval(ci: Interval, outcome: Outcome, reach: number, y: number): Markup {
  const colour = colourOf(outcome);
  return html`<line class="ci ${colour}" x1="${at(ci[0], reach)}" x2="${at(ci[1], reach)}" y1="${y}" y2="${y}"/>${ci
    .filter((end) => Math.abs(end) <= reach)
    .map(
      (end) =>
        html`<line class="ci ${colour}" x1="${at(end, reach)}" x2="${at(end, reach)}" y1="${y - 4}" y2="${y + 4}"/>`,
    )}`;
}

function drawRow(
  row: Row,
  isFactor: boolean,
  { reach, coverage, sameModel }: { reach: number } & Pick<Verdict, 'coverage' | 'sameModel'>,
): Markup {
  const { name, baseline, candidate, delta, detectable, outcome, reason, threshold } = row;
  // Of little of a factor no all-clear is given.
  const { word, note } = isFactor
    ? describeFactorOutcome(row as FactorComparison, coverage, sameModel)
    : { ...describeOutcome(outcome), note: null };
  const why = [note, reason].filter((text) => text !== null).join('; ');
  const isWarning = threshold.level === 'warn' && outcome === 'regressed';
  const p = delta.pAdjusted === null ? '' : `adjusted p ${formatP(delta.pAdjusted)}`;
  return html`<tr role="row" class="${isFactor ? 'factor' : 'benchmark'}"><th role="rowheader" scope="row">${clip(name, MAX_NAME)}</th><td role="cell" class="plot">${drawDifference(row, reach)}</td><td role="cell" class="n" title="${p}">${formatDelta(delta)}</td><td role="cell" class="n" data-label="scores ">${formatScorePoints(baseline.score)} → ${formatScorePoints(candidate.score)}</td><td role="cell" class="n" data-label="detectable drop ">${detectable === null ? UNKNOWN : formatPoints(detectable)}</td><td role="cell" class="outcome"><span class="key">${note === null && iconOf(outcome)}${word}</span>${isWarning && ' (warning only)'}${why !== '' && html`<small>${clip(why, 300)}</small>`}</td></tr>
`;
}

/** Why the others were not compared, those with one reason together. */
function notCompared(benchmarks: readonly BenchmarkComparison[]): Markup | null {
  const others = benchmarks.filter(({ delta }) => delta.estimate === null);
  if (others.length === 0) return null;
  const groups = new Map<string, BenchmarkComparison[]>();
  for (const one of others) {
    const key = JSON.stringify([one.outcome, one.reason]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return html`<h3>Not compared (${formatCount(others.length)})</h3>
<ul>${[...groups.values()].slice(0, MAX_ROWS).map(
    (group) =>
      html`<li>${group
        .slice(0, MAX_ROWS)
        .map(({ name }) => clip(name, MAX_NAME))
        .join(
          ', ',
        )}: ${describeOutcome(group[0]!.outcome).word}${group[0]!.reason !== null && `, ${clip(group[0]!.reason, 300)}`}</li>
`,
  )}</ul>`;
}
