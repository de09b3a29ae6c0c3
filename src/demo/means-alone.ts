import { plural } from '../count.ts';
import { formatDelta, formatP, formatScore } from '../report/format.ts';
import { describeOutcome, describeVerdict } from '../report/outcome-words.ts';
import type { FactorComparison, Verdict } from '../verdict/schema.ts';

/** One comparison by what was kept of it: each question's answers, or the means alone. */
export interface TwoWays {
  pairs: Verdict;
  means: Verdict;
}

/**
 * Factors in which pairs of answers show a drop that the means do not: the intervals of the two scores overlap, and a test of the two means
 * as independent samples finds no drop.
 */
export function findUnseenByMeans({ pairs, means }: TwoWays): FactorComparison[] {
  return pairs.factors.filter((factor) => {
    const alone = means.factors.find(({ id }) => id === factor.id);
    return factor.outcome === 'regressed' && alone?.outcome !== 'regressed' && overlap(factor);
  });
}

/** What the two ways say, factor by factor, in lines for a terminal; of such factors alone as `findUnseenByMeans` finds. */
export function describeTwoWays(ways: TwoWays): string[] {
  return findUnseenByMeans(ways).flatMap((factor) => {
    const { id, name, baseline, candidate, delta, outcome } = factor;
    const alone = ways.means.factors.find((one) => one.id === id)!;
    const { lost, gained } = flipsOf(ways.pairs, id);
    return [
      `${name}, main ${formatScore(baseline)}, the copy ${formatScore(candidate)}.`,
      `  By the means alone: ${describeOutcome(alone.outcome).word}. The two intervals overlap, and a test of the two means, corrected for the ` +
        `factors that were asked, gives p ${formatP(alone.delta.pAdjusted)}.`,
      `  Question by question: ${describeOutcome(outcome).word}. The copy lost ${plural(lost, 'question')} and gained ${gained}; ` +
        `the difference is ${formatDelta(delta)}, p ${formatP(delta.pAdjusted)}.`,
    ];
  });
}

/** How a comparison ends, in words for readers. */
export function describeEnd({ verdict, passed }: Pick<Verdict, 'verdict' | 'passed'>): string {
  return `${describeVerdict(verdict)}, ${passed ? 'passed' : 'failed'}`;
}

function overlap({ baseline, candidate }: FactorComparison): boolean {
  return baseline.ci !== null && candidate.ci !== null && candidate.ci[1] > baseline.ci[0];
}

function flipsOf({ benchmarks }: Verdict, factor: FactorComparison['id']): { lost: number; gained: number } {
  const own = benchmarks.filter((benchmark) => benchmark.factor === factor);
  const sum = (pick: 'lost' | 'gained') =>
    own.reduce((total, { flips }) => total + (flips === null ? 0 : flips[pick]), 0);
  return { lost: sum('lost'), gained: sum('gained') };
}
