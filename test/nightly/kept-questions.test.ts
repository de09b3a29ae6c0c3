import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import {
  assertPutRight,
  cache,
  folder,
  POISONS,
  prefetch,
  run,
  UNREACHABLE,
} from '../support/kept-questions.ts';

describe('questions of the Hub in the cache', () => {
  before(async () => {
    const { answer, stderr } = await prefetch();
    assert.equal(answer.datasets[0].reason, null, stderr);
  });

  for (const poison of POISONS)
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
