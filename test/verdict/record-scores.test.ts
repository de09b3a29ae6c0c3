/** The scores of a candidate are taken once: what is shown of it and what it is compared by are the same. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare } from '../../src/verdict/compare.ts';
import { scoreRecord } from '../../src/verdict/measure/record-scores.ts';
import { DEFAULT_POLICY, PRESETS } from '../../src/verdict/policy.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { row } from '../support/comparisons.ts';
import * as scenarios from '../support/scenarios.ts';

const { regression, sameModel, notComparable, incomplete, someRows, inconclusive } = scenarios;

for (const preset of PRESETS) {
  const policy = { ...DEFAULT_POLICY, preset };
  for (const [name, { baseline, candidate }] of Object.entries({
    ...{ regression, sameModel, notComparable, incomplete, someRows, inconclusive },
  }))
    test(`${name}, ${preset}: scores that were taken before change nothing`, () => {
      const scores = scoreRecord(candidate, preset);
      const options = { policy, anchor: baseline };
      assert.deepEqual(
        compare(baseline, candidate, { ...options, scores }),
        compare(baseline, candidate, options),
      );
      assert.deepEqual(summarise(candidate, preset, scores), summarise(candidate, preset));
    });
}

describe('scores that were taken before', () => {
  const { baseline, candidate } = regression;
  const marked = (preset: 'paper' | 'macro') => {
    const scores = scoreRecord(candidate, preset);
    const bbq = { ...scores.benchmarks.get('bbq')!, score: 0.123 };
    return { ...scores, benchmarks: new Map([...scores.benchmarks, ['bbq', bbq] as const]) };
  };

  test('are those of the comparison', () => {
    assert.equal(
      row(compare(baseline, candidate, { scores: marked('paper') }), 'bbq').candidate.score,
      0.123,
    );
  });

  test('are not used for another preset', () => {
    assert.notEqual(
      row(compare(baseline, candidate, { scores: marked('macro') }), 'bbq').candidate.score,
      0.123,
    );
  });
});
