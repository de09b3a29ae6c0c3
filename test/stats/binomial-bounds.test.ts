import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binomialBounds } from '../../src/stats/binomial-bounds.ts';
import { assertClose } from '../support/assert-close.ts';

/** Where all or none succeed the bounds have a closed form: 0.05^(1/n). */
const CASES: [successes: number, n: number, low: number, high: number][] = [
  [5, 5, 0.05 ** (1 / 5), 1],
  [10, 10, 0.05 ** (1 / 10), 1],
  [0, 10, 0, 1 - 0.05 ** (1 / 10)],
  [0, 0, 0, 1],
];
for (const [successes, n, low, high] of CASES) {
  test(`${successes} of ${n}: from ${low.toFixed(3)} and up to ${high.toFixed(3)}, each with 95%`, () => {
    const [found, above] = binomialBounds(successes, n, 0.95);
    assertClose(found, low);
    assertClose(above, high);
  });
}

/** Sum over the tail, term by term. */
function tail(from: number, n: number, share: number): number {
  let sum = 0;
  for (let k = from; k <= n; k++) {
    let choose = 1;
    for (let i = 0; i < k; i++) choose *= (n - i) / (k - i);
    sum += choose * share ** k * (1 - share) ** (n - k);
  }
  return sum;
}

for (const [successes, n] of [
  [3, 8],
  [14, 40],
  [1, 25],
] as const) {
  test(`${successes} of ${n}: at the lower bound as many or more have the probability 0.05, at the upper as many or fewer`, () => {
    const [low, high] = binomialBounds(successes, n, 0.95);
    assertClose(tail(successes, n, low), 0.05, 1e-9);
    assertClose(1 - tail(successes + 1, n, high), 0.05, 1e-9);
  });
}

for (const [successes, n] of [
  [3, 2],
  [-1, 4],
  [0.5, 4],
  [Number.NaN, 4],
] as const) {
  test(`refused: ${successes} of ${n}`, () => {
    assert.throws(() => binomialBounds(successes, n, 0.95), { name: 'RangeError' });
  });
}
