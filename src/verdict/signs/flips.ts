import { z } from 'zod';
import { hash64Text } from '../../hash64.ts';
import type { Item, LoadedRecord } from '../../record/schema.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import type { Requested } from '../protocol/required.ts';
import type { Verdict } from '../schema.ts';
import { type CountedPairs, countPairs } from './counted-pairs.ts';

export const FLIPS_SCHEMA_VERSION = 1;

const FlippedItemSchema = z.object({
  task: z.string().max(200),
  /** Position in the task's documents, as in `items.parquet` of the candidate. */
  docId: z.number().int().min(0),
  /** First 8 bytes of the document's SHA-256, as 16 hex digits. */
  docHash: z.string().regex(/^[0-9a-f]{16}$/),
});
export type FlippedItem = z.infer<typeof FlippedItemSchema>;

const BenchmarkFlipsSchema = z.object({
  id: z.string().max(200),
  /** Items that score higher than before, and lower; those that changed most first. */
  gained: z.array(FlippedItemSchema),
  lost: z.array(FlippedItemSchema),
});
export type BenchmarkFlips = z.infer<typeof BenchmarkFlipsSchema>;

/** `flips.json`: which items changed their score, by id and hash alone. */
export const FlipsSchema = z.object({
  schemaVersion: z.literal(FLIPS_SCHEMA_VERSION),
  /** Commits of the two records; null where unknown. */
  baseline: z.string().max(64).nullable(),
  candidate: z.string().max(64).nullable(),
  /** Those that were compared item by item. */
  benchmarks: z.array(BenchmarkFlipsSchema),
  /** Ids of the report's benchmarks that are none of SOS-Bench's, however they were compared. */
  others: z.array(z.string().max(200)).max(10_000).default([]),
});
export type Flips = z.infer<typeof FlipsSchema>;

/**
 * The items behind a verdict's `flips` counts; a question that is missing has the baseline's document id.
 *
 * @param requested as `compare` had it.
 */
export function listFlips(
  baseline: LoadedRecord,
  candidate: LoadedRecord,
  verdict: Verdict,
  requested: Requested = {},
): Flips {
  const pairsOf = countPairs(baseline, candidate, requested);
  const compared = verdict.benchmarks.filter(({ flips }) => flips !== null);
  return {
    schemaVersion: FLIPS_SCHEMA_VERSION,
    baseline: baseline.record.commit,
    candidate: candidate.record.commit,
    benchmarks: compared.map(({ id }) => ({ id, ...flipsOf(pairsOf(id)) })),
    others: verdict.benchmarks.flatMap(({ id }) => (findBenchmark(id) === undefined ? [id] : [])),
  };
}

function flipsOf({ pairing, was, is }: CountedPairs): Omit<BenchmarkFlips, 'id'> {
  const changes = [...is].map((score, index) => ({
    item: pairing.candidate[index]!,
    change: score - was[index]!,
  }));
  const changed = changes.sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  return {
    gained: changed.filter(({ change }) => change > 0).map(({ item }) => nameItem(item)),
    lost: changed.filter(({ change }) => change < 0).map(({ item }) => nameItem(item)),
  };
}

function nameItem({ task, docId, docHash }: Item): FlippedItem {
  return { task, docId, docHash: hash64Text(docHash) };
}
