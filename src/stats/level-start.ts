import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

/** A value of a series, in time. `se`: its standard error; null where unknown. */
interface SeriesPoint {
  value: number;
  se: number | null;
}

export interface LevelStart {
  /** Index of the first value of the level that the last one is at. */
  first: number;
  /** Last value less the one before the level; null where the level goes back to the first value. */
  change: number | null;
  /** What differences were held against: the spread of the series' own steps, or the standard errors. */
  by: 'steps' | 'errors';
}

/** Fewer steps tell too little of the spread. */
const MIN_STEPS = 10;
/** Median of the absolute value of a standard normal variable. */
const MEDIAN_ABSOLUTE = 0.6745;

/**
 * Since when a series is at the level of its last value: from there back to the last value that differs from it beyond chance, at `alpha` for
 * all values together (Bonferroni).
 *
 * Chance is read off the series itself where it has enough steps: median absolute step / 0.6745 estimates the standard deviation of a difference
 * of two values at one level, whatever few shifts there are, and holds what standard errors do not: runs of one recipe differ, and questions in
 * common make differences smaller. Steps of exactly 0 are the same model again and tell nothing. Else it is the root of the sum of both
 * squared standard errors; a value of unknown error then differs from nothing.
 *
 * @returns null for an empty series.
 */
export function levelStart(series: readonly SeriesPoint[], alpha: number): LevelStart | null {
  const last = series.at(-1);
  if (last === undefined) return null;
  const steps = series
    .slice(1)
    .map(({ value }, index) => Math.abs(value - series[index]!.value))
    .filter((step) => step > 0);
  const spread = steps.length < MIN_STEPS ? null : median(steps) / MEDIAN_ABSOLUTE;
  const by = spread === null ? 'errors' : 'steps';
  const limit = normalQuantile(1 - alpha / (2 * Math.max(1, series.length - 1)), 0, 1);
  for (let index = series.length - 2; index >= 0; index--) {
    const { value, se } = series[index]!;
    const own = spread ?? (se === null || last.se === null ? null : Math.hypot(se, last.se));
    const change = last.value - value;
    if (own !== null && Math.abs(change) > limit * own) return { first: index + 1, change, by };
  }
  return { first: 0, change: null, by };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
