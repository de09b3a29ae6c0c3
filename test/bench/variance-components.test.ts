import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standardErrorOf, varianceComponents } from '../../bench/support/variance-components.ts';
import { assertClose } from '../support/assert-close.ts';
import { createRandom } from '../support/random.ts';

test('a table by hand', () => {
  // Mean squares: of questions 2 (1 + 0 + 1) / 2 = 2, of repeats (0.5 + 0.5 + 0.5) / 3 = 0.5.
  const found = varianceComponents([
    [0.5, 1.5],
    [1.5, 2.5],
    [2.5, 3.5],
  ]);
  assert.deepEqual(found, { mean: 2, between: 0.75, within: 0.5 });
});

test('where repeats alone differ, the variance of questions is about 0 and may be below', () => {
  const found = varianceComponents([
    [0, 1],
    [1, 0],
  ]);
  assert.deepEqual(found, { mean: 0.5, between: -0.25, within: 0.5 });
  assertClose(standardErrorOf(found, 100, 4), Math.sqrt(0.5 / 4 / 100));
});

test('what was put in comes out, and predicts how means over other questions vary', () => {
  const random = createRandom(7);
  const [between, within, repeats] = [0.09, 0.16, 4];
  const draw = () => {
    const own = Math.sqrt(between) * random.normal();
    return Array.from({ length: repeats }, () => own + Math.sqrt(within) * random.normal());
  };
  const found = varianceComponents(Array.from({ length: 20_000 }, draw));
  assertClose(found.between, between, 0.004);
  assertClose(found.within, within, 0.004);
  const means = Array.from({ length: 2000 }, () => varianceComponents(Array.from({ length: 50 }, draw)).mean);
  const spread = Math.sqrt(means.reduce((sum, mean) => sum + mean ** 2, 0) / means.length);
  assertClose(spread, standardErrorOf({ between, within }, 50, repeats), 0.003);
});

test('no variance is told of one question, of one repeat, or of repeats that are missing', () => {
  for (const scores of [[], [[1, 0]], [[1], [0]], [[1, 0], [1]]])
    assert.throws(() => varianceComponents(scores), RangeError);
});
