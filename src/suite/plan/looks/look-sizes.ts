import type { Factor } from '../../benchmark.ts';
import { type Allocation, allocate } from '../allocate.ts';
import type { BenchmarkModel } from '../variance.ts';
import { designFactor, type LookErrors, type Sequential, wholeWhereClose } from './looks.ts';

/** How a sample is to be looked at. */
export interface LooksDesign {
  count: number;
  /** The drop of one benchmark that the first look shows, a fraction of 1. */
  collapse: number;
}

/** The floors make the looks' information uneven, and the planned drop a little harder to see. */
const CLOSE = 1.02;

/** How far the first look is from the last, were there no floors. */
export function nominalFractions(count: number): number[] {
  return Array.from({ length: count }, (_, look) => (look + 1) / count);
}

export interface LookSizes {
  /** What has been asked of each task up to each look. */
  steps: Allocation[];
  sequential: Sequential;
}

/**
 * Items of each look, each an extension of the one before: the last is `whole`, and look k of K has k / K of its information of every
 * factor, never fewer items than a collapse takes. With them the boundaries, for the information that the looks really have.
 *
 * @param drops that the looks are made for, by tested factor; a factor whose items do not show it is made for what they do show.
 */
export function sizeLooks(
  benchmarks: readonly BenchmarkModel[],
  whole: Allocation,
  floorVariance: (benchmark: BenchmarkModel, last: number) => number,
  drops: Readonly<Partial<Record<Factor, number>>>,
  count: number,
  errors: LookErrors,
): LookSizes {
  const floor = (benchmark: BenchmarkModel) => floorVariance(benchmark, whole.benchmarks.get(benchmark.id)!);
  const steps = nominalFractions(count).map((share, look) =>
    look === count - 1 ? whole : allocate(benchmarks, scaled(whole.factors, 1 / share), floor),
  );
  const fractionsOf = (variance: (step: Allocation) => number) => {
    const last = variance(whole);
    const found = steps.map((step) => (last === 0 ? 1 : wholeWhereClose(last / variance(step))));
    found[count - 1] = 1;
    return found;
  };
  const factors: Sequential['factors'] = {};
  for (const [id, drop] of Object.entries(drops) as [Factor, number][]) {
    const fractions = fractionsOf((step) => step.factors.get(id)!);
    const made = designFactor(fractions, errors);
    const shown = made.drift * Math.sqrt(whole.factors.get(id)!);
    factors[id] = { drop: Math.min(1, shown > CLOSE * drop ? shown : drop), ...made };
  }
  const own = benchmarks.map(({ id }) => [id, fractionsOf((step) => step.benchmarks.get(id)!)] as const);
  const { alpha, missed } = errors;
  return { steps, sequential: { looks: count, alpha, missed, factors, benchmarks: Object.fromEntries(own) } };
}

function scaled(variances: ReadonlyMap<Factor, number>, by: number): Partial<Record<Factor, number>> {
  return Object.fromEntries([...variances].map(([id, variance]) => [id, variance * by]));
}
