import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { prefetch, QUESTIONS, questions, UNREACHABLE } from '../support/kept-questions.ts';

// What was changed there is in test/nightly.

describe('questions of the Hub in the cache', () => {
  test('are fetched, and then taken as they are, without the Hub', async () => {
    for (const endpoint of [undefined, UNREACHABLE]) {
      const { answer, stderr } = await prefetch(endpoint);
      assert.equal(answer.datasets[0].reason, null, stderr);
      assert.equal(readFileSync(questions, 'utf8'), QUESTIONS);
      assert.doesNotMatch(stderr, /put right/);
    }
  });
});
