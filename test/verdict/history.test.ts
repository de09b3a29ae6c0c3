import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureSpreads } from '../../src/verdict/measure/flip-variance.ts';
import { after, HALF, of } from '../support/comparisons.ts';
import { rightThenWrong } from '../support/records.ts';

const bbq = (model: string, scores: readonly number[]) => of(model, { bbq: { scores } });

test('two records tell how often answers flip, a little drawn to the assumption', () => {
  const measured = measureSpreads([bbq('a', HALF), bbq('b', after(20, 20))]).get('bbq')!;
  assert.equal(measured.source, 'records');
  assert.ok(Math.abs(measured.variance - (40 + 20 * 0.1) / 1020) < 1e-12, String(measured.variance));
});

test('three records count each neighbouring pair', () => {
  const measured = measureSpreads([bbq('a', HALF), bbq('b', HALF), bbq('c', after(30, 30))]).get('bbq')!;
  assert.ok(Math.abs(measured.variance - (60 + 2) / 2020) < 1e-12);
});

test('no flip at all still leaves some variance', () => {
  assert.ok(measureSpreads([bbq('a', HALF), bbq('b', HALF)]).get('bbq')!.variance > 0.001);
});

test('one record of a score near 1 bounds the variance, one of a middling score says nothing', () => {
  const bounded = measureSpreads([bbq('a', rightThenWrong(990, 10))]).get('bbq')!;
  assert.ok(bounded.variance < 0.025);
  assert.equal(measureSpreads([bbq('a', HALF)]).get('bbq'), undefined);
});

test('benchmarks that no record has are not in it', () => {
  assert.deepEqual([...measureSpreads([bbq('a', HALF), bbq('b', HALF)]).keys()], ['bbq']);
  assert.equal(measureSpreads([]).size, 0);
});
