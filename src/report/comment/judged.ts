import { escapeMarkdown } from '../../markdown/escape.ts';
import type { Verdict } from '../../verdict/schema.ts';
import { comparedCriteriaMarkdown } from '../criteria/markdown.ts';
import { formatDelta, formatP, formatScore, UNKNOWN } from '../format.ts';
import { againstReference, describeJudging, describeWriting, JUDGED } from '../tables/judged.ts';
import { fold, type Section, showOutcome, table } from './sections.ts';

/** Rows of more boards are not read. */
const MAX_ROWS = 20;
const MAX_NAME_LENGTH = 60;
const MAX_NOTE_LENGTH = 600;

/** What judges say of the candidate beside the baseline; no section where nothing was judged. */
export function judgedBenchmarks(verdict: Pick<Verdict, 'judge'>): Section | null {
  const judge = againstReference(verdict);
  if (judge.length === 0) return null;
  const shown = judge.slice(0, MAX_ROWS);
  const rows = shown.map((row) => [
    escapeMarkdown(row.name, MAX_NAME_LENGTH),
    escapeMarkdown(row.judge, MAX_NAME_LENGTH),
    row.reference === null ? UNKNOWN : escapeMarkdown(row.reference, MAX_NAME_LENGTH),
    formatScore(row.baseline),
    formatScore(row.candidate),
    formatDelta(row.delta),
    formatP(row.delta.pAdjusted),
    String(row.n),
    showOutcome(row.outcome) +
      (row.reason === null ? '' : `<br>${escapeMarkdown(row.reason, MAX_NOTE_LENGTH)}`),
  ]);
  const head = [
    'Judge benchmark',
    'Judge',
    'Reference',
    'Baseline',
    'Candidate',
    'Difference',
    'p (adjusted)',
    'n',
    'Outcome',
  ];
  const notes = shown.flatMap((row) => [
    ...(['baseline', 'candidate'] as const).flatMap((side) => {
      const said = describeJudging(row[side]);
      return said === null ? [] : [`- ${escapeMarkdown(`${row.name}, ${side}: ${said}`, MAX_NOTE_LENGTH)}`];
    }),
    ...(row.style === undefined
      ? []
      : [`- ${escapeMarkdown(`${row.name}, ${describeWriting(row.style)}`, MAX_NOTE_LENGTH)}`]),
  ]);
  const rest = judge.length > MAX_ROWS ? [`and ${judge.length - MAX_ROWS} more.`] : [];
  const body = [
    `${JUDGED}. It changes no verdict.`,
    table([head, ...rows], 'lllrrrrrl'),
    [...new Set(notes)].join('\n'),
    ...shown.flatMap(({ name, judge: by, criteria }) =>
      criteria === undefined
        ? []
        : [
            `${escapeMarkdown(name, MAX_NAME_LENGTH)}, judged by ${escapeMarkdown(by, MAX_NAME_LENGTH)}:\n\n${comparedCriteriaMarkdown(criteria)}`,
          ],
    ),
    ...rest,
  ];
  return fold(`Judged (${judge.length})`, body.join('\n\n'), 4);
}
