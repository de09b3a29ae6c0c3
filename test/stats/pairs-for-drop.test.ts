import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mcnemar } from '../../src/stats/mcnemar.ts';
import { pairsForDrop } from '../../src/stats/pairs-for-drop.ts';
import { tTest } from '../../src/stats/two-sided-t.ts';
import { createRandom } from '../support/random.ts';

/** Shares of pairs that lose and gain where the drop takes some, and of the others so many flip anyway. */
const flipsOf = (drop: number, variance: number) => {
  const flips = drop + (1 - drop) * variance;
  return { lost: (flips + drop) / 2, gained: (flips - drop) / 2 };
};

/** Probability that McNemar's exact test calls the drop: over all counts of pairs that lose and gain. */
function powerOfCounts(n: number, drop: number, variance: number, level: number): number {
  const { lost, gained } = flipsOf(drop, variance);
  const logFactorial = [0];
  for (let i = 1; i <= n; i++) logFactorial.push(logFactorial[i - 1]! + Math.log(i));
  const logs = [lost, gained, 1 - lost - gained].map((p) => Math.log(p));
  let power = 0;
  for (let l = 1; l <= n; l++)
    for (let g = 0; g < l && l + g <= n; g++) {
      const rest = n - l - g;
      const ways = logFactorial[n]! - logFactorial[l]! - logFactorial[g]! - logFactorial[rest]!;
      const p = Math.exp(ways + l * logs[0]! + g * logs[1]! + rest * logs[2]!);
      if (p > 1e-12 && mcnemar(g, l) / 2 <= level) power += p;
    }
  return power;
}

for (const [drop, variance, level] of [
  [0.4, 0.1, 0.001],
  [0.4, 0.1, 0.0001],
  [0.4, 0.02, 0.001],
  [0.2, 0.1, 0.001],
  [0.6, 0.1, 0.001],
  [0.1, 0.1, 0.01],
] as const) {
  test(`by counts: ${100 * drop} points, ${100 * variance}% flip, level ${level}: the exact test has the power`, () => {
    const n = Math.ceil(pairsForDrop(drop, variance, { level, power: 0.8, by: 'counts' }));
    const power = powerOfCounts(n, drop, variance, level);
    // Counts are few: power goes up in steps, and is more where hardly any gains stand against the drop.
    assert.ok(power > 0.77 && power < 0.93, `${n} pairs: ${power}`);
  });
}

test('by counts: a collapse of 40 points at 0.001, a tenth flips: 41 pairs, where the normal quantiles alone would have 29', () => {
  assert.equal(Math.ceil(pairsForDrop(0.4, 0.1, { level: 0.001, power: 0.8, by: 'counts' })), 41);
  assert.equal(powerOfCounts(41, 0.4, 0.1, 0.001).toFixed(2), '0.84');
  assert.ok(powerOfCounts(29, 0.4, 0.1, 0.001) < 0.62);
});

for (const [drop, level] of [
  [0.4, 0.001],
  [0.2, 0.001],
  [0.4, 0.02],
] as const) {
  test(`by t: ${100 * drop} points, 10% flip, level ${level}: by simulation the test has the power`, () => {
    const n = Math.ceil(pairsForDrop(drop, 0.1, { level, power: 0.8, by: 't' }));
    const { lost, gained } = flipsOf(drop, 0.1);
    const random = createRandom(11);
    const runs = 4000;
    let seen = 0;
    for (let run = 0; run < runs; run++) {
      let [sum, squares] = [0, 0];
      for (let i = 0; i < n; i++) {
        const u = random.uniform();
        const value = u < lost ? -1 : u < lost + gained ? 1 : 0;
        sum += value;
        squares += value ** 2;
      }
      const estimate = sum / n;
      const se = Math.sqrt((squares / n - estimate ** 2) / (n - 1));
      if (estimate < 0 && tTest({ estimate, se, df: n - 1, units: n })! / 2 <= level) seen++;
    }
    assert.ok(seen / runs > 0.77 && seen / runs < 0.86, `${n} pairs: ${seen / runs}`);
  });
}

test('a smaller drop, a stricter level, and the exact test take more pairs', () => {
  const pairs = (drop: number, level: number, by: 'counts' | 't') =>
    pairsForDrop(drop, 0.1, { level, power: 0.8, by });
  assert.ok(pairs(0.2, 0.001, 't') > pairs(0.4, 0.001, 't'));
  assert.ok(pairs(0.4, 0.0001, 't') > pairs(0.4, 0.001, 't'));
  assert.ok(pairs(0.4, 0.001, 'counts') > pairs(0.4, 0.001, 't'));
});
