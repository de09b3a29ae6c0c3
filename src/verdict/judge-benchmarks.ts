import { plural } from '../count.ts';
import { shareDifference } from '../judge/score/difference.ts';
import { boardKey, type JudgeGame, modelStylesOf } from '../judge/score/game.ts';
import { JUDGE_LIMITS, type JudgeLimits } from '../judge/score/judge-fault.ts';
import { countedGames, type JudgeResult, resultOfGames } from '../judge/score/judge-result.ts';
import { pairOrders } from '../judge/score/pair-orders.ts';
import { isPublished } from '../judge/score/published.ts';
import { STRONG_WEIGHT } from '../judge/score/share.ts';
import { measureShift, type StyleShift } from '../judge/style/shift.ts';
import type { LoadedRecord } from '../record/schema.ts';
import { combine } from '../stats/combine.ts';
import type { Estimate } from '../stats/estimate.ts';
import { holm } from '../stats/holm.ts';
import { tInterval } from '../stats/t-interval.ts';
import { tTest } from '../stats/two-sided-t.ts';
import { findJudgeBenchmark } from '../suite/judge-benchmarks.ts';
import { compareCriteria } from './criteria/compare-criteria.ts';
import { rejudgedSides } from './head-to-head/rejudged.ts';
import { withSpread } from './measure/difference.ts';
import { decideOutcome, isTestable } from './outcome.ts';
import { PAIRED_SHARE, type Policy } from './policy.ts';
import type { JudgeComparison, JudgeSide } from './schema.ts';

/** Two-sided error rate of the judge benchmarks, which are a family of their own. */
export const JUDGE_ALPHA = 0.05;

export interface JudgedSide {
  result: JudgeResult;
  /** Null where the games are not kept. */
  games: readonly JudgeGame[] | null;
}

interface JudgeDifference {
  delta: Estimate | null;
  paired: boolean;
  n: number;
  /** Where it is not measured: what to call it. */
  outcome: JudgeComparison['outcome'] | null;
  reason: string | null;
}

/**
 * What judges say of the candidate beside the baseline, benchmark by benchmark and judge by judge, in the order of the records. Nothing of it
 * reaches a factor, the benchmarks or the verdict of the whole.
 */
export function compareJudged(
  baseline: LoadedRecord,
  candidate: LoadedRecord,
  {
    alpha,
    minimumEffect,
    otherMargin,
    judgeLimits,
    judgeWeights,
  }: Pick<Policy, 'alpha' | 'minimumEffect' | 'otherMargin' | 'judgeLimits' | 'judgeWeights'>,
): JudgeComparison[] {
  const [before, after] = [sidesOf(baseline, judgeLimits), sidesOf(candidate, judgeLimits)];
  const again = new Set<string>();
  for (const [key, side] of rejudgedSides(baseline, candidate, judgeLimits)) {
    // Only of a judge whose name does not say which version it is; of one that does, what main's own run kept counts.
    const own = after.get(key)?.result;
    if (own?.pinned !== false || own.protocol !== side.result.protocol) continue;
    before.set(key, side);
    again.add(key);
  }
  const measured = [...new Set([...before.keys(), ...after.keys()])].map((key) => {
    const sides = { baseline: before.get(key) ?? null, candidate: after.get(key) ?? null };
    const { result } = (sides.candidate ?? sides.baseline)!;
    const others = { baseline: findOther(before, result), candidate: findOther(after, result) };
    const difference = measureJudged(sides, others, { isOneRun: again.has(key) });
    const testable = difference.delta !== null && isTestable(difference.delta);
    return { ...sides, result, ...difference, testable, p: testable ? tTest(difference.delta!) : null };
  });
  const tested = measured.filter(({ p }) => p !== null);
  const corrected = holm(tested.map(({ p }) => p!));
  return measured.map(({ result, delta, testable, p, n, paired, outcome, reason, ...sides }) => {
    const index = tested.findIndex((other) => other.result === result);
    const pAdjusted = corrected[index] ?? null;
    const intervalAt = (level: number) => delta && tInterval(delta, level);
    const { benchmark, category, judge, reference } = result;
    const criteria = criteriaOf(sides, paired, judgeWeights);
    const style = paired ? shiftOf(sides, alpha) : null;
    return {
      id: benchmark,
      name: judgeBenchmarkName(result),
      ...{ category, judge, reference },
      baseline: shownSide(sides.baseline),
      candidate: shownSide(sides.candidate),
      delta: {
        estimate: delta?.estimate ?? null,
        ci: intervalAt(1 - JUDGE_ALPHA),
        ...{ se: delta?.se ?? null, df: delta?.df ?? null, p, pAdjusted },
      },
      ...{ paired, n },
      outcome:
        outcome ??
        decideOutcome(
          {
            estimate: delta!.estimate,
            ...{ testable, pAdjusted },
            equivalenceCi: intervalAt(1 - 2 * JUDGE_ALPHA),
          },
          { alpha: JUDGE_ALPHA, minimumEffect: minimumEffect.benchmark, margin: otherMargin },
        ),
      reason:
        [reason, delta && !testable ? 'too few questions for a test' : null].filter(Boolean).join('; ') ||
        null,
      alpha: JUDGE_ALPHA,
      level: 'warn',
      ...(criteria && { criteria }),
      ...(style !== null && { style }),
    };
  });
}

