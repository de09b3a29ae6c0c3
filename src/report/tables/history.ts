import type { Entry, IndexLine } from '../../history/store/entry.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { FACTOR_NAMES, FACTORS, type Factor } from '../../suite/benchmark.ts';
import { judgeBenchmarkName } from '../../verdict/judge-benchmarks.ts';
import { judgeLineName } from '../../verdict/judge-summary.ts';
import type { Waiver } from '../../verdict/schema.ts';
import { formatPoints, formatScore, UNKNOWN } from '../format.ts';
import { historyColumns } from '../history/columns.ts';
import { toCsv } from './csv.ts';
import { JUDGED } from './judged.ts';
import { layOutWithin, type TableForm } from './layout.ts';

const SHORT_SHA = 12;

/** What `history list` prints: an entry a line, newest first. */
export function renderHistoryTable(
  lines: readonly IndexLine[],
  width: number = Number.POSITIVE_INFINITY,
): string {
  const newest = [...lines].reverse();
  const scoresOf = (line: IndexLine) => FACTORS.map((id) => formatPoints(factorOf(line, id)?.score ?? null));
  const commonOf = (line: IndexLine) => [
    line.sha.slice(0, SHORT_SHA),
    escapeTerminal(line.branch ?? UNKNOWN, 30),
  ];
  const itemsOf = (line: IndexLine) => (line.itemsKept ? 'kept' : UNKNOWN);
  const wide = form(
    [
      ['Recorded', 'Commit', 'Branch', 'Event', 'Suite', ...FACTORS.map((id) => FACTOR_NAMES[id]), 'Items'],
      ...newest.map((line) => [
        line.created.slice(0, 16).replace('T', ' '),
        ...commonOf(line),
        escapeTerminal(line.event ?? UNKNOWN, 20),
        escapeTerminal(line.suite, 20),
        ...scoresOf(line),
        itemsOf(line),
      ]),
    ],
    'lllllrrrl',
  );
  const narrow = form(
    [
      ['Recorded', 'Commit', 'Branch', 'Suite', ...FACTORS, 'Items'],
      ...newest.map((line) => [
        line.created.slice(0, 10),
        ...commonOf(line),
        escapeTerminal(line.suite, 20),
        ...scoresOf(line),
        itemsOf(line),
      ]),
    ],
    'llllrrrl',
    [
      [2, 6],
      [3, 4],
    ],
  );
  return `${print([wide, narrow], width)}\n\nFactor scores in points, preset paper; times in UTC.\n${renderJudged(newest, width)}`;
}

/** What judges said of the commits, newest first; nothing where nothing was judged. */
function renderJudged(newest: readonly IndexLine[], width: number): string {
  const judged = newest.flatMap(({ created, sha, judge = [] }) =>
    judge.map((own) => ({ created, commit: sha.slice(0, SHORT_SHA), own })),
  );
  if (judged.length === 0) return '';
  const shown = (text: string) => escapeTerminal(text, 40);
  const questionsOf = ({ questions }: (typeof judged)[number]['own']) =>
    questions === 0 ? 'published' : String(questions);
  const wide = form(
    [
      ['Recorded', 'Commit', 'Judge benchmark', 'Judge', 'Reference', 'Score', 'Questions'],
      ...judged.map(({ created, commit, own }) => [
        created.slice(0, 16).replace('T', ' '),
        commit,
        ...[judgeBenchmarkName(own), own.judge, own.reference ?? UNKNOWN].map(shown),
        formatScore(own),
        questionsOf(own),
      ]),
    ],
    'lllllrr',
  );
  const narrow = form(
    [
      ['Commit', 'Judge benchmark', 'Judge', 'Score', 'Questions'],
      ...judged.map(({ commit, own }) => [
        commit,
        ...[judgeBenchmarkName(own), own.judge].map(shown),
        formatScore(own),
        questionsOf(own),
      ]),
    ],
    'lllrr',
    [
      [2, 8],
      [1, 8],
    ],
  );
  return `\n${JUDGED}.\n${print([wide, narrow], width)}\n`;
}

