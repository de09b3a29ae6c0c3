/** The built open and conclude actions, before and after the built root action, which is killed in the middle of its work. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { endAfterTests } from '../support/process.ts';
import { type RunningStep, runStep, startStep } from '../support/runner.ts';

describe('the check of a job that could not conclude it', () => {
  const workspace = temporaryFolder();
  const started: RunningStep[] = [];
  endAfterTests(started);
  let github: TestGitHub;
  let token: string;
  let run = 100;
  let environment: Record<string, string>;

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken({ contents: 'read', checks: 'write', metadata: 'read' });
  });
  after(() => github.close());

  /** What a runner says of an event. */
  function begin(name: string, payload: object): void {
    const event = eventEnvironment(workspace, { name, payload, run: ++run });
    environment = { ...event, GITHUB_API_URL: github.proxy.url };
  }

  async function beginPull(): Promise<string> {
    const pull = await github.emulator.openPull();
    begin('pull_request', pullPayload(pull, await github.emulator.commit()));
    return pull.headSha;
  }

  async function beginGroup(): Promise<string> {
    const [head_sha, base_sha] = [await github.emulator.commit(), await github.emulator.commit()];
    const refs = { head_ref: 'refs/heads/gh-readonly-queue/main/pr-1', base_ref: 'refs/heads/main' };
    begin('merge_group', { merge_group: { head_sha, base_sha, ...refs } });
    return head_sha;
  }

  /** The job that evaluates, killed while the command that fetches its model runs. */
  async function loseMachine(): Promise<void> {
    const step = startStep({
      workspace,
      inputs: {
        model: 'command: echo fetching >&2; sleep 600; echo model',
        store: 'none',
        'github-token': token,
      },
      environment,
    });
    started.push(step);
    await step.said('fetching');
    step.kill('SIGKILL');
    assert.equal((await step.result).signal, 'SIGKILL');
  }

  const start = (action: 'action' | 'open-check' | 'conclude-check', inputs: Record<string, string>) =>
    runStep({ workspace, action, inputs: { 'github-token': token, ...inputs }, environment });

  const open = (inputs: Record<string, string> = {}) => start('open-check', inputs);

  const conclude = (result: string, inputs: Record<string, string> = {}) =>
    start('conclude-check', { result, ...inputs });

  /** The job that evaluates, to its end, with no model where it looks for one. */
  const fail = () => start('action', { model: 'nowhere', store: 'none' });

  const checks = async (sha: string) =>
    (await github.checks(sha)).map(({ name, status, conclusion, output }) => ({
      name,
      status,
      conclusion,
      title: output.title,
    }));

  for (const [event, start] of [
    ['a pull request', beginPull],
    ['a merge group', beginGroup],
  ] as const) {
    test(`${event} whose job was killed: open until this action says that there is no verdict`, async () => {
      const sha = await start();
      await loseMachine();
      assert.deepEqual(await checks(sha), [
        { name: 'SOS-Bench', status: 'in_progress', conclusion: null, title: 'Evaluating' },
      ]);
      const { exitCode, stdout } = await conclude('failure');
      assert.equal(exitCode, 0, stdout);
      assert.deepEqual(await checks(sha), [
        { name: 'SOS-Bench', status: 'completed', conclusion: 'failure', title: 'Ended without a verdict' },
      ]);
      const [check] = await github.checks(sha);
      assert.match(check!.output.summary, new RegExp(`killed.*actions/runs/${run}\\)`, 's'));
    });
  }

  test('killed by a cancelled run: cancelled', async () => {
    const sha = await beginPull();
    await loseMachine();
    await conclude('cancelled');
    assert.deepEqual(
      (await checks(sha)).map(({ conclusion }) => conclusion),
      ['cancelled'],
    );
  });

  test('a job that concluded its check, even as a failure, is left alone', async () => {
    const sha = await beginPull();
    assert.equal((await fail()).exitCode, 2);
    const before = await github.checks(sha);
    assert.deepEqual(before[0]!.conclusion, 'failure');
    const { stdout } = await conclude('failure');
    assert.match(stdout, /The check needs nothing/);
    assert.deepEqual(await github.checks(sha), before);
  });

  for (const [result, expected] of [
    ['failure', ['Ended without a verdict']],
    ['cancelled', ['Cancelled']],
    ['success', ['The verdict did not arrive here']],
    ['skipped', []],
    ['failure,skipped', ['Ended without a verdict']],
    ['success, skipped', []],
  ] as const) {
    test(`jobs that ended with ${result} and left no check: ${expected.length === 0 ? 'none is made' : `'${expected[0]}'`}`, async () => {
      const sha = await beginPull();
      const { exitCode, stdout } = await conclude(result);
      assert.equal(exitCode, 0, stdout);
      assert.deepEqual(
        (await checks(sha)).map(({ title }) => title),
        expected,
      );
      for (const { output } of await github.checks(sha)) assert.doesNotMatch(output.summary, /before|began/);
    });
  }

  for (const [event, begins] of [
    ['a pull request', beginPull],
    ['a merge group', beginGroup],
  ] as const) {
    test(`${event}: \`open\` opens the check; a later job of the run finds that one, and concludes it`, async () => {
      const sha = await begins();
      const { exitCode, stdout } = await open();
      assert.equal(exitCode, 0, stdout);
      assert.deepEqual(await checks(sha), [
        { name: 'SOS-Bench', status: 'in_progress', conclusion: null, title: 'Evaluating' },
      ]);
      assert.equal((await fail()).exitCode, 2);
      assert.deepEqual(await checks(sha), [
        { name: 'SOS-Bench', status: 'completed', conclusion: 'failure', title: 'Could not run' },
      ]);
    });
  }

  test('opened, and then no job came to conclude it: ended without a verdict', async () => {
    const sha = await beginPull();
    await open({ 'check-name': 'Ours' });
    const { stdout } = await conclude('failure', { 'check-name': 'Ours' });
    assert.match(stdout, /The check was still open/);
    assert.deepEqual(await checks(sha), [
      { name: 'Ours', status: 'completed', conclusion: 'failure', title: 'Ended without a verdict' },
    ]);
  });

  for (const [name, run] of [
    ['open', open],
    ['conclude', (inputs?: Record<string, string>) => conclude('failure', inputs)],
  ] as const) {
    test(`${name}: a push has no check, and nothing is asked of GitHub`, async () => {
      begin('push', { after: await github.emulator.commit(), ref: 'refs/heads/main' });
      const before = github.proxy.requests.length;
      const { exitCode, stdout } = await run();
      assert.equal(exitCode, 0, stdout);
      assert.equal(github.proxy.requests.length, before);
    });

    test(`${name} without permission: a warning with the YAML, exit 0`, async () => {
      await beginPull();
      const weak = await github.emulator.appToken({ contents: 'read' });
      const { exitCode, stdout } = await run({ 'github-token': weak });
      assert.equal(exitCode, 0, stdout);
      assert.match(stdout, /::warning title=SOS-Bench%3A not posted::.*checks: write/);
    });

    test(`${name} without a token: exit 2, and what to give`, async () => {
      await beginPull();
      const { exitCode, stdout } = await run({ 'github-token': '' });
      assert.equal(exitCode, 2);
      assert.match(stdout, /ing a check needs a github-token \[usage\]\. Hint: give/);
    });
  }

  for (const result of ['', 'failed', 'success,']) {
    test(`result '${result}': exit 2, and what to give`, async () => {
      await beginPull();
      const { exitCode, stdout } = await conclude(result);
      assert.equal(exitCode, 2);
      assert.match(stdout, /result is '.*' \[usage\]\. Hint: give `result: .*join\(needs\.\*\.result\)/);
    });
  }
});
