import { formatCount, plural } from '../../count.ts';
import type { Difference, Verdict } from '../../verdict/schema.ts';
import { UNKNOWN } from '../format.ts';
import { type Chapter, clip, dataTable, html, linesOf, type Markup } from './markup.ts';

const MAX_ROWS = 60;
const MAX_VALUE = 200;
const MAX_TEMPLATE = 6000;

/** What was the same on both sides, and what was not. */
export function protocolChapter(verdict: Verdict): Chapter {
  const { notComparable, subject, templateChange, records, warnings, endings = [], collapsed } = verdict;
  const body = html`${warnings.length > 0 && html`<h3>Warnings</h3><ul>${warnings.slice(0, MAX_ROWS).map((warning) => html`<li>${clip(warning, 600)}</li>`)}</ul>`}${differences('Evaluated differently', notComparable)}${differences('What else differs between the models', subject)}${templateChange !== null && templateOf(templateChange)}${
    collapsed.length > 0 &&
    html`<h3>Constant answers</h3><ul>${collapsed.map(({ name, share, n }) => html`<li>${clip(name, 60)}: one and the same answer to ${(share * 100).toFixed(0)}% of ${plural(n, 'question')}.</li>`)}</ul>`
  }${
    endings.length > 0 &&
    html`<p>Answers were cut short in ${plural(endings.length, 'benchmark')}: see the comment.</p>`
  }<h3>Both sides</h3>${sides(records)}`;
  return { id: 'protocol', title: 'How both were evaluated', body };
}

function differences(title: string, list: readonly Difference[]): Markup | null {
  if (list.length === 0) return null;
  const columns = ['Setting', 'baseline', 'candidate'].map(
    (name) => ({ title: name, kind: 'text' }) as const,
  );
  const value = (text: string | null) =>
    text === null ? UNKNOWN : html`<code>${clip(text, MAX_VALUE)}</code>`;
  const rows = list
    .slice(0, MAX_ROWS)
    .map(({ path, baseline, candidate }) => [
      html`<code>${clip(path, MAX_VALUE)}</code>`,
      value(baseline),
      value(candidate),
    ]);
  const more = list.length - rows.length;
  return html`<h3>${title} (${formatCount(list.length)})</h3>${dataTable(title, columns, rows)}${more > 0 && html`<p>and ${formatCount(more)} more, in <code>verdict.json</code>.</p>`}`;
}

function templateOf({ removed, added, hidden, applied }: NonNullable<Verdict['templateChange']>): Markup {
  const lines = [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
  return html`<p>The chat template changed${!applied && ', which this evaluation does not apply'}.${hidden > 0 && ` ${plural(hidden, 'more line')} not shown.`}</p>${
    lines.length > 0 &&
    html`<div class="scroll" role="region" aria-label="lines of the chat template that changed" tabindex="0"><pre>${linesOf(clip(lines.join('\n'), MAX_TEMPLATE))}</pre></div>`
  }`;
}

function sides(records: Verdict['records']): Markup {
  const columns = ['', 'baseline', 'candidate'].map(
    (title) => ({ title: title || 'What', kind: 'text' }) as const,
  );
  const fields = [
    ['model', 'name'],
    ['commit', 'commit'],
    ['branch', 'branch'],
    ['suite', 'suite'],
    ['seed', 'seed'],
    ['plan', 'planHash'],
    ['digest of the model', 'digest'],
    ['imported from', 'imported'],
  ] as const;
  const text = (value: string | number | null) =>
    value === null ? UNKNOWN : html`<code>${clip(String(value), MAX_VALUE)}</code>`;
  const { baseline, candidate } = records;
  const rows = [
    ...fields.map(([title, key]) => [title, text(baseline[key]), text(candidate[key])]),
    ['harness', text(baseline.versions.harness), text(candidate.versions.harness)],
    ['complete', baseline.complete ? 'yes' : 'no', candidate.complete ? 'yes' : 'no'],
  ];
  return dataTable('Where the numbers of the two sides come from', columns, rows);
}
