import { plural } from '../count.ts';
import type { Random } from '../seeded-random.ts';
import { adjacentAgreement, adjacentJackknife } from '../stats/correlation/adjacent-agreement.ts';
import { clusterBootstrap } from '../stats/correlation/cluster-bootstrap.ts';
import {
  kendallInterval,
  MIN_CORRELATED,
  spearmanInterval,
} from '../stats/correlation/correlation-intervals.ts';
import { kendall } from '../stats/correlation/kendall.ts';
import { noiseCeiling } from '../stats/correlation/noise-ceiling.ts';
import { type Permutations, spearmanPermutationP } from '../stats/correlation/permutations.ts';
import { spearman } from '../stats/correlation/spearman.ts';
import { tInterval } from '../stats/t-interval.ts';
import { type Board, type CommonScores, commonScores, groupFamilies } from './board.ts';
import type { AgreementPair, AgreementView, Correlation } from './schema.ts';

export const AGREEMENT_LEVEL = 0.95;
/** Redraws of scores within their errors, and of families. */
const REDRAWS = 1000;
/** Points that models next to one another are apart at most. */
const ADJACENT_POINTS = 5;

export interface PairOptions {
  /** Of models; empty where each stands alone. */
  families: ReadonlyMap<string, string>;
  permutationsOf: (n: number) => Permutations;
  random: Random;
}

/** How one board agrees with another, in all views. */
export function measurePair(tested: Board, reference: Board, options: PairOptions): AgreementPair {
  const common = commonScores(tested, reference);
  return {
    tested: tested.id,
    reference: reference.id,
    views: [
      measureView('all', common, options),
      // By the reference alone: models that are good on both would be alike by that choice.
      measureView('top-half', topHalf(common), options),
    ],
    adjacent: measureAdjacent(common, options),
  };
}

function measureView(view: AgreementView['view'], common: CommonScores, options: PairOptions): AgreementView {
  const n = common.models.length;
  const { x, y } = valuesOf(common);
  const empty = {
    ...{ view, n, spearman: null, kendall: null, p: null, families: null, noise: null },
    spread: n > 0 ? { tested: spreadOf(x), reference: spreadOf(y) } : null,
  };
  const [rho, tau] = [spearman(x, y), kendall(x, y)];
  if (n < MIN_CORRELATED) {
    return { ...empty, refused: `${plural(n, 'model')} in common: ${MIN_CORRELATED} are needed` };
  }
  if (rho === null || tau === null) {
    const flat = x.every((value) => value === x[0]) ? 'the tested side' : 'the reference';
    return { ...empty, refused: `${flat} gives all of ${plural(n, 'model')} one score` };
  }
  const groups = groupFamilies(common.models, options.families);
  const grouped = groups.length < n;
  const by = (statistic: typeof spearman): [number, number] | null =>
    groups.length < MIN_CORRELATED ? null : bootstrap(common, groups, statistic, options.random);
  return {
    ...empty,
    refused: null,
    spearman: {
      estimate: rho,
      ci: grouped ? by(spearman) : spearmanInterval(rho, n, AGREEMENT_LEVEL),
    },
    kendall: { estimate: tau, ci: grouped ? by(kendall) : kendallInterval(tau, n, AGREEMENT_LEVEL) },
    p: grouped ? null : spearmanPermutationP(x, y, options.permutationsOf(n)),
    families: grouped ? groups.length : null,
    noise: measureNoise(common, options.random),
  };
}

function bootstrap(
  common: CommonScores,
  groups: readonly number[][],
  statistic: typeof spearman,
  { integer }: Random,
): [number, number] | null {
  const { x, y } = valuesOf(common);
  return clusterBootstrap(
    groups,
    (members) =>
      statistic(
        members.map((i) => x[i]!),
        members.map((i) => y[i]!),
      ),
    { draws: REDRAWS, level: AGREEMENT_LEVEL, integer },
  );
}

function measureNoise({ tested, reference }: CommonScores, { normal }: Random): AgreementView['noise'] {
  const xErrors = tested.map(({ se }) => se);
  const yErrors = reference.map(({ se }) => se);
  if (!isKnown(xErrors) || !isKnown(yErrors)) return null;
  return noiseCeiling({ ...valuesOf({ tested, reference }), xErrors, yErrors }, REDRAWS, normal);
}

function isKnown(errors: readonly (number | null)[]): errors is number[] {
  return errors.every((error) => error !== null);
}

/** The models whose score on the reference is among the best half; those that tie with the last one too. */
function topHalf(common: CommonScores): CommonScores {
  const sorted = common.reference.map(({ score }) => score).sort((a, b) => b - a);
  const last = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
  const kept = common.reference.flatMap(({ score }, i) => (score >= last ? [i] : []));
  return {
    models: kept.map((i) => common.models[i]!),
    tested: kept.map((i) => common.tested[i]!),
    reference: kept.map((i) => common.reference[i]!),
  };
}

function measureAdjacent(common: CommonScores, { families }: PairOptions): AgreementPair['adjacent'] {
  const { x, y } = valuesOf(common);
  const point = pointOf(y);
  if (point === null) return null;
  const within = ADJACENT_POINTS * point;
  const close = common.models.flatMap((_, i) =>
    y.some((other, j) => i !== j && other !== y[i] && Math.abs(other - y[i]!) <= within * (1 + 1e-9))
      ? [i]
      : [],
  );
  const counts = { pairs: adjacentAgreement(x, y, within, close)?.pairs ?? 0, n: close.length };
  if (close.length < MIN_CORRELATED) {
    const few = `${plural(close.length, 'model')} within ${ADJACENT_POINTS} points of another`;
    return { ...counts, refused: `${few}: ${MIN_CORRELATED} are needed`, agreement: null };
  }
  const groups = groupFamilies(
    close.map((i) => common.models[i]!),
    families,
  ).map((group) => group.map((i) => close[i]!));
  const estimate = adjacentJackknife(x, y, within, groups)!;
  const ci = groups.length < MIN_CORRELATED ? null : tInterval(estimate, AGREEMENT_LEVEL);
  return { ...counts, refused: null, agreement: boundedCorrelation(estimate.estimate, ci) };
}

/** An interval of a correlation ends where correlations do. */
export function boundedCorrelation(estimate: number, ci: [number, number] | null): Correlation {
  return { estimate, ci: ci && [Math.max(-1, ci[0]), Math.min(1, ci[1])] };
}

/** A point in the unit of the scores: a hundredth where they are fractions of 1; null where they are on another scale (Elo). */
function pointOf(scores: readonly number[]): number | null {
  if (scores.length === 0 || !scores.every((score) => score >= 0 && score <= 100)) return null;
  return scores.every((score) => score <= 1) ? 0.01 : 1;
}

function valuesOf({ tested, reference }: Pick<CommonScores, 'tested' | 'reference'>): {
  x: number[];
  y: number[];
} {
  return { x: tested.map(({ score }) => score), y: reference.map(({ score }) => score) };
}

function spreadOf(values: readonly number[]): { sd: number; min: number; max: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0,
    min: Math.min(...values),
    max: Math.max(...values),
  };
}
