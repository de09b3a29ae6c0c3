import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairItems } from '../../src/verdict/measure/pairing.ts';
import { indexes, makeRecord, type Row } from '../support/records.ts';

test('documents are paired by their hash, wherever they stand', () => {
  const found = pairItems(
    itemsOf({ scores: [0.1, 0.2, 0.3], document: (index) => [7, 8, 9][index] ?? 0 }),
    itemsOf({ scores: [0.9, 0.7, 0.8], document: (index) => [9, 7, 8][index] ?? 0 }),
  );
  assert.deepEqual(scorePairs(found), [
    [0.1, 0.7],
    [0.2, 0.8],
    [0.3, 0.9],
  ]);
  assert.equal(found.share, 1);
});

test('a document that occurs twice is paired in the order of its ids', () => {
  const twice = (index: number) => [7, 7, 9][index] ?? 0;
  const baseline = itemsOf({ scores: [0.1, 0.2, 0.3], document: twice });
  const candidate = itemsOf({ scores: [0.6, 0.7, 0.8], document: twice }).reverse();
  assert.deepEqual(scorePairs(pairItems(baseline, candidate)), [
    [0.1, 0.6],
    [0.2, 0.7],
    [0.3, 0.8],
  ]);
});

test('a document that occurs more often on one side is paired as often as on the other', () => {
  const found = pairItems(
    itemsOf({ scores: [0.1, 0.2], document: () => 7 }),
    itemsOf({ scores: [0.6], document: () => 7 }),
  );
  assert.deepEqual(scorePairs(found), [[0.1, 0.6]]);
});

test('the same document in another task is another item', () => {
  const task = (name: string) => () => name;
  const [one] = itemsOf({ scores: [1], task: task('leaderboard_gpqa_main') });
  const [other] = itemsOf({ scores: [1], task: task('leaderboard_gpqa_diamond') });
  assert.ok(one && other);
  assert.equal(pairItems([one], [{ ...other, docHash: one.docHash }]).baseline.length, 0);
});

test('the share of common items is of the smaller side', () => {
  const baseline = itemsOf({ scores: indexes(500).map(() => 1) });
  const candidate = itemsOf({ scores: indexes(100).map(() => 1), docId: (index) => 421 + index });
  assert.equal(pairItems(baseline, candidate).share, 0.79);
});

test('nothing to pair has no share', () => {
  assert.deepEqual(pairItems([], []), { baseline: [], candidate: [], share: 0 });
});

function itemsOf(row: Row) {
  return makeRecord({ model: 'm', benchmarks: { gpqa: row } }).items;
}

function scorePairs({ baseline, candidate }: ReturnType<typeof pairItems>) {
  return baseline.map(({ score }, i) => [score, candidate[i]?.score]);
}
