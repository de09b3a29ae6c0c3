import { plural } from '../../count.ts';
import { createRandom } from '../../seeded-random.ts';
import { correlationMatrix } from '../../stats/importance/correlation-matrix.ts';
import { type Importance, measureImportance } from '../../stats/importance/importance.ts';
import { varianceInflation } from '../../stats/importance/variance-inflation.ts';
import type { Criterion } from '../../suite/judge-criteria.ts';
import { askedCriteria, isUnasked, type JudgeGame } from '../score/game.ts';
import { pairOrders } from '../score/pair-orders.ts';
import type { CriteriaWeights } from './schema.ts';
import { countUnread, describeUnread, gamesBy } from './shares.ts';

/** Fewer questions with all verdicts do not tell what weighs how much. */
export const MIN_COMPLETE = 100;
/** A verdict whose standard deviation over questions is smaller, from -2 to 2, hardly varies. */
export const MIN_SPREAD = 0.15;
/** Criteria beyond this correlation move as one. */
export const MERGE_ABOVE = 0.9;
/** A criterion with more is given by the others, nearly. */
export const MAX_INFLATION = 10;
const DRAWS = 1000;
const LEVEL = 0.95;
const SEED = 20;

/** What each criterion ought to weigh; all the same where empty. */
export type StatedWeights = Readonly<Partial<Record<Criterion, number>>>;

/** One criterion, or several that move as one, with its verdicts. */
interface Part {
  criteria: Criterion[];
  values: Float64Array;
}

/**
 * What a judge's verdict on the whole rests on: R² of a linear fit of it on the verdicts by criterion, over questions, and of that the Shapley
 * share of each criterion (Lindeman, Merenda and Gold 1980). Coefficients are never given: of criteria that go together they are arbitrary.
 *
 * A verdict is -2, -1, 0, 1 or 2 for the model's answer, and a question's the mean of both orders, so that what the order does cancels. Questions
 * count of which both orders have every verdict; a missing one is never a tie. Equal answers, which nobody was asked about, do not count.
 *
 * @param stated what each criterion ought to weigh, in any unit.
 */
export function weighCriteria(games: readonly JudgeGame[], stated: StatedWeights): CriteriaWeights {
  const asked = games.filter((game) => !isUnasked(game));
  const left: CriteriaWeights['left'] = [];
  const readable = askedCriteria(asked).filter((criterion) => {
    const reason = describeUnread(countUnread(gamesBy(criterion, asked)));
    if (reason !== null) left.push({ criterion, reason: `it ${reason}` });
    return reason === null;
  });
  const whole = valuesOf(asked);
  const byCriterion = readable.map((criterion) => ({
    criterion,
    values: valuesOf(gamesBy(criterion, asked)),
  }));
  const complete = [...whole.keys()].filter((question) =>
    byCriterion.every(({ values }) => values.has(question)),
  );
  const counts = {
    questions: new Set(asked.map(({ question }) => question)).size,
    complete: complete.length,
  };
  const alike = Object.keys(stated).length === 0;
  const without = (reason: string): CriteriaWeights => ({
    ...{ ...counts, r2: null, shares: [], alike, merged: [], left, reason },
  });
  if (complete.length < MIN_COMPLETE)
    return without(
      `${plural(complete.length, 'question')} with every verdict read in both orders, fewer than ${MIN_COMPLETE}`,
    );
  const outcome = Float64Array.from(complete, (question) => whole.get(question)!);
  const spread = standardDeviation(outcome);
  if (spread < MIN_SPREAD) return without(`the overall verdict hardly varies (${describeSpread(spread)})`);
  const varying = byCriterion.flatMap(({ criterion, values }): Part[] => {
    const own = Float64Array.from(complete, (question) => values.get(question)!);
    const deviation = standardDeviation(own);
    if (deviation >= MIN_SPREAD) return [{ criteria: [criterion], values: own }];
    left.push({ criterion, reason: `it hardly varies (${describeSpread(deviation)})` });
    return [];
  });
  if (varying.length === 0) return without('no criterion can be weighed');
  const { parts, merged } = mergeAlike(varying);
  const { integer } = createRandom(SEED);
  const found = measureImportance(
    { outcome, predictors: parts.map(({ values }) => values) },
    { draws: DRAWS, level: LEVEL, integer },
  )!;
  const known = { ...counts, r2: found.r2, alike, merged, left };
  const refused = refuseShares(parts, found);
  if (refused !== null) return { ...known, shares: [], reason: refused };
  const all = parts.flatMap(({ criteria }) => criteria);
  const statedOf = (criteria: readonly Criterion[]) =>
    criteria.reduce((sum, name) => sum + (alike ? 1 : (stated[name] ?? 0)), 0);
  const total = statedOf(all);
  return {
    ...known,
    shares: parts.map(({ criteria }, index) => ({
      criteria,
      ...found.shares![index]!,
      stated: total === 0 ? 0 : statedOf(criteria) / total,
    })),
    reason: null,
  };
}

