import type { Plan } from '../suite/plan.ts';

/** A question that was tried and has no score. */
export interface Unscored {
  docId: number;
  /** What its source calls it. */
  id: string;
  reason: string;
}

/** A row with a larger share of questions without a score is given up: what is left may be the easy ones. */
export const MOST_UNSCORED = 0.01;

/**
 * Rows of a plan of which too much has no score, with the reason. Looked at over the whole row, whichever attempt or shard
 * a question was tried in: so a run, a run that was gone on with, and merged shards say the same.
 *
 * @param plan the whole plan, not a shard's part.
 * @param unscored by chunk, as journals have it.
 */
export function judgeUnscored(
  plan: Pick<Plan, 'benchmarks' | 'chunks'>,
  unscored: ReadonlyMap<string, readonly Unscored[]>,
): Map<string, string> {
  const failed = new Map<string, string>();
  for (const { id, tasks } of plan.benchmarks) {
    const wanted = tasks.reduce((sum, { docIds }) => sum + docIds.length, 0);
    const without = plan.chunks
      .filter(({ benchmark }) => benchmark === id)
      .flatMap((chunk) => (unscored.get(chunk.id) ?? []).map((one) => ({ ...one, task: chunk.task })));
    const [first] = without;
    if (first === undefined || without.length / wanted <= MOST_UNSCORED) continue;
    failed.set(
      id,
      `${without.length} of ${wanted} questions have no score; the first: ${first.task} ${first.id}: ${first.reason}`,
    );
  }
  return failed;
}
