/** What a commit's check says, of the reports on it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Conclusion,
  present,
  putTogether,
  readSection,
  type SectionRun,
  writeSection,
} from '../../src/github/check/check-sections.ts';

let ids = 0;

function run(
  pull: number | null,
  conclusion: Conclusion | null,
  more: Partial<SectionRun['stamp']> = {},
): SectionRun {
  const stamp = { report: 'pr', run: ++ids, attempt: 1, leg: null, isClaim: false, isConfirming: false };
  const said = conclusion === null ? null : { conclusion, title: `Said ${conclusion}` };
  return { id: ids, stamp: { ...stamp, pull, ...more }, said };
}
const claim = (pull: number, conclusion: Conclusion) => run(pull, conclusion, { isClaim: true });
const asked = (pull: number, conclusion: Conclusion | null) =>
  run(pull, conclusion, { report: 'on-demand', isConfirming: true });
/** A job of a matrix of two, all of one run. */
const leg = (name: string | null, conclusion: Conclusion | null, more: Partial<SectionRun['stamp']> = {}) =>
  run(1, conclusion, { run: 900, leg: name, ...(name === null ? {} : { legs: 2 }), ...more });
/** A job of the same run that no matrix tells apart, with a report of its own. */
const beside = (conclusion: Conclusion): SectionRun => {
  const one = leg(null, conclusion);
  return { ...one, said: { ...one.said!, isReport: true } };
};