/** Why the shares say nothing; null where they do. */
function refuseShares(parts: readonly Part[], { shares }: Importance): string | null {
  if (parts.length === 1) return `${name(parts[0]!)} alone can be weighed`;
  if (shares === null) return 'the criteria explain nothing of it';
  const inflation = varianceInflation(
    correlationMatrix(
      parts.map(({ values }) => values),
      null,
    ),
    parts.length,
  );
  const largest = Math.max(...inflation);
  if (largest <= MAX_INFLATION) return null;
  const which = parts[inflation.indexOf(largest)]!;
  const size = largest === Infinity ? 'without bound' : largest.toFixed(1);
  return `${name(which)} cannot be told apart from the others (variance inflation ${size}, above ${MAX_INFLATION})`;
}

function name({ criteria }: Part): string {
  return criteria.join(' and ');
}

/** By question the mean of both orders, from the model's side: -2 to 2. Questions without both are not there. */
function valuesOf(games: readonly JudgeGame[]): Map<string, number> {
  return new Map(
    pairOrders(games).flatMap(({ question, referenceFirst, modelFirst }) => {
      if (referenceFirst === null || modelFirst === null) return [];
      const [one, other] = [referenceFirst, modelFirst].map(
        ({ win, strong }) => (2 * win - 1) * (strong ? 2 : 1),
      ) as [number, number];
      return [[question, (one + other) / 2] as const];
    }),
  );
}

/** Joins the two parts that are most alike, for as long as any are alike enough. */
function mergeAlike(single: readonly Part[]): { parts: Part[]; merged: CriteriaWeights['merged'] } {
  const parts = [...single];
  const correlations = new Map<Part, number>();
  for (;;) {
    const matrix = correlationMatrix(
      parts.map(({ values }) => values),
      null,
    );
    let best = { r: MERGE_ABOVE, i: -1, j: -1 };
    for (let i = 0; i < parts.length; i++) {
      for (let j = 0; j < i; j++) {
        const r = matrix[i * parts.length + j]!;
        if (r > best.r) best = { r, i, j };
      }
    }
    if (best.i < 0) break;
    const [one, other] = [parts[best.j]!, parts[best.i]!];
    const [a, b] = [one.criteria.length, other.criteria.length];
    const joined: Part = {
      criteria: [...one.criteria, ...other.criteria],
      values: one.values.map((value, at) => (a * value + b * other.values[at]!) / (a + b)),
    };
    correlations.set(joined, Math.min(best.r, correlations.get(one) ?? 1, correlations.get(other) ?? 1));
    parts.splice(best.i, 1);
    parts[best.j] = joined;
  }
  const merged = parts
    .filter(({ criteria }) => criteria.length > 1)
    .map((part) => ({ criteria: part.criteria, correlation: correlations.get(part)! }));
  return { parts, merged };
}

function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function describeSpread(deviation: number): string {
  return `standard deviation ${deviation.toFixed(2)}, below ${MIN_SPREAD}`;
}
