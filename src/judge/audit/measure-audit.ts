import { clusteredMean } from '../../stats/clustered-mean.ts';
import { holm } from '../../stats/holm.ts';
import { linearCombinationInterval, type SummedMean } from '../../stats/linear-combination-interval.ts';
import { wilsonDesignInterval, wilsonDesignTest } from '../../stats/wilson-design-interval.ts';
import type { JudgeGame } from '../score/game.ts';
import { findJudgeFault, JUDGE_LIMITS, type JudgeLimits } from '../score/judge-fault.ts';
import { orderEffects, positionFigures } from '../score/order-effects.ts';
import { pairOrders, type QuestionGames } from '../score/pair-orders.ts';
import { type AuditedName, auditedKind, HEADLINE_NAMES } from './catalogue.ts';
import type { AuditPlan } from './plan-audit.ts';
import type { AuditedIntervention, JudgeAudit } from './schema.ts';

/** Level of all intervals. */
const LEVEL = 0.95;
/** Fewer pairs show no spread. */
const MIN_PAIRS = 2;
/** Fewer questions in common say nothing of how two losses go together. */
const MIN_COMMON = 3;

/** What is counted of the games. */
export type AuditFigures = Pick<
  JudgeAudit,
  | 'status'
  | 'reason'
  | 'games'
  | 'unread'
  | 'position'
  | 'contradicted'
  | 'interventions'
  | 'identical'
  | 'headline'
  | 'styleJudge'
>;

/** An intervention's pairs: of each question the share of its two verdicts that prefer the original. */
interface Tally {
  figures: AuditedIntervention;
  shares: ReadonlyMap<string, number>;
}

/**
 * What a judge punishes, from its games.
 *
 * Signs: a pair's share is that of its two games, one an order, in which the judge prefers the original: 1, 0.5 for a tie, 0. The mean of an
 * intervention's pairs is its `preferred`, and `lost` = preferred - 0.5. So `lost` is above 0 where the judge punishes the altered version, 0
 * where it sees no difference, and below 0 where it prefers the altered version. The liking of a position cancels in each pair. Pairs of
 * which a verdict could not be read do not count: unread is never a tie.
 *
 * Intervals are over pairs (`wilsonDesignInterval`), p-values two-sided by the score test that goes with them, corrected by Holm over the
 * interventions; `identical` is none of them, since nothing in it can be lost. The headline is the mean loss of the interventions that make
 * an answer worse minus that of those that change its style, with the interval of a sum of dependent means (`linearCombinationInterval`):
 * two interventions are correlated over the questions that both altered. A judge is a style judge where its upper bound is below 0.
 *
 * The audit fails by the rules of a judge benchmark (`findJudgeFault`): unread verdicts over all games, position and contradictions over all
 * pairs but the identical ones, of which a judge that must choose can only decide by position.
 */
export function measureAudit(
  plan: Pick<AuditPlan, 'pairs' | 'interventions' | 'notApplicable'>,
  games: readonly JudgeGame[],
  limits: JudgeLimits = JUDGE_LIMITS,
): AuditFigures {
  const byIntervention = new Map<AuditedName, QuestionGames[]>(plan.interventions.map((name) => [name, []]));
  for (const pair of pairOrders(games))
    byIntervention.get(plan.pairs.get(pair.question)!.intervention)!.push(pair);
  const tallies = plan.interventions
    .filter((name) => name !== 'identical')
    .map((name) => tallyIntervention(name, byIntervention.get(name)!, plan));
  const tested = tallies.filter(({ figures }) => figures.p !== null);
  const adjusted = holm(tested.map(({ figures }) => figures.p!));
  for (const [index, { figures }] of tested.entries()) figures.pAdjusted = adjusted[index]!;

  const different = [...byIntervention].flatMap(([name, pairs]) => (name === 'identical' ? [] : pairs));
  const effects = orderEffects(different);
  const unread = games.filter(({ verdict }) => verdict === null).length;
  const reason = findJudgeFault({ games: games.length, unread, effects }, limits);
  const headline = reason === null ? measureHeadline(tallies, plan) : null;
  return {
    ...{ status: reason === null ? 'done' : 'failed', reason },
    ...{ games: games.length, unread },
    position: positionFigures(effects),
    contradicted: { pairs: effects.contradicted, of: effects.questions },
    interventions: tallies.map(({ figures }) => figures),
    identical: measureIdentical(byIntervention.get('identical') ?? []),
    ...{ headline, styleJudge: headline && headline.ci[1] < 0 },
  };
}

