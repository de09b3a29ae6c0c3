/** Inputs that are lists and no settings. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readResult } from '../../src/action/conclude-check/result.ts';
import { parseBaseBranches } from '../../src/settings/trust/base.ts';

test('base-branches: blanks and lines separate names as commas do', () => {
  assert.deepEqual(parseBaseBranches(' main , release/*,\n next '), ['main', 'release/*', 'next']);
});

test('result: blanks around words do not count', () => {
  assert.equal(readResult(' success , failure '), 'failure');
});
