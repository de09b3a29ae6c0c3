import { formatCount, plural } from '../../count.ts';
import type { JudgeBudget } from '../../judge/ask/budget.ts';
import type { JudgeEstimate, LeftEstimate } from '../../judge/ask/estimate.ts';
import type { HeadToHead, HeadToHeadOutcome } from '../../judge/ask/head-to-head-run.ts';
import type { CriteriaResult } from '../../judge/criteria/schema.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { criteriaLines } from '../criteria/text.ts';
import { formatScore } from '../format.ts';
import { describeJudging, describeServed } from './judged.ts';

const MAX_NAME_LENGTH = 60;

/**
 * What will be asked and what it will come to, before anything is asked.
 *
 * @param plan `estimate`: of what is left to ask.
 */
export function describeJudgePlan(
  { planned, questions, missing, strangers, estimate }: HeadToHead & { estimate: LeftEstimate },
  { prices }: JudgeBudget,
): string[] {
  const ties = planned.ties.length / 2;
  const { input, output } = estimate.tokens;
  return [
    `${plural(questions, 'question')}, ${plural(estimate.games, 'game')} to judge` +
      `${ties > 0 ? `; ${plural(ties, 'question')} with equal answers, which are ties and not asked` : ''}` +
      `${estimate.kept > 0 ? `; ${plural(estimate.kept, 'game')} more are judged and kept` : ''}`,
    ...(missing.baseline + missing.candidate > 0
      ? [
          `Without an answer, and not judged: ${missing.baseline} of the baseline, ${missing.candidate} of the candidate`,
        ]
      : []),
    ...(strangers > 0
      ? [`${plural(strangers, 'answer')} to questions that are not in the file: left out`]
      : []),
    `About ${formatCount(input)} tokens to read` +
      (output === 0
        ? ''
        : `, and ${formatCount(output)} to write if a verdict takes ${estimate.tokensAVerdict}`) +
      (estimate.cost === null
        ? ''
        : `: about ${formatCost(estimate.cost)} at ${prices!.input}/${prices!.output}`),
  ];
}

/**
 * What judging a change against main will come to, before there is an answer.
 *
 * @param estimate `rejudged`: games of main's answers against the reference, among the rest.
 */
export function describeJudgeEstimate(
  { games, rejudged, tokens, cost, tokensAVerdict }: JudgeEstimate & { rejudged: number },
  {
    benchmark,
    reference,
    prices,
  }: { benchmark: string; reference: string | null; prices: JudgeBudget['prices'] },
): string {
  const others = reference === null ? 'main' : `main and ${escapeTerminal(reference, MAX_NAME_LENGTH)}`;
  return (
    `Judge, on ${escapeTerminal(benchmark, MAX_NAME_LENGTH)}: ${plural(games, 'game')} against ${others} at most` +
    (rejudged === 0
      ? ''
      : `, ${formatCount(rejudged)} of them of main's answers, since the judge's name does not say which version judges`) +
    '. About ' +
    `${formatCount(tokens.input)} tokens to read, if an answer takes 500, and ${formatCount(tokens.output)} to write, if a verdict takes ${tokensAVerdict}` +
    (cost === null ? '.' : `: about ${formatCost(cost)} at ${prices!.input}/${prices!.output}.`)
  );
}

/**
 * What the judge found, as lines of a terminal.
 *
 * @param criteria criterion by criterion; null where nothing was asked of it.
 */
export function describeHeadToHead(
  plan: HeadToHead,
  outcome: HeadToHeadOutcome,
  criteria: CriteriaResult | null,
): string[] {
  const { result, ties, repeated, unread, cut, servedBy, requests, tokens, cost, spent } = outcome;
  const name = (text: string | null, other: string) => escapeTerminal(text ?? other, MAX_NAME_LENGTH);
  const candidate = name(plan.models.candidate, 'the candidate');
  const baseline = name(plan.models.baseline, 'the baseline');
  const judge = name(result.judge, 'judge');
  const headline =
    result.score === null
      ? `No result: ${result.reason}.`
      : `${judge} prefers ${candidate} to ${baseline} in ${formatScore({ score: result.score, ci: result.ci })} of the games; ` +
        '50 is as good.';
  return [
    headline,
    `${describeJudging({ ...result, ci: result.ci })}.`,
    ...[...unread].map(([reason, count]) => `Unread: ${formatCount(count)} ${escapeTerminal(reason, 200)}`),
    ...(cut > 0
      ? [
          `Answers too long for the judge: in ${plural(cut, 'game')} it was shown their beginnings, of both as much.`,
        ]
      : []),
    ...(servedBy.size > 0
      ? [`${describeServed([...servedBy.keys()].map((served) => escapeTerminal(served, MAX_NAME_LENGTH)))}.`]
      : []),
    ...(ties > 0 ? [`Equal answers: ${plural(ties, 'game')}, counted as ties.`] : []),
    ...(repeated.games > 0
      ? [
          `Asked again about ${plural(repeated.games, 'game')}, the judge gave another verdict in ${repeated.changed} of them.`,
        ]
      : []),
    ...(criteria === null ? [] : criteriaLines(criteria, (text) => text)),
    `${describeSpent({ tokens, cost }, ' in this run')}.${
      spent.requests > requests ? ` ${describeSpent(spent, ' in all runs')}.` : ''
    }`,
  ];
}

/** The same as one JSON document; shares are fractions of 1. */
export function headToHeadDocument(
  plan: HeadToHead,
  outcome: HeadToHeadOutcome,
  criteria: CriteriaResult | null,
) {
  const { result, ties, repeated, unread, cut, servedBy, requests, tokens, cost, spent } = outcome;
  return {
    schemaVersion: 1,
    models: plan.models,
    judge: [
      {
        ...result,
        ties,
        repeated,
        unreadReasons: Object.fromEntries(unread),
        ...(servedBy.size > 0 && { servedBy: Object.fromEntries(servedBy) }),
        cut,
        ...(criteria && { criteria }),
      },
    ],
    missing: plan.missing,
    requests,
    tokens,
    cost,
    spent,
  };
}

function describeSpent({ tokens, cost }: Pick<HeadToHeadOutcome, 'tokens' | 'cost'>, when: string): string {
  const { input, output } = tokens;
  return (
    `${formatCount(input)} tokens read and ${formatCount(output)} written${when}` +
    `${cost === null ? '' : `: ${formatCost(cost)}`}`
  );
}

/** In the currency of the prices. */
export function formatCost(cost: number): string {
  return cost < 0.01 ? 'less than 0.01' : cost.toFixed(2);
}