/** Accepted drops, those in force first; nothing where there are none. */
export function renderWaivers(
  {
    active,
    expired = [],
  }: {
    active: readonly Waiver[];
    expired?: readonly Waiver[];
  },
  width: number = Number.POSITIVE_INFINITY,
): string {
  if (active.length + expired.length === 0) return '';
  const states = [
    ...active.map((waiver) => ({ ...waiver, state: 'in force' })),
    ...expired.map((waiver) => ({ ...waiver, state: 'expired' })),
  ];
  const pointsOf = ({ target, accepted }: Waiver) =>
    formatPoints(accepted?.find(({ id }) => id === target.id)?.limit ?? null);
  const wide = form(
    [
      ['Accepted drop', 'State', 'Until', 'By', 'On', 'For', 'For commit', 'Points', 'Reason'],
      ...states.map((waiver) => [
        escapeTerminal(waiver.target.id, 40),
        waiver.state,
        waiver.expires.slice(0, 10),
        escapeTerminal(waiver.by, 40),
        waiver.created.slice(0, 10),
        waiver.pull === undefined ? UNKNOWN : `#${waiver.pull}`,
        waiver.commit.slice(0, SHORT_SHA),
        pointsOf(waiver),
        escapeTerminal(waiver.reason, 100),
      ]),
    ],
    'lllllllrl',
  );
  const narrow = form(
    [
      ['State', 'Accepted drop', 'Points', 'Until', 'By', 'Reason'],
      ...states.map((waiver) => [
        waiver.state,
        escapeTerminal(waiver.target.id, 40),
        pointsOf(waiver),
        waiver.expires.slice(0, 10),
        escapeTerminal(waiver.by, 40),
        escapeTerminal(waiver.reason, 100),
      ]),
    ],
    'llrlll',
    [
      [5, 12],
      [1, 12],
      [4, 8],
    ],
  );
  return `\n${print([wide, narrow], width)}\n`;
}

/** What `history show` prints. */
export function renderHistoryEntry(entry: Entry): string {
  const { run, verdict, model, harness } = entry;
  const facts: [string, string | null][] = [
    ['Commit', entry.sha],
    ['Parents', entry.parents?.join(' ') ?? null],
    ['Repository', entry.repository],
    ['Branch', entry.branch],
    ['Event', entry.event],
    ['Run', run && `${run.id}, attempt ${run.attempt}`],
    ['Recorded', entry.created],
    ['Suite, plan', `${entry.suite}, ${entry.planHash ?? UNKNOWN}`],
    ['Model', `${model.name} (${model.digest ?? UNKNOWN})`],
    ['Harness', `${harness.name} ${harness.version ?? UNKNOWN}`],
    ['Verdict', verdict && `${verdict.verdict}, against ${verdict.baseline ?? UNKNOWN}`],
    ['Questions', `${entry.items}, ${entry.itemsKept ? 'kept' : 'not kept any more'}`],
  ];
  const scores = FACTORS.map((id): [string, string] => {
    const { score = null, ci = null } = factorOf(entry, id) ?? {};
    return [FACTOR_NAMES[id], formatScore({ score, ci })];
  });
  const judged = (entry.judge ?? []).map((own): [string, string] => [
    `Judged: ${judgeLineName(own)}`,
    formatScore(own),
  ]);
  const rows = [...facts, ...scores, ...judged].map(([name, value]) => [
    escapeTerminal(name),
    escapeTerminal(value ?? UNKNOWN),
  ]);
  return `${print([form(rows, 'll')], Number.POSITIVE_INFINITY)}\n`;
}

/** The trend for a spreadsheet: an entry a row, oldest first; numbers are fractions of 1. */
export function renderHistoryCsv(lines: readonly IndexLine[]): string {
  const columns = historyColumns(lines);
  const rows = lines.map((_, row) =>
    Object.fromEntries(columns.map(({ name, values }) => [name, values[row]])),
  );
  return toCsv(
    columns.map(({ name }) => name),
    rows,
  );
}

function factorOf({ factors }: Pick<IndexLine, 'factors'>, id: Factor) {
  return factors.find((factor) => factor.id === id);
}

function form(rows: string[][], alignment: string, least: NonNullable<TableForm['least']> = []): TableForm {
  return { rows: rows.map((row) => row.map((text) => ({ text, colour: null }))), alignment, least };
}

function print(forms: [TableForm, ...TableForm[]], width: number): string {
  return layOutWithin(forms, width, (text) => text)
    .map((line) => line.trimEnd())
    .join('\n');
}
