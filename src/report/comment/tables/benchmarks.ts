import { formatCount, plural } from '../../../count.ts';
import { escapeMarkdown } from '../../../markdown/escape.ts';
import { findBenchmark } from '../../../suite/catalogue.ts';
import type { BenchmarkComparison, GroupComparison, Verdict } from '../../../verdict/schema.ts';
import {
  formatList,
  formatPoints,
  formatRange,
  formatScorePoints,
  formatSigned,
  noBreak,
  UNKNOWN,
} from '../../format.ts';
import { describeOutcome, tallyOutcomes } from '../../outcome-words.ts';
import { fold, markWord, type Section, showOutcome, table } from '../sections.ts';
import { differenceTitle, showDelta } from './factors.ts';
import { shortTask } from './task-names.ts';

/** Tables of more rows are not read; the rest is counted. */
const MAX_WORSE = 30;
/** Benchmarks whose tasks are shown: the largest drops. */
const MAX_WITH_PARTS = 3;
/** Benchmarks that stay where not all of them have room. */
const MAX_MOVED = 100;
const MAX_NAMED = 4;

/** `24 benchmarks: 🔴 1 worse · ⚪ 4 equivalent · 17 not run`; null where a verdict has none. */
export function tallyLine({ benchmarks }: Verdict): string | null {
  if (benchmarks.length === 0) return null;
  const counts = tallyOutcomes(benchmarks.map(({ outcome }) => outcome)).map(({ mark, word, count }) =>
    noBreak(`${mark} ${formatCount(count)} ${word}`.trim()),
  );
  return `**${plural(benchmarks.length, 'benchmark')}:** ${counts.join(' · ')}`;
}

/** The benchmarks that are worse, the largest drop first, with the tasks that lost most. */
export function worseBenchmarks(verdict: Verdict): Section | null {
  const { benchmarks, groups = [] } = verdict;
  const dropped = benchmarks
    .filter(({ outcome }) => outcome === 'regressed')
    .sort((a, b) => (a.delta.estimate ?? 0) - (b.delta.estimate ?? 0));
  const together = groups.filter(({ outcome }) => outcome === 'regressed').map(describeGroup);
  if (dropped.length === 0 && together.length === 0) return null;
  const more = dropped.length - MAX_WORSE;
  const text = (isShort: boolean) => {
    const shown = dropped.slice(0, MAX_WORSE);
    return [
      '**Worse benchmarks**',
      shown.length > 0 && benchmarkTable(shown, verdict, isShort ? 0 : MAX_WITH_PARTS),
      more > 0 && `... and ${plural(more, 'more benchmark')}.`,
      ...together,
    ]
      .filter(Boolean)
      .join('\n\n');
  };
  const section = { title: 'Worse benchmarks', text: text(false), keep: 8 };
  return shownParts(dropped).length === 0 ? section : { ...section, less: { ...section, text: text(true) } };
}

/** Benchmarks that were tested together as one and are worse, in one line. */
function describeGroup({ name, members, baseline, candidate, delta, threshold }: GroupComparison): string {
  return (
    `${markWord(describeOutcome('regressed'))}: ${escapeMarkdown(name)} (its ${members.length} benchmarks tested together): ` +
    `${formatSigned(delta.estimate)} (${formatRange(delta.ci)}), ${formatScorePoints(baseline.score)} → ${formatScorePoints(candidate.score)}` +
    `${threshold.level === 'warn' ? ', a warning only' : ''}.`
  );
}

export function allBenchmarks(verdict: Verdict): Section | null {
  const compared = verdict.benchmarks.filter(({ delta }) => delta.estimate !== null);
  if (compared.length === 0) return null;
  const all = fold(`All benchmarks (${compared.length} compared)`, benchmarkTable(compared, verdict), 1);
  if (compared.length <= MAX_MOVED) return all;
  const moved = compared
    .toSorted((a, b) => Math.abs(b.delta.estimate ?? 0) - Math.abs(a.delta.estimate ?? 0))
    .slice(0, MAX_MOVED);
  const title = `The ${MAX_MOVED} benchmarks that moved most (of ${formatCount(compared.length)} compared)`;
  return { ...all, less: { ...fold(title, benchmarkTable(moved, verdict), 1), title: all.title } };
}

