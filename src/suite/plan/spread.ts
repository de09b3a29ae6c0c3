import { findBenchmark } from '../catalogue.ts';

/** How the two answers to one question differ from model to model. */
export interface Spread {
  /** Variance of one item's difference between two models; for 0/1 scores about the share of items that flip. */
  variance: number;
  /** Correlation of the differences of two items of one cluster. */
  dependence: number;
  /** Where the variance is from. */
  source: 'assumed' | 'records';
}

/** For a task that the catalogue does not know. */
const UNKNOWN_BENCHMARK = { flips: 0.1, dependence: 0.1 };

/** What the catalogue assumes of a benchmark. */
export function assumedSpread(id: string): Spread {
  const { flips, dependence } = findBenchmark(id)?.assumed ?? UNKNOWN_BENCHMARK;
  return { variance: flips, dependence, source: 'assumed' };
}
