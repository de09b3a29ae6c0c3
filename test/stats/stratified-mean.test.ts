import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusteredMean } from '../../src/stats/clustered-mean.ts';
import { stratifiedMean } from '../../src/stats/stratified-mean.ts';
import { assertClose } from '../support/assert-close.ts';
import { expected } from './expected.ts';

for (const { values, strata, stratumWeights, ...wanted } of expected.stratified) {
  const sizes = stratumWeights.map((_, stratum) => strata.filter((own) => own === stratum).length);
  test(`strata of ${sizes.join(', ')} values with weights ${stratumWeights.join(', ')}`, () => {
    const found = stratifiedMean(Float64Array.from(values), {
      strata: Int32Array.from(strata),
      stratumWeights: Float64Array.from(stratumWeights),
    });
    assert.ok(found);
    assertClose(found.estimate, wanted.estimate);
    assertClose(found.se, wanted.se);
    assertClose(found.df, wanted.df);
    assert.equal(found.units, wanted.units);
  });
}

const scores = Float64Array.of(0.2, 0.9, 0.4, 1, 0, 0.5, 0.3);
const weights = Float64Array.of(1, 2, 1, 3, 1, 1, 2);
const clusters = Int32Array.of(0, 0, 1, 2, 2, 3, 1);

test('one stratum is the clustered mean', () => {
  const strata = new Int32Array(7);
  const found = stratifiedMean(scores, { strata, weights, clusters });
  const wanted = clusteredMean(scores, { weights, clusters });
  assert.ok(found && wanted);
  assertClose(found.estimate, wanted.estimate);
  assertClose(found.se, wanted.se ?? Number.NaN);
  assertClose(found.df, wanted.df ?? Number.NaN);
});

test('weights and clusters count within each stratum', () => {
  const found = stratifiedMean(scores, {
    strata: Int32Array.of(0, 0, 0, 1, 1, 1, 0),
    weights,
    clusters,
  });
  const first = clusteredMean(Float64Array.of(0.2, 0.9, 0.4, 0.3), {
    weights: Float64Array.of(1, 2, 1, 2),
    clusters: Int32Array.of(0, 0, 1, 1),
  });
  const second = clusteredMean(Float64Array.of(1, 0, 0.5), {
    weights: Float64Array.of(3, 1, 1),
    clusters: Int32Array.of(2, 2, 3),
  });
  assert.ok(first?.se && second?.se);
  assertClose(found?.estimate, (first.estimate + second.estimate) / 2);
  assertClose(found?.se, Math.hypot(first.se, second.se) / 2);
});

test('a stratum number without values takes no part', () => {
  const few = stratifiedMean(scores, { strata: Int32Array.of(0, 0, 0, 1, 1, 1, 0) });
  const gap = stratifiedMean(scores, { strata: Int32Array.of(4, 4, 4, 9, 9, 9, 4) });
  assert.deepEqual(gap, few);
});

test('strata of one value each are taken together, with the differences between them', () => {
  const found = stratifiedMean(Float64Array.of(0.2, 0.4, 0.9), { strata: Int32Array.of(0, 1, 2) });
  const together = clusteredMean(Float64Array.of(0.2, 0.4, 0.9));
  assertClose(found?.estimate, 0.5);
  assertClose(found?.se, together?.se ?? Number.NaN);
  assert.equal(found?.df, 2);
});

test('equal values in every stratum have no spread, even where strata differ', () => {
  const found = stratifiedMean(Float64Array.of(1, 1, 0, 0), { strata: Int32Array.of(0, 0, 1, 1) });
  assert.deepEqual(found, { estimate: 0.5, se: 0, df: 2, units: 4 });
});

test('one value has no standard error, no values no mean', () => {
  const one = stratifiedMean(Float64Array.of(0.5), { strata: Int32Array.of(0) });
  assert.deepEqual(one, { estimate: 0.5, se: null, df: null, units: 1 });
  assert.equal(stratifiedMean(new Float64Array(), { strata: new Int32Array() }), null);
});

const refused = [
  {
    title: 'a stratum without a weight',
    strata: [0, 1],
    stratumWeights: [1],
    weights: [1, 1],
    message: /stratum 1/,
  },
  {
    title: 'a stratum of weight 0',
    strata: [0, 1],
    stratumWeights: [1, 0],
    weights: [1, 1],
    message: /weighs 0/,
  },
  {
    title: 'values all of weight 0',
    strata: [0, 1],
    stratumWeights: [1, 1],
    weights: [1, 0],
    message: /without any/,
  },
  {
    title: 'fewer strata than values',
    strata: [0],
    stratumWeights: [1],
    weights: [1, 1],
    message: /1 strata/,
  },
];
for (const { title, strata, stratumWeights, weights, message } of refused) {
  test(`refused: ${title}`, () => {
    const mean = () =>
      stratifiedMean(Float64Array.of(0, 1), {
        strata: Int32Array.from(strata),
        stratumWeights: Float64Array.from(stratumWeights),
        weights: Float64Array.from(weights),
      });
    assert.throws(mean, { name: 'RangeError', message });
  });
}
