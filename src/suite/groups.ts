import type { Factor } from './benchmark.ts';
import { CATALOGUE } from './catalogue.ts';

/** Benchmarks of one factor that are also tested together as one: each alone is too short to show much. */
export interface BenchmarkGroup {
  id: string;
  name: string;
  factor: Factor;
  members: readonly string[];
}

export const GROUPS: readonly BenchmarkGroup[] = [
  {
    id: 'livebench-wk',
    name: 'LiveBench as one',
    factor: 'wk',
    members: CATALOGUE.filter(({ harness, factor }) => harness === 'livebench' && factor === 'wk').map(
      ({ id }) => id,
    ),
  },
];

export function findGroup(id: string): BenchmarkGroup | undefined {
  return GROUPS.find((group) => group.id === id);
}
