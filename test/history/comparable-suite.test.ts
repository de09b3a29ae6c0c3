import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isComparableSuite } from '../../src/history/lookup/find-baseline.ts';

test('a suite is compared with its own', () => {
  for (const suite of ['full', 'pr', 'mini']) assert.ok(isComparableSuite(suite, suite));
});

test('a sample is compared with all items; all items are not with a sample, and ours with neither', () => {
  assert.ok(isComparableSuite('pr', 'full'));
  assert.ok(!isComparableSuite('full', 'pr'));
  assert.ok(!isComparableSuite('mini', 'full'));
  assert.ok(!isComparableSuite('pr', 'mini'));
});
