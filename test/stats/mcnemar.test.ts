import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mcnemar } from '../../src/stats/mcnemar.ts';
import { assertClose } from '../support/assert-close.ts';
import { expected } from './expected.ts';

for (const { gained, lost, p } of expected.mcnemar) {
  test(`${gained} gained and ${lost} lost: p = ${p.toPrecision(3)}, either way round`, () => {
    assertClose(mcnemar(gained, lost) / p, 1);
    assert.equal(mcnemar(lost, gained), mcnemar(gained, lost));
  });
}

test('differences that all point one way have twice their chance', () => {
  assertClose(mcnemar(0, 10), 2 * 0.5 ** 10);
});

for (const [gained, lost] of [
  [-1, 2],
  [0.5, 2],
  [Number.NaN, 1],
] as const) {
  test(`refused: ${gained} gained and ${lost} lost`, () => {
    assert.throws(() => mcnemar(gained, lost), { name: 'RangeError' });
  });
}