function tallyIntervention(
  id: AuditedName,
  pairs: readonly QuestionGames[],
  plan: Pick<AuditPlan, 'pairs' | 'notApplicable'>,
): Tally {
  const shares = new Map<string, number>();
  for (const { question, referenceFirst, modelFirst } of pairs) {
    if (referenceFirst === null || modelFirst === null) continue;
    shares.set(plan.pairs.get(question)!.question, 1 - (referenceFirst.win + modelFirst.win) / 2);
  }
  const reasons = plan.notApplicable.get(id) ?? new Map<string, number>();
  const { share, ci, p } = meanShare([...shares.values()]);
  return {
    shares,
    figures: {
      ...{ id, kind: auditedKind(id), pairs: shares.size, unread: pairs.length - shares.size },
      notApplicable: [...reasons.values()].reduce((sum, one) => sum + one, 0),
      ...{ preferred: share, ci, lost: share === null ? null : share - 0.5, p, pAdjusted: null },
    },
  };
}

/** Mean of shares that stand alone, its interval, and the two-sided p of one half. */
function meanShare(values: readonly number[]): {
  share: number | null;
  ci: [number, number] | null;
  p: number | null;
} {
  const estimate = clusteredMean(Float64Array.from(values));
  if (estimate === null) return { share: null, ci: null, p: null };
  const size = { items: values.length, clusters: values.length };
  const below = wilsonDesignTest(estimate, size, 0.5);
  return {
    share: estimate.estimate,
    ci: wilsonDesignInterval(estimate, size, LEVEL),
    p: below === null ? null : Math.min(1, 2 * Math.min(below, 1 - below)),
  };
}

function measureIdentical(pairs: readonly QuestionGames[]): JudgeAudit['identical'] {
  const read = pairs.flatMap(({ referenceFirst, modelFirst }) =>
    referenceFirst === null || modelFirst === null ? [] : [[1 - referenceFirst.win, modelFirst.win]],
  );
  if (read.length === 0) return null;
  const { share, ci } = meanShare(read.map(([one, other]) => (one! + other!) / 2));
  const ties = read.flat().filter((win) => win === 0.5).length;
  return { pairs: read.length, first: share!, ci, ties: ties / (2 * read.length) };
}

/** Null where a side has no intervention with enough pairs. */
function measureHeadline(
  tallies: readonly Tally[],
  { interventions }: Pick<AuditPlan, 'interventions'>,
): JudgeAudit['headline'] {
  const sideOf = (side: 'substance' | 'style') =>
    HEADLINE_NAMES[side].flatMap((name) => {
      const tally = interventions.includes(name)
        ? tallies.find(({ figures }) => figures.id === name)
        : undefined;
      return tally !== undefined && tally.figures.pairs >= MIN_PAIRS ? [tally] : [];
    });
  const [substance, style] = [sideOf('substance'), sideOf('style')];
  if (substance.length === 0 || style.length === 0) return null;
  const part = (weight: number) => (tally: Tally) => ({
    tally,
    mean: { weight, estimate: tally.figures.lost!, ci: aroundHalf(tally.figures.ci!) } satisfies SummedMean,
  });
  const parts = [...substance.map(part(1 / substance.length)), ...style.map(part(-1 / style.length))];
  const meanLoss = (side: readonly Tally[]) =>
    side.reduce((sum, { figures }) => sum + figures.lost!, 0) / side.length;
  const [lostSubstance, lostStyle] = [meanLoss(substance), meanLoss(style)];
  return {
    substance: substance.map(({ figures }) => figures.id),
    style: style.map(({ figures }) => figures.id),
    ...{ lostSubstance, lostStyle, difference: lostSubstance - lostStyle },
    ci: linearCombinationInterval(
      parts.map(({ mean }) => mean),
      (k, j) => (k === j ? 1 : correlationOfMeans(parts[k]!.tally.shares, parts[j]!.tally.shares)),
    ),
  };
}

function aroundHalf([low, high]: readonly [number, number]): [number, number] {
  return [low - 0.5, high - 0.5];
}

/** Of the means over n and m questions, c of them in common: their correlation there times c / sqrt(n m). */
function correlationOfMeans(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  const common = [...one.keys()].filter((question) => other.has(question));
  if (common.length < MIN_COMMON) return 0;
  const center = (values: ReadonlyMap<string, number>) => {
    const own = common.map((question) => values.get(question)!);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    return own.map((value) => value - mean);
  };
  const [a, b] = [center(one), center(other)];
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  const spread = Math.sqrt(dot(a, a) * dot(b, b));
  return spread === 0 ? 0 : (dot(a, b) / spread) * (common.length / Math.sqrt(one.size * other.size));
}
