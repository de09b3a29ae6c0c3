import { SosBenchError } from '../../error.ts';
import type { Factor } from '../../suite/benchmark.ts';
import type { JudgeScore } from '../../verdict/judge-summary.ts';
import type { Interval } from '../../verdict/schema.ts';
import type { Store } from '../store/store.ts';
import { isComparableSuite } from './find-baseline.ts';

/** More points than a chart can tell apart are not read. */
const MAX_POINTS = 40;

/** What the store says of one commit: scores by the preset `paper`. */
export interface StoredPoint {
  /** The commit's first digits. */
  label: string;
  sha: string;
  created: string;
  /** Fractions of 1; null where a factor was not measured. */
  scores: Record<Factor, number | null>;
  cis: Record<Factor, Interval | null>;
  /** Name of the release that the record stands for; left out where it stands for none, or for one that the store no longer tells. */
  release?: string;
  /** What judges said, in no factor. */
  judge: readonly JudgeScore[];
}

/** Scores of the newest commits that a suite can be compared with, oldest first. */
export async function readTrend(store: Store, suite: string): Promise<StoredPoint[]> {
  const index = await store.openIndex();
  if (!index.exists) return [];
  const lines = await index.latest(MAX_POINTS, (line) => isComparableSuite(suite, line.suite));
  const releases = await findReleases(store);
  return lines.map(({ sha, created, factors, judge = [] }) => {
    const find = (id: Factor) => factors.find((factor) => factor.id === id);
    const each = <T>(pick: (id: Factor) => T) => ({ wk: pick('wk'), if: pick('if'), safety: pick('safety') });
    return {
      ...{ label: sha.slice(0, 7), sha, created },
      scores: each((id) => find(id)?.score ?? null),
      cis: each((id) => find(id)?.ci ?? null),
      judge,
      ...(releases.has(sha) && { release: releases.get(sha)! }),
    };
  });
}

/** A list that cannot be read costs a report its marks, and nothing else: who writes the store next is told. */
async function findReleases(store: Store): Promise<ReadonlyMap<string, string>> {
  try {
    return await store.releases();
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return new Map();
  }
}
