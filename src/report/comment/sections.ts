import { markdownTable } from 'markdown-table';
import { formatCount, plural } from '../../count.ts';
import { escapeCode, escapeMarkdown } from '../../markdown/escape.ts';
import { describeDrift } from '../../verdict/measure/drift.ts';
import type { BenchmarkComparison, Missing, Outcome, Verdict } from '../../verdict/schema.ts';
import { formatList, formatPoints, formatShare, noBreak, UNKNOWN } from '../format.ts';
import { describeOutcome, MIN_COMPARED_WEIGHT, type OutcomeWord } from '../outcome-words.ts';
import { describePreset } from './preset.ts';

/** A part of the comment that may drop out. */
export interface Section {
  title: string;
  text: string;
  /** Where the comment is too long, the section with the lowest number goes first. */
  keep: number;
  /** What takes its place where the comment is too long, before it goes altogether. */
  less?: Section;
}

/** An outcome in words for readers with its mark, on one line. */
export function showOutcome(outcome: Outcome): string {
  return markWord(describeOutcome(outcome));
}

/** `🔴 worse`, on one line. */
export function markWord({ mark, word }: OutcomeWord): string {
  return noBreak(`${mark} ${word}`.trim());
}

/** Tables of more rows are not read; the rest is counted. */
const MAX_MISSING = 30;

/** Idle workers begin the next look: up to so many times as many answers are those of the looks that were needed. */
const BEGUN = 1.1;

/** How far a plan with several looks was followed; null where there is none. */
export function looksLine({ looks, factors, records }: Verdict): string | null {
  if (looks === undefined) return null;
  const ended = (how: string) => factors.some((factor) => factor.looks?.decided === how);
  if (ended('open')) return `Not decided by its ${plural(looks.count, 'look')}: answers are missing.`;
  const { device, deviceMinutes, items } = records.candidate;
  const minutes =
    deviceMinutes !== null && `${deviceMinutes.toFixed(1)} ${device?.type === 'cpu' ? 'CPU' : 'GPU'} minutes`;
  const share = `${formatShare(looks.share)} of the plan`;
  const done = ended('none')
    ? `All ${plural(looks.count, 'look')} done`
    : `Decided after ${looks.done} of ${plural(looks.count, 'look')}`;
  if (items <= BEGUN * looks.items) return `${[done, share, minutes].filter(Boolean).join(', ')}.`;
  // The time is that of all that was asked: by shards, or by a run that had no baseline at hand.
  const more = `${plural(items, 'question')} in place of ${formatCount(looks.items)}`;
  return `${done}, ${share}. The run asked more, ${more}${minutes ? `: ${minutes}` : ''}.`;
}

/** What the candidate lacks of what it was asked and the baseline has, by task. */
export function missingQuestions({ benchmarks }: Verdict): Section | null {
  const lacking = benchmarks.filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0) return null;
  const rows = lacking.flatMap((row) =>
    row.candidate.score === null ? [missingBenchmark(row)] : missingTasks(row),
  );
  const more = rows.length - MAX_MISSING;
  const shown = table([['Benchmark', 'Task', 'Missing', 'Why'], ...rows.slice(0, MAX_MISSING)], 'llrl');
  const note = lacking.some(({ delta }) => delta.estimate !== null)
    ? '\n\nA question that was asked, that the baseline has a score for and this run has not, counts as wrong.'
    : '';
  const rest = more > 0 ? `\n\n... and ${plural(more, 'more task')}.` : '';
  return { title: 'Missing questions', text: `**Missing questions**\n\n${shown}${rest}${note}`, keep: 9 };
}

/** A benchmark that is missing as a whole. */
function missingBenchmark({ name, missing, reason }: BenchmarkComparison): string[] {
  const count = missing.reduce((sum, task) => sum + task.missing, 0);
  const tasks = missing.length === 1 ? escapeCode(missing[0]!.task) : `all ${missing.length} tasks`;
  return [escapeMarkdown(name), tasks, `all ${formatCount(count)}`, escapeMarkdown(reason ?? UNKNOWN)];
}

function missingTasks({ name, missing }: BenchmarkComparison): string[][] {
  return missing.map((task) => [
    escapeMarkdown(name),
    escapeCode(task.task),
    `${formatCount(task.missing)} of ${formatCount(task.required)}`,
    explainMissing(task),
  ]);
}

function explainMissing({ missing, required, changed, documents }: Missing): string {
  const facts = [
    changed > 0 && `${plural(changed, 'document')} replaced by others`,
    documents !== null &&
      documents.candidate < documents.baseline &&
      `the task has ${plural(documents.candidate, 'document')} here, ${formatCount(documents.baseline)} in the baseline`,
    missing >= required && changed === 0 && 'the whole task',
  ];
  return facts.filter(Boolean).join('; ') || 'no score';
}

