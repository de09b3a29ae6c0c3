import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSpread, widen } from '../../src/stats/run-spread.ts';
import { assertClose } from '../support/assert-close.ts';
import { expected } from './expected.ts';

for (const { scores, errors, sd, ci, difference, widened } of expected.runSpread) {
  test(`the spread between runs that scored ${scores.join(', ')}`, () => {
    const spread = runSpread(scores, errors, 0.95);
    assertClose(spread.sd, sd);
    assertClose(spread.ci, ci);
    const wide = widen(difference, spread);
    assertClose(wide.se, widened.se);
    assertClose(wide.df, widened.df);
    assert.deepEqual([wide.estimate, wide.units], [difference.estimate, difference.units]);
  });
}

test('scores that differ less than their errors show no spread', () => {
  const spread = runSpread([0.5, 0.5, 0.5], [0.01, 0.01, 0.01], 0.95);
  assert.deepEqual([spread.sd, spread.ci], [0, [0, 0]]);
});

test('an unknown standard error stays unknown', () => {
  const unknown = { estimate: -0.1, se: null, df: null, units: 1 };
  assert.deepEqual(widen(unknown, runSpread([0.1, 0.2, 0.3], [0, 0, 0], 0.95)), unknown);
});

test('nothing without spread stays without', () => {
  const sure = { estimate: 0, se: 0, df: 9, units: 10 };
  assert.deepEqual(widen(sure, runSpread([0.5, 0.5, 0.5], [0, 0, 0], 0.95)), sure);
});

const refused = [
  { title: 'two models', scores: [0.1, 0.2], errors: [0.01] },
  { title: 'a pair without its error', scores: [0.1, 0.2, 0.3], errors: [0.01, 0.01] },
  { title: 'a score that is NaN', scores: [0.1, Number.NaN, 0.3], errors: [0, 0, 0] },
];
for (const { title, scores, errors } of refused) {
  test(`refused: ${title}`, () => {
    assert.throws(() => runSpread(scores, errors, 0.95), { name: 'RangeError' });
  });
}