/** Criterion by criterion, where the candidate's games are kept and its judge is a measurement; beside main where the scores are. */
function criteriaOf(
  { baseline, candidate }: { baseline: JudgedSide | null; candidate: JudgedSide | null },
  isPaired: boolean,
  stated: Policy['judgeWeights'],
) {
  if (candidate?.games == null || candidate.result.score === null) return null;
  const main = isPaired ? (baseline?.games ?? null) : null;
  const changed = main === null ? new Set() : changedReferences(main, candidate.games);
  const same = main?.filter(({ question }) => !changed.has(question)) ?? null;
  return compareCriteria(candidate.result.benchmark, { baseline: same, candidate: candidate.games }, stated);
}

/** How differently the two sides write the judged answers; null where nobody counted. */
function shiftOf(
  { baseline, candidate }: Record<'baseline' | 'candidate', JudgedSide | null>,
  alpha: number,
): StyleShift | null {
  const before = modelStylesOf(baseline?.games ?? []);
  const after = modelStylesOf(candidate?.games ?? []);
  const pairs = [...before.keys()]
    .filter((question) => after.has(question))
    .map((question, index) => ({
      ...{ cluster: null, docHash: BigInt(index), inclusionP: 1 },
      ...{ baseline: before.get(question)!, candidate: after.get(question)! },
    }));
  return measureShift(pairs, { alpha, isTestable });
}

/** `Arena-Hard v2 (hard_prompt)` */
export function judgeBenchmarkName({
  benchmark,
  category,
}: Pick<JudgeResult, 'benchmark' | 'category'>): string {
  const name = findJudgeBenchmark(benchmark)?.name ?? benchmark;
  return category === null ? name : `${name} (${category})`;
}

function sidesOf(loaded: LoadedRecord, limits: JudgeLimits): Map<string, JudgedSide> {
  return new Map(judgedSides(loaded, limits).map((side) => [boardKey(side.result), side]));
}

/** What judges found of a record, with the games where they are kept. */
export function judgedSides(
  { record, games }: Pick<LoadedRecord, 'record' | 'games'>,
  limits: JudgeLimits = JUDGE_LIMITS,
): JudgedSide[] {
  const kept = new Map(games?.map((board) => [boardKey(board), board.games]));
  return (record.judge ?? []).map((stored) => {
    const own = kept.get(boardKey(stored)) ?? null;
    return { result: resultOfGames(stored, own, limits), games: own };
  });
}

/** The same benchmark under another judge, or against another reference. */
function findOther(
  sides: ReadonlyMap<string, JudgedSide>,
  { benchmark, category, ...of }: JudgeResult,
): string | null {
  for (const { result } of sides.values()) {
    if (result.benchmark !== benchmark || result.category !== category) continue;
    if (result.judge !== of.judge)
      return `${isPublished(result) ? 'scored by' : 'judged by'} ${result.judge}`;
    if (result.reference !== of.reference)
      return `held against ${result.reference ?? 'a reference that is not known'}`;
  }
  return null;
}

/** Why two judges of one name may be two; null where they are one, or nobody recorded it. */
function otherJudge(before: JudgeResult, after: JudgeResult): string | null {
  if (before.protocol === undefined || after.protocol === undefined) return null;
  if (before.protocol !== after.protocol) return 'the judge was asked in another way, or is another model';
  return before.pinned === false || after.pinned === false
    ? `${after.judge} does not say which version of it judged: it may be another one by now`
    : null;
}

