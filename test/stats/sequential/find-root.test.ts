import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { findRoot } from '../../../src/stats/sequential/find-root.ts';

interface Case {
  title: string;
  increasing: (x: number) => number;
  low: number;
  high: number;
  halvings?: number;
  /** How many values may be computed. */
  most: number;
}

const tail = (level: number) => (x: number) => level - normalCdf(-x, 0, 1);

const CASES: Case[] = [
  { title: 'a line', increasing: (x) => 3 * x - 1, low: -10, high: 10, most: 30 },
  { title: 'a normal tail', increasing: tail(0.025), low: -9, high: 9, most: 35 },
  { title: 'a far tail', increasing: tail(1e-12), low: -9, high: 9, most: 45 },
  { title: 'a root at 0', increasing: (x) => x, low: -7, high: 3, most: 70 },
  { title: 'a cube, flat at its root', increasing: (x) => (x - 0.3) ** 3, low: -9, high: 9, most: 70 },
  { title: 'a jump', increasing: (x) => (x < Math.PI ? -1 : 1), low: -9, high: 9, most: 65 },
  { title: 'a plateau before it', increasing: (x) => Math.max(-1, x - 2), low: -90, high: 9, most: 40 },
  { title: 'few halvings', increasing: tail(0.01), low: 0, high: 12, halvings: 20, most: 25 },
  { title: 'all above 0', increasing: (x) => x + 100, low: -9, high: 9, most: 4 },
  { title: 'all below 0', increasing: (x) => x - 100, low: -9, high: 9, most: 4 },
  { title: '0 everywhere', increasing: () => 0, low: -9, high: 9, most: 4 },
  { title: 'no number anywhere', increasing: () => Number.NaN, low: -9, high: 9, most: 4 },
];

/** Bisection as the books have it. */
function bisect({ increasing, low, high, halvings = 60 }: Case): number {
  let [from, to] = [low, high];
  for (let i = 0; i < halvings; i++) {
    const middle = (from + to) / 2;
    if (increasing(middle) < 0) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

describe("a root is bisection's to the last digit, for fewer values", () => {
  for (const given of CASES) {
    test(given.title, () => {
      let count = 0;
      const found = findRoot((x) => {
        count++;
        return given.increasing(x);
      }, given);
      assert.equal(found, bisect(given));
      assert.ok(count <= given.most, `${count} values`);
    });
  }

  test('normal tails of any size', () => {
    for (let i = 0; i < 200; i++) {
      const given = { ...CASES[1]!, increasing: tail(10 ** (-i / 15) / 2) };
      assert.equal(findRoot(given.increasing, given), bisect(given), String(i));
    }
  });
});
