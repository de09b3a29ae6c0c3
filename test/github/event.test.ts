import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import examples from '@octokit/webhooks-examples' with { type: 'json' };
import { type EventFacts, readEvent, readPayload } from '../../src/github/event.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const MERGE = 'f'.repeat(40);

function facts(name: string): EventFacts {
  return {
    name,
    repository: 'Codertocat/Hello-World',
    sha: MERGE,
    ref: 'refs/heads/main',
    runId: 77,
    attempt: 2,
    workflow: 'SOS-Bench',
    actor: 'Codertocat',
  };
}

type Json = Record<string, unknown>;

/** Examples of an event's payload, as GitHub publishes them; each call gives copies. */
function payloads(name: string): Json[] {
  const all = examples as unknown as { name: string; examples: Json[] }[];
  return structuredClone(all.find((event) => event.name === name)!.examples);
}

/** A payload with `path` set to `value`. */
function altered(payload: Json, path: string, value: unknown): Json {
  const keys = path.split('.');
  const last = keys.pop()!;
  const holder = keys.reduce((at, key) => at[key] as Json, payload);
  holder[last] = value;
  return payload;
}

for (const name of [
  'pull_request',
  'push',
  'merge_group',
  'workflow_run',
  'issue_comment',
  'repository_dispatch',
  'workflow_dispatch',
  'release',
]) {
  test(`every published example of ${name} is read, or refused for having no commit`, async () => {
    for (const payload of payloads(name)) {
      if (payload.deleted === true) {
        await rejectsWith(() => readEvent(facts(name), payload), 'event-unusable', 'deleted');
        continue;
      }
      const context = readEvent(facts(name), payload);
      assert.equal(context.runId, 77);
      assert.equal(context.attempt, 2);
    }
  });
}

for (const name of ['pull_request', 'pull_request_target']) {
  test(`${name}: the head's own commit, not the test merge`, () => {
    const [payload] = payloads('pull_request');
    const context = readEvent(facts(name), payload);
    assert.ok(context.kind === 'pull');
    assert.equal(context.defaultBranch, 'master');
    assert.deepEqual(context.pull, {
      number: 2,
      state: 'open',
      locked: false,
      author: 'Codertocat',
      headSha: 'ec26c3e57ca3a959ca5aad62de7213c562f8c821',
      headRef: 'changes',
      headRepository: 'Codertocat/Hello-World',
      baseSha: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
      baseRef: 'master',
      isFork: false,
      isDependabot: false,
    });
  });
}

for (const [title, changes, expected] of [
  [
    'a fork',
    { 'pull_request.head.repo.full_name': 'guest/Hello-World' },
    { isFork: true, headRepository: 'guest/Hello-World' },
  ],
  ['a fork that was deleted', { 'pull_request.head.repo': null }, { isFork: true, headRepository: null }],
  ["Dependabot's", { 'pull_request.user.login': 'dependabot[bot]' }, { isFork: false, isDependabot: true }],
  ["someone's that Dependabot rebased", { 'sender.login': 'dependabot[bot]' }, { isDependabot: true }],
  ['of a deleted user', { 'pull_request.user': null }, { author: null, isDependabot: false }],
  ['a locked one', { 'pull_request.locked': true }, { locked: true }],
  ['a closed one', { 'pull_request.state': 'closed' }, { state: 'closed' }],
] as const) {
  test(`a pull request: ${title}`, () => {
    const [payload] = payloads('pull_request');
    for (const [path, value] of Object.entries(changes)) altered(payload!, path, value);
    const context = readEvent(facts('pull_request'), payload);
    assert.ok(context.kind === 'pull');
    assert.deepEqual({ ...context.pull, ...expected }, context.pull);
  });
}

test('push to the default branch, to another one, of a tag', () => {
  const [payload] = payloads('push').filter(({ ref }) => ref === 'refs/heads/master');
  const read = (ref: string) => {
    const context = readEvent(facts('push'), { ...payload, ref });
    assert.ok(context.kind === 'commit');
    return [context.sha, context.branch, context.isDefaultBranch];
  };
  const sha = '6113728f27ae82c7b1a177c8d03f9e96e0adf246';
  assert.deepEqual(read('refs/heads/master'), [sha, 'master', true]);
  assert.deepEqual(read('refs/heads/feature/x'), [sha, 'feature/x', false]);
  assert.deepEqual(read('refs/tags/master'), [sha, null, false]);
});

