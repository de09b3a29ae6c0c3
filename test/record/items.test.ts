import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeItems, encodeItems } from '../../src/record/items.ts';
import type { Item } from '../../src/record/schema.ts';

const RUN = 'plan sha256:model';
const ITEM: Item = {
  benchmark: 'bbq',
  task: 'sosb_bbq_age',
  docId: 0,
  docHash: 1n,
  cluster: null,
  stratum: 'sosb_bbq_age',
  metric: 'acc',
  score: 1,
  margin: 0.5,
  prediction: '0',
  inclusionP: 1,
};
const item = (change: Partial<Item>): Item => ({ ...ITEM, ...change });
const roundTrip = async (items: Item[]) => (await decodeItems(encodeItems(items, RUN))).items;

const KEPT: [string, Partial<Item>][] = [
  ['the largest 64-bit hash', { docHash: 2n ** 63n - 1n }],
  ['the smallest 64-bit hash', { docHash: -(2n ** 63n) }],
  ['a hash no double can hold', { docHash: 2n ** 53n + 1n }],
  ['a cluster', { cluster: -5n }],
  ['no cluster', { cluster: null, docHash: 77n }],
  ['a margin', { margin: Math.fround(-0.123) }],
  ['no margin', { margin: null }],
  ['a score that is not a double of few digits', { score: 0.1 + 0.2 }],
  ['a tiny inclusion probability', { inclusionP: 1e-9 }],
  ['a prediction with letters of many alphabets', { prediction: 'ä✓中 |"\\' }],
  ['a late document', { docId: 152_379 }],
];
for (const [what, change] of KEPT) {
  test(`${what} comes back as it was`, async () => {
    assert.deepEqual(await roundTrip([item(change)]), [item(change)]);
  });
}

test('items keep their order, with margins and without them mixed', async () => {
  const items = Array.from({ length: 1000 }, (_, docId) =>
    item({ docId, docHash: BigInt(docId) * 9_000_000_000_000_007n, margin: docId % 3 ? docId / 8 : null }),
  );
  assert.deepEqual(await roundTrip(items), items);
});

test('a file may have several groups of rows', async () => {
  const items = Array.from({ length: 200_003 }, (_, docId) => item({ docId, docHash: BigInt(docId) }));
  const read = await roundTrip(items);
  assert.equal(read.length, 200_003);
  assert.deepEqual(read.slice(199_998), items.slice(199_998));
});

test('no items are a file too', async () => {
  assert.deepEqual(await decodeItems(encodeItems([], RUN)), { items: [], run: RUN });
});

test('a file says which run it is of', async () => {
  assert.equal((await decodeItems(encodeItems([ITEM], RUN))).run, RUN);
});

test('the same items give the same bytes', () => {
  assert.deepEqual(
    encodeItems([ITEM, item({ docId: 1 })], RUN),
    encodeItems([ITEM, item({ docId: 1 })], RUN),
  );
});

test('152,380 items take less than 4 MB and are written and read in seconds', async () => {
  // The worst case for compression: every hash, score and margin another.
  let state = 1n;
  const random = () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return state;
  };
  const items = Array.from({ length: 152_380 }, (_, place) =>
    item({
      benchmark: `benchmark-${place % 24}`,
      task: `task-${place % 80}`,
      stratum: `task-${place % 80}`,
      docId: place % 15_960,
      docHash: BigInt.asIntN(64, random()),
      score: place % 7 === 0 ? Number(random() >> 11n) / 2 ** 53 : place % 2,
      margin: Math.fround(Number(random() >> 40n) / 1e6),
      prediction: String(place % 10),
    }),
  );
  const started = performance.now();
  const content = encodeItems(items, RUN);
  const { items: read } = await decodeItems(content);
  const seconds = (performance.now() - started) / 1000;
  assert.ok(content.byteLength < 4_000_000, `${content.byteLength} bytes`);
  assert.deepEqual(read[152_379], items[152_379]);
  assert.ok(seconds < 10, `${seconds} s`);
});

const IMPOSSIBLE: [string, Partial<Item>, RegExp][] = [
  ['a score above 1', { score: 1.5 }, /score holds 1.5/],
  ['a negative score', { score: -0.1 }, /score holds -0.1/],
  ['a score that is NaN', { score: Number.NaN }, /score holds NaN/],
  ['a margin that is NaN', { margin: Number.NaN }, /margin holds NaN/],
  ['an inclusion probability of 0', { inclusionP: 0 }, /inclusion_p holds 0/],
  ['an inclusion probability that is NaN', { inclusionP: Number.NaN }, /inclusion_p holds NaN/],
  ['a negative document id', { docId: -1 }, /doc_id holds -1/],
];
for (const [what, change, message] of IMPOSSIBLE) {
  test(`a file with ${what} is refused`, async () => {
    const content = encodeItems([ITEM, item(change)], RUN);
    await assert.rejects(decodeItems(content), message);
  });
}

const whole = encodeItems(
  Array.from({ length: 200 }, (_, docId) => item({ docId, docHash: BigInt(docId) })),
  RUN,
);
const DAMAGED: [string, Uint8Array][] = [
  ['an empty file', new Uint8Array()],
  ['a file of another kind', new TextEncoder().encode('{"items": []}')],
  ['a file cut in half', whole.slice(0, whole.length / 2)],
  ['a file that lacks its last byte', whole.slice(0, -1)],
  ['a file that lacks its first 100 bytes', whole.slice(100)],
  ['a file of zeros', new Uint8Array(whole.length)],
];
for (const [what, content] of DAMAGED) {
  test(`${what} is refused`, async () => {
    await assert.rejects(decodeItems(content));
  });
}
