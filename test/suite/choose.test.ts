import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseDocuments } from '../../src/suite/plan/sample.ts';
import { countCommon, isWithin } from '../support/sets.ts';

const hashes = (count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => (first + index).toString(16).padStart(16, '0'));

test('the wanted number is chosen, sorted, each once', () => {
  const docIds = chooseDocuments(hashes(1000), 37, 1);
  assert.equal(new Set(docIds).size, 37);
  assert.deepEqual(
    docIds,
    [...docIds].sort((a, b) => a - b),
  );
});

test('all are chosen where as many or more are wanted than there are', () => {
  assert.deepEqual(chooseDocuments(hashes(3), 3, 1), [0, 1, 2]);
  assert.deepEqual(chooseDocuments(hashes(3), 9, 1), [0, 1, 2]);
  assert.deepEqual(chooseDocuments([], 2, 1), []);
});

test('a larger number keeps what a smaller one chose', () => {
  const sets = [5, 50, 500].map((n) => new Set(chooseDocuments(hashes(1000), n, 1)));
  assert.ok(isWithin(sets[0]!, sets[1]!) && isWithin(sets[1]!, sets[2]!));
});

test('each document more changes one choice at most', () => {
  const texts = (list: string[], docIds: number[]) => new Set(docIds.map((docId) => list[docId]!));
  for (let more = 1; more < 20; more++) {
    const [before, after] = [hashes(500), [...hashes(more, 500), ...hashes(500)]];
    const [old, now] = [before, after].map((list) => texts(list, chooseDocuments(list, 50, 1)));
    // The added ones may take the places of as many.
    assert.ok(countCommon(old!, now!) >= 50 - more);
  }
});

test('the order of the documents does not matter', () => {
  const forward = hashes(200);
  const backward = [...forward].reverse();
  const chosen = (list: string[]) => chooseDocuments(list, 20, 1).map((docId) => list[docId]);
  assert.deepEqual(new Set(chosen(backward)), new Set(chosen(forward)));
});

test('over many seeds each document is chosen as often as its probability says, equal ones included', () => {
  const documents = [...hashes(18), ...hashes(1), ...hashes(1)];
  const seeds = 4000;
  const counts = new Float64Array(20);
  for (let seed = 0; seed < seeds; seed++) {
    for (const docId of chooseDocuments(documents, 6, seed)) counts[docId]!++;
  }
  const error = Math.sqrt((0.3 * 0.7) / seeds);
  counts.forEach((count, docId) => {
    assert.ok(Math.abs(count / seeds - 0.3) < 4 * error, `${docId}: ${count / seeds}`);
  });
});

test('totals weighted by 1 / inclusion probability are unbiased', () => {
  const scores = Array.from({ length: 40 }, (_, docId) => (docId % 7) / 6);
  const total = scores.reduce((sum, score) => sum + score, 0);
  const estimates = Array.from({ length: 3000 }, (_, seed) =>
    chooseDocuments(hashes(40), 8, seed).reduce((sum, docId) => sum + scores[docId]! / (8 / 40), 0),
  );
  const mean = estimates.reduce((sum, value) => sum + value, 0) / estimates.length;
  const spread = Math.sqrt(estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / estimates.length;
  assert.ok(Math.abs(mean - total) < 4 * spread, `${mean}, not ${total}`);
});
