import type { Item, LoadedRecord } from '../../record/schema.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { type Pairing, pairItems } from '../measure/pairing.ts';
import { indexRecord } from '../measure/result-view.ts';
import { countedScores } from '../measure/scoring.ts';
import { findLack, type Requested } from '../protocol/required.ts';

/** The questions of a benchmark on both sides, by index, as a verdict's `flips` count them. */
export interface CountedPairs {
  pairing: Pairing;
  /** Scores of both sides, counted so that higher is better, fractions of 1. */
  was: Float64Array;
  is: Float64Array;
  /** Those of the candidate's items that it lacks, which count as wrong; they have the baseline's document id. */
  missing: ReadonlySet<Item>;
}

/**
 * Pairs two records' questions, one benchmark at a time.
 *
 * @param requested as `compare` had it.
 */
export function countPairs(
  baseline: LoadedRecord,
  candidate: LoadedRecord,
  requested: Requested,
): (id: string) => CountedPairs {
  const [before, after] = [indexRecord(baseline), indexRecord(candidate)];
  return (id) => {
    const views = { baseline: before(id), candidate: after(id) };
    const { wrong } = findLack(id, views, requested, []);
    const pairing = pairItems(views.baseline.items, [...views.candidate.items, ...wrong]);
    const benchmark = findBenchmark(id);
    return {
      pairing,
      was: countedScores(pairing.baseline, benchmark, 'paper'),
      is: countedScores(pairing.candidate, benchmark, 'paper'),
      missing: new Set(wrong),
    };
  };
}
