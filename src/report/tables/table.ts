import { escapeTerminal } from '../../markdown/escape.ts';
import { FACTOR_NAMES } from '../../suite/benchmark.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import type { Outcome, OverallVerdict, Verdict } from '../../verdict/schema.ts';
import type { Summary } from '../../verdict/summary.ts';
import { alarmNotes } from '../comment/alarm.ts';
import { describeEndings } from '../comment/endings.ts';
import { endingNotes, gapNotes } from '../comment/gaps.ts';
import { writeHeadline } from '../comment/headline.ts';
import { describeSubject } from '../comment/preset.ts';
import { looksLine } from '../comment/sections.ts';
import { styleNotes, writtenNotes } from '../comment/style.ts';
import { formatDelta, formatP, formatPoints, formatScore, UNKNOWN } from '../format.ts';
import { judgedComparison, judgedScores } from './judged.ts';
import { type Cell, type Colour, layOut, type Paint } from './layout.ts';

export interface TableOptions {
  /** Whether the terminal shows colours. */
  colour: boolean;
}

const MAX_NAME_LENGTH = 40;
const MAX_SUBJECT = 80;
/** A note names a few tasks with the reason of each. */
const MAX_NOTE = 600;

const CODES: Record<Colour, number> = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 };

const COLOURS: Partial<Record<Outcome | OverallVerdict, Colour>> = {
  regressed: 'red',
  failed: 'red',
  incomplete: 'red',
  'not-comparable': 'yellow',
  inconclusive: 'yellow',
  improved: 'green',
  equivalent: 'green',
  held: 'green',
  skipped: 'dim',
  'no-baseline': 'dim',
};

/** What `compare` prints on a terminal. */
export function renderCompareTable(verdict: Verdict, { colour }: TableOptions): string {
  const paint = painter(colour);
  const { factors, benchmarks, groups = [], records } = verdict;
  const { title, text } = writeHeadline(verdict, escapeTerminal);
  const heading = [
    'Factor, benchmark',
    escapeTerminal(records.baseline.name, MAX_NAME_LENGTH),
    escapeTerminal(records.candidate.name, MAX_NAME_LENGTH),
    'Difference',
    'p (adjusted)',
    'Detectable drop',
    'n',
    'Outcome',
  ].map((cell): Cell => ({ text: cell, colour: 'bold' }));
  const compared = benchmarks.filter(({ delta }) => delta.estimate !== null);
  const row = (
    part: (typeof factors)[number] | (typeof benchmarks)[number] | (typeof groups)[number],
    indent: string,
  ): Cell[] => [
    { text: indent + escapeTerminal(part.name, MAX_NAME_LENGTH), colour: indent ? null : 'bold' },
    { text: formatScore(part.baseline), colour: null },
    { text: formatScore(part.candidate), colour: null },
    { text: formatDelta(part.delta), colour: null },
    { text: formatP(part.delta.pAdjusted), colour: null },
    { text: formatPoints(part.detectable), colour: null },
    { text: String(part.n), colour: null },
    { text: part.outcome, colour: COLOURS[part.outcome] ?? null },
  ];
  const rows = factors.flatMap((factor) => [
    row(factor, ''),
    ...compared
      .filter((benchmark) => benchmark.factor === factor.id)
      .map((benchmark) => row(benchmark, '  ')),
    // Beside its benchmarks it tells nothing where it has not dropped.
    ...groups
      .filter((group) => group.factor === factor.id && group.outcome === 'regressed')
      .map((group) => row(group, '  ')),
  ]);
  const outside = compared.filter(({ factor }) => factor === null).map((benchmark) => row(benchmark, ''));
  const skipped = benchmarks.filter(({ delta }) => delta.estimate === null);
  const lines = [
    `${paint(`${title}.`, COLOURS[verdict.verdict] ?? null)} ${text}`,
    '',
    ...layOut([heading, ...rows, ...outside], 'lrrrrrrl', paint),
    '',
    ...benchmarks.flatMap((b) => (b.delta.estimate !== null && b.reason ? [note(b.name, b.reason)] : [])),
    ...skipped.map(({ name, outcome, reason }) => note(name, `${outcome}${reason ? `, ${reason}` : ''}`)),
    ...verdict.notComparable.map((d) =>
      note(d.path, `baseline ${d.baseline ?? UNKNOWN}, candidate ${d.candidate ?? UNKNOWN}`),
    ),
    ...verdict.collapsed.map(({ name }) => note(name, 'the candidate gives one and the same answer')),
    ...[looksLine(verdict)].flatMap((line) => line ?? []),
    ...(verdict.endings ?? []).map((row) => note(row.name, describeEndings(row))),
    ...[...alarmNotes(verdict), ...styleNotes(verdict)].map(({ name, text }) => note(name, text)),
    ...[...verdict.warnings, ...verdict.footnotes].map((line) => escapeTerminal(line, 600)),
    '',
    ...judgedComparison(verdict, paint),
    `Verdict ${paint(verdict.verdict, COLOURS[verdict.verdict] ?? null)}, policy ${verdict.passed ? 'passed' : 'failed'}. ` +
      `Preset ${escapeTerminal(verdict.preset)}, alpha ${verdict.alpha}; scores in points, 95% intervals. ` +
      describeSubject(verdict.runSpread),
  ];
  return `${lines.join('\n')}\n`;
}

