import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  expectedSlope,
  type FlipHistory,
  fitFlips,
  flipProbability,
} from '../../../src/stats/borrowing/flip-model.ts';
import { assertClose } from '../../support/assert-close.ts';
import { createRandom } from '../../support/random.ts';

const TRUTH = [-2, -0.8, 0.5, -0.4] as const;

function draw(n: number): FlipHistory {
  const random = createRandom(4);
  const nearness = Float64Array.from({ length: n }, () => Math.exp(1.2 * random.normal()));
  const right = Uint8Array.from({ length: n }, () => random.integer(2));
  const flipped = Uint8Array.from({ length: n }, (_, i) =>
    random.uniform() < flipProbability(TRUTH, nearness[i]!, right[i] === 1) ? 1 : 0,
  );
  return { nearness, right, flipped };
}

describe('a regression of flips', () => {
  const history = draw(20_000);
  const model = fitFlips(history)!;

  test('finds what made them', () => {
    for (const [k, truth] of TRUTH.entries())
      assert.ok(Math.abs(model[k]! - truth) < 0.12, `${model[k]} for ${truth}`);
  });

  test('expects as many flips as there were, among the right ones too', () => {
    const { nearness, right, flipped } = history;
    const expected = { all: 0, right: 0 };
    nearness.forEach((near, i) => {
      const p = flipProbability(model, near, right[i] === 1);
      expected.all += p;
      if (right[i] === 1) expected.right += p;
    });
    assertClose(
      expected.all,
      flipped.reduce((sum, flip) => sum + flip, 0),
      1e-6,
    );
    // But for the ridge.
    assertClose(
      expected.right,
      flipped.reduce((sum, flip, i) => sum + flip * right[i]!, 0),
      1e-3,
    );
  });

  test('of answers that can be told apart wholly stays finite', () => {
    const n = 400;
    const nearness = Float64Array.from({ length: n }, (_, i) => (i < 100 ? 0 : 5));
    const flipped = Uint8Array.from({ length: n }, (_, i) => (i < 100 ? 1 : 0));
    const found = fitFlips({ nearness, right: new Uint8Array(n), flipped })!;
    assert.ok(found.every(Number.isFinite));
    assert.ok(flipProbability(found, 0, false) > 0.9 && flipProbability(found, 5, false) < 0.05);
  });

  test('needs fifty flips, and fifty answers that stay', () => {
    const few = (flips: number, n: number) =>
      fitFlips({
        nearness: Float64Array.from({ length: n }, (_, i) => 1 + (i % 7)),
        right: Uint8Array.from({ length: n }, (_, i) => i % 2),
        flipped: Uint8Array.from({ length: n }, (_, i) => (i < flips ? 1 : 0)),
      });
    assert.deepEqual([few(49, 500), few(460, 500), few(0, 0)], [null, null, null]);
    assert.notEqual(few(50, 500), null);
  });
});

describe('how much of what was expected came true', () => {
  const expected = Float64Array.of(-0.1, -0.3, 0.2, 0.4);
  const group = Int32Array.of(0, 0, 1, 1);

  test('is the slope within groups', () => {
    // What differs between groups does not count.
    assertClose(expectedSlope(expected, Float64Array.of(9, 8.9, -4, -3.9), group), 0.5);
  });

  test('is unknown where nothing differs', () => {
    assert.equal(expectedSlope(Float64Array.of(1, 1, 2, 2), expected, group), null);
  });
});
