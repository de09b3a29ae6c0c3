import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { combinedWilsonInterval } from '../../src/stats/combined-wilson-interval.ts';
import { wilsonInterval } from '../../src/stats/wilson-interval.ts';
import { assertClose } from '../support/assert-close.ts';

/** So many right of n answers that stand alone. */
function share(right: number, n: number) {
  const estimate = right / n;
  const se = Math.sqrt((estimate * (1 - estimate)) / (n - 1));
  return {
    estimate: { estimate, se, df: n - 1, units: n },
    ci: wilsonInterval(estimate, n, 0.95),
    size: { items: n, clusters: n },
  };
}

describe('the interval of a weighted mean of scores', () => {
  test('of one score is its own', () => {
    assert.deepEqual(combinedWilsonInterval([share(12, 12)], [1], 0.95), wilsonInterval(1, 12, 0.95));
  });

  test('of two halves of one sample is about that of the whole', () => {
    const halves = combinedWilsonInterval([share(300, 500), share(300, 500)], [0.5, 0.5], 0.95);
    assertClose(halves, wilsonInterval(0.6, 1000, 0.95), 5e-4);
  });

  for (const [a, b] of [
    [12, 30],
    [0, 0],
    [12, 0],
    [0, 30],
    [11, 29],
  ] as const) {
    test(`of ${a} of 12 and ${b} of 30 stays within 0 and 1, holds the estimate and has width, whatever they weigh`, () => {
      for (const weight of [0.001, 0.3, 0.75, 0.999]) {
        const [low, high] = combinedWilsonInterval([share(a, 12), share(b, 30)], [weight, 1 - weight], 0.95)!;
        const mean = (weight * a) / 12 + ((1 - weight) * b) / 30;
        assert.ok(low >= 0 && low <= mean && mean <= high && high <= 1, `${low} to ${high}`);
        assert.ok(high - low > 0.05, `${low} to ${high}`);
      }
    });
  }

  test('is not made certain by a heavy benchmark that shows no spread', () => {
    const [low] = combinedWilsonInterval([share(12, 12), share(27, 54)], [0.75, 0.25], 0.95)!;
    assert.ok(low < 0.75, `${low}`);
  });

  test('is unknown where one of the scores is', () => {
    const one = { ...share(1, 1), estimate: { estimate: 1, se: null, df: null, units: 1 } };
    assert.equal(combinedWilsonInterval([one, share(5, 10)], [0.5, 0.5], 0.95), null);
  });

  test('is none for no scores', () => assert.equal(combinedWilsonInterval([], [], 0.95), null));
});
