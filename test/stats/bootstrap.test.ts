import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bootstrap } from '../../src/stats/bootstrap.ts';
import { createRandom } from '../../src/stats/random.ts';
import { stratifiedMean } from '../../src/stats/stratified-mean.ts';
import { tInterval } from '../../src/stats/t-interval.ts';
import { assertClose } from '../support/assert-close.ts';

const RESAMPLES = 3000;

describe('the bootstrap agrees with the analytic standard error', () => {
  const cases = [
    { title: 'simple', strata: 1, clusterSize: 1, weighted: false },
    { title: 'weighted', strata: 1, clusterSize: 1, weighted: true },
    { title: 'clustered', strata: 1, clusterSize: 4, weighted: false },
    { title: 'weighted, clustered and stratified', strata: 3, clusterSize: 3, weighted: true },
  ];
  for (const { title, strata, clusterSize, weighted } of cases) {
    test(title, () => {
      const random = createRandom(7);
      const n = 600;
      const clusters = Int32Array.from({ length: n }, (_, i) => Math.floor(i / clusterSize));
      const shifts = Float64Array.from(clusters, () => random.normal());
      const sample = {
        clusters,
        strata: Int32Array.from(clusters, (cluster) => cluster % strata),
        weights: Float64Array.from(clusters, () => (weighted ? 1 + random.integer(3) : 1)),
      };
      const values = Float64Array.from(clusters, (cluster) =>
        shifts[cluster]! + random.normal() > 0.5 ? 1 : 0,
      );
      const wanted = stratifiedMean(values, sample);
      const found = bootstrap(values, sample, { seed: 3, resamples: RESAMPLES, level: 0.95 });
      assert.ok(wanted?.se && found);
      const units = n / clusterSize / strata;
      // A standard deviation of R resamples errs by 1 / sqrt(2 R); the weights' variation adds a little.
      const ratio = found.se / (wanted.se * Math.sqrt((units - 1) / units));
      assert.ok(Math.abs(ratio - 1) < 4 / Math.sqrt(2 * RESAMPLES), `ratio ${ratio}`);
      assertClose(found.ci, tInterval(wanted, 0.95) ?? [], wanted.se / 4);
    });
  }
});

const values = Float64Array.of(0, 1, 1, 0, 1);
const strata = new Int32Array(5);

test('one seed gives one result, another seed another', () => {
  const draw = (seed: number) => bootstrap(values, { strata }, { seed, resamples: 200, level: 0.9 });
  assert.deepEqual(draw(5), draw(5));
  assert.notDeepEqual(draw(5), draw(6));
});

test('equal values, or one cluster, have no spread', () => {
  const options = { seed: 1, resamples: 50, level: 0.9 };
  assert.deepEqual(bootstrap(new Float64Array(5).fill(1), { strata }, options), { se: 0, ci: [1, 1] });
  const one = bootstrap(values, { strata, clusters: new Int32Array(5) }, options);
  assertClose(one?.se, 0);
  assertClose(one?.ci, [0.6, 0.6]);
});

test('no values have none; NaN and a single resample are refused', () => {
  const options = { seed: 1, resamples: 50, level: 0.9 };
  assert.equal(bootstrap(new Float64Array(), { strata: new Int32Array() }, options), null);
  assert.throws(() => bootstrap(Float64Array.of(Number.NaN), { strata: new Int32Array(1) }, options), {
    name: 'RangeError',
  });
  assert.throws(() => bootstrap(values, { strata }, { ...options, resamples: 1 }), { name: 'RangeError' });
});
