import type { RunSpread } from '../../stats/run-spread.ts';
import type { Factor } from '../../suite/benchmark.ts';
import { GROUPS } from '../../suite/groups.ts';
import { benchmarkStandard, type Policy } from '../policy.ts';
import type { MeasuredBenchmark } from './benchmarks.ts';
import { combineBenchmarks, type MeasuredFactor } from './factors.ts';

/** Benchmarks that are tested together as one, before the p-value is corrected for the others. */
export interface MeasuredGroup extends Omit<MeasuredFactor, 'id' | 'outcome'> {
  id: string;
  name: string;
  factor: Factor;
  /** Ids of the benchmarks that it rests on. */
  members: string[];
  outcome: null;
}

/**
 * The groups of which two or more benchmarks are compared: their mean by the preset's weights, each paired by question as it is for
 * itself, so that what is missing counts as wrong here too. Benchmarks at level off are not in it. None where the spread of training runs is
 * known: what runs of one recipe vary by is not known of groups.
 */
export function measureGroups(
  benchmarks: readonly MeasuredBenchmark[],
  policy: Policy,
  spreads: ReadonlyMap<string, RunSpread> | undefined,
): MeasuredGroup[] {
  if (spreads !== undefined) return [];
  return GROUPS.flatMap(({ id, name, factor, members }) => {
    const own = benchmarks.filter(
      (benchmark) =>
        members.includes(benchmark.id) &&
        benchmark.delta !== null &&
        benchmarkStandard(benchmark.id, factor, policy).level !== 'off',
    );
    if (own.length < 2) return [];
    const { notes, ...combined } = combineBenchmarks(own, policy.preset);
    const ids = own.map((benchmark) => benchmark.id);
    const reason = notes.filter(Boolean).join('; ') || null;
    return [{ id, name, factor, members: ids, ...combined, outcome: null, reason }];
  });
}
