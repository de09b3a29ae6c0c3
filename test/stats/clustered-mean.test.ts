import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusteredMean } from '../../src/stats/clustered-mean.ts';
import { tInterval } from '../../src/stats/t-interval.ts';
import { weightedMean } from '../../src/stats/weighted-mean.ts';
import { assertClose } from '../support/assert-close.ts';
import { expected } from './expected.ts';

test('without clusters the standard error is the sample one', () => {
  const { values, estimate, se, df, units, ci } = expected.sample;
  const found = clusteredMean(Float64Array.from(values));
  assert.ok(found);
  assertClose(found.estimate, estimate);
  assertClose(found.se, se);
  assert.equal(found.df, df);
  assert.equal(found.units, units);
  assertClose(tInterval(found, 0.95), ci);
});

for (const name of ['clustered', 'weightedClustered', 'lopsided'] as const) {
  test(`CR2 of ${name} values is that of a regression on a constant, by matrices`, () => {
    const { values, weights, clusters, ...wanted } = expected[name];
    const found = clusteredMean(Float64Array.from(values), {
      weights: Float64Array.from(weights),
      clusters: Int32Array.from(clusters),
    });
    assert.ok(found);
    assertClose(found.estimate, wanted.estimate);
    assertClose(found.se, wanted.se);
    assertClose(found.df, wanted.df);
    assert.equal(found.units, wanted.units);
  });
}

test('the unit of weights does not matter', () => {
  const values = Float64Array.of(0.1, 0.5, 0.9, 0.2);
  const weights = Float64Array.of(1, 2, 3, 4);
  const once = clusteredMean(values, { weights });
  const scaled = clusteredMean(values, { weights: weights.map((weight) => weight * 1000) });
  assertClose(once?.estimate, scaled?.estimate ?? Number.NaN);
  assertClose(once?.se, scaled?.se ?? Number.NaN);
});

test('equal values have no spread, however they round', () => {
  const found = clusteredMean(new Float64Array(30).fill(0.1), { weights: new Float64Array(30).fill(1 / 3) });
  assert.deepEqual(found, { estimate: 0.1, se: 0, df: 29, units: 30 });
});

const single = [
  { title: 'one value', values: [0.7], clusters: [0] },
  { title: 'one cluster', values: [0.7, 0.7, 0.7], clusters: [0, 0, 0] },
];
for (const { title, values, clusters } of single) {
  test(`${title} has a mean and no standard error`, () => {
    const found = clusteredMean(Float64Array.from(values), { clusters: Int32Array.from(clusters) });
    assertClose(found?.estimate, 0.7);
    assert.deepEqual({ ...found, estimate: 0.7 }, { estimate: 0.7, se: null, df: null, units: 1 });
  });
}

test('no values have no mean', () => {
  assert.equal(clusteredMean(new Float64Array()), null);
  assert.equal(weightedMean(new Float64Array(), new Float64Array()), null);
});

test('weights of 0 leave nothing to average', () => {
  assert.equal(weightedMean(Float64Array.of(1), Float64Array.of(0)), null);
});

test('values of weight 0 do not count', () => {
  const alone = clusteredMean(Float64Array.of(0.2, 0.6, 0.4));
  const among = clusteredMean(Float64Array.of(0.2, 0.6, 1, 0.4), { weights: Float64Array.of(1, 1, 0, 1) });
  assert.deepEqual(among, alone);
});

test('all weight in one cluster is one cluster', () => {
  const found = clusteredMean(Float64Array.of(0.2, 0.6, 1), {
    weights: Float64Array.of(1, 1, 0),
    clusters: Int32Array.of(0, 0, 1),
  });
  assert.deepEqual(found, { estimate: 0.4, se: null, df: null, units: 1 });
});

test('two clusters have one degree of freedom, however unequal', () => {
  for (const rest of [1, 0.01, 1e-9, 1e-17, 1e-200]) {
    const found = clusteredMean(Float64Array.of(0, 1), { weights: Float64Array.of(1, rest) });
    assertClose(found?.df, 1);
    // With shares h and 1 - h and a distance of 1, S is -+ h (1 - h) W: the variance is h (1 - h).
    assertClose((found?.se ?? Number.NaN) / Math.sqrt(rest / (1 + rest) ** 2), 1);
  }
});

test('equal clusters have exactly one degree of freedom less than clusters', () => {
  const clusters = Int32Array.from({ length: 30 }, (_, i) => Math.floor(i / 3));
  const values = Float64Array.from(clusters, (cluster, i) => (cluster + i) % 2);
  assert.equal(clusteredMean(values, { clusters })?.df, 9);
});

const refused = [
  { title: 'NaN among the values', values: [0, Number.NaN], weights: [1, 1], message: /not finite/ },
  {
    title: 'an infinite value',
    values: [0, Number.POSITIVE_INFINITY],
    weights: [1, 1],
    message: /not finite/,
  },
  { title: 'a weight that is NaN', values: [0, 1], weights: [1, Number.NaN], message: /weight 1 is NaN/ },
  { title: 'a negative weight', values: [0, 1], weights: [1, -1], message: /weight 1 is -1/ },
  { title: 'fewer weights than values', values: [0, 1], weights: [1], message: /2 values, but 1 weights/ },
];
for (const { title, values, weights, message } of refused) {
  test(`refused: ${title}`, () => {
    const mean = () => clusteredMean(Float64Array.from(values), { weights: Float64Array.from(weights) });
    assert.throws(mean, { name: 'RangeError', message });
  });
}
