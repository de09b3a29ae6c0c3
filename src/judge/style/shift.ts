import { type AnswerStyle, STYLE_FEATURES, type StyleFeature } from '../../answer-style.ts';
import { clusteredMean } from '../../stats/clustered-mean.ts';
import type { Estimate } from '../../stats/estimate.ts';
import { holm } from '../../stats/holm.ts';
import { mcnemar } from '../../stats/mcnemar.ts';
import { type Dependent, numberClusters } from '../../stats/number-clusters.ts';
import { tInterval } from '../../stats/t-interval.ts';
import { tTest } from '../../stats/two-sided-t.ts';
import { weightedMean } from '../../stats/weighted-mean.ts';

/** How one question was answered by two models. */
export interface StylePair extends Dependent {
  baseline: AnswerStyle;
  candidate: AnswerStyle;
  /** Probability with which both were asked the question, (0, 1]. */
  inclusionP: number;
}

/** One count an answer, on average; differences are candidate minus baseline. */
export interface FeatureShift {
  baseline: number;
  candidate: number;
  difference: number;
  /** At level 1 - alpha; null for one unit, which shows no spread. */
  ci: [number, number] | null;
  /** Two-sided, and after Holm over the four; null where there are too few units for a test. */
  p: number | null;
  pAdjusted: number | null;
  /** Candidate over baseline, of means; null where the baseline has none. */
  ratio: number | null;
  rejected: boolean;
  /** Whether the means are so far apart that a reader would see it: see `LARGE`. */
  large: boolean;
}

/** How differently two models write answers to the same questions. */
export interface StyleShift {
  /** Questions that both answered, and independent units among them. */
  n: number;
  units: number;
  features: Record<StyleFeature, FeatureShift>;
}

/** Markup that fewer than one answer in ten has, on both sides, is not seen by a reader. */
const MIN_MARKUP = 0.1;
/** Differences of means, relative to the baseline's, that a reader would see. */
const LARGE: Record<StyleFeature, number> = { chars: 0.1, headers: 0.5, listItems: 0.5, bold: 0.5 };
/** Of a product of two numbers, relative: 1.1 times 10 is above 11 otherwise. */
const ROUNDING = 1e-12;

export interface ShiftOptions {
  /** Two-sided, of all four together. */
  alpha: number;
  /** Whether there are enough independent units for a test. */
  isTestable: (estimate: Estimate) => boolean;
}

/**
 * Paired differences of the four style counts in one benchmark: their mean by question, sampled questions by 1/inclusion probability, with CR2
 * standard errors by cluster, t intervals and t tests (`clusteredMean`), a sign test of the units where all differences are equal and not 0,
 * and Holm over the four. Null for no pairs.
 */
export function measureShift(
  pairs: readonly StylePair[],
  { alpha, isTestable }: ShiftOptions,
): StyleShift | null {
  if (pairs.length === 0) return null;
  const weights = Float64Array.from(pairs, ({ inclusionP }) => 1 / inclusionP);
  const clusters = numberClusters(pairs);
  const found = STYLE_FEATURES.map((feature) => {
    const valuesOf = (arm: 'baseline' | 'candidate') =>
      Float64Array.from(pairs, (pair) => pair[arm][feature]);
    const [before, after] = [valuesOf('baseline'), valuesOf('candidate')];
    const delta = clusteredMean(
      after.map((value, i) => value - before[i]!),
      { weights, clusters },
    )!;
    const means = { baseline: weightedMean(before, weights)!, candidate: weightedMean(after, weights)! };
    return { feature, delta, means, p: isTestable(delta) ? test(delta) : null };
  });
  const adjusted = adjust(found.map(({ p }) => p));
  const shifts = found.map(({ feature, delta, means, p }, i): [StyleFeature, FeatureShift] => [
    feature,
    {
      ...means,
      difference: delta.estimate,
      ci: tInterval(delta, 1 - alpha),
      p,
      pAdjusted: adjusted[i]!,
      ratio: means.baseline === 0 ? null : means.candidate / means.baseline,
      rejected: adjusted[i] !== null && adjusted[i]! <= alpha,
      large: isLarge(means, feature),
    },
  ]);
  return {
    n: pairs.length,
    units: found[0]!.delta.units,
    features: Object.fromEntries(shifts) as Record<StyleFeature, FeatureShift>,
  };
}

function test(delta: Estimate): number {
  return tTest(delta) ?? mcnemar(0, delta.units);
}

/** Holm over those that were tested. */
function adjust(ps: readonly (number | null)[]): (number | null)[] {
  const tested = holm(ps.filter((p) => p !== null));
  return ps.map((p) => (p === null ? null : tested.shift()!));
}

function isLarge(
  { baseline, candidate }: { baseline: number; candidate: number },
  feature: StyleFeature,
): boolean {
  const apart = Math.abs(candidate - baseline);
  if (feature !== 'chars' && Math.max(baseline, candidate) < MIN_MARKUP * (1 - ROUNDING)) return false;
  return apart > 0 && apart >= LARGE[feature] * baseline * (1 - ROUNDING);
}
