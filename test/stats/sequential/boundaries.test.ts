import assert from 'node:assert/strict';
import { test } from 'node:test';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { efficacyBoundaries } from '../../../src/stats/sequential/efficacy.ts';
import { endingsOf, futilityDesign } from '../../../src/stats/sequential/futility.ts';
import { decideLook } from '../../../src/stats/sequential/graph.ts';
import { boundaryOfT, dropStatistic } from '../../../src/stats/sequential/look-test.ts';
import { sequentialP } from '../../../src/stats/sequential/sequential-p.ts';
import { hwangShihDeCani } from '../../../src/stats/sequential/spending.ts';
import { stagewiseMean } from '../../../src/stats/sequential/stagewise.ts';
import { createRandom } from '../../support/random.ts';

const FIVE = [0.2, 0.4, 0.6, 0.8, 1];
const LEVEL = 0.025 / 3;
const alpha = (t: number) => hwangShihDeCani(LEVEL, -2, t);
const beta = (t: number) => hwangShihDeCani(0.2, -1, t);

const isClose = (found: readonly number[], wanted: readonly number[], within: number) => {
  assert.equal(found.length, wanted.length);
  found.forEach((value, k) => {
    assert.ok(Math.abs(value - wanted[k]!) <= within, `look ${k + 1}: ${value}, not ${wanted[k]}`);
  });
};

test('five looks of O’Brien-Fleming type at one-sided 0.025 are those published (gsDesign, ldbounds)', () => {
  const z = normalQuantile(1 - 0.0125, 0, 1);
  const spent = (t: number) => 2 * normalCdf(-z / Math.sqrt(t), 0, 1);
  isClose(efficacyBoundaries(FIVE, spent), [4.877, 3.357, 2.68, 2.29, 2.031], 0.002);
});

test('ours, at a third of 0.025', () => {
  isClose(efficacyBoundaries(FIVE, alpha), [3.22, 3.065, 2.897, 2.727, 2.55], 0.002);
});

test('looks that follow closely on one another: boundaries are those of a recursion by Gauss and Legendre, 8 points to each step', () => {
  for (const [fractions, wanted] of [
    [
      [0.9, 0.9001, 0.9002, 0.9999, 1],
      [2.4791, 2.5002, 2.5094, 2.531, 2.5476],
    ],
    [
      [0.5, 0.501, 0.502, 0.503, 1],
      [2.8421, 2.9122, 2.9407, 2.9603, 2.4624],
    ],
    [
      [0.13, 0.4, 0.45, 0.97, 1],
      [3.3617, 3.021, 3.1194, 2.4891, 2.5704],
    ],
  ] as const) {
    for (const grid of [121, 161, 901]) isClose(efficacyBoundaries(fractions, alpha, grid), wanted, 1e-4);
  }
});

test('one look is the plain one-sided test', () => {
  isClose(efficacyBoundaries([1], alpha), [normalQuantile(1 - LEVEL, 0, 1)], 1e-6);
});

test('the design of five looks has its power at its drift, and takes 1.17 times the fixed sample', () => {
  const efficacy = efficacyBoundaries(FIVE, alpha);
  const { drift, bounds } = futilityDesign(FIVE, efficacy, beta);
  const lower = bounds.map((bound, k) => drift * Math.sqrt(FIVE[k]!) - bound);
  const { crossed, futile } = endingsOf(FIVE, { efficacy, lower, drift });
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  isClose([sum(crossed), sum(futile)], [0.8, 0.2], 0.001);
  const fixed = normalQuantile(1 - LEVEL, 0, 1) + normalQuantile(0.8, 0, 1);
  isClose([(drift / fixed) ** 2], [1.17], 0.01);
  // Without a drop it ends early, and calls one no more often than it may.
  const none = endingsOf(FIVE, { efficacy, lower, drift: 0 });
  assert.ok(sum(none.crossed) <= LEVEL);
  assert.ok(none.futile[0]! > 0.2 && none.futile[0]! + none.futile[1]! > 0.5, String(none.futile));
});

test('boundaries hold what simulated walks do', () => {
  const efficacy = efficacyBoundaries(FIVE, (t) => hwangShihDeCani(0.1, -2, t));
  const random = createRandom(5);
  let crossed = 0;
  const runs = 20_000;
  for (let run = 0; run < runs; run++) {
    let sum = 0;
    crossed += Number(
      efficacy.some((bound) => {
        sum += Math.sqrt(0.2) * normalQuantile(Math.max(1e-12, random.uniform()), 0, 1);
        return sum / Math.sqrt(FIVE[efficacy.indexOf(bound)]!) >= bound;
      }),
    );
  }
  assert.ok(Math.abs(crossed / runs - 0.1) < 4 * Math.sqrt((0.1 * 0.9) / runs), String(crossed / runs));
});

