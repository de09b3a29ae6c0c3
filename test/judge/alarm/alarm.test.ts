import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type AlarmFactor,
  type AlarmJudge,
  type AlarmState,
  decideAlarm,
} from '../../../src/judge/alarm/alarm.ts';

const factor = (upper: number | null, change: AlarmFactor['change'] = 'neither'): AlarmFactor => ({
  ...{ name: 'World knowledge', change, upper, gain: 0.02 },
});
const p = (p: number): AlarmJudge => ({ p, reason: null });
const UP = p(0.05);

const CASES: [what: string, judge: AlarmJudge, factors: AlarmFactor[], state: AlarmState][] = [
  ['the judge is up and every gain is excluded', UP, [factor(0.019), factor(-0.01)], 'style over substance'],
  ['the judge is not up', p(0.0501), [factor(0.01)], 'judge not up'],
  ['the judge is far down', p(0.9999), [factor(-0.2, 'regressed')], 'judge not up'],
  ['one gain just not excluded', UP, [factor(0.01), factor(0.02)], 'cannot tell'],
  ['one factor was not measured', UP, [factor(0.01), factor(null)], 'cannot tell'],
  ['nothing was measured', UP, [factor(null)], 'cannot tell'],
  ['there are no factors', UP, [], 'cannot tell'],
  ['a factor regressed', UP, [factor(-0.03, 'regressed'), factor(0.001)], 'judge up, substance down'],
  [
    'one regressed, one improved',
    UP,
    [factor(-0.03, 'regressed'), factor(0.05, 'improved')],
    'judge up, substance down',
  ],
  [
    'one regressed, one not measured',
    UP,
    [factor(-0.03, 'regressed'), factor(null)],
    'judge up, substance down',
  ],
  ['a factor improved', UP, [factor(0.05, 'improved'), factor(0.001)], 'judge up, substance up'],
  [
    'a factor improved by less than counts',
    UP,
    [factor(0.015, 'improved'), factor(0.001)],
    'style over substance',
  ],
  ['the judge is no measurement', { p: null, reason: 'why' }, [factor(0.01)], 'no alarm'],
];
describe('preference and substance together', () => {
  for (const [what, judge, factors, state] of CASES)
    test(`${what}: ${state}`, () => assert.equal(decideAlarm(judge, factors), state));
});