test('a merge group: its own head, and what it goes into', () => {
  const [payload] = payloads('merge_group');
  const context = readEvent(facts('merge_group'), payload);
  assert.ok(context.kind === 'commit');
  assert.equal(context.sha, '2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d');
  assert.deepEqual(context.base, { sha: '380387fbc80638b734a49e1be1c4dfec1c01b33c', branch: 'main' });
  assert.equal(context.isDefaultBranch, false);
});

for (const [title, head, expected] of [
  ['of the repository itself', { full_name: 'octo-org/octo-repo' }, [false, 'octo-org/octo-repo']],
  ['of a fork', { full_name: 'guest/octo-repo' }, [true, 'guest/octo-repo']],
  ['of a fork that was deleted', null, [true, null]],
] as const) {
  test(`workflow_run after a run ${title}: its head, and no word of a pull request that is not there`, () => {
    const payload = altered(payloads('workflow_run')[0]!, 'workflow_run.head_repository', head);
    altered(payload, 'repository.full_name', 'octo-org/octo-repo');
    const context = readEvent(facts('workflow_run'), payload);
    assert.ok(context.kind === 'workflow-run');
    assert.deepEqual([context.source.isFork, context.source.headRepository], expected);
    assert.deepEqual(context.source.pulls, []);
    assert.notEqual(context.source.headSha, MERGE);
  });
}

for (const [said, began] of [
  ['2026-11-27T02:30:00Z', Date.UTC(2026, 10, 27, 2, 30)],
  [null, null],
  ['soon', null],
] as const) {
  test(`workflow_run after an attempt that began at ${said}`, () => {
    const payload = altered(payloads('workflow_run')[0]!, 'workflow_run.run_started_at', said);
    const context = readEvent(facts('workflow_run'), payload);
    assert.ok(context.kind === 'workflow-run');
    assert.equal(context.source.began, began);
  });
}

test('workflow_run after a failed run of Dependabot', () => {
  const payload = altered(payloads('workflow_run')[0]!, 'workflow_run.actor', { login: 'dependabot[bot]' });
  altered(payload, 'workflow_run.conclusion', 'failure');
  const context = readEvent(facts('workflow_run'), payload);
  assert.ok(context.kind === 'workflow-run');
  assert.deepEqual([context.source.isDependabot, context.source.conclusion], [true, 'failure']);
});

test('issue_comment: whether it is on a pull request, and by a bot', () => {
  const [payload] = payloads('issue_comment');
  const read = () => {
    const context = readEvent(facts('issue_comment'), payload);
    assert.ok(context.kind === 'comment');
    return [context.isPull, context.comment.isBot, context.action];
  };
  assert.deepEqual(read(), [false, false, 'created']);
  altered(payload!, 'issue.pull_request', { url: 'x' });
  altered(payload!, 'comment.user.type', 'Bot');
  assert.deepEqual(read(), [true, true, 'created']);
});

test('schedule, whose payload can say next to nothing: the commit of the runner, on the default branch', () => {
  for (const payload of [
    { schedule: '0 3 * * *' },
    { schedule: '0 3 * * *', repository: { full_name: 'a/b', default_branch: 'main' } },
  ]) {
    const context = readEvent(facts('schedule'), payload);
    assert.ok(context.kind === 'commit');
    assert.deepEqual([context.sha, context.branch, context.defaultBranch], [MERGE, 'main', 'main']);
    assert.ok(context.isDefaultBranch);
  }
});

test('a dispatched workflow, whose payload says as little, is on no default branch', () => {
  const context = readEvent(facts('workflow_dispatch'), { inputs: {} });
  assert.ok(context.kind === 'commit');
  assert.deepEqual([context.defaultBranch, context.isDefaultBranch], [null, false]);
});

for (const [title, name, payload, says] of [
  ['nothing', 'pull_request', null, 'pull_request payload'],
  ['the payload of another event', 'pull_request', { after: MERGE }, 'pull_request: '],
  [
    'a sha that is none',
    'push',
    { after: 'main', ref: 'refs/heads/main', repository: { full_name: 'a/b' } },
    'after: is not a whole commit id',
  ],
] as const) {
  test(`${title} is refused, naming the field`, async () => {
    await rejectsWith(() => readEvent(facts(name), payload), 'event-unusable', says);
  });
}

test('an event file that is missing or not JSON is refused, naming it', async () => {
  const path = join(temporaryFolder(), 'event.json');
  await rejectsWith(() => readPayload(path), 'event-unusable', path);
  await writeFile(path, '{"action": ');
  await rejectsWith(() => readPayload(path), 'event-unusable', path);
  await writeFile(path, '{"action": "opened"}');
  assert.deepEqual(await readPayload(path), { action: 'opened' });
});
