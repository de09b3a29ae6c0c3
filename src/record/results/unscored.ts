import { noun } from '../../count.ts';
import { isTooMuchMissing } from '../../suite/missing.ts';
import type { Plan } from '../../suite/plan/plan.ts';

/** A question that was tried and has no score. */
export interface Unscored {
  docId: number;
  /** What its source calls it. */
  id: string;
  reason: string;
}

/**
 * Benchmarks of a plan with a task of which too much has no score (`isTooMuchMissing`), with the reason: they are given up, since what
 * is left may be the easy ones. Looked at over the whole task, whichever attempt or shard a question was tried in: so a run, a
 * resumed run, and merged shards say the same.
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
    const without = plan.chunks
      .filter(({ benchmark }) => benchmark === id)
      .flatMap((chunk) => (unscored.get(chunk.id) ?? []).map((one) => ({ ...one, task: chunk.task })));
    const [first] = without;
    const isTooMuch = tasks.some(({ task, docIds }) =>
      isTooMuchMissing(without.filter((one) => one.task === task).length, docIds.length),
    );
    if (first === undefined || !isTooMuch) continue;
    const wanted = tasks.reduce((sum, { docIds }) => sum + docIds.length, 0);
    failed.set(
      id,
      `${without.length} of ${wanted} ${noun(wanted, 'question')} ${without.length === 1 ? 'has' : 'have'} no score; the first: ${first.task} ${first.id}: ${first.reason}`,
    );
  }
  return failed;
}
