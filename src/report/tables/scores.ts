import { formatCount, plural } from '../../count.ts';
import { escapeCode, escapeMarkdown } from '../../markdown/escape.ts';
import { COMMENT_BUDGET } from '../../markdown/limits.ts';
import { FACTOR_NAMES } from '../../suite/benchmark.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import type { Summary } from '../../verdict/summary.ts';
import { fitSections, nameDropped } from '../comment/fit.ts';
import { endingNotes, gapNotes } from '../comment/gaps.ts';
import { renderHeading, renderObjections, type ShownObjection } from '../comment/objections.ts';
import { fold, type Section, table, trendSection } from '../comment/sections.ts';
import { linkLine } from '../comment/tables/link-line.ts';
import { formatScore, noBreak } from '../format.ts';
import { linkTo, type ReportLinks } from '../links.ts';
import { describeOutcome } from '../outcome-words.ts';

/** Benchmarks that stay where not all of them have room. */
const MAX_ROWS = 100;

/** Of a benchmark without a score, as the comment of a comparison says it. */
const STATUS_WORDS: Partial<Record<string, string>> = {
  skipped: describeOutcome('skipped').word,
  failed: describeOutcome('failed').word,
};

export interface ScoresContext {
  title?: string;
  text?: string;
  notes?: readonly string[];
  /** The last records of the main branch, as `renderTrend` gives them. */
  trend?: string | null;
  /** Commit that was evaluated; null or left out where unknown. */
  commit?: string | null;
  /** Why it is never green: above what it found. */
  objections?: readonly ShownObjection[];
  /** Checked by `checkLinks`. */
  links?: ReportLinks;
  /** Whether the policy fails without a baseline. */
  fails?: boolean;
  /** Bytes it may take. */
  budget?: number;
}

/**
 * One record's scores as markdown, for a run that compares nothing. Where it would be too long, details drop out; the factors
 * never do.
 */
export function renderScores(summary: Summary, context: ScoresContext = {}): string {
  const sections = [
    gapSection(summary),
    endingSection(summary),
    benchmarkSection(summary),
    trendSection(context.trend ?? null),
  ].filter((section) => section !== null);
  return fitSections(sections, context.budget ?? COMMENT_BUDGET, (kept, dropped) =>
    assemble(summary, context, kept, dropped),
  );
}

function assemble(
  { model, preset, factors }: Summary,
  {
    title = 'No baseline',
    text = 'There is nothing to compare this model with yet; its scores are below.',
    notes = [],
    commit = null,
    objections = [],
    links = {},
    fails = false,
  }: ScoresContext,
  sections: readonly Section[],
  dropped: readonly Section[],
): string {
  const rows = factors.map((factor) => [
    FACTOR_NAMES[factor.id],
    noBreak(formatScore(factor)),
    formatCount(factor.n),
  ]);
  return [
    renderHeading(
      { mark: '', heading: `${title.charAt(0).toLowerCase()}${title.slice(1)}`, isRed: false },
      objections,
    ),
    ...renderObjections(objections),
    `> [!${fails ? 'WARNING' : 'NOTE'}]\n> **${title}.** ${text}${fails ? ' **This fails the check.**' : ''}`,
    linkLine(null, links, false),
    `Model: ${escapeMarkdown(model)}${commit === null ? '' : ` of commit ${linkTo(escapeCode(commit.slice(0, 12)), links.candidateCommit)}`}`,
    table([['Factor', 'Score (points)', 'Questions'], ...rows], 'lrr'),
    ...sections.map((section) => section.text),
    ...notes.map((note) => escapeMarkdown(note, 1000)),
    nameDropped(dropped),
    `Preset ${escapeCode(preset)}. Higher is better (WMDP inverted); intervals at 95%.\n`,
  ]
    .filter((part) => part !== null)
    .join('\n\n');
}

/** Benchmarks that are not whole, named in the order of the table. */
const MAX_GAPS = 30;

function gapSection(summary: Summary): Section | null {
  const notes = gapNotes([summary]);
  if (notes.length === 0) return null;
  const lines = notes
    .slice(0, MAX_GAPS)
    .map(({ name, text }) => `- ${escapeMarkdown(name)}: ${escapeMarkdown(text, 600)}`);
  const more = notes.length - lines.length;
  if (more > 0) lines.push(`- and ${plural(more, 'more benchmark')}`);
  return { title: 'Missing questions', text: `**Missing questions**\n\n${lines.join('\n')}`, keep: 2 };
}

function endingSection(summary: Summary): Section | null {
  const notes = endingNotes([summary]);
  if (notes.length === 0) return null;
  const lines = notes.map(({ name, text }) => `- ${escapeMarkdown(name)}: ${escapeMarkdown(text)}`);
  return fold(`Answers cut short (${plural(notes.length, 'benchmark')})`, lines.join('\n'), 1);
}

function benchmarkSection({ benchmarks }: Summary): Section | null {
  if (benchmarks.length === 0) return null;
  const rows = benchmarks.map((row) => [
    escapeMarkdown(findBenchmark(row.id)?.name ?? row.id),
    noBreak(row.score === null ? (STATUS_WORDS[row.status] ?? row.status) : formatScore(row)),
    formatCount(row.n),
  ]);
  const head = ['Benchmark', 'Score (points)', 'Questions'];
  const all = fold('Benchmarks', table([head, ...rows], 'lrr'), 1);
  if (rows.length <= MAX_ROWS) return all;
  const title = `The first ${MAX_ROWS} of ${formatCount(rows.length)} benchmarks`;
  const less = fold(title, table([head, ...rows.slice(0, MAX_ROWS)], 'lrr'), 1);
  return { ...all, less: { ...less, title: 'Benchmarks' } };
}
