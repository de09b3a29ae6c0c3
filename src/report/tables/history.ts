import type { Entry, IndexLine } from '../../history/store/entry.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { FACTOR_NAMES, FACTORS, type Factor } from '../../suite/benchmark.ts';
import type { Waiver } from '../../verdict/schema.ts';
import { formatPoints, formatScore, UNKNOWN } from '../format.ts';
import { toCsv } from './csv.ts';
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
  return `${table([heading, ...rows], 'lllllrrrl')}\n\nFactor scores in points, preset paper; times in UTC.\n`;
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
  return `${table(
    [...facts, ...scores].map(([name, value]) => [name, escapeTerminal(value ?? UNKNOWN)]),
    'll',
  )}\n`;
}

/** The trend for a spreadsheet: an entry a row, oldest first; numbers are fractions of 1. */
export function renderHistoryCsv(lines: readonly IndexLine[]): string {
  const columns = FACTORS.flatMap((id) => [id, `${id}_low`, `${id}_high`]);
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
  }));
  return toCsv(['sha', 'created', 'branch', 'event', 'suite', 'plan_hash', 'items_kept', ...columns], rows);
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