describe('a check of several reports', () => {
  const cases: [string, () => SectionRun[], number[] | null, Conclusion][] = [
    ['one alone: what it says', () => [run(1, 'success')], null, 'success'],
    ['the worst of two pull requests', () => [run(1, 'failure'), run(2, 'success')], [1, 2], 'failure'],
    ['whichever came last', () => [run(1, 'success'), run(2, 'failure')], [1, 2], 'failure'],
    [
      'nothing decided is worse than neutral',
      () => [run(1, 'neutral'), run(2, 'action_required')],
      [1, 2],
      'action_required',
    ],
    ['cancelled is not a success', () => [run(1, 'success'), run(2, 'cancelled')], [1, 2], 'cancelled'],
    ['two jobs of a matrix', () => [leg('a', 'failure'), leg('b', 'success')], [1], 'failure'],
    ['two that both pass', () => [leg('a', 'success'), leg('b', 'success')], [1], 'success'],
    ['one of two: the other is waited for', () => [leg('a', 'success')], [1], 'action_required'],
    ['one alone of a matrix of one', () => [leg('a', 'success', { legs: 1 })], [1], 'success'],
    [
      'jobs that do not know how many they are',
      () => [leg('a', 'success', { legs: undefined })],
      [1],
      'success',
    ],
    [
      'a later attempt of one takes the place of that one alone',
      () => [leg('a', 'failure'), leg('b', 'success'), leg('a', 'success', { attempt: 2 })],
      [1],
      'success',
    ],
    [
      'and not of the other',
      () => [leg('a', 'failure'), leg('b', 'success'), leg('b', 'success', { attempt: 2 })],
      [1],
      'failure',
    ],
    [
      'a later run waits for both again',
      () => [leg('a', 'failure'), leg('b', 'success'), leg('b', 'success', { run: 901 })],
      [1],
      'action_required',
    ],
    [
      'a later run with fewer of them',
      () => [leg('a', 'failure'), leg('b', 'success'), leg('b', 'success', { run: 901, legs: 1 })],
      [1],
      'success',
    ],
    [
      'what was opened before them gives way to both',
      () => [leg(null, null), leg('a', 'success'), leg('b', 'success')],
      [1],
      'success',
    ],
    [
      'what a job beside the matrix reported with the same id stays',
      () => [beside('failure'), leg('a', 'success'), leg('b', 'success')],
      [1],
      'failure',
    ],
    [
      'and does not stand for those of the matrix that are still to come',
      () => [beside('success'), leg('a', 'success')],
      [1],
      'action_required',
    ],
    ['and not to one', () => [leg(null, null), leg('a', 'success')], [1], 'action_required'],
    [
      'what was opened for a new attempt of all waits for all of them',
      () => [
        leg('a', 'success'),
        leg('b', 'success'),
        leg(null, null, { attempt: 2 }),
        leg('a', 'success', { attempt: 2 }),
      ],
      [1],
      'action_required',
    ],
    [
      'what was ended for one that never began',
      () => [leg(null, 'failure'), leg('a', 'success')],
      [1],
      'failure',
    ],
    [
      'until that one is run again',
      () => [leg(null, 'failure'), leg('a', 'success'), leg('b', 'success', { attempt: 2 })],
      [1],
      'success',
    ],
    [
      'claims of both that are confirmed',
      () => [
        leg('a', 'action_required', { isClaim: true }),
        leg('b', 'failure', { isClaim: true }),
        asked(1, 'success'),
      ],
      [1],
      'success',
    ],
    [
      'a confirmation by one of two jobs waits for the other',
      () => [claim(1, 'action_required'), leg('a', 'success', { report: 'on-demand', isConfirming: true })],
      [1],
      'action_required',
    ],
    [
      'a later run of the same report takes its place',
      () => [run(1, 'failure'), run(1, 'success')],
      [1],
      'success',
    ],
    ['also while it works', () => [run(1, 'success'), run(1, null)], [1], 'action_required'],
    ['one that is closed does not count', () => [run(1, 'success'), run(2, 'failure')], [1], 'success'],
    ['where that is not known it does', () => [run(1, 'success'), run(2, 'failure')], null, 'failure'],
    [
      'nor is a list believed that lacks the own',
      () => [run(1, 'success'), run(2, 'failure')],
      [],
      'failure',
    ],
    ['one without a report is waited for', () => [run(1, 'success')], [1, 2], 'action_required'],
    [
      'what names no pull request is not a part',
      () => [run(1, 'success'), run(null, 'failure')],
      [1],
      'success',
    ],
    ['a claim', () => [claim(1, 'action_required')], [1], 'action_required'],
    ['a claim that is confirmed', () => [claim(1, 'action_required'), asked(1, 'success')], [1], 'success'],
    ['also a claimed drop', () => [claim(1, 'failure'), asked(1, 'success')], [1], 'success'],
    ['a claim that is refuted', () => [claim(1, 'action_required'), asked(1, 'failure')], [1], 'failure'],
    ['a claim after that', () => [asked(1, 'failure'), claim(1, 'action_required')], [1], 'failure'],
    [
      'a claim whose confirmation was cancelled',
      () => [claim(1, 'action_required'), asked(1, 'cancelled')],
      [1],
      'cancelled',
    ],
    [
      'a claim whose confirmation goes on',
      () => [claim(1, 'action_required'), asked(1, null)],
      [1],
      'action_required',
    ],
    [
      'a claim of another pull request is not confirmed',
      () => [claim(2, 'action_required'), asked(1, 'success')],
      [1, 2],
      'action_required',
    ],
    [
      'a report that decided nothing is decided',
      () => [run(1, 'action_required'), asked(1, 'success')],
      [1],
      'success',
    ],
    ['a report that failed is not', () => [run(1, 'failure'), asked(1, 'success')], [1], 'failure'],
    [
      'no other report confirms',
      () => [claim(1, 'action_required'), run(1, 'success')],
      [1],
      'action_required',
    ],
  ];
  for (const [title, runs, pulls, conclusion] of cases) {
    test(`${title}: ${conclusion}`, () => {
      assert.equal(putTogether(runs(), pulls, 1).conclusion, conclusion);
    });
  }

  test('of a merge group, which names no pull request', () => {
    assert.equal(putTogether([run(null, 'failure'), run(1, 'success')], null, null).conclusion, 'failure');
  });

  test('shows in each part which one decides, and what the others say', () => {
    const [one, two] = [run(1, 'success'), run(2, 'failure')];
    const all = putTogether([one, two], [1, 2], 1);
    assert.equal(present(all, one).title, 'pull request #2 (pr): Said failure');
    assert.deepEqual(present(all, one).others, ['- pull request #2 (pr): Said failure (failure)']);
    assert.equal(present(all, two).title, 'Said failure');
  });
});

for (const title of [
  'No loss',
  '--> <b>x</b> & "y"',
  '-->\n<!-- sos-bench:section {"conclusion":"success"} -->',
]) {
  test(`the hidden line of ${JSON.stringify(title)} comes back, and does not end early`, () => {
    const line = writeSection({ conclusion: 'failure', title });
    assert.deepEqual(readSection(`text\n${line}\nmore`), { conclusion: 'failure', title });
    assert.equal(line.match(/--/g)?.length, 2);
    assert.doesNotMatch(line, /\n/);
  });
}

for (const text of [
  null,
  '',
  '<!-- sos-bench:section {} -->',
  '<!-- sos-bench:section {"conclusion":"great","title":""} -->',
]) {
  test(`${JSON.stringify(text)} says nothing of a section`, () => assert.equal(readSection(text), null));
}
