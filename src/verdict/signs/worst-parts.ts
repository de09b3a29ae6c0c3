import type { LoadedRecord } from '../../record/schema.ts';
import type { Requested } from '../protocol/required.ts';
import type { BenchmarkComparison, WorstPart } from '../schema.ts';
import { type CountedPairs, countPairs } from './counted-pairs.ts';

/** Parts named of one benchmark. */
const MAX_PARTS = 5;

/**
 * Adds to each benchmark that regressed in which of its parts (tasks, or strata that a harness knows) it lost most: up to five, the largest loss
 * of questions first. Where it has but one part, or its questions could not be paired, nothing is added.
 *
 * Parts are counted, not tested: the means are plain ones of the paired questions, fractions of 1, counted so that higher is better.
 *
 * @param requested as `compare` had it: a question that is missing counts as wrong.
 */
export function addWorstParts(
  benchmarks: readonly BenchmarkComparison[],
  baseline: LoadedRecord,
  candidate: LoadedRecord,
  requested: Requested,
): BenchmarkComparison[] {
  const isLost = ({ outcome, flips }: BenchmarkComparison) => outcome === 'regressed' && flips !== null;
  if (!benchmarks.some(isLost)) return [...benchmarks];
  const pairsOf = countPairs(baseline, candidate, requested);
  return benchmarks.map((benchmark) => {
    if (!isLost(benchmark)) return benchmark;
    const worstParts = findWorst(pairsOf(benchmark.id));
    return worstParts.length === 0 ? benchmark : { ...benchmark, worstParts };
  });
}

function findWorst({ pairing, was, is }: CountedPairs): WorstPart[] {
  const sums = new Map<string, { n: number; was: number; is: number; lost: number; gained: number }>();
  // The baseline's word of what a question is part of: the candidate's is a claim.
  pairing.baseline.forEach(({ stratum }, index) => {
    const sum = sums.get(stratum) ?? { n: 0, was: 0, is: 0, lost: 0, gained: 0 };
    const change = is[index]! - was[index]!;
    sum.n++;
    sum.was += was[index]!;
    sum.is += is[index]!;
    if (change < 0) sum.lost++;
    if (change > 0) sum.gained++;
    sums.set(stratum, sum);
  });
  if (sums.size < 2) return [];
  return [...sums]
    .filter(([, sum]) => sum.is < sum.was)
    .sort(([a, one], [b, other]) => one.is - one.was - (other.is - other.was) || (a < b ? -1 : 1))
    .slice(0, MAX_PARTS)
    .map(([name, { n, was, is, lost, gained }]) => ({
      name,
      n,
      baseline: was / n,
      candidate: is / n,
      lost,
      gained,
    }));
}