function measureJudged(
  { baseline, candidate }: { baseline: JudgedSide | null; candidate: JudgedSide | null },
  others: Record<'baseline' | 'candidate', string | null>,
  { isOneRun }: { isOneRun: boolean },
): JudgeDifference {
  const without = (outcome: JudgeComparison['outcome'], reason: string): JudgeDifference => ({
    ...{ delta: null, paired: false, n: 0, outcome, reason },
  });
  if (baseline === null || candidate === null) {
    const side = baseline === null ? 'baseline' : 'candidate';
    if (others[side] !== null) return without('not-comparable', `the ${side} was ${others[side]}`);
    return without(baseline === null ? 'no-baseline' : 'skipped', `the ${side} was not judged`);
  }
  const other = isOneRun ? null : otherJudge(baseline.result, candidate.result);
  if (other !== null) return without('not-comparable', other);
  if (isPublished(baseline.result) || isPublished(candidate.result))
    return without('not-comparable', PUBLISHED);
  for (const [side, { result }] of [['candidate', candidate] as const, ['baseline', baseline] as const]) {
    if (result.score === null) return without('failed', `${side}: ${result.reason ?? 'it has no score'}`);
  }
  if (baseline.games === null || candidate.games === null)
    return compareShares(baseline.result, candidate.result, without);
  const { benchmark } = candidate.result;
  const [before, after] = [pairOrders(baseline.games), pairOrders(candidate.games)];
  const changed = changedReferences(baseline.games, candidate.games);
  const same = <Own extends { question: string }>(questions: readonly Own[]) =>
    questions.filter(({ question }) => !changed.has(question));
  const options = { counted: countedGames(benchmark) };
  const { delta, n } = shareDifference(same(before), same(after), {
    ...options,
    strongWeight: STRONG_WEIGHT,
  });
  const smaller = Math.min(before.length, after.length);
  if (delta === null || n < PAIRED_SHARE * smaller) {
    const why = changed.size > 0 ? `, ${changed.size} of them against another answer of the reference` : '';
    return without(
      'not-comparable',
      `the two sides have ${n} of ${plural(smaller, 'question')} in common${why}`,
    );
  }
  const plain = shareDifference(same(before), same(after), { ...options, strongWeight: 1 }).delta!;
  const turns = plain.estimate * delta.estimate < 0;
  return {
    delta: withSpread(delta, false),
    ...{ paired: true, n, outcome: null },
    reason:
      [
        turns ? `with the same weight for "better" and "much better" its sign is the other` : null,
        isOneRun ? 'the baseline was judged again in the same run' : null,
      ]
        .filter(Boolean)
        .join('; ') || null,
  };
}

const PUBLISHED =
  'a published score has no questions behind it, and what a board prints as its interval is no measure for a test';

/** Where games of a side are not kept: by the two scores alone, which is a weaker comparison. */
function compareShares(
  baseline: JudgeResult,
  candidate: JudgeResult,
  without: (outcome: JudgeComparison['outcome'], reason: string) => JudgeDifference,
): JudgeDifference {
  if (baseline.questionSet !== candidate.questionSet)
    return without('not-comparable', 'the two sides were judged on different questions');
  const n = candidate.questions;
  const own = ({ score, stderr, df }: JudgeResult) => ({ estimate: score!, se: stderr, df, units: n });
  const { estimate, se, df } = combine([own(baseline), own(candidate)], [-1, 1])!;
  // Without any spread, that of one set of questions.
  const delta = withSpread({ estimate, se, df: se === 0 ? n - 1 : df, units: n }, false);
  return { delta, paired: false, n, outcome: null, reason: 'unpaired: games of a side are not kept' };
}

/** Questions whose reference answer is known of both sides, and is another. */
function changedReferences(before: readonly JudgeGame[], after: readonly JudgeGame[]): Set<string> {
  const known = new Map(before.map(({ question, answers }) => [question, answers.reference]));
  const changed = after.filter(({ question, answers }) => {
    const own = known.get(question) ?? null;
    return own !== null && answers.reference !== null && own !== answers.reference;
  });
  return new Set(changed.map(({ question }) => question));
}

/** A side that has no score of its own. */
export const NOT_JUDGED: JudgeSide = {
  ...{ status: null, score: null, ci: null, questions: null, games: null, unread: null },
  ...{ position: null, contradicted: null },
};

function shownSide(side: JudgedSide | null): JudgeSide {
  return side === null ? NOT_JUDGED : shownResult(side.result);
}

export function shownResult(result: JudgeResult): JudgeSide {
  const { status, score, ci, questions, games, asked, unread, position, contradicted, spent } = result;
  return {
    ...{ status, score, ci, questions, games, unread, position, contradicted },
    ...(asked !== undefined && { asked }),
    ...(spent !== undefined && { spent }),
  };
}
