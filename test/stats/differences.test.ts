import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clusteredMean } from '../../src/stats/clustered-mean.ts';
import { combine } from '../../src/stats/combine.ts';
import type { Estimate } from '../../src/stats/estimate.ts';

import { tInterval } from '../../src/stats/t-interval.ts';
import { tTest } from '../../src/stats/two-sided-t.ts';
import { assertClose } from '../support/assert-close.ts';
import { expected } from './expected.ts';

describe('a paired difference', () => {
  test('is the paired t test of scipy', () => {
    const { baseline, candidate, ...wanted } = expected.paired;
    const found = pairedDifference(baseline, candidate);
    assert.ok(found);
    assertClose(found.estimate, wanted.estimate);
    assertClose(found.se, wanted.se);
    assertClose(found.df, wanted.df);
    assertClose(found.p, wanted.p);
    assertClose(tInterval(found, 0.95), wanted.ci);
  });

  const cases = [
    {
      title: 'equal scores: certainly no difference',
      baseline: [1, 0, 1],
      candidate: [1, 0, 1],
      p: 1,
      ci: [0, 0],
    },
    {
      title: 'the same drop everywhere: no p',
      baseline: [1, 1, 1],
      candidate: [0, 0, 0],
      p: null,
      ci: [-1, -1],
    },
    { title: 'one item: neither p nor interval', baseline: [1], candidate: [0], p: null, ci: null },
    { title: 'one item, equal: neither p nor interval', baseline: [1], candidate: [1], p: null, ci: null },
  ];
  for (const { title, baseline, candidate, p, ci } of cases) {
    test(title, () => {
      const found = pairedDifference(baseline, candidate);
      assert.ok(found);
      assert.equal(found.p, p);
      assert.deepEqual(tInterval(found, 0.95), ci);
      assert.ok(Object.values(found).every((value) => !Number.isNaN(value)));
    });
  }

  test('of no items is none', () => {
    assert.equal(pairedDifference([], []), null);
  });
});

describe('a combination of estimates', () => {
  test('with -1 and 1 is the Welch test of scipy', () => {
    const { baseline, candidate, ...wanted } = expected.welch;
    const sides = [baseline, candidate].map((values) => clusteredMean(Float64Array.from(values)) as Estimate);
    const found = combine(sides, [-1, 1]);
    assert.ok(found);
    assertClose(found.estimate, wanted.estimate);
    assertClose(found.df, wanted.df);
    assertClose(tTest(found), wanted.p);
    assertClose(tInterval(found, 0.95), wanted.ci);
  });

  test('adds variances by the square of the weights', () => {
    const found = combine([sure(0.5, 0.03), sure(0.9, 0.04)], [0.5, 0.5]);
    assertClose(found?.estimate, 0.7);
    assertClose(found?.se, 0.025);
  });

  test('does not know its error where one part does not', () => {
    const found = combine([sure(0.5, 0.03), { estimate: 1, se: null, df: null, units: 1 }], [0.5, 0.5]);
    assert.deepEqual(found, { estimate: 0.75, se: null, df: null, units: 11 });
  });

  test('of parts without spread has none, and a p of 1 only at 0', () => {
    const nothing = combine([sure(0, 0), sure(0, 0)], [0.5, 0.5]);
    assert.deepEqual(nothing, { estimate: 0, se: 0, df: 18, units: 20 });
    assert.equal(nothing && tTest(nothing), 1);
    const moved = combine([sure(0.2, 0), sure(0, 0)], [0.5, 0.5]);
    assert.equal(moved && tTest(moved), null);
  });

  test('of nothing is none', () => {
    assert.equal(combine([], []), null);
  });
});

test('the t interval reaches as far as scipy says', () => {
  for (const { df, level, reach } of expected.tInterval) {
    assertClose(tInterval({ estimate: 0, se: 1, df, units: 2 }, level), [-reach, reach]);
  }
});

function pairedDifference(baseline: number[], candidate: number[]) {
  const found = clusteredMean(Float64Array.from(baseline, (score, i) => (candidate[i] ?? 0) - score));
  return found && { ...found, p: tTest(found) };
}

function sure(estimate: number, se: number): Estimate {
  return { estimate, se, df: 9, units: 10 };
}
