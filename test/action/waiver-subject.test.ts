/** What waivers may hold for, by what started the run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waiverSubject } from '../../src/action/steps/compare/waivers.ts';
import { type EventContext, readEvent } from '../../src/github/event.ts';
import { pullPayload, REPOSITORY } from '../support/events.ts';

const SHA = 'a'.repeat(40);
const PULL = pullPayload({ number: 7, headSha: SHA }, 'b'.repeat(40));
const group = (ref: string) => ({
  merge_group: { head_sha: SHA, head_ref: ref, base_sha: 'b'.repeat(40), base_ref: 'refs/heads/main' },
  repository: REPOSITORY,
});
const QUEUE = 'refs/heads/gh-readonly-queue/main/pr-7-';
const push = (ref: string) => ({ after: SHA, ref, repository: REPOSITORY });
const NOTHING = { pull: null, main: null };

for (const [title, name, payload, ref, expected] of [
  [
    'a merge group: the pull request that it adds',
    'merge_group',
    group(QUEUE + SHA),
    '',
    { pull: 7, main: null },
  ],
  ['a merge group of a name that is none: nothing', 'merge_group', group('refs/heads/pr-7-abc'), '', NOTHING],
  [
    'a push to main: what was merged',
    'push',
    push('refs/heads/main'),
    '',
    { pull: null, main: { sha: SHA, branch: 'main' } },
  ],
  ['a push to another branch: nothing', 'push', push('refs/heads/release'), '', NOTHING],
  [
    'a run that names no pull request, elsewhere: nothing',
    'workflow_dispatch',
    { repository: REPOSITORY },
    'refs/heads/x',
    NOTHING,
  ],
] as const) {
  test(title, () => {
    assert.deepEqual(waiverSubject(event(name, payload, ref), null), expected);
  });
}

test('a pull request: itself, whatever the event', () => {
  const context = event('pull_request', PULL, '');
  assert.ok(context.kind === 'pull');
  const target = { pull: context.pull, sha: SHA, claimant: null, isAskedFor: false, into: 'main' };
  assert.deepEqual(waiverSubject(context, target), { pull: 7, main: null });
});

function event(name: string, payload: object, ref: string): EventContext {
  const facts = {
    name,
    repository: 'octo/models',
    sha: SHA,
    ref,
    runId: 1,
    attempt: 1,
    workflow: 'w',
    actor: null,
  };
  return readEvent(facts, payload);
}
