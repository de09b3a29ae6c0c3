import { plural } from '../../count.ts';
import type { Interval } from '../../verdict/schema.ts';
import { formatPoints, formatScorePoints } from '../format.ts';
import { clip, html, type Markup } from '../html/markup.ts';

/** One record on a line; `score` null where the record does not have it. */
export interface ChartPoint {
  score: number | null;
  ci: Interval | null;
  /** `2026-11-30`. */
  date: string;
  /** A release's name, or `W` for a drop that was accepted before it; null for none. */
  mark: { kind: 'release' | 'waiver'; text: string } | null;
}

/** More than a line can tell apart; the newest are drawn. */
export const MAX_DRAWN = 2000;
/** Up to so many records have a dot each. */
const MAX_DOTS = 60;
/** Points that the axis shows at least: noise must not look like a cliff. */
const MIN_RANGE = 0.04;
const HEIGHT = 160;
const TOP = 20;
const BOTTOM = 22;
const PLOT = HEIGHT - TOP - BOTTOM;
/** The plot's own coordinates across, and where it lies on the page in percent. */
const WIDTH = 1000;
const [LEFT, SPAN] = [9, 90];
/** Names of marks that lie closer than this share of the width would cover one another. */
const MIN_GAP = 0.08;
const MAX_MARK = 12;

/** A line with its interval band, as wide as the page; null where there is no score to draw. */
export function drawLine(name: string, all: readonly ChartPoint[]): Markup | null {
  const points = all.slice(-MAX_DRAWN);
  const scored = points.flatMap((point, index) =>
    point.score === null ? [] : [{ ...point, index, score: point.score }],
  );
  const last = scored.at(-1);
  if (last === undefined) return null;
  const values = scored.flatMap(({ score, ci }) => [score, ...(ci ?? [])]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const middle = (low + high) / 2;
  const half = Math.max(MIN_RANGE / 2, (high - low) / 2) * 1.05;
  const y = (score: number) => round(PLOT * (0.5 - (score - middle) / (2 * half)));
  const share = (index: number) => (index + 0.5) / points.length;
  const x = (index: number) => round(WIDTH * share(index));
  const across = (index: number) => `${round(LEFT + SPAN * share(index))}%`;
  const down = (score: number) => round(TOP + y(score));
  const runs = unbroken(scored);
  const line = runs
    .map(
      (run) =>
        `M${run.map(({ index, score }) => `${x(index)} ${y(score)}`).join('L')}${run.length === 1 ? 'h0' : ''}`,
    )
    .join('');
  const band = runs.map((run) => bandOf(run, x, y)).join('');
  const grid = [middle + half / 1.05, middle, middle - half / 1.05];
  let named = Number.POSITIVE_INFINITY;
  // The newest names first: those of before give way.
  const marks = scored.toReversed().flatMap(({ index, score, mark }) => {
    const isLast = index === last.index;
    if (mark === null && !isLast && scored.length > MAX_DOTS) return [];
    const dot = html`<svg x="${across(index)}" y="${down(score)}" overflow="visible"><path class="m line" d="${mark?.kind === 'release' ? 'M0-5 5 0 0 5-5 0Z' : 'M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0Z'}"/></svg>`;
    if (mark === null || named - share(index) < MIN_GAP) return [dot];
    named = share(index);
    const anchor = share(index) > 0.92 ? 'end' : share(index) < 0.08 ? 'start' : 'middle';
    return [
      html`${dot}<text class="${mark.kind === 'waiver' ? 'inner' : 'end'}" x="${across(index)}" y="12" text-anchor="${anchor}">${clip(mark.text, MAX_MARK)}</text>`,
    ];
  });
  const first = scored[0]!;
  return html`<h3>${name}, now ${formatScorePoints(last.score)}</h3>
<svg class="trend history" width="100%" height="${HEIGHT}" role="img" aria-label="${name} of ${plural(scored.length, 'record')}, from ${formatPoints(first.score)} (${first.date}) to ${formatPoints(last.score)} (${last.date}); lowest ${formatPoints(Math.min(...scored.map(({ score }) => score)))}, highest ${formatPoints(Math.max(...scored.map(({ score }) => score)))}">${grid.map((score) => html`<line class="grid" x1="${LEFT}%" x2="100%" y1="${down(score)}" y2="${down(score)}"/><text x="0" y="${down(score) + 4}">${formatPoints(score)}</text>`)}<svg x="${LEFT}%" y="${TOP}" width="${SPAN}%" height="${PLOT}" viewBox="0 0 ${WIDTH} ${PLOT}" preserveAspectRatio="none" overflow="visible">${band !== '' && html`<path class="band" d="${band}"/>`}<path class="line" d="${line}" vector-effect="non-scaling-stroke"/></svg>${marks}<text x="${LEFT}%" y="${HEIGHT - 6}">${points[0]!.date}</text>${points.length > 1 && html`<text class="end" x="99%" y="${HEIGHT - 6}" text-anchor="end">${points.at(-1)!.date}</text>`}</svg>
`;
}

interface Drawn {
  index: number;
  score: number;
  ci: Interval | null;
}

/** Parts of the line without a gap. */
function unbroken<Point extends Drawn>(scored: readonly Point[]): Point[][] {
  const runs: Point[][] = [];
  for (const point of scored) {
    const run = runs.at(-1);
    if (run?.at(-1)?.index === point.index - 1) run.push(point);
    else runs.push([point]);
  }
  return runs;
}

/** The area between the ends of the intervals; parts without an interval have none. */
function bandOf(run: readonly Drawn[], x: (index: number) => number, y: (score: number) => number): string {
  const known = run.flatMap(({ index, score, ci }) => (ci === null ? [] : [{ index, score, ci }]));
  return unbroken(known)
    .filter((part) => part.length > 1)
    .map((part) => {
      const upper = part.map(({ index, ci }) => `${x(index)} ${y(ci[1])}`);
      const lower = part.toReversed().map(({ index, ci }) => `${x(index)} ${y(ci[0])}`);
      return `M${[...upper, ...lower].join('L')}Z`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
