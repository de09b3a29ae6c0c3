import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusteredMean } from '../../src/stats/clustered-mean.ts';
import { equivalence } from '../../src/stats/equivalence.ts';
import { tInterval } from '../../src/stats/t-interval.ts';
import { assertClose } from '../support/assert-close.ts';
import { expected } from './expected.ts';

for (const { values, margin, p } of expected.equivalence) {
  test(`two one-sided tests of ${values.length} values and margin ${margin}: p = ${p.toPrecision(3)}`, () => {
    const mean = clusteredMean(Float64Array.from(values));
    assert.ok(mean);
    assertClose(equivalence(mean, margin), p);
  });
}

test('p is below alpha exactly where the interval at 1 - 2 alpha lies within the margin', () => {
  let within = 0;
  for (let estimate = -0.03; estimate < 0.03; estimate += 0.0007) {
    const mean = { estimate, se: 0.004, df: 17, units: 18 };
    const ci = tInterval(mean, 0.9);
    const inside = ci !== null && ci[0] > -0.02 && ci[1] < 0.02;
    assert.equal((equivalence(mean, 0.02) ?? Number.NaN) < 0.05, inside, `at ${estimate}`);
    if (inside) within++;
  }
  assert.ok(within > 10);
});

const edges = [
  { title: 'no spread, inside', estimate: 0.01, se: 0, df: 9, p: 0 },
  { title: 'no spread, on the margin', estimate: -0.02, se: 0, df: 9, p: 1 },
  { title: 'no spread, outside', estimate: 0.5, se: 0, df: 9, p: 1 },
  { title: 'unknown spread', estimate: 0, se: null, df: null, p: null },
];
for (const { title, p, ...mean } of edges) {
  test(`${title}: p is ${p}`, () => {
    assert.equal(equivalence({ ...mean, units: 10 }, 0.02), p);
  });
}
