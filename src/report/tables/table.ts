import { plural } from '../../count.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import type { Verdict } from '../../verdict/schema.ts';
import type { Summary } from '../../verdict/summary.ts';
import { alarmNotes } from '../comment/alarm.ts';
import { describeEndings } from '../comment/endings.ts';
import { endingNotes, gapNotes } from '../comment/gaps.ts';
import { writeHeadline } from '../comment/headline.ts';
import { describeSubject } from '../comment/preset.ts';
import { looksLine } from '../comment/sections.ts';
import { styleNotes, writtenNotes } from '../comment/style.ts';
import { UNKNOWN } from '../format.ts';
import { describeOutcome } from '../outcome-words.ts';
import { judgedComparison, judgedScores } from './judged.ts';
import { painter, type TableOptions } from './layout.ts';
import { groupByReason } from './rows/by-reason.ts';
import { comparisonTable, OUTCOME_COLOURS } from './rows/comparison-rows.ts';
import { scoreTable } from './rows/score-rows.ts';

const MAX_NAME_LENGTH = 40;
const MAX_SUBJECT = 80;
/** A note names a few tasks with the reason of each. */
const MAX_NOTE = 600;

/** What `compare` prints on a terminal. */
export function renderCompareTable(
  verdict: Verdict,
  { colour, width = Number.POSITIVE_INFINITY }: TableOptions,
): string {
  const paint = painter(colour);
  const { benchmarks, records } = verdict;
  const { title, text } = writeHeadline(verdict, escapeTerminal);
  const lines = [
    `${paint(`${title}.`, OUTCOME_COLOURS[verdict.verdict] ?? null)} ${text}`,
    '',
    `Baseline ${escapeTerminal(records.baseline.name, MAX_NAME_LENGTH)}, candidate ${escapeTerminal(records.candidate.name, MAX_NAME_LENGTH)}:`,
    ...comparisonTable(verdict, width, paint),
    '',
    ...benchmarks.flatMap((b) => (b.delta.estimate !== null && b.reason ? [note(b.name, b.reason)] : [])),
    ...skippedLines(benchmarks),
    ...verdict.notComparable.map((d) =>
      note(d.path, `baseline ${d.baseline ?? UNKNOWN}, candidate ${d.candidate ?? UNKNOWN}`),
    ),
    ...verdict.collapsed.map(({ name }) => note(name, 'the candidate gives one and the same answer')),
    ...[looksLine(verdict)].flatMap((line) => line ?? []),
    ...(verdict.endings ?? []).map((row) => note(row.name, describeEndings(row))),
    ...[...alarmNotes(verdict), ...styleNotes(verdict)].map(({ name, text }) => note(name, text)),
    ...[...verdict.warnings, ...verdict.footnotes].map((line) => escapeTerminal(line, 600)),
    '',
    ...judgedComparison(verdict, width, paint),
    `Verdict ${paint(verdict.verdict, OUTCOME_COLOURS[verdict.verdict] ?? null)}, policy ${verdict.passed ? 'passed' : 'failed'}. ` +
      `Preset ${escapeTerminal(verdict.preset)}, alpha ${verdict.alpha}; scores in points, 95% intervals. ` +
      describeSubject(verdict.runSpread),
  ];
  return `${lines.join('\n')}\n`;
}

/** What `show` prints: the records side by side. Scores are counted so that higher is better. */
export function renderShowTable(
  summaries: readonly Summary[],
  { colour, width = Number.POSITIVE_INFINITY }: TableOptions,
): string {
  const paint = painter(colour);
  const presets = [...new Set(summaries.map(({ preset }) => escapeTerminal(preset)))].join(', ');
  const lines = [
    ...scoreTable(summaries, width, paint),
    '',
    ...[...gapNotes(summaries), ...endingNotes(summaries), ...writtenNotes(summaries)].map(({ name, text }) =>
      note(name, text),
    ),
    `Preset ${presets}; scores in points, higher is better (WMDP inverted), 95% intervals.`,
    ...judgedScores(summaries, width, paint),
  ];
  return `${lines.join('\n')}\n`;
}

/** Benchmarks that were not compared, in a line for each reason. */
function skippedLines(benchmarks: Verdict['benchmarks']): string[] {
  const skipped = benchmarks.filter(({ delta }) => delta.estimate === null);
  const groups = groupByReason(skipped, ({ name, outcome, reason }) => ({
    name: escapeTerminal(name, MAX_SUBJECT),
    reason: `${describeOutcome(outcome).word}${reason ? `, ${reason}` : ''}`,
  }));
  return groups.map(([reason, names]) =>
    names.length === 1
      ? note(names[0]!, reason)
      : `${plural(names.length, 'benchmark')} ${escapeTerminal(reason, MAX_NOTE)}: ${names.join(', ')}`,
  );
}

function note(subject: string, text: string): string {
  return `${escapeTerminal(subject, MAX_SUBJECT)}: ${escapeTerminal(text, MAX_NOTE)}`;
}
