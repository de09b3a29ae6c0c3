import { plural } from '../../count.ts';
import { escapeCode, escapeMarkdown } from '../../markdown/escape.ts';
import { COMMENT_BUDGET } from '../../markdown/limits.ts';
import type { OverallVerdict, Verdict } from '../../verdict/schema.ts';
import { formatAge } from '../format.ts';
import { linkTo, type ReportLinks } from '../links.ts';
import { verdictMark } from '../outcome-words.ts';
import { alarmWarning, judgeDetails, judgeLine } from './alarm.ts';
import { answerEndings } from './endings.ts';
import { fitSections, nameDropped } from './fit.ts';
import { hasPassedDrops, writeHeadline } from './headline.ts';
import { judgedBenchmarks } from './judged.ts';
import { renderHeading, renderObjections, type ShownObjection } from './objections.ts';
import { describeSubject } from './preset.ts';
import {
  acceptedRegressions,
  collapsedBenchmarks,
  howToRead,
  looksLine,
  missingQuestions,
  type Section,
  trendSection,
  warningList,
} from './sections.ts';
import { styleLine, styleTable } from './style.ts';
import { allBenchmarks, skippedBenchmarks, tallyLine, worseBenchmarks } from './tables/benchmarks.ts';
import { differingFields, subjectDifferences } from './tables/differences.ts';
import { coverageLine, factorTable } from './tables/factors.ts';
import { linkLine } from './tables/link-line.ts';

/** A command line longer than this helps nobody. */
const MAX_COMMAND_LENGTH = 1000;

export interface CommentOptions {
  now: Date;
  /** The command line that gives the same verdict; left out where null. */
  reproduce: string | null;
  /** Bytes the comment may take; less where a marker is added to it. */
  budget?: number;
  /** Commits between the baseline and the commit that was looked for; null or left out where unknown. */
  distance?: number | null;
  /** The last records of the main branch, as `renderTrend` gives them. */
  trend?: string | null;
  /** What else the reader should know: a proposed policy, say. Rendered as text. */
  notes?: readonly string[];
  /** Why it is never green, whatever the comparison found: above the verdict. */
  objections?: readonly ShownObjection[];
  /** Checked by `checkLinks`. */
  links?: ReportLinks;
  /** Whether the repository has the bot, so that its commands can be named. */
  hasBot?: boolean;
  /** Whether the store keeps what the bot's `accept` writes; it does where left out. */
  canAccept?: boolean;
}

const ALERTS: Record<OverallVerdict, 'CAUTION' | 'WARNING' | 'NOTE' | 'TIP'> = {
  regressed: 'CAUTION',
  incomplete: 'WARNING',
  'not-comparable': 'WARNING',
  'no-baseline': 'NOTE',
  inconclusive: 'NOTE',
  held: 'TIP',
  equivalent: 'TIP',
  improved: 'TIP',
};

/**
 * The comment on a pull request. Where it would be too long, details drop out in a fixed order; the verdict, the
 * factors and the last line never do.
 */
export function renderComment(verdict: Verdict, context: CommentOptions): string {
  const budget = context.budget ?? COMMENT_BUDGET;
  // In the order in which they are shown; the larger `keep`, the longer a section stays.
  const sections: Section[] = [
    worseBenchmarks(verdict),
    missingQuestions(verdict),
    acceptedRegressions(verdict),
    collapsedBenchmarks(verdict),
    judgeLine(verdict),
    styleLine(verdict),
    differingFields(verdict),
    warningList(verdict),
    allBenchmarks(verdict),
    skippedBenchmarks(verdict),
    answerEndings(verdict.endings ?? []),
    judgeDetails(verdict),
    judgedBenchmarks(verdict),
    styleTable(verdict),
    subjectDifferences(verdict),
    trendSection(context.trend ?? null),
    howToRead(verdict),
  ].filter((section) => section !== null);
  return fitSections(sections, budget, (kept, dropped) => assemble(verdict, context, kept, dropped));
}

function assemble(
  verdict: Verdict,
  context: CommentOptions,
  sections: readonly Section[],
  dropped: readonly Section[],
): string {
  const { links = {}, objections = [], hasBot = false, canAccept = true } = context;
  const { title, heading, text } = writeHeadline(verdict, escapeMarkdown);
  const isDrift = verdict.drift?.fails === true && !verdict.thresholds.failOn.includes(verdict.verdict);
  // A drop that passes is no all-clear.
  const isPassedDrop = hasPassedDrops(verdict) && ALERTS[verdict.verdict] !== 'WARNING';
  const mark = isDrift ? verdictMark('regressed') : isPassedDrop ? '🟠' : verdictMark(verdict.verdict);
  const alert = verdict.drift?.fails ? ALERTS.regressed : isPassedDrop ? 'WARNING' : ALERTS[verdict.verdict];
  const parts = [
    renderHeading({ mark, heading, isRed: !verdict.passed }, objections),
    ...renderObjections(objections),
    `> [!${alert}]\n> **${title}.** ${text}${verdict.passed ? '' : ' **This fails the check.**'}`,
    alarmWarning(verdict),
    linkLine(verdict, links, hasBot, canAccept),
    factorTable(verdict, links),
    tallyLine(verdict),
    coverageLine(verdict),
    looksLine(verdict),
    ...sections.map((section) => section.text),
    ...(context.notes ?? []).map((note) => escapeMarkdown(note, 1000)),
    nameDropped(dropped),
    `<sub>${describeSubject(verdict.runSpread)} Preset ${escapeCode(verdict.preset)}, alpha ${verdict.alpha}.</sub>`,
    lastLine(verdict, context),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** What it cost, what it was compared with, and how to get the same numbers. */
function lastLine(
  { records: { baseline, candidate } }: Verdict,
  { now, reproduce, distance = null, links = {} }: CommentOptions,
): string {
  const kind = candidate.device?.type === 'cpu' ? 'CPU' : 'GPU';
  const nameOf = ({ commit, name }: typeof baseline, address: string | undefined) =>
    [escapeMarkdown(name, 60), commit !== null && linkTo(escapeCode(commit.slice(0, 12)), address)]
      .filter(Boolean)
      .join(' ');
  const command = reproduce !== null && reproduce.length <= MAX_COMMAND_LENGTH ? reproduce : null;
  const parts = [
    candidate.deviceMinutes !== null && `${candidate.deviceMinutes.toFixed(1)} ${kind} minutes`,
    `candidate ${nameOf(candidate, links.candidateCommit)}`,
    `baseline ${nameOf(baseline, links.baselineCommit)}${distance ? ` (${plural(distance, 'commit')} back)` : ''}, ${baseline.finished === null ? 'of unknown age' : `${formatAge(baseline.finished, now)} old`}`,
    command && `reproduce${programOf(links)}: ${escapeCode(command, MAX_COMMAND_LENGTH)}`,
  ];
  return `<sub>${parts.filter(Boolean).join(' · ')}</sub>`;
}

/** Which `sos-bench` the command means, where that is known: anybody may publish a program of that name. */
function programOf({ program }: ReportLinks): string {
  if (program === undefined) return '';
  const ref = program.slice(program.lastIndexOf('/') + 1);
  return ` with sos-bench at ${linkTo(escapeCode(ref.slice(0, 12)), program)}`;
}
