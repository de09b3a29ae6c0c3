import { plural } from '../count.ts';
import type { Interval, Score } from '../verdict/schema.ts';

/** Stands where a number is unknown. */
export const UNKNOWN = '–';

const MINUS = '\u2212';
const DAY = 24 * 60;

/** A fraction of 1 in points with one decimal: 0.6123 is `61.2`. */
export function formatPoints(fraction: number | null): string {
  if (fraction === null) return UNKNOWN;
  const text = Math.abs(fraction * 100).toFixed(1);
  return fraction < 0 && text !== '0.0' ? MINUS + text : text;
}

/** A difference in points, always with its sign: `+1.2`, `−3.4`, `0.0`. */
export function formatSigned(fraction: number | null): string {
  const text = formatPoints(fraction);
  return fraction !== null && fraction > 0 && text !== '0.0' ? `+${text}` : text;
}

/** `[60.1, 62.3]` */
export function formatInterval(ci: Interval | null): string {
  return ci ? `[${formatPoints(ci[0])}, ${formatPoints(ci[1])}]` : '';
}

/** A score in points, kept within 0 and 100: under preset `chance` worse than guessing is as good as guessing to a reader. */
export function formatScorePoints(score: number | null): string {
  return formatPoints(score === null ? null : onScale(score));
}

/** `61.2 [60.1, 62.3]`, kept within 0 and 100. */
export function formatScore({ score, ci }: Score): string {
  if (score === null) return UNKNOWN;
  return `${formatScorePoints(score)} ${formatScoreInterval(ci)}`.trim();
}

/** `[60.1, 62.3]`, kept within 0 and 100. */
function formatScoreInterval(ci: Interval | null): string {
  return formatInterval(ci && [onScale(ci[0]), onScale(ci[1])]);
}

function onScale(score: number): number {
  return Math.min(1, Math.max(0, score));
}

/** `−3.4 [−5.0, −1.8]` */
export function formatDelta({ estimate, ci }: { estimate: number | null; ci: Interval | null }): string {
  if (estimate === null) return UNKNOWN;
  const bounds = ci ? `[${formatSigned(ci[0])}, ${formatSigned(ci[1])}]` : '';
  return `${formatSigned(estimate)} ${bounds}`.trim();
}

/** `−5.0 to −1.8`: an interval of a difference; empty where there is none. */
export function formatRange(ci: Interval | null): string {
  return ci ? `${formatSigned(ci[0])} to ${formatSigned(ci[1])}` : '';
}

/** Text that stays on one line, as numbers and outcomes in cells of a table. */
export function noBreak(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

export function formatP(p: number | null): string {
  if (p === null) return UNKNOWN;
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** A share of 1 in whole percent, which says neither 0 nor 100 unless it is. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.01) return '< 1%';
  if (share < 1 && share > 0.99) return '> 99%';
  return `${Math.round(share * 100)}%`;
}

/** How long before `now`: `40 minutes`, `3 hours`, `12 days`. */
export function formatAge(then: string, now: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - new Date(then).getTime()) / 60_000));
  if (minutes < 60) return plural(minutes, 'minute');
  return minutes < 2 * DAY
    ? plural(Math.round(minutes / 60), 'hour')
    : plural(Math.round(minutes / DAY), 'day');
}

/** `A`, `A and B`, `A, B and C`; beyond `most`, `A, B, C and 4 more`. */
export function formatList(names: readonly string[], most = 4): string {
  const shown =
    names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : names;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
