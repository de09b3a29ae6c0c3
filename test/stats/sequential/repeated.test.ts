import assert from 'node:assert/strict';
import { test } from 'node:test';
import { efficacyBoundaries } from '../../../src/stats/sequential/efficacy.ts';
import { repeatedInterval, repeatedP } from '../../../src/stats/sequential/repeated.ts';
import { hwangShihDeCani } from '../../../src/stats/sequential/spending.ts';
import { tTest } from '../../../src/stats/two-sided-t.ts';
import { createRandom } from '../../support/random.ts';

const GAMMA = -2;
const FRACTIONS = [0.2, 0.4, 0.6, 0.8, 1];
const boundsAt = (alpha: number) =>
  efficacyBoundaries(FRACTIONS, (t) => hwangShihDeCani(alpha / 2, GAMMA, t), 161);

test('with one look at all there is, the repeated p-value is that of t', () => {
  const estimate = { estimate: -0.03, se: 0.012, df: 40 };
  assert.ok(Math.abs(repeatedP(estimate, [1], GAMMA) - tTest({ ...estimate, units: 41 })!) < 1e-9);
});

test('the repeated p-value is at most alpha exactly where the interval at alpha leaves out 0', async (t) => {
  for (const alpha of [0.001, 0.05, 0.1]) {
    const bounds = boundsAt(alpha);
    for (const look of [1, 2, 5]) {
      await t.test(`alpha ${alpha}, look ${look}`, () => {
        const at = (z: number) => ({ estimate: -0.01 * z, se: 0.01, df: 1e6 });
        const bound = bounds[look - 1]!;
        for (const [z, isOutside] of [
          [bound + 0.02, true],
          [bound - 0.02, false],
          [-bound - 0.02, true],
        ] as const) {
          const [low, high] = repeatedInterval(at(z), bound)!;
          assert.equal(low > 0 || high < 0, isOutside);
          assert.equal(repeatedP(at(z), FRACTIONS.slice(0, look), GAMMA) <= alpha, isOutside);
        }
      });
    }
  }
});

test('nothing at all has p 1, and a look without a boundary no interval', () => {
  assert.equal(repeatedP({ estimate: 0, se: 0.01, df: 100 }, [0.2, 0.4], GAMMA), 1);
  assert.equal(repeatedInterval({ estimate: 0, se: 0.01, df: 100 }, 40), null);
});

test('the intervals of all looks hold the truth at once in 95% (20,000 walks), the plain ones do not', () => {
  const random = createRandom(7);
  const bounds = boundsAt(0.05);
  const walks = 20_000;
  let [held, plain] = [0, 0];
  for (let walk = 0; walk < walks; walk++) {
    let [sum, before, all, naive] = [0, 0, true, true];
    FRACTIONS.forEach((t, look) => {
      sum += random.normal() * Math.sqrt(t - before);
      before = t;
      const z = Math.abs(sum / Math.sqrt(t));
      all &&= z < bounds[look]!;
      naive &&= z < 1.96;
    });
    held += Number(all);
    plain += Number(naive);
  }
  assert.ok(Math.abs(held / walks - 0.95) < 0.006, `${held / walks}`);
  assert.ok(plain / walks < 0.9, `${plain / walks}`);
});
