/** Shards in jobs of their own ask the whole plan; what is merged of them is judged look by look. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkerItem } from '../../../src/harness/lm-eval/messages.ts';
import { mergeShards } from '../../../src/record/merge.ts';
import { planSample } from '../../../src/suite/plan/sample.ts';
import { shardPlan } from '../../../src/suite/plan/shards.ts';
import { compare } from '../../../src/verdict/compare.ts';
import { design } from '../../support/designs.ts';
import { taskInventory } from '../../support/inventories.ts';
import { recordOf } from '../../support/results.ts';

const inventory = [{ id: 'toxigen', reason: null, tasks: [taskInventory('toxigen', { count: 940 })] }];
const plan = planSample(1234, inventory, design(0.03, { looks: { count: 5, collapse: 0.4 } }));
const hashes = new Map(
  plan.benchmarks.flatMap(({ tasks }) =>
    tasks.flatMap(({ task, docIds, docHashes }) =>
      docIds.map((docId, index) => [`${task} ${docId}`, docHashes[index]!] as const),
    ),
  ),
);

/** What workers answer, by chunk. */
function answers(isRight: (docId: number) => boolean): Map<string, WorkerItem[]> {
  return new Map(
    plan.chunks.map(({ id, task, docIds }) => [
      id,
      docIds.map((docId) => ({
        ...{ docId, docHash: hashes.get(`${task} ${docId}`)!, promptHash: hashes.get(`${task} ${docId}`)! },
        ...{ scores: { acc: Number(isRight(docId)) }, target: '1', prediction: '1', tokens: 7, margin: 0.5 },
      })),
    ]),
  );
}

const load = ({ record, items }: ReturnType<typeof recordOf>) => ({ path: '.', record, items });

test('shards ask every chunk of every look once, and their merged record is judged as that of one run', () => {
  const baseline = load(
    recordOf(
      plan,
      answers((docId) => docId % 5 > 0),
    ),
  );
  const given = answers((docId) => docId % 5 > 1);
  const whole = load(recordOf(plan, given));
  const candidate = {
    ...whole,
    record: { ...whole.record, model: { ...whole.record.model, digest: 'sha256:c' } },
  };
  const parts = [1, 2, 3].map((index) => shardPlan(plan, { index, of: 3 }));
  assert.deepEqual(
    parts.flatMap(({ chunks }) => chunks.map(({ id }) => id)).sort(),
    plan.chunks.map(({ id }) => id).sort(),
  );
  const shards = parts.map((part, index) => {
    const own = new Set(part.chunks.map(({ id }) => id));
    const results = new Map([...given].filter(([id]) => own.has(id)));
    const { record } = recordOf(part, results);
    const told = { ...record, model: candidate.record.model, shard: { index: index + 1, of: 3 } };
    return { path: `shard-${index + 1}`, record: told, results, unscored: new Map() };
  });
  const { record, built } = mergeShards(plan, shards);
  assert.deepEqual(built.items, candidate.items);
  const looks = { plan, stopOn: 'decided' } as const;
  const found = compare(baseline, { path: '.', record, items: built.items }, { looks });
  const wanted = compare(baseline, candidate, { looks });
  assert.deepEqual(
    [found.factors, found.looks, found.verdict],
    [wanted.factors, wanted.looks, wanted.verdict],
  );
  assert.deepEqual([found.verdict, found.looks!.done], ['regressed', 1]);
});
