import type { Chunk, Plan } from '../plan.ts';

/**
 * What a plan asks up to a look: the chunks of each benchmark's looks so far, and the items in them, with the inclusion probabilities
 * that they have then. It keeps the plan's hash, as a shard does.
 *
 * @param lastLook of a benchmark, counted from 1.
 */
export function planThrough(plan: Plan, lastLook: (benchmark: string) => number): Plan {
  return planOfChunks(plan, ({ benchmark, look = 1 }) => look <= lastLook(benchmark));
}

/** As `planThrough`, for any chunks: each task has the inclusion probability of what is left of it. */
export function planOfChunks(plan: Plan, isKept: (chunk: Chunk) => boolean): Plan {
  const chunks = plan.chunks.filter(isKept);
  const chosen = new Map<string, Set<number>>();
  for (const { task, docIds } of chunks) {
    const own = chosen.get(task) ?? new Set();
    for (const docId of docIds) own.add(docId);
    chosen.set(task, own);
  }
  const benchmarks = plan.benchmarks.map((benchmark) => ({
    ...benchmark,
    tasks: benchmark.tasks.map((task) => {
      const own = chosen.get(task.task);
      const indices = task.docIds.flatMap((docId, index) => (own?.has(docId) ? [index] : []));
      const pick = <T>(values: readonly T[]) => indices.map((index) => values[index]!);
      return {
        ...task,
        docIds: pick(task.docIds),
        docHashes: pick(task.docHashes),
        clusters: pick(task.clusters),
        inclusionP: indices.map(() => indices.length / task.available),
      };
    }),
  }));
  return { ...plan, benchmarks, chunks };
}