export function collapsedBenchmarks({ collapsed }: Verdict): Section | null {
  if (collapsed.length === 0) return null;
  const rows = collapsed.map(({ name, share, baselineToo, constantScore }) => {
    const reward =
      constantScore === null ? '' : `; the best constant answer scores ${formatPoints(constantScore)} there`;
    return `${escapeMarkdown(name)} (${formatShare(share)} of the answers${reward}${baselineToo ? '; so does the baseline' : ''})`;
  });
  const text =
    '**Constant answers.** The candidate gives one and the same answer throughout ' +
    `${formatList(rows, 12)}. Such a score says little about the model.`;
  return { title: 'Constant answers', text, keep: 7 };
}

/** Regressions that somebody has accepted, for a time. */
export function acceptedRegressions({ waivers, factors, benchmarks, groups = [] }: Verdict): Section | null {
  if (waivers.length === 0) return null;
  const names = new Map([...factors, ...benchmarks, ...groups].map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => escapeMarkdown(names.get(id) ?? id);
  const lines = waivers.map(({ target, reason, by, expires, applied, accepted, exceeded, pull }) => {
    const what = applied ? 'this drop is accepted' : 'a drop would be accepted';
    const limit = accepted.find(({ id }) => id === target)?.limit;
    const upTo = limit === undefined ? '' : ` up to ${formatPoints(limit)} points`;
    const where = pull === null ? '' : ` for #${pull}`;
    const larger =
      exceeded.length === 0
        ? ''
        : ` **Not accepted: ${formatList(exceeded.map(nameOf))}, which lost more than that, or was not lost then.**`;
    return `- ${nameOf(target)}: ${what}${upTo} by ${escapeMarkdown(by, 60)}${where} until ${expires.slice(0, 10)}: ${escapeMarkdown(reason, 300)}${larger}`;
  });
  return {
    title: 'Accepted regressions',
    text: `**Accepted regressions**\n\n${lines.join('\n')}`,
    keep: Infinity,
  };
}

export function warningList({ warnings, forced, drift }: Verdict): Section | null {
  // A drift that fails is in the headline.
  const said = drift?.fails ? describeDrift(drift) : null;
  const others = warnings.filter((warning) => said === null || !warning.includes(said));
  if (others.length === 0) return null;
  const text = others.map((warning) => `- ${escapeMarkdown(warning, 600)}`).join('\n');
  // A comparison by force has to say so, whatever else drops out.
  return { title: 'Warnings', text, keep: forced ? Infinity : 5 };
}

export function trendSection(trend: string | null): Section | null {
  return trend === null ? null : { title: 'Trend', text: trend, keep: 0 };
}

const LOOKS_NOTE =
  'The answers were judged at looks that were fixed beforehand. Held: no sign of a drop of the size that the looks are made for. ' +
  'A run that may stop early overstates what made it stop, so the difference of a factor is corrected for that, and its interval too.';

export function howToRead({
  footnotes,
  alpha,
  thresholds,
  preset,
  factors,
  runSpread,
  looks,
}: Verdict): Section {
  const { minimumEffect, minimumUnits } = thresholds;
  const margins = factors.map(
    ({ name, threshold }) => `${formatPoints(threshold.margin)} (${name.toLowerCase()})`,
  );
  const lines = [
    'Difference: candidate minus baseline. Detectable drop: a true drop of that size would have been seen four times in five.',
    'Lost: questions answered right before and wrong now; gained: the other way round.',
    `Worse: the drop is significant (two-sided, alpha ${alpha}; Holm over the factors, ` +
      'Benjamini-Hochberg over the benchmarks) and larger than ' +
      `${formatPoints(minimumEffect.factor)} points for a factor, ${formatPoints(minimumEffect.benchmark)} for a benchmark.`,
    `Equivalent: the ${Math.round((1 - 2 * alpha) * 100)}% interval lies within ` +
      `${margins.join(', ')} points. Of a factor of which less than ${formatShare(MIN_COMPARED_WEIGHT)} of the weight was compared, it is not said. ` +
      'Cannot tell: neither worse, nor better, nor equivalent could be shown.',
    ...(looks === undefined ? [] : [LOOKS_NOTE]),
    `Preset ${escapeCode(preset)}: ${describePreset(preset)}.`,
    `Fewer than ${minimumUnits} independent questions give an interval and no test.`,
    runSpread
      ? `The differences allow for how much ${plural(runSpread.models.length, 'model')} of one recipe differ among themselves.`
      : 'Whether training the same recipe again would show the same difference is another question.',
    ...footnotes.map((note) => escapeMarkdown(note, 600)),
  ];
  return fold('How to read this', lines.map((line) => `- ${line}`).join('\n'), 4);
}

export function fold(title: string, body: string, keep: number): Section {
  const text = `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
  return { title, text, keep };
}

export function table(rows: string[][], alignment: string): string {
  return markdownTable(rows, { align: [...alignment], alignDelimiters: false });
}
