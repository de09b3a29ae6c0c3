import { formatCount, plural } from '../../count.ts';
import { escapeMarkdown } from '../../markdown/escape.ts';
import { FACTOR_NAMES } from '../../suite/benchmark.ts';
import type { Alarm } from '../../verdict/head-to-head/schema.ts';
import type { JudgeComparison, Verdict } from '../../verdict/schema.ts';
import { comparedCriteriaMarkdown } from '../criteria/markdown.ts';
import { formatDelta, formatInterval, formatList, formatPoints, formatSigned } from '../format.ts';
import { describeJudging, describeServed, describeSpent } from '../tables/judged.ts';
import { fold, type Section } from './sections.ts';
import { describeAnswerShift, listAnswerShift } from './style.ts';

const MAX_NAME_LENGTH = 60;
const MAX_REASON_LENGTH = 400;
/** Judges of more boards are not read. */
const MAX_BOARDS = 10;
/** One-sided level at which a judge is said to prefer one of the two. */
const LEVEL = 0.05;

type Board = JudgeComparison & { headToHead: NonNullable<JudgeComparison['headToHead']> };
type Shown = Pick<Verdict, 'alarm' | 'judge' | 'factors' | 'judgeAudit'>;

/** Renders outside text for the medium. */
type Show = (text: string, longest?: number) => string;

/** The alarm of a judge that likes what did not get better, with its reason; null where there is none. */
function describeAlarm(verdict: Shown, show: Show): { title: string; text: string } | null {
  const { alarm, judge = [], factors } = verdict;
  const board = alarm?.judge == null ? undefined : judge[alarm.judge];
  if (alarm === undefined || !isJudged(board)) return null;
  const prefers = `The judge prefers the new answers (${describeShare(board)})`;
  const why = [sentence(describeStyle(board)), sentence(describeEqualStyle(board))].filter(Boolean);
  const changes = (list: Verdict['factors']) =>
    formatList(
      list.map(({ name, delta }) => `${show(name.toLowerCase())} ${formatDelta(delta)}`),
      list.length,
    );
  if (alarm.state === 'style over substance') {
    // A small gain may be certain, and a larger one ruled out.
    const better = factors.some(({ outcome }) => outcome === 'improved') ? 'much better' : 'better';
    const text = `${prefers}, and nothing else got ${better}: ${changes(factors)}; ${describeGains(alarm)}.`;
    return { title: 'Style over substance', text: [text, ...why].join(' ') };
  }
  if (alarm.state === 'judge up, substance down') {
    const fell = factors.filter(({ outcome }) => outcome === 'regressed');
    const text = `${prefers}, but what is scored got worse: ${changes(fell)}.`;
    return { title: 'Judge up, substance down', text: [text, ...why].join(' ') };
  }
  return null;
}

/** The warning of the comment; null where there is nothing to warn of. */
export function alarmWarning(verdict: Shown): string | null {
  const found = describeAlarm(verdict, escapeMarkdown);
  return found && `> [!WARNING]\n> **${found.title}.** ${found.text}`;
}

/** One line for each judge; for none, why. */
function describeJudges({ alarm, judge = [], factors }: Shown, show: Show): string[] {
  if (alarm === undefined) return [];
  const boards = judge.filter(isJudged).filter(({ candidate }) => candidate.score !== null);
  const warned = describeAlarm({ alarm, judge, factors }, show) !== null;
  const why = alarm.reason === null ? null : show(withStop(alarm.reason), MAX_REASON_LENGTH);
  if (boards.length === 0) return [`No judge's word on the new answers: ${why ?? 'nothing was judged.'}`];
  return boards.slice(0, MAX_BOARDS).map((board, index) => {
    const named = boards.length > 1 ? ` ${show(board.judge, MAX_NAME_LENGTH)}` : '';
    const share = `The judge${named} ${preferenceOf(board)}: ${describeShare(board)}. 50% is a draw.`;
    const equal = warned ? null : sentence(describeEqualStyle(board));
    const rest = index === 0 ? (why ?? describeState(alarm, factors, show)) : null;
    return [share, equal, rest].filter(Boolean).join(' ');
  });
}

