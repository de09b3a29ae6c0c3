import { ALARM_LEVEL, decideAlarm, excludesGain } from '../../judge/alarm/alarm.ts';
import { preferAtEqualStyle } from '../../judge/alarm/equal-style.ts';
import { type JudgedGames, stylesOf } from '../../judge/score/game.ts';
import { countedGames, type JudgeResult, summariseGames } from '../../judge/score/judge-result.ts';
import { pairOrders } from '../../judge/score/pair-orders.ts';
import { STRONG_WEIGHT, shareOfWins, testShare } from '../../judge/score/share.ts';
import { measureShift } from '../../judge/style/shift.ts';
import type { HeadToHeadDocument } from '../../record/head-to-head.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { holm } from '../../stats/holm.ts';
import { tInterval } from '../../stats/t-interval.ts';
import type { Factor } from '../../suite/benchmark.ts';
import { criteriaHeadToHead } from '../criteria/compare-criteria.ts';
import { JUDGE_ALPHA, judgeBenchmarkName, NOT_JUDGED, shownResult } from '../judge-benchmarks.ts';
import { decideOutcome, isTestable } from '../outcome.ts';
import type { Policy } from '../policy.ts';
import type { BenchmarkComparison, FactorComparison, Interval, JudgeComparison } from '../schema.ts';
import { TESTED } from '../unevaluated.ts';
import { findStranger } from './find-stranger.ts';
import type { Alarm } from './schema.ts';

/** Too few questions to raise an alarm by. */
const MINI = 'judge-mini';
const SCORE_LEVEL = 0.95;

/** What the verdict of the whole has found, which head to head changes nothing of. */
export interface FoundSubstance {
  factors: readonly FactorComparison[];
  benchmarks: readonly Pick<BenchmarkComparison, 'factor' | 'incomplete'>[];
}

/**
 * What a judge says of the candidate's answers held against the baseline's, and whether it likes what did not get better. It is a claim of the
 * job that evaluated: it makes a warning appear or be missing, and nothing else looks at it. Null where there is none.
 */
export function compareHeadToHead(
  baseline: LoadedRecord,
  { record, headToHead }: LoadedRecord,
  { factors, benchmarks }: FoundSubstance,
  policy: Pick<Policy, 'alpha' | 'minimumEffect' | 'otherMargin' | 'gains' | 'judgeLimits' | 'judgeWeights'>,
): { judge: JudgeComparison[]; alarm: Alarm } | null {
  if (headToHead === undefined) return null;
  const substance = factors.map((factor) => ({
    id: factor.id,
    name: factor.name,
    change: changeOf(factor),
    upper: upperOf(factor, benchmarks),
    gain: policy.gains[factor.id],
  }));
  const shown = substance.map(({ id, upper, gain }) => ({
    ...{ id, upper, gain, excluded: excludesGain({ upper, gain }) },
  }));
  const without = (reason: string, judge: JudgeComparison[] = []) => ({
    judge,
    alarm: { state: 'no alarm' as const, reason, judge: null, factors: shown },
  });
  if ('problem' in headToHead) return without(headToHead.problem);
  const { document, boards } = headToHead;
  if (document.skipped !== null) {
    const { text } = document.skipped;
    return without(
      text,
      document.judges.map(({ model }) => unjudged(document, model, 'skipped', text)),
    );
  }
  const stranger = findStranger(document, { baseline: baseline.record, candidate: record });
  if (stranger !== null) {
    return without(
      stranger,
      document.judges.map(({ model }) => unjudged(document, model, 'not-comparable', stranger)),
    );
  }
  const judge = judgeBoards(boards, document, policy);
  const raising = judge.flatMap(({ id, headToHead: found }, index) =>
    id === MINI || found?.pAdjusted == null ? [] : [{ index, p: found.pAdjusted }],
  );
  const [first] = raising.sort((a, b) => a.p - b.p);
  if (first === undefined) {
    const reason = judge.find((row) => row.reason !== null)?.reason;
    return without(reason ?? `${MINI} has too few questions to raise an alarm by`, judge);
  }
  const state = decideAlarm({ p: first.p, reason: null }, substance);
  return { judge, alarm: { state, reason: null, judge: first.index, factors: shown } };
}

