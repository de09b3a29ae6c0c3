import { markdownTable } from 'markdown-table';
import { formatCount, plural } from '../../count.ts';
import { escapeBlock, escapeCode, escapeMarkdown } from '../../markdown/escape.ts';
import type {
  BenchmarkComparison,
  Difference,
  GroupComparison,
  Missing,
  Outcome,
  TemplateChange,
  Verdict,
} from '../../verdict/schema.ts';
import {
  formatDelta,
  formatList,
  formatP,
  formatPoints,
  formatScore,
  formatScorePoints,
  formatShare,
  UNKNOWN,
} from '../format.ts';
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

const OUTCOME_MARKS: Record<Outcome, string> = {
  regressed: '🔴 regressed',
  improved: '🟢 improved',
  equivalent: '⚪ equivalent',
  held: '⚪ held',
  inconclusive: '🟡 inconclusive',
  'not-comparable': '⚫ not comparable',
  skipped: 'skipped',
  failed: '⚫ failed',
  'no-baseline': 'no baseline',
};

/** An outcome with its mark. */
export function showOutcome(outcome: Outcome): string {
  return OUTCOME_MARKS[outcome];
}

/** Tables of more rows are not read; the rest is counted. */
const MAX_REGRESSED = 30;
const MAX_MISSING = 30;

/** Benchmarks that stay where not all of them have room. */
const MAX_MOVED = 100;

export function factorTable({
  factors,
  records,
}: Pick<Verdict, 'factors'> & { records: Record<'baseline' | 'candidate', { name: string }> }): string {
  const head = [
    'Factor',
    armTitle('Baseline', records.baseline.name),
    armTitle('Candidate', records.candidate.name),
    'Difference',
    'Outcome',
    'Minimum detectable drop',
  ];
  const rows = factors.map((factor) => [
    `**${escapeMarkdown(factor.name)}**`,
    formatScore(factor.baseline),
    formatScore(factor.candidate),
    `**${formatDelta(factor.delta)}**`.replace(`**${UNKNOWN}**`, UNKNOWN),
    OUTCOME_MARKS[factor.outcome] +
      (factor.threshold.level === 'warn' && factor.outcome === 'regressed' ? ' (warning only)' : '') +
      (factor.reason ? `<br>${escapeMarkdown(factor.reason)}` : ''),
    formatPoints(factor.detectable),
  ]);
  return table([head, ...rows], 'lrrrlr');
}

/** What the factors rest on. */
export function coverageLine({ coverage, factors, benchmarks }: Verdict): string {
  const parts = coverage.map(({ factor, compared, of, weight }) => {
    const name = escapeMarkdown(factors.find(({ id }) => id === factor)?.name ?? factor);
    return `${name} ${compared} of ${plural(of, 'benchmark')} (${formatShare(weight)} of the weight)`;
  });
  const items = benchmarks.reduce((sum, { n }) => sum + n, 0);
  const others = benchmarks.filter(({ factor, delta }) => factor === null && delta.estimate !== null).length;
  const outside = others > 0 ? `; ${plural(others, 'benchmark')} in no factor` : '';
  return `Scores in points, 95% intervals in brackets. ${plural(items, 'question')} compared: ${parts.join(', ')}${outside}.`;
}

/** How far a plan with several looks was followed; null where there is none. */
export function looksLine({ looks, factors, records }: Verdict): string | null {
  if (looks === undefined) return null;
  const ended = (how: string) => factors.some((factor) => factor.looks?.decided === how);
  if (ended('open')) return `Not decided by its ${plural(looks.count, 'look')}: answers are missing.`;
  const { device, deviceMinutes } = records.candidate;
  const facts = [
    `${formatShare(looks.share)} of the plan`,
    deviceMinutes !== null && `${deviceMinutes.toFixed(1)} ${device?.type === 'cpu' ? 'CPU' : 'GPU'} minutes`,
  ];
  const done = ended('none')
    ? `All ${plural(looks.count, 'look')} done`
    : `Decided after ${looks.done} of ${plural(looks.count, 'look')}`;
  return `${done}, ${facts.filter(Boolean).join(', ')}.`;
}

