import assert from 'node:assert/strict';
import { test } from 'node:test';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { efficacyBoundaries } from '../../../src/stats/sequential/efficacy.ts';
import { endingsOf, futilityDesign } from '../../../src/stats/sequential/futility.ts';
import { hwangShihDeCani } from '../../../src/stats/sequential/spending.ts';
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