/** What the alarm's state adds to the line of the judge; null where the warning says it, or there is nothing to say. */
function describeState({ state, factors: bounds }: Alarm, factors: Shown['factors'], show: Show) {
  if (state === 'judge up, substance up') {
    const rose = factors
      .filter(({ outcome }) => outcome === 'improved')
      .map(({ id }) => nameOf(id, factors, show));
    return sentence(`${formatList(rose)} rose as well`);
  }
  if (state !== 'cannot tell') return null;
  const [unknown, open] = [
    bounds.filter(({ upper }) => upper === null),
    bounds.filter(({ upper, excluded }) => upper !== null && !excluded),
  ];
  const reasons = [
    open.length > 0 &&
      `a gain is not ruled out in ${formatList(open.map(({ id, upper }) => `${nameOf(id, factors, show)} (up to ${formatSigned(upper)} points)`))}`,
    unknown.length > 0 &&
      `not measured well enough: ${formatList(unknown.map(({ id }) => nameOf(id, factors, show)))}`,
  ].filter(Boolean);
  return `Whether anything else got better cannot be told: ${reasons.join('; ')}.`;
}

function nameOf(id: string, factors: Shown['factors'], show: Show): string {
  return show((factors.find((factor) => factor.id === id)?.name ?? id).toLowerCase(), MAX_NAME_LENGTH);
}

/** The line of the comment. */
export function judgeLine(verdict: Shown): Section | null {
  const cited = verdict.judgeAudit ? [escapeMarkdown(verdict.judgeAudit.said, MAX_REASON_LENGTH)] : [];
  const lines = [...describeJudges(verdict, escapeMarkdown), ...cited];
  if (lines.length === 0) return null;
  return { title: 'Judge', text: `**Judge.** ${lines.join('<br>')}`, keep: 8 };
}

/** What stands behind the judge's word, judge by judge. */
export function judgeDetails({ judge = [], alarm, factors }: Shown): Section | null {
  const boards = judge.filter(isJudged).slice(0, MAX_BOARDS);
  if (alarm === undefined || boards.length === 0) return null;
  const parts = boards.map((board) =>
    [
      `${escapeMarkdown(board.name, MAX_NAME_LENGTH)}, judged by ${escapeMarkdown(board.judge, MAX_NAME_LENGTH)}`,
    ]
      .concat(detailsOf(board).map((line) => `- ${escapeMarkdown(line, MAX_REASON_LENGTH)}`))
      .join('\n')
      .concat(board.criteria === undefined ? '' : `\n\n${comparedCriteriaMarkdown(board.criteria)}`),
  );
  const bounds = alarm.factors.map(({ id, upper, excluded }) => {
    const name = nameOf(id, factors, escapeMarkdown);
    if (upper === null) return `${name} not known`;
    return `${name} ${formatSigned(upper)}${excluded ? '' : ' (not ruled out)'}`;
  });
  const beyond = factors.filter(({ looks }) => looks?.beyond !== undefined);
  const later =
    beyond.length === 0
      ? ''
      : `For it alone the later looks of ${formatList(beyond.map(({ id }) => nameOf(id, factors, escapeMarkdown)))} were taken, which the verdict does not look at. `;
  const note =
    `The alarm asks that the judge prefers the new answers (one-sided test at 5%) and that ${describeGains(alarm, 'is')}: the one-sided 95% ` +
    `bounds of the changes are, in points: ${bounds.join(', ')}. ${later}It is a warning by the word of the job that evaluated, and changes no verdict.`;
  return fold(
    `The judge, main's answers against the new ones (${boards.length})`,
    [...parts, note].join('\n\n'),
    4,
  );
}

