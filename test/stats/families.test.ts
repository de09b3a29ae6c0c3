import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benjaminiHochberg } from '../../src/stats/benjamini-hochberg.ts';
import { detectable } from '../../src/stats/detectable.ts';
import { holm } from '../../src/stats/holm.ts';
import { wilsonInterval } from '../../src/stats/wilson-interval.ts';
import { assertClose } from '../support/assert-close.ts';
import { expected } from './expected.ts';

for (const { p, holm: byHolm, benjaminiHochberg: byRate } of expected.pValues) {
  test(`adjusted for each other: p = ${p.join(', ')}`, () => {
    assertClose(holm(p), byHolm);
    assertClose(benjaminiHochberg(p), byRate);
  });
}

test('an empty family has no p-values', () => {
  assert.deepEqual(holm([]), []);
  assert.deepEqual(benjaminiHochberg([]), []);
});

for (const { successes, n, ci } of expected.wilson) {
  test(`Wilson interval of ${successes} out of ${n}`, () => {
    assertClose(wilsonInterval(successes / n, n, 0.95), ci);
  });
}

test('a Wilson interval of all or nothing ends exactly at 1 or 0', () => {
  assert.equal(wilsonInterval(1, 10, 0.95)[1], 1);
  assert.equal(wilsonInterval(0, 10, 0.95)[0], 0);
});

for (const { se, familySize, minimumEffect, detectable: wanted } of expected.detectable) {
  test(`minimum detectable drop: se ${se}, ${familySize} tests, minimum effect ${minimumEffect}`, () => {
    assertClose(detectable(se, { alpha: 0.05, familySize, minimumEffect }), wanted);
  });
}

test('a Wilson interval of nothing says nothing', () => {
  assert.deepEqual(wilsonInterval(0, 0, 0.95), [0, 1]);
});
