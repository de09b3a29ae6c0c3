import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tangoInterval } from '../../src/stats/tango-interval.ts';
import { assertClose } from '../support/assert-close.ts';
import { expected } from './expected.ts';

describe('the score interval of a paired difference', () => {
  for (const { gained, lost, n, level, ci } of expected.tango) {
    test(`inverts the score test: ${gained} gained, ${lost} lost of ${n}, level ${level}`, () => {
      assertClose(tangoInterval(gained, lost, n, level), ci);
    });
  }

  const published = [
    { source: 'Tango (1998), contact lenses', gained: 0, lost: 1, n: 44, level: 0.9, ci: [-0.096, 0.037] },
    {
      source: 'Fagerland, Lydersen and Laake (2014), airways',
      gained: 1,
      lost: 7,
      n: 21,
      level: 0.95,
      ci: [-0.517, -0.026],
    },
  ];
  for (const { source, gained, lost, n, level, ci } of published) {
    test(`is the published one: ${source}`, () => {
      assertClose(tangoInterval(gained, lost, n, level), ci, 0.0005);
    });
  }

  test('has width without a discordant pair', () => {
    const squared = 1.959963984540054 ** 2;
    const reach = squared / (200 + squared);
    assertClose(tangoInterval(0, 0, 200, 0.95), [-reach, reach]);
  });

  test('turns round with the sides', () => {
    const [low, high] = tangoInterval(9, 4, 60, 0.95);
    assert.deepEqual(tangoInterval(4, 9, 60, 0.95), [-high, -low]);
  });

  test('stays within -1 and 1, and holds the estimate, for all counts of few pairs', () => {
    for (let n = 1; n <= 9; n++) {
      for (let gained = 0; gained <= n; gained++) {
        for (let lost = 0; gained + lost <= n; lost++) {
          const [low, high] = tangoInterval(gained, lost, n, 0.95);
          const estimate = (gained - lost) / n;
          assert.ok(low >= -1 && high <= 1 && low <= estimate && estimate <= high, `${gained} ${lost} ${n}`);
          assert.ok(high - low > 0.1, `${gained} ${lost} ${n}`);
        }
      }
    }
  });

  test('of no pairs says nothing', () => {
    assert.deepEqual(tangoInterval(0, 0, 0, 0.95), [-1, 1]);
  });

  for (const [gained, lost, n] of [
    [3, 3, 5],
    [-1, 0, 5],
    [Number.NaN, 0, 5],
    [0.5, 0.5, 5],
  ] as const) {
    test(`refused: ${gained} gained, ${lost} lost of ${n}`, () => {
      assert.throws(() => tangoInterval(gained, lost, n, 0.95), { name: 'RangeError' });
    });
  }
});
