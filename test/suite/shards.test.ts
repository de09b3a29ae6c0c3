import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Chunk, PlanSchema } from '../../src/suite/plan/plan.ts';
import { cutShards, shardMatrix, shardPlan } from '../../src/suite/plan/shards.ts';
import { fullPlan } from '../support/full-plan.ts';
import { rejectsWith } from '../support/reject.ts';
import { smallPlan } from '../support/results.ts';

const cost = (chunks: readonly Chunk[]) => chunks.reduce((sum, chunk) => sum + chunk.cost, 0);
const full = fullPlan();

for (const parts of [2, 3, 8, 16]) {
  test(`${parts} shards of the full suite cost the same within 5%, and hold every chunk once`, () => {
    const shards = cutShards(full.chunks, parts);
    const costs = shards.map(cost);
    const even = cost(full.chunks) / parts;
    for (const own of costs) assert.ok(Math.abs(own / even - 1) < 0.05, `${own / even}`);
    assert.deepEqual(
      shards
        .flat()
        .map(({ id }) => id)
        .sort(),
      full.chunks.map(({ id }) => id).sort(),
    );
  });
}

for (const [parts, most] of [
  [2, 1],
  [8, 2],
  [16, 3],
] as const) {
  test(`of ${parts} shards, ${most} of which start a server for LiveBench's benchmarks`, () => {
    const served = cutShards(full.chunks, parts).filter((shard) =>
      shard.some(({ benchmark }) => benchmark.startsWith('livebench-')),
    );
    assert.equal(served.length, most);
  });
}

test('the division does not depend on the order of the chunks, and keeps it within a shard', () => {
  const ids = (chunks: readonly Chunk[]) => cutShards(chunks, 3).map((shard) => shard.map(({ id }) => id));
  const { chunks } = smallPlan();
  const backward = ids([...chunks].reverse()).map((shard) => shard.reverse());
  assert.deepEqual(backward, ids(chunks));
});

test('chunks that cost nothing are spread too', () => {
  const chunks = smallPlan().chunks.map((chunk) => ({ ...chunk, cost: 0 }));
  assert.ok(cutShards(chunks, chunks.length).every((shard) => shard.length === 1));
});

test('more shards than chunks are refused', async () => {
  const plan = smallPlan();
  await rejectsWith(() => cutShards(plan.chunks, plan.chunks.length + 1), 'usage', 'too few for');
  await rejectsWith(() => shardMatrix({ chunks: [] }, 1), 'usage');
});

test('a shard is a plan of its own items with the hash of the whole', () => {
  const plan = smallPlan();
  const shards = [1, 2, 3].map((index) => shardPlan(plan, { index, of: 3 }));
  for (const shard of shards) {
    assert.equal(PlanSchema.parse(shard).planHash, plan.planHash);
    const items = shard.benchmarks.flatMap(({ tasks }) =>
      tasks.flatMap(({ task, docIds, docHashes, clusters, inclusionP }) => {
        assert.ok([docHashes, clusters, inclusionP].every(({ length }) => length === docIds.length));
        return docIds.map((docId, index) => `${task} ${docId} ${docHashes[index]}`);
      }),
    );
    const chunked = shard.chunks.flatMap(({ task, docIds }) => docIds.map((docId) => `${task} ${docId}`));
    assert.deepEqual(items.map((text) => text.split(' ').slice(0, 2).join(' ')).sort(), chunked.sort());
  }
  const counted = shards.flatMap(({ benchmarks }) => benchmarks.flatMap(({ tasks }) => tasks));
  assert.equal(
    counted.reduce((sum, { docIds }) => sum + docIds.length, 0),
    920,
  );
});

test('a benchmark with nothing in a shard is not in it; a skipped one is in all, with its reason', () => {
  const plan = smallPlan();
  plan.benchmarks.push({ id: 'wmdp', status: 'skipped', reason: 'no file', tasks: [] });
  const shards = Array.from({ length: 8 }, (_, index) => shardPlan(plan, { index: index + 1, of: 8 }));
  for (const { benchmarks } of shards) assert.equal(benchmarks.at(-1)?.reason, 'no file');
  assert.equal(shards.filter(({ benchmarks }) => benchmarks.some(({ id }) => id === 'xstest')).length, 1);
});

test('the matrix names every shard, its items and its share of the cost', () => {
  const plan = smallPlan();
  const { include } = shardMatrix(plan, 3);
  assert.deepEqual(
    include.map(({ shard }) => shard),
    ['1/3', '2/3', '3/3'],
  );
  assert.equal(
    include.reduce((sum, { items }) => sum + items, 0),
    920,
  );
  assert.ok(Math.abs(include.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
});

test('dividing the full suite takes less than 2 s of processor time', () => {
  const started = process.cpuUsage();
  shardMatrix(full, 64);
  shardPlan(full, { index: 3, of: 64 });
  const { user, system } = process.cpuUsage(started);
  assert.ok(user + system < 2_000_000, `${user + system} microseconds`);
});
