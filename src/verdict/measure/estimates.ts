import { type Design, designOf, estimateMean } from '../../record/results/sampling.ts';
import type { BenchmarkResult, Item } from '../../record/schema.ts';
import type { EffectiveSize } from '../../stats/effective-size.ts';
import type { Estimate } from '../../stats/estimate.ts';
import { tInterval } from '../../stats/t-interval.ts';
import { wilsonDesignInterval } from '../../stats/wilson-design-interval.ts';
import { wilsonInterval } from '../../stats/wilson-interval.ts';
import type { Benchmark } from '../../suite/benchmark.ts';
import type { Preset } from '../policy.ts';
import type { Interval, Score } from '../schema.ts';
import { isSimple, sizeOf } from './sampling.ts';
import {
  commonScale,
  countedScores,
  countedSummary,
  meanScale,
  rangeOf,
  type Scale,
  summaryScale,
} from './scoring.ts';

/** Level of the interval of a score, whatever alpha the tests have. */
export const SCORE_LEVEL = 0.95;

export interface ScoreEstimate extends Score {
  estimate: Estimate | null;
  n: number;
  /** Of the scores that there can be: [0, 1], and otherwise under preset `chance`. */
  range: Interval;
  /** How many simple items the sample amounts to. */
  size: EffectiveSize;
}

/** What one record scored in each of its benchmarks, by id: taken once, then shown and compared. */
export interface RecordScores {
  preset: Preset;
  benchmarks: ReadonlyMap<string, ScoreEstimate>;
}

export const NO_SCORE: ScoreEstimate = {
  estimate: null,
  score: null,
  ci: null,
  n: 0,
  range: [0, 1],
  size: { items: 0, clusters: 0 },
};

/** Score of one side of a benchmark from its items, with its interval. */
export function scoreItems(
  items: readonly Item[],
  benchmark: Benchmark | undefined,
  preset: Preset,
  design = designOf(items, benchmark),
): ScoreEstimate {
  const values = countedScores(items, benchmark, preset);
  const estimate = estimateMean(values, design);
  return estimate === null
    ? NO_SCORE
    : scoreOf(estimate, items, benchmark, preset, { design, isPlain: true });
}

/** A score that was estimated from these items, with its interval. `isPlain`: it is their mean, and so may have an exact interval. */
export function scoreOf(
  estimate: Estimate,
  items: readonly Item[],
  benchmark: Benchmark | undefined,
  preset: Preset,
  { design = designOf(items, benchmark), isPlain = false } = {},
): ScoreEstimate {
  const scale = scaleOfItems(items, benchmark, preset);
  const ci = boundedInterval(items, estimate, { design, isPlain }, scale);
  const score = estimate.estimate;
  return { estimate, score, ci, n: items.length, range: rangeOf(scale), size: sizeOf(design) };
}

/** The scale that the items' mean is on: their tasks' own, or the mean of these where they differ. */
export function scaleOfItems(
  items: readonly Item[],
  benchmark: Benchmark | undefined,
  preset: Preset,
): Scale & { isCommon: boolean } {
  const common = commonScale(
    items.map(({ task }) => task),
    benchmark,
    preset,
  );
  if (common !== null) return { ...common, isCommon: true };
  const weighted = items.map(({ task, inclusionP }) => ({ task, weight: 1 / inclusionP }));
  return { ...meanScale(weighted, benchmark, preset), isCommon: false };
}

/** The interval of the raw score, which lies in [0, 1], put on the scale. */
function boundedInterval(
  items: readonly Item[],
  estimate: Estimate,
  { design, isPlain }: { design: Design; isPlain: boolean },
  { slope, offset, isCommon }: Scale & { isCommon: boolean },
): Interval | null {
  const raw: Estimate = {
    ...estimate,
    estimate: (estimate.estimate - offset) / slope,
    se: estimate.se === null ? null : estimate.se / Math.abs(slope),
  };
  const binary = isCommon && items.every(({ score }) => score === 0 || score === 1);
  const ci =
    isPlain && binary && isSimple(design)
      ? wilsonInterval(raw.estimate, items.length, SCORE_LEVEL)
      : wilsonDesignInterval(raw, sizeOf(design), SCORE_LEVEL);
  return ci && onScale(ci, { slope, offset });
}

function onScale(ci: Interval, { slope, offset }: Scale): Interval {
  const ends = ci.map((end) => offset + slope * end).sort((a, b) => a - b);
  return [ends[0]!, ends[1]!];
}

/** Score of a benchmark of which only the mean and its standard error are kept. */
export function scoreSummary(
  result: BenchmarkResult,
  benchmark: Benchmark | undefined,
  preset: Preset,
): ScoreEstimate {
  const counted = countedSummary(result, benchmark, preset);
  if (counted === null) return NO_SCORE;
  const known = counted.stderr !== null && result.n > 1;
  const estimate: Estimate = {
    estimate: counted.mean,
    se: known ? counted.stderr : null,
    df: known ? result.n - 1 : null,
    units: result.n,
  };
  const scale = summaryScale(result, benchmark, preset);
  const { slope, offset } = scale;
  // A derived error is 0 where all or nothing was right, which n items do not prove.
  const ci =
    estimate.se === 0
      ? onScale(wilsonInterval((counted.mean - offset) / slope, result.n, SCORE_LEVEL), scale)
      : within(tInterval(estimate, SCORE_LEVEL), rangeOf(scale));
  const size = { items: result.n, clusters: result.n };
  return { estimate, score: estimate.estimate, ci, n: result.n, range: rangeOf(scale), size };
}

/** An interval, cut off where the truth cannot be: it holds the truth as often as before. */
export function within(ci: Interval | null, [low, high]: Interval): Interval | null {
  return ci && [Math.max(low, ci[0]), Math.min(high, ci[1])];
}
