import { formatCount, plural } from '../../count.ts';
import { nameOf } from '../../verdict/measure/result-view.ts';
import type { BenchmarkChanges, PartChange } from '../../verdict/signs/changes.ts';
import { formatDelta, formatScorePoints } from '../format.ts';
import { type Chapter, clip, dataTable, html, type Markup } from './markup.ts';

/** A benchmark of more parts than these is not read. */
const MAX_PARTS = 100;
const MAX_BENCHMARKS = 60;
const MAX_NAME = 80;

/** How the tasks and subjects of benchmarks moved; null where every benchmark has one part. */
export function partsChapter(changes: readonly BenchmarkChanges[]): Chapter | null {
  const divided = changes.filter(({ parts }) => parts.length > 1).slice(0, MAX_BENCHMARKS);
  if (divided.length === 0) return null;
  const body = html`<p>The largest loss first. These are descriptions: no part is tested by itself, and among many some move by chance. Intervals at 95%, of each part alone.</p>
${divided.map(tableOf)}`;
  return { id: 'parts', title: 'By task', body };
}

function tableOf({ id, parts }: BenchmarkChanges): Markup {
  const shown = [...parts].sort(byLoss).slice(0, MAX_PARTS);
  const more = parts.length - shown.length;
  const rows = shown.map(({ name, n, baseline, candidate, difference, ci, lost, gained }) => [
    clip(name, MAX_NAME),
    formatDelta({ estimate: difference, ci }),
    `${formatScorePoints(baseline)} → ${formatScorePoints(candidate)}`,
    `${formatCount(lost)} / ${formatCount(gained)}`,
    formatCount(n),
  ]);
  const columns = [
    { title: 'Task', kind: 'text' },
    { title: 'difference (95%)', kind: 'number' },
    { title: 'baseline → candidate', kind: 'number' },
    { title: 'lost / gained', kind: 'number' },
    { title: 'questions', kind: 'number' },
  ] as const;
  const title = `${nameOf(id)}: ${plural(parts.length, 'part')}`;
  return html`<h3>${nameOf(id)}</h3>${dataTable(title, columns, rows)}${more > 0 && html`<p>and ${plural(more, 'more part')}.</p>`}`;
}

function byLoss(a: PartChange, b: PartChange): number {
  return a.difference - b.difference || (a.name < b.name ? -1 : 1);
}
