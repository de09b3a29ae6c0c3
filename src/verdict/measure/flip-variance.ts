import type { LoadedRecord } from '../../record/schema.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { assumedSpread, type Spread } from '../../suite/plan/spread.ts';
import { pairItems } from './pairing.ts';
import { benchmarkIds, indexRecord } from './result-view.ts';
import { countedScores } from './scoring.ts';

/** The assumption counts as so many items: few measured ones do not outweigh it, and no flip at all is not never. */
const PRIOR_ITEMS = 20;

/**
 * How the answers to one question differ between models, by benchmark, from records of earlier models: the variance of
 * the paired difference over neighbouring records (preset `paper`). One record alone only bounds it: two models of that
 * score whose answers have nothing to do with each other differ with twice the variance of one.
 */
export function measureSpreads(records: readonly LoadedRecord[]): Map<string, Spread> {
  const spreads = new Map<string, Spread>();
  const views = records.map((record) => indexRecord(record));
  for (const id of new Set(records.flatMap((record) => benchmarkIds(record)))) {
    const benchmark = findBenchmark(id);
    const assumed = assumedSpread(id);
    let squares = PRIOR_ITEMS * assumed.variance;
    let n = PRIOR_ITEMS;
    for (let i = 1; i < views.length; i++) {
      const pairing = pairItems(views[i - 1]!(id).items, views[i]!(id).items);
      const before = countedScores(pairing.baseline, benchmark, 'paper');
      const after = countedScores(pairing.candidate, benchmark, 'paper');
      squares += sumOfSquares(after.map((score, index) => score - before[index]!));
      n += before.length;
    }
    if (n > PRIOR_ITEMS) {
      spreads.set(id, { ...assumed, variance: squares / n, source: 'records' });
      continue;
    }
    const scores = countedScores(views[0]?.(id).items ?? [], benchmark, 'paper');
    const bound = (2 * sumOfSquares(scores) + squares) / (scores.length + PRIOR_ITEMS);
    if (scores.length > 0 && bound < assumed.variance)
      spreads.set(id, { ...assumed, variance: bound, source: 'records' });
  }
  return spreads;
}

/** About the mean. */
function sumOfSquares(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