export function skippedBenchmarks({ benchmarks }: Verdict): Section | null {
  const skipped = benchmarks.filter(({ delta }) => delta.estimate === null);
  if (skipped.length === 0) return null;
  const groups = new Map<string, BenchmarkComparison[]>();
  for (const row of skipped) {
    const key = JSON.stringify([row.outcome, row.reason]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const rows = [...groups.values()].map((group) => [
    group[0] ? showOutcome(group[0].outcome) : '',
    group.map(({ name }) => escapeMarkdown(name)).join(', '),
    escapeMarkdown(group[0]?.reason ?? UNKNOWN),
  ]);
  return fold(
    `Not compared (${skipped.length})`,
    table([['Outcome', 'Benchmarks', 'Why'], ...rows], 'lll'),
    2,
  );
}

function benchmarkTable(
  rows: readonly BenchmarkComparison[],
  { alpha }: Pick<Verdict, 'alpha'>,
  withParts = 0,
): string {
  const head = [
    'Outcome',
    'Benchmark',
    differenceTitle(alpha),
    'Score',
    'Lost / gained',
    'Questions',
    'Detectable drop',
  ];
  const cells = rows.flatMap((row, index) => [
    [
      showOutcome(row.outcome),
      escapeMarkdown(row.name),
      showDelta(row.delta),
      showScores(row.baseline.score, row.candidate.score),
      row.flips ? showFlips(row.flips) : UNKNOWN,
      formatCount(row.n),
      formatPoints(row.detectable),
    ],
    ...(index < withParts ? partRows(row) : []),
  ]);
  return [table([head, ...cells], 'llrrrrr'), benchmarkNotes(rows)].filter(Boolean).join('\n\n');
}

/** Tasks are not tested by themselves: they have no interval. */
function partRows({ id, worstParts = [] }: BenchmarkComparison): string[][] {
  const tasks = findBenchmark(id)?.tasks.map(({ name }) => name) ?? [];
  return worstParts.map(({ name, baseline, candidate, lost, gained, n }) => [
    '',
    `↳ ${escapeMarkdown(shortTask(name, tasks), 80)}`,
    formatSigned(candidate - baseline),
    showScores(baseline, candidate),
    showFlips({ lost, gained }),
    formatCount(n),
    '',
  ]);
}

function shownParts(rows: readonly BenchmarkComparison[]) {
  return rows.slice(0, MAX_WITH_PARTS).flatMap(({ worstParts = [] }) => worstParts);
}

/** `50.0 → 44.5`, on one line. */
function showScores(baseline: number | null, candidate: number | null): string {
  return noBreak(`${formatScorePoints(baseline)} → ${formatScorePoints(candidate)}`);
}

function showFlips({ lost, gained }: { lost: number; gained: number }): string {
  return noBreak(`${formatCount(lost)} / ${formatCount(gained)}`);
}

/** What is to be known of single benchmarks, each note once; null where there is nothing. */
function benchmarkNotes(rows: readonly BenchmarkComparison[]): string | null {
  const named = new Map<string, string[]>();
  for (const { name, reason, threshold, outcome } of rows) {
    const notes = [reason, threshold.level === 'warn' && outcome === 'regressed' ? 'a warning only' : null];
    for (const note of notes.filter((one) => one !== null))
      named.set(note, [...(named.get(note) ?? []), name]);
  }
  const lines = [...named].map(([note, names]) => {
    const who =
      names.length === rows.length && rows.length > MAX_NAMED
        ? 'All'
        : formatList(
            names.map((name) => escapeMarkdown(name)),
            MAX_NAMED,
          );
    return `- ${who}: ${escapeMarkdown(note, 600)}`;
  });
  return lines.length === 0 ? null : lines.join('\n');
}