/** What `show` prints: the records side by side. Scores are counted so that higher is better. */
export function renderShowTable(summaries: readonly Summary[], { colour }: TableOptions): string {
  const paint = painter(colour);
  const heading = [
    'Factor, benchmark',
    ...summaries.map(({ model }) => escapeTerminal(model, MAX_NAME_LENGTH)),
  ];
  const factorIds = summaries[0]?.factors.map(({ id }) => id) ?? [];
  const benchmarkIds = [...new Set(summaries.flatMap(({ benchmarks }) => benchmarks.map(({ id }) => id)))];
  const benchmarkRow = (id: string, indent: string): Cell[] => [
    { text: indent + escapeTerminal(findBenchmark(id)?.name ?? id, MAX_NAME_LENGTH), colour: null },
    ...summaries.map(({ benchmarks }): Cell => {
      const found = benchmarks.find((benchmark) => benchmark.id === id);
      if (!found) return { text: UNKNOWN, colour: 'dim' };
      const done = found.status === 'done' || found.score === null;
      const status = done ? '' : ` (${found.status})`;
      return found.score === null
        ? { text: found.status, colour: COLOURS[found.status as Outcome] ?? null }
        : { text: formatScore(found) + status, colour: null };
    }),
  ];
  const rows = factorIds.flatMap((factor) => [
    [
      { text: FACTOR_NAMES[factor], colour: 'bold' } as Cell,
      ...summaries.map(({ factors }): Cell => {
        const found = factors.find(({ id }) => id === factor);
        return { text: found ? formatScore(found) : UNKNOWN, colour: 'bold' };
      }),
    ],
    ...benchmarkIds.filter((id) => findBenchmark(id)?.factor === factor).map((id) => benchmarkRow(id, '  ')),
  ]);
  const outside = benchmarkIds
    .filter((id) => findBenchmark(id) === undefined)
    .map((id) => benchmarkRow(id, ''));
  const presets = [...new Set(summaries.map(({ preset }) => escapeTerminal(preset)))].join(', ');
  const lines = [
    ...layOut(
      [heading.map((text): Cell => ({ text, colour: 'bold' })), ...rows, ...outside],
      `l${'r'.repeat(summaries.length)}`,
      paint,
    ),
    '',
    ...[...gapNotes(summaries), ...endingNotes(summaries), ...writtenNotes(summaries)].map(({ name, text }) =>
      note(name, text),
    ),
    `Preset ${presets}; scores in points, higher is better (WMDP inverted), 95% intervals.`,
    ...judgedScores(summaries, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function note(subject: string, text: string): string {
  return `${escapeTerminal(subject, MAX_SUBJECT)}: ${escapeTerminal(text, MAX_NOTE)}`;
}

function painter(enabled: boolean): Paint {
  return (text, colour) => (enabled && colour ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text);
}
