import { noun } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { findBenchmark } from '../catalogue.ts';
import type { Chunk, Plan } from './plan.ts';

/** The `index`-th of `of` parts of a plan, counted from 1. */
export interface Shard {
  index: number;
  of: number;
}

/** A row of the matrix that GitHub Actions runs: one job a shard. `share` is its part of the expected cost, 0 to 1. */
export interface ShardJob {
  shard: string;
  chunks: number;
  items: number;
  share: number;
}

/** `i/N`, as `run --shard` takes it. */
export function shardName({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/**
 * Divides chunks into parts of nearly equal expected cost: the costliest first, each to the part that has least so far
 * (Graham 1969: at most 4/3 of the best). LiveBench's go to no more parts than they fill: each of those starts a server
 * and loads the model once more. The same chunks give the same parts; within a part they keep their order.
 *
 * @throws SosBenchError `usage` for more parts than chunks.
 */
export function cutShards(chunks: readonly Chunk[], parts: number): Chunk[][] {
  if (chunks.length < parts) {
    throw new SosBenchError(
      'usage',
      `the plan has ${chunks.length} ${noun(chunks.length, 'chunk')}, too few for ${parts} ${noun(parts, 'shard')}`,
      {
        hint: 'use fewer shards: a chunk is never cut',
      },
    );
  }
  const loads = Array.from({ length: parts }, (): Load => ({ cost: 0, chunks: new Set() }));
  const served = chunks.filter(({ benchmark }) => findBenchmark(benchmark)?.harness === 'livebench');
  const share = costOf(served) / costOf(chunks);
  const filled = Math.min(served.length, Math.max(1, Math.ceil(share * parts || 1)));
  spread(served, loads.slice(0, filled));
  spread(
    chunks.filter((chunk) => !served.includes(chunk)),
    loads,
  );
  return loads.map((load) => chunks.filter((chunk) => load.chunks.has(chunk)));
}

interface Load {
  cost: number;
  chunks: Set<Chunk>;
}

function spread(chunks: readonly Chunk[], loads: readonly Load[]): void {
  const ordered = [...chunks].sort((a, b) => b.cost - a.cost || (a.id < b.id ? -1 : 1));
  for (const chunk of ordered) {
    const least = loads.reduce((best, load) =>
      load.cost < best.cost || (load.cost === best.cost && load.chunks.size < best.chunks.size) ? load : best,
    );
    least.cost += chunk.cost;
    least.chunks.add(chunk);
  }
}

function costOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { cost }) => sum + cost, 0);
}

/**
 * The part of a plan that one shard evaluates: its chunks, and the items in them. What the plan skips is in every
 * shard, so that each tells why; the hash stays that of the whole plan.
 *
 * @throws SosBenchError `usage` for more parts than chunks.
 */
export function shardPlan(plan: Plan, { index, of }: Shard): Plan {
  const chunks = cutShards(plan.chunks, of)[index - 1]!;
  const chosen = new Map<string, Set<number>>();
  for (const { task, docIds } of chunks) {
    const own = chosen.get(task) ?? new Set();
    for (const docId of docIds) own.add(docId);
    chosen.set(task, own);
  }
  const benchmarks = plan.benchmarks.flatMap((benchmark) => {
    const tasks = benchmark.tasks.flatMap((task) => {
      if (task.status === 'skipped') return [task];
      const own = chosen.get(task.task);
      if (own === undefined) return [];
      const indices = task.docIds.flatMap((docId, index) => (own.has(docId) ? [index] : []));
      const pick = <T>(values: readonly T[]) => indices.map((index) => values[index]!);
      return [
        {
          ...task,
          docIds: pick(task.docIds),
          docHashes: pick(task.docHashes),
          clusters: pick(task.clusters),
          inclusionP: pick(task.inclusionP),
        },
      ];
    });
    const runs = tasks.some(({ status }) => status === 'planned');
    return runs || benchmark.status === 'skipped' ? [{ ...benchmark, tasks }] : [];
  });
  return { ...plan, benchmarks, chunks };
}

/**
 * What `plan --shards N --json` prints as `matrix`, ready for `strategy.matrix`.
 *
 * @throws SosBenchError `usage` for more parts than chunks.
 */
export function shardMatrix(plan: Pick<Plan, 'chunks'>, parts: number): { include: ShardJob[] } {
  const total = costOf(plan.chunks);
  return {
    include: cutShards(plan.chunks, parts).map((chunks, index) => ({
      shard: shardName({ index: index + 1, of: parts }),
      chunks: chunks.length,
      items: chunks.reduce((sum, { docIds }) => sum + docIds.length, 0),
      share: total === 0 ? 1 / parts : costOf(chunks) / total,
    })),
  };
}
