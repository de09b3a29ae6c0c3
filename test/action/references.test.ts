/** The built action on what it compares with and who may say so, before anything is evaluated. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runStep } from '../support/runner.ts';

const workspace = temporaryFolder();
mkdirSync(join(workspace, 'tasks'));
mkdirSync(join(workspace, 'empty'));
const git = (...args: string[]) => execa('git', args, { cwd: workspace });
await git('init', '--quiet');
const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
await git(...identity, 'commit', '--quiet', '--allow-empty', '-m', 'first');
const head = (await git('rev-parse', 'HEAD')).stdout;
writeFileSync(join(workspace, 'tasks', 'quiz.yaml'), 'task: quiz\n');
const payload = pullPayload({ number: 7, headSha: 'a'.repeat(40) }, 'b'.repeat(40));
const asPull = eventEnvironment(workspace, { name: 'pull_request', payload, run: 1 });

/** A workflow that was dispatched on main at a commit, whatever it checks out. */
function asDispatch(sha: string): Record<string, string> {
  const event = { name: 'workflow_dispatch', payload: { inputs: {} }, run: 1 };
  return { ...eventEnvironment(workspace, event), GITHUB_SHA: sha, GITHUB_REF: 'refs/heads/main' };
}

const CASES: {
  what: string;
  inputs: Record<string, string>;
  environment?: Record<string, string>;
  message: RegExp;
}[] = [
  {
    what: "task definitions of a pull request's own checkout",
    inputs: { 'include-path': 'tasks' },
    environment: asPull,
    message:
      /include-path tasks is part of the change's own checkout .*\[claimed-path\]\. Hint: .*runner\.temp.*pull_request\.base\.sha/,
  },
  {
    what: 'task definitions of what a dispatched run checked out',
    inputs: { 'include-path': 'tasks' },
    environment: asDispatch('f'.repeat(40)),
    message:
      /include-path tasks is part of the change's own checkout .*\[claimed-path\]\. Hint: .*runner\.temp.*github\.sha/,
  },
  {
    what: "task definitions of the workflow's own commit that were changed since",
    inputs: { 'include-path': 'tasks' },
    environment: asDispatch(head),
    message: /include-path tasks is part of the change's own checkout/,
  },
  {
    what: 'a folder without a record',
    inputs: { baseline: './empty' },
    message: /no record in .*empty.*\[record-missing\]/,
  },
  {
    what: 'a merge base without a store to look in',
    inputs: { baseline: 'merge-base', store: 'none' },
    message: /baseline: merge-base needs a store and an event to look from \[usage\]\. Hint: set `store`/,
  },
  {
    what: 'a rerun without a model to run',
    inputs: { baseline: 'rerun' },
    message: /baseline: rerun needs baseline-model \[usage\]/,
  },
  {
    what: 'a store of an unknown kind',
    inputs: { store: 's3:bucket' },
    message: /'s3:bucket' is not a store \[usage\]/,
  },
  {
    what: 'an anchor without a store',
    inputs: { anchor: 'release' },
    message: /anchor: release needs a store/,
  },
  {
    what: 'a switch that is neither on nor off',
    inputs: { comment: 'maybe' },
    message: /comment is 'maybe' \[usage\]/,
  },
  {
    what: 'an event file that is not JSON',
    inputs: {},
    environment: { GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: join(workspace, '.git', 'HEAD') },
    message: /^::error title=SOS-Bench/m,
  },
];
for (const { what, inputs, environment = {}, message } of CASES) {
  test(`${what}: refused before anything is evaluated, exit 2`, async () => {
    const { exitCode, stdout, outputs } = await runStep({
      workspace,
      inputs: { model: 'model', ...inputs },
      environment,
    });
    assert.equal(exitCode, 2, stdout);
    assert.match(stdout, message);
    assert.doesNotMatch(stdout, /::group::Evaluate/);
    // What is told before anything is looked at.
    assert.deepEqual(
      Object.keys(outputs).filter((name) => name !== 'record-path'),
      [],
    );
  });
}

test("task definitions of the workflow's own commit, as they were committed: taken", async () => {
  const clone = join(workspace, 'tasks', 'base');
  await execa('git', ['clone', '--quiet', workspace, clone]);
  const { stdout } = await runStep({
    workspace,
    inputs: { model: 'nowhere', 'include-path': 'tasks/base' },
    environment: asDispatch(head),
  });
  assert.doesNotMatch(stdout, /include-path/);
});
