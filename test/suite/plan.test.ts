import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planAllItems } from '../../src/suite/plan/assemble.ts';
import type { BenchmarkInventory } from '../../src/suite/plan/inventory.ts';
import { type Chunk, type Plan, PlanSchema } from '../../src/suite/plan/plan.ts';

interface Documents {
  task?: string;
  count?: number;
  maxNewTokens?: number;
  readings?: number;
  exampleLength?: number;
  length?: (docId: number) => number;
  firstHash?: string;
}

function inventory(...tasks: Documents[]): BenchmarkInventory[] {
  return [{ id: 'bbq', reason: null, tasks: tasks.map(documents) }];
}

function documents({ task = 'sosb_bbq_age', count = 10, maxNewTokens = 0, ...rest }: Documents) {
  const each = <Value>(make: (docId: number) => Value) =>
    Array.from({ length: count }, (_, docId) => make(docId));
  const hashes = each((docId) => docId.toString(16).padStart(16, '0'));
  if (rest.firstHash !== undefined) hashes[0] = rest.firstHash;
  return {
    task,
    reason: null,
    documents: {
      hashes,
      clusters: each(() => null),
      lengths: each(rest.length ?? (() => 100)),
      exampleLength: rest.exampleLength ?? 0,
      readings: each(() => rest.readings ?? (maxNewTokens > 0 ? 1 : 3)),
      dropped: {},
      maxNewTokens,
    },
  };
}

const plan = (...tasks: Documents[]): Plan => planAllItems('full', 1, inventory(...tasks));
const sizes = (chunks: readonly Chunk[]) => chunks.map(({ docIds }) => docIds.length);

test('the same inventory gives the same plan, hash included', () => {
  assert.deepEqual(plan({ count: 500 }), plan({ count: 500 }));
  assert.match(plan({}).planHash, /^[0-9a-f]{16}$/);
});

const CHANGES: [string, Plan][] = [
  ['another suite', planAllItems('mini', 1, inventory({}))],
  ['another seed', planAllItems('full', 2, inventory({}))],
  ['another item', plan({ firstHash: 'ffffffffffffffff' })],
  ['one item more', plan({ count: 11 })],
  ['another task', plan({ task: 'sosb_bbq_ses' })],
  ['one task more', plan({}, { task: 'sosb_bbq_ses' })],
  ['another benchmark', planAllItems('full', 1, [{ ...inventory({})[0]!, id: 'xstest' }])],
];
for (const [what, changed] of CHANGES) {
  test(`the hash changes with ${what}`, () => {
    assert.notEqual(changed.planHash, plan({}).planHash);
  });
}

test('the hash changes with where chunks are cut', () => {
  const [whole, halves] = [plan({ count: 100 }), plan({ count: 100, maxNewTokens: 8 })];
  assert.deepEqual([whole.chunks.length, halves.chunks.length], [1, 2]);
  assert.notEqual(whole.planHash, halves.planHash);
});

test('the hash does not change with reasons and expected costs', () => {
  assert.equal(plan({ length: () => 5 }).planHash, plan({ length: () => 500 }).planHash);
  const skipped = (reason: string) =>
    planAllItems('full', 1, [...inventory({}), { id: 'gpqa', reason, tasks: [] }]).planHash;
  assert.equal(skipped('gated'), skipped('the Hub could not be reached'));
});

const CUTS: [string, Documents, number[]][] = [
  ['128 multiple-choice documents', { count: 128 }, [128]],
  ['129 multiple-choice documents', { count: 129 }, [64, 65]],
  ['300 multiple-choice documents', { count: 300 }, [100, 100, 100]],
  ['64 free-text documents', { count: 64, maxNewTokens: 100 }, [64]],
  ['65 free-text documents', { count: 65, maxNewTokens: 100 }, [32, 33]],
  ['541 free-text documents', { count: 541, maxNewTokens: 1280 }, [60, 60, 60, 60, 60, 60, 60, 60, 61]],
  ['one document', { count: 1 }, [1]],
];
for (const [what, given, expected] of CUTS) {
  test(`${what} are cut into nearly equal chunks: ${expected.join(', ')}`, () => {
    assert.deepEqual(
      sizes(plan(given).chunks).sort((a, b) => a - b),
      expected,
    );
  });
}

test('chunks hold every item of every task once, in order, under unique names', () => {
  const made = plan({ count: 1000 }, { task: 'sosb_bbq_ses', count: 300 });
  for (const [task, count] of [
    ['sosb_bbq_age', 1000],
    ['sosb_bbq_ses', 300],
  ] as const) {
    const docIds = made.chunks.filter((chunk) => chunk.task === task).flatMap((chunk) => chunk.docIds);
    assert.deepEqual(
      docIds,
      Array.from({ length: count }, (_, docId) => docId),
    );
  }
  assert.equal(new Set(made.chunks.map(({ id }) => id)).size, made.chunks.length);
});

test('a chunk costs more with longer prompts and examples, more readings and longer answers', () => {
  const cost = (given: Documents) => plan(given).chunks[0]!.cost;
  assert.ok(cost({ length: () => 200 }) > cost({ length: () => 100 }));
  assert.ok(cost({ exampleLength: 900 }) > cost({ exampleLength: 0 }));
  assert.ok(cost({ readings: 10 }) > cost({ readings: 2 }));
  assert.ok(cost({ maxNewTokens: 1280 }) > cost({ maxNewTokens: 64 }));
  assert.ok(cost({ maxNewTokens: 1280 }) > cost({ readings: 3 }), 'writing costs more than reading');
});

test('costs of the chunks of a task add up to the cost of the task, wherever it is cut', () => {
  const length = (docId: number) => docId;
  const whole = plan({ count: 128, length }).chunks;
  const cut = plan({ count: 256, length }).chunks;
  assert.equal(whole.length, 1);
  assert.equal(cut[0]!.cost, whole[0]!.cost);
});

test('a task without documents is skipped with its reason, and its benchmark when no task is left', () => {
  const none = (reason: string | null) => ({ task: 'sosb_bbq_ses', documents: null, reason });
  const some = planAllItems('full', 1, [
    { id: 'bbq', reason: null, tasks: [documents({}), none('no file')] },
  ]);
  assert.equal(some.benchmarks[0]!.status, 'planned');
  assert.deepEqual(
    some.benchmarks[0]!.tasks.map(({ status, reason }) => [status, reason]),
    [
      ['planned', null],
      ['skipped', 'no file'],
    ],
  );
  const nothing = planAllItems('full', 1, [
    { id: 'bbq', reason: null, tasks: [none('no file'), none('no file')] },
  ]);
  assert.deepEqual([nothing.benchmarks[0]!.status, nothing.benchmarks[0]!.reason], ['skipped', 'no file']);
  assert.deepEqual(nothing.chunks, []);
  const two = planAllItems('full', 1, [{ id: 'bbq', reason: null, tasks: [none('a'), none('b')] }]);
  assert.equal(two.benchmarks[0]!.reason, 'a (and 1 more)');
});

test('an empty task is skipped and makes no chunk', () => {
  const empty = plan({ count: 0 });
  assert.deepEqual(empty.chunks, []);
  assert.equal(empty.benchmarks[0]!.reason, 'no documents');
});

test('a plan survives being written and read', () => {
  const made = plan({ count: 300 }, { task: 'sosb_bbq_ses', count: 5 });
  assert.deepEqual(PlanSchema.parse(JSON.parse(JSON.stringify(made))), made);
});
