import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '../../src/github/client.ts';
import type { WorkflowRunContext } from '../../src/github/event.ts';
import { fetchPull, findPulls } from '../../src/github/pull.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { rejectsWith } from '../support/reject.ts';

let github: TestGitHub;
let client: Client;
let opened: { number: number; headSha: string };

before(async () => {
  github = await startGitHub();
  client = await github.client();
  opened = await github.emulator.openPull('work');
});
after(() => github.close());

function source(changes: Partial<WorkflowRunContext['source']> = {}): WorkflowRunContext['source'] {
  return {
    runId: 5,
    attempt: 1,
    began: null,
    event: 'pull_request',
    conclusion: 'failure',
    path: '.github/workflows/evaluate.yml',
    headSha: opened.headSha,
    headBranch: 'work',
    headRepository: 'octo/models',
    isFork: false,
    isDependabot: false,
    pulls: [],
    ...changes,
  };
}

test('a pull request by its number', async () => {
  const pull = await fetchPull(client, opened.number);
  assert.equal(pull.headSha, opened.headSha);
  assert.equal(pull.headRepository, 'octo/models');
  assert.equal(pull.isFork, false);
});

test('a pull request that is not there names the permission too', async () => {
  await rejectsWith(
    () => fetchPull(client, 404),
    'permission-missing',
    '#404 is not there',
    'pull-requests: read',
  );
});

for (const [title, changes, found] of [
  ['by its head', {}, true],
  ['another commit on the same branch: the head has moved on', { headSha: 'e'.repeat(40) }, false],
  ['the same commit in another repository', { headRepository: 'octo/other' }, false],
  ['another branch of the same name', { headBranch: 'main' }, false],
  ['a deleted fork whose commit this is not', { headRepository: null }, false],
] as const) {
  test(`the pull request of a run, ${title}: ${found ? 'found' : 'none'}`, async () => {
    assert.deepEqual(
      (await findPulls(client, source(changes))).map(({ number }) => number),
      found ? [opened.number] : [],
    );
  });
}

test("a deleted fork's is found by commit", async () => {
  const path = `/repos/octo/models/pulls/${opened.number}`;
  const whole = await github.emulator.api<{ head: object }>('GET', path);
  const answer = [{ ...whole, head: { ...whole.head, repo: null } }];
  const fetch: typeof globalThis.fetch = async (input) => {
    assert.match(String(input), /\/commits\/[0-9a-f]{40}\/pulls/);
    return Response.json(answer);
  };
  const alone = await github.client({ fetch });
  assert.equal((await findPulls(alone, source({ headRepository: null })))[0]?.number, opened.number);
});

test('a closed one is none', async () => {
  const { number, headSha } = await github.emulator.openPull('done');
  await github.emulator.api('PATCH', `/repos/octo/models/pulls/${number}`, { state: 'closed' });
  assert.deepEqual(await findPulls(client, source({ headSha, headBranch: 'done' })), []);
});

test('one head, two bases: both', async () => {
  const { number, headSha } = await github.emulator.openPull('twice');
  const release = { ref: 'refs/heads/release', sha: await github.emulator.tip() };
  await github.emulator.api('POST', '/repos/octo/models/git/refs', release);
  const second = await github.emulator.api<{ number: number }>('POST', '/repos/octo/models/pulls', {
    title: 'Twice',
    head: 'twice',
    base: 'release',
  });
  const found = await findPulls(client, source({ headSha, headBranch: 'twice' }));
  assert.deepEqual(
    found.map((pull) => [pull.number, pull.baseRef]),
    [
      [number, 'main'],
      [second.number, 'release'],
    ],
  );
});
