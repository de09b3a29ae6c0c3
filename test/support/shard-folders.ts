import { writeFileSync } from 'node:fs';
import type { JournalIdentity } from '../../src/evaluate/journal/entry.ts';
import { Journal } from '../../src/evaluate/journal/journal.ts';
import type { WorkerItem } from '../../src/harness/lm-eval/messages.ts';
import { recordPaths } from '../../src/record/paths.ts';
import { judgeUnscored } from '../../src/record/results/unscored.ts';
import type { RunRecord } from '../../src/record/schema.ts';
import { writeRecord } from '../../src/record/write.ts';
import type { Plan } from '../../src/suite/plan/plan.ts';
import { shardPlan } from '../../src/suite/plan/shards.ts';
import { answersOf, recordOf, smallPlan } from './results.ts';

export const plan = smallPlan();
export const IDENTITY: JournalIdentity = {
  planHash: plan.planHash,
  modelDigest: 'sha256:m',
  protocol: { backend: 'hf' },
};

export interface Left {
  of?: number;
  plan?: Plan;
  identity?: Partial<JournalIdentity>;
  /** Chunks without a result. */
  lost?: number;
  /** Items of a task that have no score, by document id. */
  unscored?: { task: string; docIds: readonly number[] };
  failures?: Map<string, string>;
  change?: Partial<RunRecord>;
}

/** What `run --shard` leaves in a folder; null for a run without shards. */
export async function leaveShard(path: string, index: number | null, left: Left = {}): Promise<string> {
  const whole = left.plan ?? plan;
  const of = left.of ?? 3;
  const part = index === null ? whole : shardPlan(whole, { index, of });
  const isUnscored = (task: string, docId: number) =>
    left.unscored?.task === task && left.unscored.docIds.includes(docId);
  const answers: [string, WorkerItem[]][] = whole.chunks.map(({ id, task }) => {
    const scored = answersOf(whole)
      .get(id)!
      .filter(({ docId }) => !isUnscored(task, docId));
    return [id, scored];
  });
  const unscored = new Map(
    part.chunks.map(({ id, task, docIds }) => [
      id,
      docIds
        .filter((docId) => isUnscored(task, docId))
        .map((docId) => ({ docId, id: `question ${docId}`, reason: 'status 500' })),
    ]),
  );
  const own = new Set(part.chunks.slice(left.lost ?? 0).map(({ id }) => id));
  const results = new Map(answers.filter(([id]) => own.has(id)));
  const failures = new Map([...(left.failures ?? []), ...judgeUnscored(whole, unscored)]);
  const { record, items } = recordOf(part, results, failures);
  const shard = index === null ? null : { index, of };
  const model = { ...record.model, digest: left.identity?.modelDigest ?? record.model.digest };
  await writeRecord(path, { ...record, model, shard, ...left.change }, items);
  writeFileSync(recordPaths(path).plan, JSON.stringify(whole));
  const identity = { ...IDENTITY, planHash: whole.planHash, ...left.identity };
  const now = () => new Date(Date.UTC(2026, 0, 1, 10));
  const { journal } = await Journal.open(recordPaths(path).journal, identity, { fresh: false, now });
  for (const [chunk, chunkItems] of results)
    await journal.append({
      type: 'chunk',
      chunk,
      seconds: 2,
      batchSize: '8',
      items: chunkItems,
      ...(unscored.get(chunk)?.length ? { unscored: unscored.get(chunk)! } : {}),
    });
  await journal.close();
  return path;
}
