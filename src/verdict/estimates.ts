import type { BenchmarkResult, Item } from '../record/schema.ts';
import type { Estimate } from '../stats/estimate.ts';
import { tInterval } from '../stats/t-interval.ts';
import { wilsonDesignInterval } from '../stats/wilson-design-interval.ts';
import { wilsonInterval } from '../stats/wilson-interval.ts';
import type { Benchmark } from '../suite/benchmark.ts';
import type { Preset } from './policy.ts';
import { type Design, designOf, estimateMean, isSimple, sizeOf } from './sampling.ts';
import type { Interval, Score } from './schema.ts';
import { commonScale, countedScores, countedSummary, type Scale } from './scoring.ts';

/** Level of the interval of a score, whatever alpha the tests have. */
const SCORE_LEVEL = 0.95;

export interface ScoreEstimate extends Score {
  estimate: Estimate | null;
  n: number;
}

const NO_SCORE: ScoreEstimate = { estimate: null, score: null, ci: null, n: 0 };

/** Score of one side of a benchmark from its items, with its interval. */
export function scoreItems(
  items: readonly Item[],
  benchmark: Benchmark | undefined,
  preset: Preset,
  design = designOf(items, benchmark),
): ScoreEstimate {
  const values = countedScores(items, benchmark, preset);
  const estimate = estimateMean(values, design);
  if (estimate === null) return NO_SCORE;
  const scale = commonScale(
    items.map(({ task }) => task),
    benchmark,
    preset,
  );
  const ci =
    scale === null ? scoreInterval(estimate, preset) : boundedInterval(items, estimate, design, scale);
  return { estimate, score: estimate.estimate, ci, n: items.length };
}

/** The interval of the raw score, which lies in [0, 1], put on the scale. */
function boundedInterval(
  items: readonly Item[],
  estimate: Estimate,
  design: Design,
  { slope, offset }: Scale,
): Interval | null {
  const raw: Estimate = {
    ...estimate,
    estimate: (estimate.estimate - offset) / slope,
    se: estimate.se === null ? null : estimate.se / Math.abs(slope),
  };
  const binary = items.every(({ score }) => score === 0 || score === 1);
  const ci =
    binary && isSimple(design)
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
  // A derived error is 0 where all or nothing was right, which n items do not prove.
  const scale =
    estimate.se === 0
      ? commonScale(
          result.tasks.map(({ task }) => task),
          benchmark,
          preset,
        )
      : null;
  const ci =
    scale && result.mean !== null
      ? onScale(wilsonInterval(result.mean, result.n, SCORE_LEVEL), scale)
      : scoreInterval(estimate, preset);
  return { estimate, score: estimate.estimate, ci, n: result.n };
}

/** t interval of a score, cut off where no score can be: at 1, and at 0 where guessing does not count 0. */
export function scoreInterval(estimate: Estimate, preset: Preset): Interval | null {
  const ci = tInterval(estimate, SCORE_LEVEL);
  return ci && [preset === 'chance' ? ci[0] : Math.max(0, ci[0]), Math.min(1, ci[1])];
}
