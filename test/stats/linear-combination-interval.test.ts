import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearCombinationInterval } from '../../src/stats/linear-combination-interval.ts';
import { wilsonInterval } from '../../src/stats/wilson-interval.ts';
import { assertClose } from '../support/assert-close.ts';

const independent = (k: number, j: number) => Number(k === j);
const half = { weight: 1, estimate: 0.6, ci: [0.5, 0.75] } as const;

test('one mean has its own interval, and the other way round where its weight is negative', () => {
  assert.deepEqual(linearCombinationInterval([half], independent), [0.5, 0.75]);
  const [low, high] = linearCombinationInterval([{ ...half, weight: -2 }], independent);
  assertClose(low, -1.5);
  assertClose(high, -1);
});

test("two independent shares: Newcombe's interval of their difference (1998, method 10: 56/70 and 48/80)", () => {
  const share = (weight: number, wins: number, n: number) => ({
    ...{ weight, estimate: wins / n },
    ci: wilsonInterval(wins / n, n, 0.95),
  });
  const [low, high] = linearCombinationInterval([share(1, 56, 70), share(-1, 48, 80)], independent);
  assertClose(low, 0.0524, 1e-3);
  assertClose(high, 0.3339, 1e-3);
});

test('two that always go together add up, and cancel in their difference', () => {
  const together = () => 1;
  const [low, high] = linearCombinationInterval([half, half], together);
  assertClose(low, 1);
  assertClose(high, 1.5);
  const symmetric = { weight: 1, estimate: 0.6, ci: [0.5, 0.7] } as const;
  const same = linearCombinationInterval([symmetric, { ...symmetric, weight: -1 }], together);
  assertClose(same[0], 0);
  assertClose(same[1], 0);
});

test('estimated correlations that do not belong to one another give no negative width', () => {
  const odd = (k: number, j: number) => (k === j ? 1 : -1);
  const [low, high] = linearCombinationInterval([half, half, half], odd);
  assertClose(low, 1.8);
  assertClose(high, 1.8);
});
