import { formatCount, plural } from '../../count.ts';
import type { JudgeComparison, Verdict } from '../../verdict/schema.ts';
import { alarmNotes } from '../comment/alarm.ts';
import { listAnswerShift, styleNotes } from '../comment/style.ts';
import { criteriaPart } from '../criteria/html.ts';
import { formatDelta, formatP, formatScore, formatSigned, UNKNOWN } from '../format.ts';
import { describeJudging } from '../tables/judged.ts';
import { outcomeCell } from './headline.ts';
import { type Chapter, clip, dataTable, html, type Markup } from './markup.ts';

const MAX_ROWS = 20;
const MAX_NAME = 60;
const MAX_NOTE = 600;

/** What judges prefer, beside what is scored; null where nothing was judged and no style was counted. */
export function judgesChapter(verdict: Verdict): Chapter | null {
  const judge = (verdict.judge ?? []).slice(0, MAX_ROWS);
  const notes = [...alarmNotes(verdict), ...styleNotes(verdict)];
  if (judge.length === 0 && notes.length === 0) return null;
  const body = html`<p>What judges prefer is in no factor and changes no verdict.</p>${notes.length > 0 && html`<ul>${notes.map(({ name, text }) => html`<li><b>${clip(name, MAX_NAME)}.</b> ${clip(text, MAX_NOTE)}</li>`)}</ul>`}${judge.length > 0 && tableOf(judge)}${boundsOf(verdict)}${judge.map(detailsOf)}`;
  return { id: 'judges', title: 'Judges and style', body };
}

function tableOf(judge: readonly JudgeComparison[]): Markup {
  const columns = [
    { title: 'Judge benchmark', kind: 'text' },
    { title: 'judge', kind: 'text' },
    { title: 'reference', kind: 'text' },
    { title: 'baseline', kind: 'number' },
    { title: 'candidate', kind: 'number' },
    { title: 'difference (95%)', kind: 'number' },
    { title: 'adjusted p', kind: 'number' },
    { title: 'questions', kind: 'number' },
    { title: 'outcome', kind: 'text' },
  ] as const;
  const rows = judge.map((row) => [
    clip(row.name, MAX_NAME),
    clip(row.judge, MAX_NAME),
    row.headToHead === undefined ? clip(row.reference ?? UNKNOWN, MAX_NAME) : "main's answers",
    formatScore(row.baseline),
    formatScore(row.candidate),
    formatDelta(row.delta),
    formatP(row.delta.pAdjusted),
    formatCount(row.n),
    html`${outcomeCell(row.outcome)}${row.reason !== null && html`<small>${clip(row.reason, MAX_NOTE)}</small>`}`,
  ]);
  return html`${dataTable('Share of games won, weighted: 50 is as good as the reference', columns, rows)}`;
}

/** Whether a gain in what is scored is ruled out, factor by factor. */
function boundsOf({ alarm, factors }: Verdict): Markup | null {
  if (alarm === undefined || alarm.factors.length === 0) return null;
  const columns = [
    { title: 'Factor', kind: 'text' },
    { title: 'gain of at most (95%)', kind: 'number' },
    { title: 'gain that counts', kind: 'number' },
    { title: 'ruled out', kind: 'text' },
  ] as const;
  const rows = alarm.factors.map(({ id, upper, gain, excluded }) => [
    factors.find((factor) => factor.id === id)?.name ?? id,
    formatSigned(upper),
    formatSigned(gain),
    excluded ? 'yes' : 'no',
  ]);
  return html`<h3>Did anything else get better?</h3>${dataTable('Upper bounds of the gains of the factors', columns, rows)}`;
}

function detailsOf(row: JudgeComparison): Markup {
  const { headToHead: found, name, candidate, baseline } = row;
  const sides = [
    { side: 'baseline', said: describeJudging(baseline) },
    { side: 'candidate', said: describeJudging(candidate) },
  ].filter(({ said }) => said !== null);
  const lines = sides.map(({ side, said }) => `${side}: ${said}`);
  if (found != null) {
    const { planned, ties, equalStyle, style, requests, tokens, cost, pinned } = found;
    lines.push(
      `${formatCount(row.n)} of ${plural(planned, 'question')} judged, ${plural(ties, 'game')} with equal answers count as ties`,
      equalStyle.share === null
        ? `at equal length and markup: not told, since ${equalStyle.reason ?? 'nobody counted'}`
        : `at equal length and markup the share is ${formatScore({ score: equalStyle.share, ci: equalStyle.ci })}`,
      ...(style === null ? [] : [`an answer, before and after: ${listAnswerShift(style)}`]),
      `${plural(requests, 'request')}, ${formatCount(tokens.input)} tokens read and ${formatCount(tokens.output)} written${cost === null ? '' : `, which cost ${cost.toFixed(2)}`}`,
      pinned
        ? "the judge's name says which version it is"
        : "the judge's name may stand for another version tomorrow",
    );
  }
  const { criteria } = row;
  if (lines.length === 0 && criteria === undefined) return html``;
  return html`<h3>${clip(name, MAX_NAME)}, judged by ${clip(row.judge, MAX_NAME)}</h3><ul>${lines.map((line) => html`<li>${clip(line, MAX_NOTE)}</li>`)}</ul>${criteria !== undefined && criteriaPart(criteria)}`;
}
