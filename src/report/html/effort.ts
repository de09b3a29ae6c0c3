import { formatCount, plural } from '../../count.ts';
import type { FactorComparison, Verdict } from '../../verdict/schema.ts';
import { formatDelta, formatPoints, formatShare, UNKNOWN } from '../format.ts';
import { type Chapter, clip, dataTable, html, type Markup } from './markup.ts';

const MAX_NAME = 60;

/** How far the plan was followed, and what it cost. */
export function effortChapter(verdict: Verdict): Chapter {
  const body = html`${looksOf(verdict)}${costOf(verdict)}${coverageOf(verdict)}`;
  return { id: 'effort', title: 'Looks and cost', body };
}

const DECISIONS: Record<NonNullable<FactorComparison['looks']>['decided'], string> = {
  regressed: 'worse',
  held: 'held',
  none: 'all looks done, none decided',
  other: 'ended with another factor',
  open: 'answers are missing',
};

function looksOf({ looks, factors }: Verdict): Markup | null {
  if (looks === undefined) return null;
  const columns = [
    { title: 'Factor', kind: 'text' },
    { title: 'looks done', kind: 'number' },
    { title: 'decided', kind: 'text' },
    { title: 'drop it looks for', kind: 'number' },
    { title: 'ruled out', kind: 'text' },
    { title: 'as if one look (95%)', kind: 'number' },
    { title: 'holds at any stop (95%)', kind: 'number' },
  ] as const;
  const rows = factors.flatMap(({ name, looks: own }) => {
    if (own === undefined) return [];
    const { done, decided, drop, ruledOut, naive, repeatedCi } = own;
    return [
      [
        name,
        `${done} of ${looks.count}`,
        DECISIONS[decided],
        formatPoints(drop),
        ruledOut ? 'yes' : 'no',
        naive === null ? UNKNOWN : formatDelta(naive),
        repeatedCi === null ? UNKNOWN : formatDelta({ estimate: naive?.estimate ?? null, ci: repeatedCi }),
      ],
    ];
  });
  return html`<p>The answers were judged at looks that were fixed beforehand: ${formatCount(looks.done)} of ${plural(looks.count, 'look')}, ${plural(looks.items, 'question')}, ${formatShare(looks.share)} of the plan's work. A run that may stop early overstates what made it stop; the differences above are corrected for that.</p>${dataTable('Looks, factor by factor', columns, rows)}`;
}

function costOf({ records }: Verdict): Markup {
  const columns = [
    { title: 'Side', kind: 'text' },
    { title: 'model', kind: 'text' },
    { title: 'questions', kind: 'number' },
    { title: 'device minutes', kind: 'number' },
    { title: 'device', kind: 'text' },
    { title: 'finished', kind: 'text' },
  ] as const;
  const rows = (['baseline', 'candidate'] as const).map((side) => {
    const { name, items, deviceMinutes, device, finished } = records[side];
    return [
      side,
      clip(name, MAX_NAME),
      formatCount(items),
      deviceMinutes === null ? UNKNOWN : deviceMinutes.toFixed(1),
      device === null ? UNKNOWN : clip(`${device.name} (${device.type})`, MAX_NAME),
      finished === null ? UNKNOWN : finished.slice(0, 16).replace('T', ' '),
    ];
  });
  return html`<h3>Cost</h3>${dataTable('What each side cost', columns, rows)}`;
}

function coverageOf({ coverage, factors }: Verdict): Markup {
  const columns = [
    { title: 'Factor', kind: 'text' },
    { title: 'benchmarks compared', kind: 'number' },
    { title: 'share of the weight', kind: 'number' },
  ] as const;
  const rows = coverage.map(({ factor, compared, of, weight }) => [
    factors.find(({ id }) => id === factor)?.name ?? factor,
    `${compared} of ${of}`,
    formatShare(weight),
  ]);
  return html`<h3>What the factors rest on</h3>${dataTable('Benchmarks behind each factor', columns, rows)}`;
}
