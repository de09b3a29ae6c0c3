import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  assertPutRight,
  cache,
  folder,
  POISONS,
  prefetch,
  QUESTIONS,
  questions,
  run,
  UNREACHABLE,
} from '../support/kept-questions.ts';

// The other ways to change what is kept are in test/nightly.

describe('questions of the Hub in the cache', () => {
  test('are fetched, and then taken as they are, without the Hub', async () => {
    for (const endpoint of [undefined, UNREACHABLE]) {
      const { answer, stderr } = await prefetch(endpoint);
      assert.equal(answer.datasets[0].reason, null, stderr);
      assert.equal(readFileSync(questions, 'utf8'), QUESTIONS);
      assert.doesNotMatch(stderr, /put right/);
    }
  });

  for (const poison of POISONS.slice(0, 1))
    test(`${poison[0]}: not used without the Hub, found by doctor, put right with it`, () =>
      assertPutRight(poison));

  test('what an earlier job left of them in the format of the library is not read', async () => {
    const left = join(cache, 'datasets');
    for (const name of existsSync(left) ? readdirSync(left) : [])
      rmSync(join(left, name), { recursive: true });
    await run(UNREACHABLE, 'plan', '--stages', 'lm-eval', '--output', join(folder, 'plan.json'));
    assert.deepEqual(existsSync(left) ? readdirSync(left) : [], []);
  });
});
