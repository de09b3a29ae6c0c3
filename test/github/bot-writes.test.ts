import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Client } from '../../src/github/client.ts';
import { dispatchWorkflow } from '../../src/github/commands/dispatch.ts';
import { react } from '../../src/github/commands/reactions.ts';
import { rerunPush } from '../../src/github/commands/rerun.ts';
import type { PushRun } from '../support/fake-github-proxy.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { rejectsWith } from '../support/reject.ts';

let github: TestGitHub;
let client: Client;
let comment: number;

before(async () => {
  github = await startGitHub();
  github.proxy.workflows.add('bench.yml');
  client = await github.client();
  const issue_number = await github.emulator.openIssue();
  const { data } = await client.rest.issues.createComment({ ...client.repository, issue_number, body: 'x' });
  comment = data.id;
});
beforeEach(() => {
  github.proxy.faults.length = 0;
  github.proxy.dispatches.length = 0;
  github.proxy.pushRuns.length = 0;
  github.proxy.requests.length = 0;
});
after(() => github.close());

const request = { workflow: 'bench.yml', ref: 'main', inputs: { sha: 'abc' }, request: 'comment-12' };

test('reacting twice is one reaction', async () => {
  for (const content of ['eyes', 'eyes', 'rocket', '-1'] as const) {
    assert.deepEqual(await react(client, comment, content), { posted: true, url: null, gone: false });
  }
  assert.deepEqual(github.proxy.reactions.get(comment), ['eyes', 'rocket', '-1']);
});

test('a comment deleted in the meantime needs no reaction', async () => {
  assert.deepEqual(await react(client, 4040, 'eyes'), { posted: true, url: null, gone: true });
});

test('a workflow is started with its inputs, and with what it was asked by', async () => {
  assert.deepEqual(await dispatchWorkflow(client, request), { posted: true, url: null });
  assert.deepEqual(github.proxy.dispatches, [
    { workflow: 'bench.yml', ref: 'main', inputs: { sha: 'abc', request: 'comment-12' } },
  ]);
});

test('where the answer is lost, the run is found by its name', async () => {
  await dispatchWorkflow(client, { ...request, request: 'comment-1' });
  github.proxy.faults.push({ fault: 'cut connection after it was carried out', on: /^POST/ });
  const posted = await dispatchWorkflow(client, request);
  assert.ok(posted.posted && posted.url?.endsWith('/1001'), JSON.stringify(posted));
  assert.equal(github.proxy.dispatches.length, 2);
});

test('where the request is lost, it is not sent again: the reader is told to look', async () => {
  await dispatchWorkflow(client, { ...request, request: 'comment-123' });
  github.proxy.faults.push({ fault: 'cut connection', on: /^POST/ });
  const posted = await dispatchWorkflow(client, request);
  assert.match(posted.posted ? '' : posted.warning, /not known whether bench.yml was started.*Actions tab/);
  assert.equal(github.proxy.requests.filter(({ asked }) => asked.startsWith('POST')).length, 2);
});

test('a workflow that is not there: told, and that a permission may be missing', async () => {
  const posted = await dispatchWorkflow(client, { ...request, workflow: 'none.yml' });
  assert.match(posted.posted ? '' : posted.warning, /none.yml on main is not there.*actions: write/s);
});

test('more inputs than GitHub takes is a mistake', async () => {
  const inputs = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`i${index}`, 'x']));
  await rejectsWith(() => dispatchWorkflow(client, { ...request, inputs }), 'usage', '25 inputs');
});

const push = { workflow: 'bench.yml', branch: 'main' };
const ran = (changes: Partial<PushRun> = {}): PushRun => ({
  id: 5,
  workflow: 'bench.yml',
  branch: 'main',
  sha: 'c'.repeat(40),
  status: 'completed',
  attempt: 1,
  ...changes,
});

test("the last push's run is run again, once: same event, same commit", async () => {
  github.proxy.pushRuns.push(ran({ id: 6 }), ran({ id: 5 }));
  const rerun = await rerunPush(client, push);
  assert.ok(rerun.posted);
  assert.deepEqual([rerun.how, rerun.sha], ['started', 'c'.repeat(40)]);
  assert.deepEqual(
    github.proxy.pushRuns.map(({ attempt }) => attempt),
    [2, 1],
  );
});

test('one that still runs is left alone, and told', async () => {
  github.proxy.pushRuns.push(ran({ status: 'in_progress' }));
  const rerun = await rerunPush(client, push);
  assert.ok(rerun.posted && rerun.how === 'running');
  assert.equal(github.proxy.pushRuns[0]?.attempt, 1);
});

for (const [fault, started] of [
  ['cut connection after it was carried out', true],
  ['cut connection', false],
] as const) {
  test(`running again, ${fault}: looked after, never sent twice`, async () => {
    github.proxy.pushRuns.push(ran());
    github.proxy.faults.push({ fault, on: /^POST/ });
    const rerun = await rerunPush(client, push);
    assert.equal(rerun.posted, started);
    assert.equal(github.proxy.pushRuns[0]?.attempt, started ? 2 : 1);
  });
}

test('where nothing was pushed yet: says to push', async () => {
  github.proxy.pushRuns.push(ran({ branch: 'other' }));
  const rerun = await rerunPush(client, push);
  assert.match(rerun.posted ? '' : rerun.warning, /has not run for a push to main yet\. push a commit/);
});

test('a workflow that is not there cannot be run again: gone, or a permission is missing', async () => {
  const rerun = await rerunPush(client, { ...push, workflow: 'none.yml' });
  assert.match(rerun.posted ? '' : rerun.warning, /could not run none\.yml again.*actions: write/s);
});
