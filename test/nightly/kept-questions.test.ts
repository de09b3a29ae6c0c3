import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { assertPutRight, POISONS, prefetch } from '../support/kept-questions.ts';

// The first is in test/e2e.

describe('questions of the Hub in the cache', () => {
  before(async () => {
    const { answer, stderr } = await prefetch();
    assert.equal(answer.datasets[0].reason, null, stderr);
  });

  for (const poison of POISONS.slice(1))
    test(`${poison[0]}: not used without the Hub, found by doctor, put right with it`, () =>
      assertPutRight(poison));
});
