import { isComparableSuite } from '../../../history/lookup/find-baseline.ts';
import type { Store } from '../../../history/store/store.ts';
import type { TrendPoint } from '../../../report/comment/trend.ts';

/** More points than a chart can tell apart are not read. */
const MAX_POINTS = 12;

/** Scores of the newest commits that a suite can be compared with, oldest first. */
export async function readTrend(store: Store, suite: string): Promise<TrendPoint[]> {
  const index = await store.openIndex();
  if (!index.exists) return [];
  const lines = await index.latest(MAX_POINTS, (line) => isComparableSuite(suite, line.suite));
  return lines.map(({ sha, factors }) => {
    const score = (id: string) => factors.find((factor) => factor.id === id)?.score ?? null;
    return { label: sha.slice(0, 7), scores: { wk: score('wk'), if: score('if'), safety: score('safety') } };
  });
}
