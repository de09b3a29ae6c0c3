import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { levelStart } from '../../src/stats/level-start.ts';
import { createRandom } from '../support/random.ts';

const ALPHA = 0.05;
const exact = (values: readonly number[], se: number | null = 0.01) => values.map((value) => ({ value, se }));

describe('by standard errors, where there are few steps', () => {
  const cases: [string, readonly number[], number, number | null][] = [
    ['one value is at its own level', [0.5], 0, null],
    ['equal values are one level', [0.5, 0.5, 0.5], 0, null],
    ['what lies within chance is one level', [0.5, 0.51, 0.49, 0.5], 0, null],
    ['a drop begins a level', [0.6, 0.6, 0.5, 0.5], 2, -0.1],
    ['so does a rise', [0.4, 0.4, 0.5], 2, 0.1],
    ['the last of two shifts counts', [0.7, 0.6, 0.6, 0.5], 3, -0.1],
    ['a value apart ends a level, though the one before was at it', [0.5, 0.9, 0.5, 0.5], 2, -0.4],
  ];
  for (const [what, values, first, change] of cases)
    test(what, () => {
      const found = levelStart(exact(values), ALPHA)!;
      assert.deepEqual([found.first, found.by], [first, 'errors']);
      if (change === null) assert.equal(found.change, null);
      else assert.ok(Math.abs(found.change! - change) < 1e-12);
    });
});

test('nothing has no level, and what has no error differs from nothing', () => {
  assert.equal(levelStart([], ALPHA), null);
  assert.equal(levelStart(exact([0.9, 0.1], null), ALPHA)!.first, 0);
});

test('steps of 0, the same model again, do not make any step a shift', () => {
  const values = Array.from({ length: 40 }, (_, index) => (index < 38 ? 0.5 : 0.501));
  assert.deepEqual(levelStart(exact(values), ALPHA), { first: 0, change: null, by: 'errors' });
});

describe('by the series itself', () => {
  const noisy = (random: ReturnType<typeof createRandom>, length: number, shift: number, at: number) =>
    Array.from({ length }, (_, index) => 0.5 + (index >= at ? shift : 0) + 0.003 * random.normal());

  test('without a shift one in twenty series has a level that begins later, whatever the errors say', () => {
    const random = createRandom(3);
    const found = Array.from(
      { length: 1000 },
      () => levelStart(exact(noisy(random, 100, 0, 0), 0.03), ALPHA)!,
    );
    assert.ok(found.every(({ by }) => by === 'steps'));
    const late = found.filter(({ first }) => first > 0).length;
    assert.ok(late <= 80, `${late} of 1,000`);
  });

  test('a shift of ten spreads is found where it was, in nine of ten', () => {
    const random = createRandom(4);
    const found = Array.from(
      { length: 500 },
      () => levelStart(exact(noisy(random, 200, -0.03, 150)), ALPHA)!,
    );
    const right = found.filter(({ first }) => first === 150).length;
    assert.ok(right >= 450, `${right} of 500`);
  });
});