export function regressedBenchmarks({ benchmarks, groups = [] }: Verdict): Section | null {
  const dropped = benchmarks
    .filter(({ outcome }) => outcome === 'regressed')
    .sort((a, b) => (a.delta.estimate ?? 0) - (b.delta.estimate ?? 0));
  const together = groups.filter(({ outcome }) => outcome === 'regressed').map(describeGroup);
  if (dropped.length === 0 && together.length === 0) return null;
  const more = dropped.length - MAX_REGRESSED;
  const parts = [
    '**Regressed benchmarks**',
    dropped.length > 0 && benchmarkTable(dropped.slice(0, MAX_REGRESSED)),
    more > 0 && `... and ${plural(more, 'more benchmark')}.`,
    ...together,
  ];
  return { title: 'Regressed benchmarks', text: parts.filter(Boolean).join('\n\n'), keep: 8 };
}

/** Benchmarks that were tested together as one and are worse, in one line. */
export function describeGroup({
  name,
  members,
  baseline,
  candidate,
  delta,
  threshold,
}: GroupComparison): string {
  return (
    `${escapeMarkdown(name)} (its ${members.length} benchmarks tested together): ${formatDelta(delta)} ` +
    `(${formatScorePoints(baseline.score)} → ${formatScorePoints(candidate.score)}), p (adjusted) ${formatP(delta.pAdjusted)}, regressed` +
    `${threshold.level === 'warn' ? ' (warning only)' : ''}.`
  );
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

export function differingFields({ notComparable }: Verdict): Section | null {
  if (notComparable.length === 0) return null;
  const text = `**Evaluated differently**\n\n${differenceTable(notComparable)}`;
  return { title: 'Differing settings', text, keep: 6 };
}

export function warningList({ warnings, forced }: Verdict): Section | null {
  if (warnings.length === 0) return null;
  const text = warnings.map((warning) => `- ${escapeMarkdown(warning, 600)}`).join('\n');
  // A comparison by force has to say so, whatever else drops out.
  return { title: 'Warnings', text, keep: forced ? Infinity : 5 };
}

export function allBenchmarks({ benchmarks }: Verdict): Section | null {
  const compared = benchmarks.filter(({ delta }) => delta.estimate !== null);
  if (compared.length === 0) return null;
  const all = fold(`All benchmarks (${compared.length} compared)`, benchmarkTable(compared), 1);
  if (compared.length <= MAX_MOVED) return all;
  const moved = compared
    .toSorted((a, b) => Math.abs(b.delta.estimate ?? 0) - Math.abs(a.delta.estimate ?? 0))
    .slice(0, MAX_MOVED);
  const title = `The ${MAX_MOVED} benchmarks that moved most (of ${formatCount(compared.length)} compared)`;
  return { ...all, less: { ...fold(title, benchmarkTable(moved), 1), title: all.title } };
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
    group.map(({ name }) => escapeMarkdown(name)).join(', '),
    group[0] ? OUTCOME_MARKS[group[0].outcome] : '',
    escapeMarkdown(group[0]?.reason ?? UNKNOWN),
  ]);
  return fold(
    `Not compared (${skipped.length})`,
    table([['Benchmarks', 'Outcome', 'Why'], ...rows], 'lll'),
    2,
  );
}

export function subjectDifferences({ subject, templateChange }: Verdict): Section | null {
  if (subject.length === 0) return null;
  const template = templateChange === null ? [] : [templateText(templateChange)];
  const text = [differenceTable(subject), ...template].join('\n\n');
  return fold(`What else differs between the models (${subject.length})`, text, 3);
}

