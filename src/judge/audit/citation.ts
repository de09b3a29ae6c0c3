import type { AuditedName } from './catalogue.ts';
import type { JudgeAudit } from './schema.ts';

/** What is lost, as a sentence says it. */
const CITED: Readonly<Record<Exclude<AuditedName, 'identical'>, string>> = {
  'wrong-number': 'a wrong number',
  negated: 'a negated claim',
  truncated: 'a truncated answer',
  wrong: 'a wrong fact',
  'markdown-stripped': 'stripped markdown',
  padded: 'padding',
  repeated: 'repetition',
  typos: 'typos',
  sarcastic: 'sarcasm',
  undiverse: 'poor vocabulary',
  concise: 'brevity',
  'markdown-added': 'added markdown',
  injection: 'a sentence addressed to it',
  constant: 'an answer without content',
};
interface Cited {
  what: string;
  lost: number;
}

/** The first of each that was audited is cited. */
const SUBSTANCE = ['wrong-number', 'wrong', 'negated', 'truncated'] as const;
const STYLE = [
  'markdown-stripped',
  'sarcastic',
  'padded',
  'repeated',
  'typos',
  'undiverse',
  'concise',
] as const;

/**
 * What an audit found of a judge, in one or two sentences of our own words, for a report that shows what this judge says:
 * `With this judge an answer lost 31 points for a wrong number and 12 for stripped markdown (audit of 2026-11-30, 40 pairs).` Points lost are the share
 * of verdicts that prefer the original answer, minus one half.
 */
export function auditCitation(
  audit: Pick<
    JudgeAudit,
    'date' | 'questions' | 'status' | 'reason' | 'interventions' | 'styleJudge' | 'judge'
  >,
): string {
  const { date, questions, status, reason, interventions, styleJudge, judge } = audit;
  const source = `(audit of ${date.slice(0, 10)}, ${questions} ${questions === 1 ? 'pair' : 'pairs'})`;
  const alias = judge.pinned ? '' : ' Its name does not say which version was audited.';
  if (status === 'failed') return `This judge failed its audit: ${reason} ${source}.${alias}`;
  const cite = (names: readonly (keyof typeof CITED)[]): Cited[] => {
    const id = names.find((name) => interventions.some((one) => one.id === name && one.lost !== null));
    return id === undefined
      ? []
      : [{ what: CITED[id], lost: interventions.find((one) => one.id === id)!.lost! }];
  };
  const [first, second] = [...cite(SUBSTANCE), ...cite(STYLE)];
  if (first === undefined) return `This judge was audited, on controls alone ${source}.${alias}`;
  const said = [
    loss(first, true),
    ...(second === undefined ? [] : [loss(second, isGain(first) !== isGain(second))]),
  ];
  const style = styleJudge ? ' It is a style judge: style weighs more with it than substance.' : '';
  return `With this judge an answer ${said.join(' and ')} ${source}.${style}${alias}`;
}

/** `lost 31 points for a wrong number`; the verb is left out where it is the one before. */
function loss({ what, lost }: Cited, withVerb: boolean): string {
  const points = Math.round(Math.abs(100 * lost));
  const unit = withVerb ? ` ${points === 1 ? 'point' : 'points'}` : '';
  return `${withVerb ? (isGain({ lost }) ? 'gained ' : 'lost ') : ''}${points}${unit} for ${what}`;
}

/** Nothing, once it is rounded, is lost and not gained. */
function isGain({ lost }: Pick<Cited, 'lost'>): boolean {
  return Math.round(Math.abs(100 * lost)) > 0 && lost < 0;
}