/** What the boards say, judge by judge; p-values are corrected over the judges (Holm). */
function judgeBoards(
  boards: readonly JudgedGames[],
  { judges, questions, ties }: HeadToHeadDocument,
  policy: Pick<Policy, 'alpha' | 'minimumEffect' | 'otherMargin' | 'judgeLimits' | 'judgeWeights'>,
): JudgeComparison[] {
  const measured = boards.map((board) => {
    const result = summariseGames(board, policy.judgeLimits);
    const options = { counted: countedGames(board.benchmark), strongWeight: STRONG_WEIGHT };
    const pairs = pairOrders(board.games);
    const { estimate, ci } = shareOfWins(pairs, { ...options, level: 1 - 2 * JUDGE_ALPHA });
    const testable = result.score !== null && estimate !== null && isTestable(estimate);
    return {
      ...{ board, result, options, equivalenceCi: lessHalf(ci), testable },
      p: testable ? testShare(pairs, options) : null,
    };
  });
  const tested = measured.filter(({ p }) => p !== null);
  const oneSided = holm(tested.map(({ p }) => p!));
  const twoSided = holm(tested.map(({ p }) => 2 * Math.min(p!, 1 - p!)));
  return measured.map((one) => {
    const { board, result, options, testable, equivalenceCi, p } = one;
    const index = tested.indexOf(one);
    const pAdjusted = twoSided[index] ?? null;
    const delta = result.score === null ? null : result.score - 0.5;
    const asked = judges.find(({ model }) => model === board.judge)!;
    const { benchmark, category, judge, reference, reason } = result;
    const criteria = result.score === null ? null : criteriaHeadToHead(board, policy.judgeWeights);
    return {
      ...{ id: benchmark, name: judgeBenchmarkName(result), category, judge, reference },
      ...{ baseline: NOT_JUDGED, candidate: shownResult(result) },
      delta: {
        ...{ estimate: delta, ci: lessHalf(result.ci), se: result.stderr, df: result.df },
        ...{ p: p === null ? null : 2 * Math.min(p, 1 - p), pAdjusted },
      },
      ...{ paired: true, n: result.questions },
      outcome:
        delta === null
          ? 'failed'
          : decideOutcome(
              { estimate: delta, testable, pAdjusted, equivalenceCi },
              {
                alpha: JUDGE_ALPHA,
                minimumEffect: policy.minimumEffect.benchmark,
                margin: policy.otherMargin,
              },
            ),
      reason: reason ?? (testable ? null : 'too few questions for a test'),
      ...{ alpha: JUDGE_ALPHA, level: 'warn' },
      headToHead: {
        ...{ p, pAdjusted: oneSided[index] ?? null },
        equalStyle: preferAtEqualStyle(board.games, { ...options, level: SCORE_LEVEL }),
        ...{ planned: questions.planned, ties, style: shiftOf(board, policy.alpha) },
        ...{ pinned: asked.pinned, requests: asked.requests, tokens: asked.tokens, cost: asked.cost },
        ...(asked.servedBy && { servedBy: asked.servedBy }),
      },
      ...(criteria && { criteria }),
    };
  });
}

/** What has no games that count. */
function unjudged(
  { benchmark }: Pick<HeadToHeadDocument, 'benchmark'>,
  judge: string,
  outcome: 'skipped' | 'not-comparable',
  reason: string,
): JudgeComparison {
  const board = { benchmark, category: null };
  return {
    ...{ id: benchmark, name: judgeBenchmarkName(board), category: null, judge, reference: 'baseline' },
    ...{ baseline: NOT_JUDGED, candidate: NOT_JUDGED },
    delta: { estimate: null, ci: null, se: null, df: null, p: null, pAdjusted: null },
    ...{ paired: true, n: 0, outcome, reason, alpha: JUDGE_ALPHA, level: 'warn', headToHead: null },
  };
}

function changeOf({ outcome }: FactorComparison): 'regressed' | 'improved' | 'neither' {
  return outcome === 'regressed' || outcome === 'improved' ? outcome : 'neither';
}

/**
 * One-sided upper bound of a factor's change: where looks may have ended it early, the one that holds whatever it was ended for. Missing questions
 * count as wrong, which would rule gains out.
 */
function upperOf(
  { id, outcome, delta, looks }: FactorComparison,
  benchmarks: FoundSubstance['benchmarks'],
): number | null {
  const { estimate, p, df } = delta;
  if (!TESTED.includes(outcome) || estimate === null || p === null) return null;
  if (benchmarks.some(({ factor, incomplete }) => factor === (id as Factor) && incomplete)) return null;
  if (looks !== undefined) return looks.beyond?.upper ?? looks.upper ?? null;
  const se = delta.seFloor ?? delta.se;
  return tInterval({ estimate, se, df, units: 0 }, 1 - 2 * ALARM_LEVEL)?.[1] ?? null;
}

function shiftOf({ games }: JudgedGames, alpha: number) {
  const pairs = [...stylesOf(games).values()].map(({ model, reference }, index) => ({
    ...{ cluster: null, docHash: BigInt(index), inclusionP: 1 },
    ...{ baseline: reference, candidate: model },
  }));
  return measureShift(pairs, { alpha, isTestable });
}

function lessHalf(ci: JudgeResult['ci']): Interval | null {
  return ci && [ci[0] - 0.5, ci[1] - 0.5];
}
