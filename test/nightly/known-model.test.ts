/** The built action where main's own model, or one that it had, comes again. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { recordPaths } from '../../src/record/paths.ts';
import { readRecord } from '../../src/record/read.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import { startStep } from '../support/runner.ts';

const REPOSITORY = { full_name: 'octo/models', default_branch: 'main' };

describe('a model that main knows', () => {
  const folder = temporaryFolder();
  const workspace = join(folder, 'workspace');
  const cache = testCache(folder);
  const person = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  const git = async (...args: string[]) => (await execa('git', args, { cwd: workspace })).stdout.trim();
  const commit = async (message: string) => {
    await git(...person, 'commit', '--quiet', '--allow-empty', '-m', message);
    return await git('rev-parse', 'HEAD');
  };
  let runs = 0;

  /** Pushes a commit of main, or opens a pull request into it, whose model is `model`. */
  async function step(
    event: 'push' | 'pull',
    sha: string,
    model: string,
    inputs: Record<string, string> = {},
  ) {
    const number = ++runs;
    const payload = join(folder, `event-${number}.json`);
    const base = await git('rev-parse', 'main');
    const side = (commitId: string, ref: string) => ({ sha: commitId, ref, repo: REPOSITORY });
    const events = {
      push: { after: sha, ref: 'refs/heads/main', repository: REPOSITORY },
      pull: {
        pull_request: {
          ...{ number: 1, state: 'open', user: { login: 'writer' } },
          ...{ head: side(sha, 'change'), base: side(base, 'main') },
        },
        repository: REPOSITORY,
      },
    };
    writeFileSync(payload, JSON.stringify(events[event]));
    const output = join(folder, `record-${number}`);
    const result = await startStep({
      workspace,
      inputs: {
        ...{ model: join(folder, model), 'model-args': 'dtype=float32', device: 'cpu', backend: 'hf' },
        ...{ 'datasets-dir': join(folder, 'data'), benchmarks: 'xstest', suite: 'full' },
        ...{ store: `folder:${join(folder, 'store')}`, output, 'fail-on': 'incomplete' },
        ...inputs,
      },
      environment: {
        ...cache,
        GITHUB_EVENT_NAME: event === 'push' ? 'push' : 'pull_request',
        GITHUB_EVENT_PATH: payload,
        GITHUB_SHA: sha,
        GITHUB_REF: event === 'push' ? 'refs/heads/main' : 'refs/pull/1/merge',
      },
    }).result;
    assert.equal(result.exitCode, 0, result.stdout);
    const { record } = await readRecord(output);
    const logs = readdirSync(join(result.outputs['record-path']!, 'logs'));
    return { ...result, record, items: readFileSync(recordPaths(output).items), logs };
  }

  let first: string;
  let second: string;
  let firstItems: Buffer;

  before(async () => {
    mkdirSync(workspace);
    await git('init', '--quiet', '--initial-branch', 'main');
    writeQuestions(join(folder, 'data'), 'xstest/test', xstestQuestions(60));
    await makeTinyModel(await testPython(), join(folder, 'one'), 1);
    await makeTinyModel(await testPython(), join(folder, 'two'), 2);
    first = await commit('first');
    const pushed = await step('push', first, 'one');
    assert.equal(pushed.record.reused, undefined);
    firstItems = pushed.items;
  });

  test('in a pull request is not evaluated: no worker, no minute, equivalent, and said in plain words', async () => {
    await git('switch', '--quiet', '--create', 'docs');
    const { stdout, outputs, record, summary, logs, items } = await step('pull', await commit('docs'), 'one');
    assert.match(
      stdout,
      new RegExp(`The model is the baseline's \\(commit ${first.slice(0, 7)}\\): nothing is evaluated`),
    );
    assert.deepEqual(logs, []);
    assert.deepEqual([outputs.verdict, outputs.passed, outputs['safety-delta']], ['equivalent', 'true', '0']);
    assert.match(summary, /Same model, nothing evaluated/);
    assert.deepEqual([record.totals.deviceMinutes, record.reused], [0, [{ commit: first, items: 60 }]]);
    assert.notEqual(record.commit, first);
    assert.ok(items.equals(firstItems));
    await git('switch', '--quiet', 'main');
  });

  test('in a pull request with force is evaluated', async () => {
    await git('switch', '--quiet', '--create', 'forced');
    const { record, outputs, summary } = await step('pull', await commit('forced'), 'one', {
      force: 'true',
    });
    assert.equal(record.reused, undefined);
    assert.notEqual(outputs.verdict, 'regressed');
    assert.doesNotMatch(summary, /nothing evaluated/);
    await git('switch', '--quiet', 'main');
  });

  test('in the next push is asked nothing, and has a whole record of its own, which is kept', async () => {
    const third = await commit('readme');
    const { stdout, record, items } = await step('push', third, 'one');
    assert.match(
      stdout,
      /The model is that of commit [0-9a-f]{7}: all 60 answers are known, and no question is asked/,
    );
    assert.deepEqual([record.commit, record.complete, record.totals.deviceMinutes], [third, true, 0]);
    assert.deepEqual(record.reused, [{ commit: first, items: 60 }]);
    assert.ok(items.equals(firstItems));
    assert.match(stdout, new RegExp(`Record of ${third.slice(0, 12)} kept in`));
  });

  test('from before the last push is not asked again by a change that reverts to it, but compared', async () => {
    second = await commit('another model');
    const pushed = await step('push', second, 'two');
    assert.equal(pushed.record.reused, undefined);
    await git('switch', '--quiet', '--create', 'revert');
    const { stdout, record, summary, items } = await step('pull', await commit('revert'), 'one');
    assert.match(stdout, /all 60 answers are known, and no question is asked/);
    assert.equal(record.reused?.[0]?.items, 60);
    assert.notEqual(record.reused?.[0]?.commit, second);
    assert.ok(items.equals(firstItems));
    assert.doesNotMatch(summary, /nothing evaluated/);
    await git('switch', '--quiet', 'main');
  });

  test('only by a pull request is not known to main: it is evaluated there again', async () => {
    await makeTinyModel(await testPython(), join(folder, 'three'), 3);
    await git('switch', '--quiet', '--create', 'change');
    const changed = await step('pull', await commit('change'), 'three');
    assert.equal(changed.record.reused, undefined);
    await git('switch', '--quiet', 'main');
    const merged = await step('push', await commit('merge'), 'three');
    assert.equal(merged.record.reused, undefined);
    assert.ok(merged.items.equals(changed.items));
  });
});