test('a sequential p-value', async (t) => {
  await t.test('is the look’s own where there is one look', () => {
    isClose([sequentialP([1], [0.013], -2)], [0.013], 1e-9);
  });
  await t.test('is the level at which the boundary is just reached', () => {
    for (const k of [0, 2, 4]) {
      const pValues = FIVE.slice(0, k + 1).map(() => 0.4);
      pValues[k] = normalCdf(-efficacyBoundaries(FIVE, alpha)[k]!, 0, 1);
      isClose([sequentialP(FIVE.slice(0, k + 1), pValues, -2)], [LEVEL], LEVEL * 0.01);
    }
  });
  await t.test('never grows with a further look', () => {
    const pValues = [0.02, 0.3, 0.9, 0.9, 0.9];
    let before = 1;
    for (let k = 1; k <= 5; k++) {
      const p = sequentialP(FIVE.slice(0, k), pValues.slice(0, k), -2);
      assert.ok(p <= before + 1e-9, `${p} after ${before}`);
      before = p;
    }
  });
  await t.test('is 1 where no look was tested, and small where a tail underflows', () => {
    assert.equal(sequentialP([0.2, 0.4], [null, null], -2), 1);
    assert.ok(sequentialP([0.2, 0.4], [1e-300, 0], -2) < 1e-200);
  });
});

test('the stagewise estimate', async (t) => {
  await t.test('after one look is the statistic, with its plain interval', () => {
    const ending = { fractions: [0.2], efficacy: [], lower: [], statistic: 2.5 };
    isClose(
      [0.5, 0.025, 0.975].map((share) => stagewiseMean(ending, share)),
      [2.5, 2.5 - 1.96, 2.5 + 1.96],
      0.001,
    );
  });
  await t.test('after a later stop lies nearer to none than the plain one', () => {
    const efficacy = efficacyBoundaries(FIVE, alpha);
    const { drift, bounds } = futilityDesign(FIVE, efficacy, beta);
    const lower = bounds.map((bound, k) => drift * Math.sqrt(FIVE[k]!) - bound);
    const statistic = 3.2;
    const mean = stagewiseMean(
      { fractions: FIVE.slice(0, 3), efficacy: efficacy.slice(0, 2), lower: lower.slice(0, 2), statistic },
      0.5,
    );
    assert.ok(mean < statistic && mean > 2, String(mean));
  });
});

test('the graph of three factors', async (t) => {
  const at = (id: string, drop: number, against = 0) => ({
    id,
    drop,
    against,
    efficacy: [3, 2.8, 2.5],
    futility: 1,
  });
  const cases = [
    {
      name: 'a factor at alpha / 3',
      tests: [at('a', 3.1), at('b', 2.9), at('c', 2)],
      rejected: 0,
      regressed: ['a', 'b'],
    },
    { name: 'nothing below alpha / 3', tests: [at('a', 2.9), at('b', 2.9)], rejected: 0, regressed: [] },
    { name: 'the next level after an earlier look', tests: [at('b', 2.9)], rejected: 1, regressed: ['b'] },
    {
      name: 'all three, one after the other',
      tests: [at('a', 3.1), at('b', 2.85), at('c', 2.6)],
      rejected: 0,
      regressed: ['a', 'b', 'c'],
    },
  ];
  for (const { name, tests, rejected, regressed } of cases) {
    await t.test(name, () => {
      const decided = decideLook(tests, rejected);
      assert.deepEqual(
        [...decided].filter(([, what]) => what === 'regressed').map(([id]) => id),
        regressed,
      );
    });
  }
  await t.test('what is ruled out is held, unless it regressed', () => {
    const decided = decideLook([at('a', 3.1, 2), at('b', 0, 1.5), at('c', 0, 0.5)], 0);
    assert.deepEqual(
      [...decided],
      [
        ['a', 'regressed'],
        ['b', 'held'],
      ],
    );
  });
});

test('statistics are compared as p-values of t', () => {
  const statistic = dropStatistic({ estimate: -0.03, se: 0.01, df: 20 });
  assert.ok(statistic < 3 && statistic > 2.6, String(statistic));
  isClose([boundaryOfT(statistic, 20)], [3], 1e-6);
  isClose([dropStatistic({ estimate: 0.03, se: 0.01, df: 20 })], [-statistic], 1e-9);
  isClose([dropStatistic({ estimate: -0.02, se: 0.01, df: 1e6 }, -0.02)], [0], 1e-9);
});
