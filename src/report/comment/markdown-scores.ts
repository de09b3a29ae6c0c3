import { markdownTable } from 'markdown-table';
import { escapeCode, escapeMarkdown } from '../../markdown/escape.ts';
import { FACTOR_NAMES } from '../../suite/benchmark.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import type { Summary } from '../../verdict/summary.ts';
import { criteriaMarkdown } from '../criteria/markdown.ts';
import { formatScore, UNKNOWN } from '../format.ts';
import { describeJudging, JUDGED } from '../tables/judged.ts';
import { endingNotes, gapNotes } from './gaps.ts';
import { describePreset } from './preset.ts';
import { writtenNotes } from './style.ts';

/** What `show --format markdown` prints: the records side by side. */
export function renderShowMarkdown(summaries: readonly Summary[]): string {
  const ids = [...new Set(summaries.flatMap(({ benchmarks }) => benchmarks.map(({ id }) => id)))];
  const factors = summaries[0]?.factors.map(({ id }) => id) ?? [];
  const benchmarkRow = (id: string) => [
    escapeMarkdown(findBenchmark(id)?.name ?? id),
    ...summaries.map(({ benchmarks }) => {
      const found = benchmarks.find((benchmark) => benchmark.id === id);
      if (!found) return UNKNOWN;
      return found.score === null ? found.status : formatScore(found);
    }),
  ];
  const rows = factors.flatMap((factor) => [
    [
      `**${FACTOR_NAMES[factor]}**`,
      ...summaries.map((summary) => {
        const found = summary.factors.find(({ id }) => id === factor);
        return found ? formatScore(found) : UNKNOWN;
      }),
    ],
    ...ids.filter((id) => findBenchmark(id)?.factor === factor).map(benchmarkRow),
  ]);
  const outside = ids.filter((id) => findBenchmark(id) === undefined).map(benchmarkRow);
  const heading = ['Factor, benchmark', ...summaries.map(({ model }) => escapeMarkdown(model, 60))];
  const presets = [...new Set(summaries.map(({ preset }) => preset))];
  const how = presets.map((preset) => `Preset ${escapeCode(preset)}: ${describePreset(preset)}.`).join(' ');
  return [
    markdownTable([heading, ...rows, ...outside], {
      align: ['l', ...summaries.map(() => 'r')],
      alignDelimiters: false,
    }),
    ...[...gapNotes(summaries), ...endingNotes(summaries), ...writtenNotes(summaries)].map(
      ({ name, text }) => `- ${escapeMarkdown(name)}: ${escapeMarkdown(text, 600)}`,
    ),
    ...judgedTable(summaries),
    `${how} Scores in points, higher is better (WMDP inverted), 95% intervals.\n`,
  ].join('\n\n');
}

/** What judges found; no part where nothing was judged. */
function judgedTable(summaries: readonly Summary[]): string[] {
  const rows = summaries.flatMap(({ model, judge = [] }) =>
    judge.map((row) => [
      ...[row.name, row.judge, row.reference ?? UNKNOWN, model].map((text) => escapeMarkdown(text, 60)),
      row.score === null ? row.status : formatScore(row),
      escapeMarkdown(
        [row.reason, describeJudging({ ...row, questions: row.n })].filter(Boolean).join('; '),
        600,
      ),
    ]),
  );
  if (rows.length === 0) return [];
  const head = ['Judge benchmark', 'Judge', 'Reference', 'Model', 'Score', 'The judge'];
  return [
    `${JUDGED}:`,
    markdownTable([head, ...rows], { align: ['l', 'l', 'l', 'l', 'r', 'l'], alignDelimiters: false }),
    ...summaries.flatMap(({ model, judge = [] }) =>
      judge.flatMap(({ name, criteria }) =>
        criteria === undefined
          ? []
          : [`${escapeMarkdown(`${model}, ${name}`, 120)}:\n\n${criteriaMarkdown(criteria)}`],
      ),
    ),
  ];
}