function detailsOf(board: Board): string[] {
  const { candidate, headToHead: found, reason, n } = board;
  const { tokens, requests, cost, pinned, servedBy = [], planned, ties, equalStyle, style } = found;
  const judging = describeJudging(candidate);
  return [
    ...(reason === null ? [] : [`No score: ${reason}`]),
    `${formatCount(n)} of ${plural(planned, 'question')} judged, each in both orders${ties === 0 ? '' : `; ${plural(ties, 'game')} with equal answers count as ties`}`,
    ...(judging === null ? [] : [judging]),
    ...(equalStyle.reason === null
      ? []
      : [`Preference at equal length and markup: not told, since ${equalStyle.reason}`]),
    ...(style === null ? [] : [`An answer, main's and the new one: ${listAnswerShift(style)}`]),
    describeSpent({ requests, tokens, cost }),
    ...(servedBy.length === 0 ? [] : [describeServed(servedBy)]),
    pinned
      ? 'The name of the judge says which version it is'
      : 'The name of the judge may stand for another version tomorrow; both answers were in one request, so that this comparison holds',
  ];
}

/** Lines of a terminal, unescaped. */
export function alarmNotes(verdict: Shown): { name: string; text: string }[] {
  const alarm = describeAlarm(verdict, (text) => text);
  const judges = describeJudges(verdict, (text) => text).map((text) => ({ name: 'Judge', text }));
  const cited = verdict.judgeAudit ? [{ name: 'Judge', text: verdict.judgeAudit.said }] : [];
  return [...(alarm === null ? [] : [{ name: alarm.title, text: alarm.text }]), ...judges, ...cited];
}

function isJudged(row: JudgeComparison | undefined): row is Board {
  return row?.headToHead != null;
}

/** `58.3% [53.9, 62.6] of 250 questions` */
function describeShare({ candidate, n }: Board): string {
  return `${formatPercent(candidate)} of ${plural(n, 'question')}`;
}

function preferenceOf({ headToHead: { p, pAdjusted } }: Board): string {
  if (p === null || pAdjusted === null) return 'was asked too few questions';
  if (pAdjusted <= LEVEL) return 'prefers the new answers';
  return 1 - p <= LEVEL ? "prefers main's answers" : 'sees no clear difference';
}

function describeStyle({ headToHead: { style } }: Board): string | null {
  return style && describeAnswerShift(style);
}

/** What is left of the preference without style, and whether style explains it. */
function describeEqualStyle({ candidate, headToHead: { equalStyle, pAdjusted } }: Board): string | null {
  const { share, ci } = equalStyle;
  if (share === null || ci === null || candidate.score === null) return null;
  const text = `at equal length and markup the preference is ${formatPercent({ score: share, ci })}`;
  if (pAdjusted === null || pAdjusted > LEVEL) return text;
  const [isLeft, isLess] = [ci[0] > 0.5, ci[1] < candidate.score];
  if (isLeft) return `${text}: ${isLess ? 'style explains a part of it' : 'style alone does not explain it'}`;
  return `${text}: ${isLess ? 'style alone can explain it' : 'whether style is why cannot be told'}`;
}

/** `a gain of 2.0 points is ruled out in each`; by factor where they differ. */
function describeGains({ factors }: Alarm, verb = 'is'): string {
  const sizes = [...new Set(factors.map(({ gain }) => formatPoints(gain)))];
  if (sizes.length === 1) return `a gain of ${sizes[0]} points ${verb} ruled out in each`;
  return `gains of ${formatList(factors.map(({ id, gain }) => `${formatPoints(gain)} points (${FACTOR_NAMES[id].toLowerCase()})`))} are ruled out`;
}

function formatPercent({ score, ci }: Pick<JudgeComparison['candidate'], 'score' | 'ci'>): string {
  return `${formatPoints(score)}% ${formatInterval(ci)}`.trim();
}

/** Begins with a capital and ends with a full stop. */
function sentence(text: string | null): string | null {
  if (text === null || text === '') return null;
  return withStop(`${text.charAt(0).toUpperCase()}${text.slice(1)}`);
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
