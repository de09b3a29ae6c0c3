import { markdownTable } from 'markdown-table';
import { FACTOR_NAMES } from '../suite/benchmark.ts';
import { findBenchmark } from '../suite/catalogue.ts';
import type { Summary } from '../verdict/summary.ts';
import { escapeMarkdown } from './escape.ts';
import { formatScore } from './format.ts';

/** One record's scores as markdown, for a run that compares nothing. */
export function renderScores(
  { model, preset, factors, benchmarks }: Summary,
  {
    title = 'No baseline',
    text = 'There is nothing to compare this model with yet; its scores are below.',
    notes = [],
    trend = null,
  }: { title?: string; text?: string; notes?: readonly string[]; trend?: string | null } = {},
): string {
  const factorRows = factors.map((factor) => [
    FACTOR_NAMES[factor.id],
    formatScore(factor),
    String(factor.n),
  ]);
  const rows = benchmarks.map((row) => [
    escapeMarkdown(findBenchmark(row.id)?.name ?? row.id),
    row.status === 'done' ? formatScore(row) : row.status,
    String(row.n),
  ]);
  return [
    `> [!NOTE]\n> **${title}.** ${text}`,
    `Model: ${escapeMarkdown(model)}`,
    markdownTable([['Factor', 'Score (points)', 'Items'], ...factorRows], { align: ['l', 'r', 'r'] }),
    '<details><summary>Benchmarks</summary>',
    markdownTable([['Benchmark', 'Score (points)', 'Items'], ...rows], { align: ['l', 'r', 'r'] }),
    '</details>',
    ...(trend === null ? [] : [trend]),
    ...notes.map((note) => escapeMarkdown(note, 1000)),
    `Preset \`${preset}\`. Higher is better (WMDP inverted); intervals at 95%.\n`,
  ].join('\n\n');
}
