import { formatCount, plural } from '../../count.ts';
import type { TokenPrices } from '../../judge/ask/budget.ts';
import type { JudgeEstimate } from '../../judge/ask/estimate.ts';
import type { AuditOutcome } from '../../judge/audit/audit-run.ts';
import type { AuditedName } from '../../judge/audit/catalogue.ts';
import type { AuditPlan } from '../../judge/audit/plan-audit.ts';
import type { AuditedIntervention, JudgeAudit } from '../../judge/audit/schema.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { formatDelta, formatP, formatScore, formatSigned, UNKNOWN } from '../format.ts';
import { formatCost } from './head-to-head.ts';
import { describeJudging } from './judged.ts';
import { layOut } from './layout.ts';

const MAX_NAME_LENGTH = 60;
const MAX_REASON_LENGTH = 200;
/** Width of a terminal. */
const MAX_WIDTH = 80;

const NAMES: Readonly<Record<AuditedName, string>> = {
  'wrong-number': 'wrong number',
  negated: 'negated claim',
  truncated: 'truncated',
  wrong: 'wrong fact',
  padded: 'padded',
  repeated: 'repeated',
  'markdown-added': 'markdown added',
  'markdown-stripped': 'markdown stripped',
  typos: 'typos',
  sarcastic: 'sarcastic',
  undiverse: 'undiverse',
  concise: 'concise',
  injection: 'injection',
  constant: 'constant answer',
  identical: 'identical',
};

const KINDS: readonly [kind: AuditedIntervention['kind'], title: string][] = [
  ['substance', 'Worse answers'],
  ['style', 'The same in another style'],
  ['control', 'Controls'],
];

/** What will be asked and what it will come to, before anything is asked. */
export function describeAuditPlan(
  { questions, pairs, interventions, notApplicable }: AuditPlan,
  { games, tokens, cost, tokensAVerdict }: JudgeEstimate,
  {
    prices,
    rewriting,
  }: { prices: TokenPrices | null; rewriting: { requests: number; tokens: JudgeEstimate['tokens'] } | null },
): string[] {
  const left = interventions.flatMap((name) => {
    const count = [...(notApplicable.get(name)?.values() ?? [])].reduce((sum, one) => sum + one, 0);
    return count === 0 ? [] : [`${NAMES[name]} ${formatCount(count)}`];
  });
  return [
    `${plural(questions.length, 'question')}, ${plural(interventions.length, 'intervention')}: ${plural(pairs.size, 'pair')}, ${plural(games, 'game')} to judge`,
    ...(left.length === 0 ? [] : wrap(`Answers that cannot be altered so: ${left.join(', ')}`)),
    ...(rewriting === null
      ? []
      : wrap(
          `Before that ${plural(rewriting.requests, 'answer')} to rewrite: about ${formatCount(rewriting.tokens.input)} tokens to read and ` +
            `${formatCount(rewriting.tokens.output)} to write, of another model, in no limit of the judge`,
        )),
    ...wrap(
      `About ${formatCount(tokens.input)} tokens to read` +
        (tokens.output === 0
          ? ''
          : `, and ${formatCount(tokens.output)} to write if a verdict takes ${tokensAVerdict}`) +
        (cost === null ? '' : `: about ${formatCost(cost)} at ${prices!.input}/${prices!.output}`),
    ),
  ];
}

/** What the judge punishes, as a terminal of 80 columns shows it. */
export function renderJudgeAudit({
  audit,
  unread,
  cut,
}: Pick<AuditOutcome, 'audit' | 'unread' | 'cut'>): string {
  const { judge, questions, games, interventions, identical, cost, tokens, status, reason } = audit;
  const name = escapeTerminal(judge.name, MAX_NAME_LENGTH);
  const { contradicted } = audit;
  const judging = describeJudging({
    ...{ games, unread: audit.unread, position: audit.position },
    contradicted: { questions: contradicted.pairs, of: contradicted.of },
  });
  const lines = [
    ...wrap(`What ${name} punishes: ${plural(questions, 'answer')}, ${plural(games, 'game')}`),
    '',
    ...tableOf(interventions, identical),
    '',
    ...wrap(status === 'failed' ? `No audit: ${reason}.` : describeHeadline(audit)),
    ...wrap(
      'Points lost: the share of verdicts that prefer the original, minus 50; ties count half, each pair in both orders. p: of 50, two-sided, corrected by Holm.',
    ),
    ...wrap(`${judging?.replaceAll('question', 'pair')}.`),
    ...[...unread].flatMap(([why, count]) =>
      wrap(`Unread: ${formatCount(count)} ${escapeTerminal(why, MAX_REASON_LENGTH)}`),
    ),
    ...(cut > 0
      ? wrap(
          `Answers too long for the judge: in ${plural(cut, 'game')} it was shown their beginnings, of both as much.`,
        )
      : []),
    ...(judge.pinned
      ? []
      : wrap('The name of the judge does not say which version it is: another one may answer tomorrow.')),
    ...wrap(
      `${formatCount(tokens.input)} tokens read and ${formatCount(tokens.output)} written in all${cost === null ? '' : `: ${formatCost(cost)}`}.`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function tableOf(
  interventions: readonly AuditedIntervention[],
  identical: JudgeAudit['identical'],
): string[] {
  const rows = KINDS.flatMap(([kind, title]) => {
    const own = interventions.filter((one) => one.kind === kind);
    const same =
      kind === 'control' && identical !== null
        ? [
            [
              `  ${NAMES.identical}`,
              formatCount(identical.pairs),
              `first ${formatScore({ score: identical.first, ci: identical.ci })}`,
              UNKNOWN,
              UNKNOWN,
            ],
          ]
        : [];
    if (own.length + same.length === 0) return [];
    return [
      [title, '', '', '', ''],
      ...own.map(({ id, pairs, preferred, ci, lost, pAdjusted }) => [
        `  ${NAMES[id]}`,
        formatCount(pairs),
        formatScore({ score: preferred, ci }),
        formatSigned(lost),
        formatP(pAdjusted),
      ]),
      ...same,
    ];
  });
  return layOut(
    [['Altered version', 'pairs', 'original preferred [95%]', 'lost', 'p'], ...rows].map((row) =>
      row.map((text) => ({ text, colour: null })),
    ),
    'lrrrr',
    (text) => text,
  ).map((line) => line.trimEnd());
}

/** The difference and what it says, or why there is none. */
function describeHeadline({ headline, styleJudge }: JudgeAudit): string {
  if (headline === null)
    return 'No headline: it takes pairs of worse answers and of the same in another style, two of each at least.';
  const { lostSubstance, lostStyle, difference, ci } = headline;
  const said = `Worse answers lose ${formatSigned(lostSubstance)} points, another style ${formatSigned(lostStyle)}: a difference of ${formatDelta({ estimate: difference, ci })}.`;
  if (styleJudge) return `${said} This is a style judge: style costs more than substance.`;
  return ci[0] > 0
    ? `${said} Substance weighs more with this judge than style.`
    : `${said} Whether substance or style weighs more cannot be told: more pairs say more.`;
}

/** Lines of at most 80 columns, broken between words. */
function wrap(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= MAX_WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
