import type { IndexLine } from '../../history/store/entry.ts';
import { FACTORS } from '../../suite/benchmark.ts';
import { judgeLineName, judgeLineOf } from '../../verdict/judge-summary.ts';

/** One column of the trend: a value an entry. Numbers are fractions of 1, times ISO 8601 in UTC. */
type HistoryColumn =
  | { name: string; kind: 'text'; values: (string | null)[] }
  | { name: string; kind: 'flag'; values: boolean[] }
  | { name: string; kind: 'number'; values: (number | null)[] };

/** The trend as columns: what an entry is, the factors with their intervals, and three columns for each line of a judge. */
export function historyColumns(lines: readonly IndexLine[]): HistoryColumn[] {
  const text = (name: string, pick: (line: IndexLine) => string | null): HistoryColumn => ({
    ...{ name, kind: 'text', values: lines.map(pick) },
  });
  const scores = (
    name: string,
    pick: (line: IndexLine) => { score: number | null; ci: readonly [number, number] | null } | undefined,
  ): HistoryColumn[] => {
    const found = lines.map(pick);
    return [
      { name, kind: 'number', values: found.map((own) => own?.score ?? null) },
      { name: `${name}_low`, kind: 'number', values: found.map((own) => own?.ci?.[0] ?? null) },
      { name: `${name}_high`, kind: 'number', values: found.map((own) => own?.ci?.[1] ?? null) },
    ];
  };
  return [
    text('sha', ({ sha }) => sha),
    text('created', ({ created }) => created),
    text('branch', ({ branch }) => branch),
    text('event', ({ event }) => event),
    text('suite', ({ suite }) => suite),
    text('plan_hash', ({ planHash }) => planHash),
    { name: 'items_kept', kind: 'flag', values: lines.map(({ itemsKept }) => itemsKept) },
    ...FACTORS.flatMap((id) => scores(id, ({ factors }) => factors.find((factor) => factor.id === id))),
    ...[...nameLines(lines)].flatMap(([line, name]) =>
      scores(name, ({ judge = [] }) => judge.find((own) => judgeLineOf(own) === line)),
    ),
  ];
}

/** A name for each line of a judge; one judge that was asked in two ways has two. */
function nameLines(lines: readonly Pick<IndexLine, 'judge'>[]): Map<string, string> {
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
