import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusteredMean } from '../../src/stats/clustered-mean.ts';
import { effectiveSize } from '../../src/stats/effective-size.ts';
import { wilsonDesignInterval } from '../../src/stats/wilson-design-interval.ts';
import { assertClose } from '../support/assert-close.ts';
import { createRandom } from '../support/random.ts';
import { indexes } from '../support/records.ts';
import { expected } from './expected.ts';

for (const { share, se, df, items, clusters, ci } of expected.wilsonDesign) {
  test(`inverts the score test: ${share} of ${items} values in ${clusters} clusters`, () => {
    const mean = { estimate: share, se, df, units: clusters };
    assertClose(wilsonDesignInterval(mean, { items, clusters }, 0.95) ?? [], ci);
  });
}

const samples = [
  { title: 'all right', values: [1, 1, 1, 1] },
  { title: 'all wrong', values: [0, 0, 0, 0] },
  { title: 'all half right', values: [0.5, 0.5, 0.5, 0.5] },
  { title: 'one wrong', values: [1, 1, 0, 1] },
];
for (const { title, values } of samples) {
  test(`lies in [0, 1] and has width: ${title}`, () => {
    const mean = clusteredMean(Float64Array.from(values));
    assert.ok(mean);
    const [low, high] = wilsonDesignInterval(mean, effectiveSize(4), 0.95) ?? [0, 0];
    assert.ok(low >= 0 && high <= 1 && high - low > 0.3, `${low} to ${high}`);
    assert.ok(low <= mean.estimate && mean.estimate <= high);
  });
}

test('a first failure among many does not make the interval shorter', () => {
  const width = (failures: number) => {
    const values = Float64Array.from({ length: 300 }, (_, i) => (i < failures ? 0 : 1));
    const clusters = Int32Array.from(values, (_, i) => Math.floor(i / 3));
    const mean = clusteredMean(values, { clusters });
    assert.ok(mean);
    const [low, high] = wilsonDesignInterval(mean, effectiveSize(300, { clusters }), 0.95) ?? [0, 0];
    return high - low;
  };
  assert.ok(width(0) < width(1) && width(1) < width(2), `${width(0)}, ${width(1)}, ${width(2)}`);
});

test('a score that a few large clusters make lies in its interval as often as it should', () => {
  // 200 clusters of 100 items: most have no failure, one in fifty has failures of any share.
  const random = createRandom(1);
  const covered = indexes(2000).filter(() => {
    const means = Float64Array.from({ length: 200 }, () =>
      random.uniform() < 0.02 ? 1 - random.integer(101) / 100 : 1,
    );
    const mean = clusteredMean(means);
    assert.ok(mean);
    const [low, high] = wilsonDesignInterval(mean, { items: 20_000, clusters: 200 }, 0.95) ?? [0, 0];
    return low <= 0.99 && 0.99 <= high;
  }).length;
  assert.ok(covered > 0.91 * 2000 && covered < 0.98 * 2000, `${covered}`);
});

test('an unknown standard error has no interval', () => {
  const mean = { estimate: 1, se: null, df: null, units: 1 };
  assert.equal(wilsonDesignInterval(mean, { items: 5, clusters: 1 }, 0.95), null);
});

test('the effective size counts equal weights fully and unequal ones less', () => {
  assert.deepEqual(effectiveSize(6), { items: 6, clusters: 6 });
  assert.deepEqual(effectiveSize(6, { clusters: Int32Array.of(0, 0, 1, 1, 2, 2) }), {
    items: 6,
    clusters: 3,
  });
  const weights = Float64Array.of(3, 1, 0);
  assertClose(effectiveSize(3, { weights }).items, 16 / 10);
  assert.deepEqual(effectiveSize(0), { items: 0, clusters: 0 });
});
