import type { Entry, IndexLine } from '../../history/store/entry.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { FACTOR_NAMES, FACTORS, type Factor } from '../../suite/benchmark.ts';
import { judgeBenchmarkName } from '../../verdict/judge-benchmarks.ts';
import { judgeLineName, judgeLineOf } from '../../verdict/judge-summary.ts';
import type { Waiver } from '../../verdict/schema.ts';
import { formatPoints, formatScore, UNKNOWN } from '../format.ts';
import { toCsv } from './csv.ts';
import { JUDGED } from './judged.ts';
import { layOut } from './layout.ts';

const SHORT_SHA = 12;

/** What `history list` prints: an entry a line, newest first. */
export function renderHistoryTable(lines: readonly IndexLine[]): string {
  const heading = [
    'Recorded',
    'Commit',
    'Branch',
    'Event',
    'Suite',
    ...FACTORS.map((id) => FACTOR_NAMES[id]),
    'Items',
  ];
  const rows = [...lines]
    .reverse()
    .map((line) => [
      line.created.slice(0, 16).replace('T', ' '),
      line.sha.slice(0, SHORT_SHA),
      escapeTerminal(line.branch ?? UNKNOWN, 30),
      escapeTerminal(line.event ?? UNKNOWN, 20),
      escapeTerminal(line.suite, 20),
      ...FACTORS.map((id) => formatPoints(factorOf(line, id)?.score ?? null)),
      line.itemsKept ? 'kept' : UNKNOWN,
    ]);
  return (
    `${table([heading, ...rows], 'lllllrrrl')}\n\nFactor scores in points, preset paper; times in UTC.\n` +
    renderJudged(lines)
  );
}

/** What judges said of the commits, newest first; nothing where nothing was judged. */
function renderJudged(lines: readonly IndexLine[]): string {
  const heading = ['Recorded', 'Commit', 'Judge benchmark', 'Judge', 'Reference', 'Score', 'Questions'];
  const rows = [...lines]
    .reverse()
    .flatMap(({ created, sha, judge = [] }) =>
      judge.map((own) => [
        created.slice(0, 16).replace('T', ' '),
        sha.slice(0, SHORT_SHA),
        ...[judgeBenchmarkName(own), own.judge, own.reference ?? UNKNOWN].map((text) =>
          escapeTerminal(text, 40),
        ),
        formatScore(own),
        own.questions === 0 ? 'published' : String(own.questions),
      ]),
    );
  return rows.length === 0 ? '' : `\n${JUDGED}.\n${table([heading, ...rows], 'lllllrr')}\n`;
}

/** Accepted drops, those in force first; nothing where there are none. */
export function renderWaivers({
  active,
  expired = [],
}: {
  active: readonly Waiver[];
  expired?: readonly Waiver[];
}): string {
  if (active.length + expired.length === 0) return '';
  const row =
    (state: string) =>
    ({ target, by, created, expires, commit, reason, pull, accepted }: Waiver): string[] => [
      escapeTerminal(target.id, 40),
      state,
      expires.slice(0, 10),
      escapeTerminal(by, 40),
      created.slice(0, 10),
      pull === undefined ? UNKNOWN : `#${pull}`,
      commit.slice(0, SHORT_SHA),
      formatPoints(accepted?.find(({ id }) => id === target.id)?.limit ?? null),
      escapeTerminal(reason, 100),
    ];
  const heading = ['Accepted drop', 'State', 'Until', 'By', 'On', 'For', 'For commit', 'Points', 'Reason'];
  const rows = [...active.map(row('in force')), ...expired.map(row('expired'))];
  return `\n${table([heading, ...rows], 'lllllllrl')}\n`;
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
    ['Items', `${entry.items}, ${entry.itemsKept ? 'kept' : 'not kept any more'}`],
  ];
  const scores = FACTORS.map((id): [string, string] => {
    const { score = null, ci = null } = factorOf(entry, id) ?? {};
    return [FACTOR_NAMES[id], formatScore({ score, ci })];
  });
  const judged = (entry.judge ?? []).map((own): [string, string] => [
    `Judged: ${judgeLineName(own)}`,
    formatScore(own),
  ]);
  return `${table(
    [...facts, ...scores, ...judged].map(([name, value]) => [
      escapeTerminal(name),
      escapeTerminal(value ?? UNKNOWN),
    ]),
    'll',
  )}\n`;
}

/** The trend for a spreadsheet: an entry a row, oldest first; numbers are fractions of 1. */
export function renderHistoryCsv(lines: readonly IndexLine[]): string {
  const columns = FACTORS.flatMap((id) => [id, `${id}_low`, `${id}_high`]);
  const judged = nameLines(lines);
  const rows = lines.map((line) => ({
    ...line,
    plan_hash: line.planHash,
    items_kept: line.itemsKept,
    ...Object.fromEntries(
      FACTORS.flatMap((id) => {
        const { score = null, ci = null } = factorOf(line, id) ?? {};
        return [
          [id, score],
          [`${id}_low`, ci?.[0]],
          [`${id}_high`, ci?.[1]],
        ];
      }),
    ),
    ...Object.fromEntries(
      (line.judge ?? []).flatMap((own) => {
        const name = judged.get(judgeLineOf(own))!;
        return [
          [name, own.score],
          [`${name}_low`, own.ci?.[0]],
          [`${name}_high`, own.ci?.[1]],
        ];
      }),
    ),
  }));
  const names = [...judged.values()].flatMap((name) => [name, `${name}_low`, `${name}_high`]);
  return toCsv(
    [...['sha', 'created', 'branch', 'event', 'suite', 'plan_hash', 'items_kept'], ...[...columns, ...names]],
    rows,
  );
}

/** A column's name for each judge benchmark; one judge that was asked in two ways has two. */
function nameLines(lines: readonly IndexLine[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const own of lines.flatMap(({ judge = [] }) => judge)) {
    const line = judgeLineOf(own);
    if (names.has(line)) continue;
    const name = `judge: ${judgeLineName(own)}`;
    const again = [...names.values()].filter(
      (other) => other === name || other.startsWith(`${name} (asked `),
    );
    names.set(line, again.length === 0 ? name : `${name} (asked in another way, ${again.length + 1})`);
  }
  return names;
}

function factorOf({ factors }: Pick<IndexLine, 'factors'>, id: Factor) {
  return factors.find((factor) => factor.id === id);
}

function table(rows: string[][], alignment: string): string {
  const cells = rows.map((row) => row.map((text) => ({ text, colour: null })));
  return layOut(cells, alignment, (text) => text)
    .map((line) => line.trimEnd())
    .join('\n');
}