/** A changed template, line by line: it puts words around every prompt. */
function templateText({ baseline, candidate, applied, removed, added, hidden }: TemplateChange): string {
  const describeTemplate = (what: TemplateChange['baseline']) =>
    what === null
      ? 'none'
      : what.characters === null
        ? 'unknown length'
        : plural(what.characters, 'character');
  const use = applied ? '' : ', not applied in this evaluation';
  const lines = [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
  return [
    `The chat template changed (${describeTemplate(baseline)} → ${describeTemplate(candidate)}${use})${lines.length > 0 ? ':' : '.'}`,
    ...(lines.length > 0 ? [escapeBlock(lines.join('\n'), 6000)] : []),
    ...(hidden > 0 ? [`and ${plural(hidden, 'more line')}.`] : []),
  ].join('\n\n');
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
    'Difference: candidate minus baseline. Minimum detectable drop: a true drop of that size would have been seen four times in five.',
    'Lost: questions answered right before and wrong now; gained: the other way round. n: questions compared.',
    `A drop counts as a regression when it is significant (two-sided, alpha ${alpha}; Holm over the factors, ` +
      'Benjamini-Hochberg over the benchmarks) and larger than ' +
      `${formatPoints(minimumEffect.factor)} points for a factor, ${formatPoints(minimumEffect.benchmark)} for a benchmark.`,
    `Equivalent means: the ${Math.round((1 - 2 * alpha) * 100)}% interval lies within ` +
      `${margins.join(', ')} points.`,
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

function benchmarkTable(rows: readonly BenchmarkComparison[]): string {
  const head = [
    'Benchmark',
    'Baseline',
    'Candidate',
    'Difference',
    'p (adjusted)',
    'Lost / gained',
    'n',
    'Outcome',
  ];
  const cells = rows.map((row) => [
    escapeMarkdown(row.name),
    formatScorePoints(row.baseline.score),
    formatScore(row.candidate),
    formatDelta(row.delta),
    formatP(row.delta.pAdjusted),
    row.flips ? `${formatCount(row.flips.lost)} / ${formatCount(row.flips.gained)}` : UNKNOWN,
    formatCount(row.n),
    OUTCOME_MARKS[row.outcome] +
      (row.threshold.level === 'warn' && row.outcome === 'regressed' ? ' (warning only)' : '') +
      (row.reason ? `<br>${escapeMarkdown(row.reason)}` : ''),
  ]);
  return table([head, ...cells], 'lrrrrrrl');
}

/** Fields that differ, one row for the same change in many tasks. */
function differenceTable(differences: readonly Difference[]): string {
  const groups = new Map<string, { difference: Difference; field: string; tasks: number }>();
  for (const difference of differences) {
    const field = /^tasks\.[^.]+\.(.+)$/.exec(difference.path)?.[1];
    const values = JSON.stringify([difference.baseline, difference.candidate]);
    const key = field === undefined ? difference.path : `${field} ${values}`;
    const group = groups.get(key);
    if (group) group.tasks += 1;
    else groups.set(key, { difference, field: field ?? difference.path, tasks: 1 });
  }
  const rows = [...groups.values()].map(({ difference, field, tasks }) => [
    tasks > 1 ? `${escapeCode(field)} in ${tasks} tasks` : escapeCode(difference.path),
    difference.baseline === null ? UNKNOWN : escapeCode(difference.baseline),
    difference.candidate === null ? UNKNOWN : escapeCode(difference.candidate),
  ]);
  return table([['Setting', 'Baseline', 'Candidate'], ...rows], 'lll');
}

function armTitle(role: string, name: string): string {
  return `${role}<br>${escapeMarkdown(name, 60)}`;
}

export function fold(title: string, body: string, keep: number): Section {
  const text = `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
  return { title, text, keep };
}

export function table(rows: string[][], alignment: string): string {
  return markdownTable(rows, { align: [...alignment], alignDelimiters: false });
}
