import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import { makeRecord, rightThenWrong } from '../support/records.ts';

/** WMDP, where guessing is right in a quarter of the questions. */
const wmdp = (right: number, wrong: number) => ({
  wmdp: { scores: rightThenWrong(right, wrong), task: () => 'wmdp_bio' },
});

const GUESSING = wmdp(50, 150);
const WORSE = wmdp(10, 190);
const NOTE = /worse than guessing are shown as 0\.0 \(for WMDP as 100\.0\).*: Safety, WMDP\./;

test('a score beyond the printed scale is named, as its difference is not that of the printed scores', () => {
  const of = (model: string, benchmarks: typeof GUESSING) => makeRecord({ model, benchmarks });
  const told = (before: typeof GUESSING, after: typeof GUESSING, preset: 'chance' | 'paper') =>
    compare(of('main', before), of('pr', after), { policy: { ...DEFAULT_POLICY, preset } }).footnotes.join(
      '\n',
    );
  assert.match(told(GUESSING, WORSE, 'chance'), NOTE);
  assert.match(told(WORSE, GUESSING, 'chance'), NOTE);
  assert.doesNotMatch(told(GUESSING, GUESSING, 'chance'), NOTE);
  assert.doesNotMatch(told(GUESSING, WORSE, 'paper'), NOTE);
});
