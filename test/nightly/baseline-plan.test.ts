/** The built action where the baseline was asked a sample: a pull request is asked the same questions. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { readRecord } from '../../src/record/read.ts';
import { testCache } from '../support/cli.ts';
import { bbqQuestions, makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import { startStep } from '../support/runner.ts';

const REPOSITORY = { full_name: 'octo/models', default_branch: 'main' };

describe('a sample that main was asked', () => {
  const folder = temporaryFolder();
  const workspace = join(folder, 'workspace');
  const data = join(folder, 'data');
  const model = join(folder, 'model');
  const cache = testCache(folder);
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  const git = async (...args: string[]) => (await execa('git', args, { cwd: workspace })).stdout.trim();
  let base: string;
  let head: string;
  let planHash: string | null;
  let runs = 0;

  before(async () => {
    mkdirSync(workspace);
    await git('init', '--quiet', '--initial-branch', 'main');
    const commit = async (message: string) => {
      await git(...identity, 'commit', '--quiet', '--allow-empty', '-m', message);
      return await git('rev-parse', 'HEAD');
    };
    base = await commit('base');
    await git('switch', '--quiet', '--create', 'change');
    head = await commit('change');
    await makeTinyModel(await testPython(), model);
    writeQuestions(data, 'xstest/test', xstestQuestions(700));
    writeQuestions(data, 'bbq/age', bbqQuestions(30));
    const pushed = await step('push', { items: '320' });
    assert.equal(pushed.exitCode, 0, pushed.stdout);
    planHash = (await pushed.record()).record.planHash;
  });

  async function step(event: 'push' | 'pull', inputs: Record<string, string>) {
    const payload = join(folder, `event-${++runs}.json`);
    const side = (sha: string, ref: string) => ({ sha, ref, repo: REPOSITORY });
    const events = {
      push: { after: base, ref: 'refs/heads/main', repository: REPOSITORY },
      pull: {
        pull_request: {
          ...{ number: 1, state: 'open', user: { login: 'writer' } },
          head: side(head, 'change'),
          base: side(base, 'main'),
        },
        repository: REPOSITORY,
      },
    };
    writeFileSync(payload, JSON.stringify(events[event]));
    const output = join(folder, `record-${runs}`);
    const result = await startStep({
      workspace,
      inputs: {
        ...{
          model,
          'model-args': 'dtype=float32',
          device: 'cpu',
          'datasets-dir': data,
          benchmarks: 'xstest,bbq',
        },
        ...{ suite: 'pr', store: `folder:${join(folder, 'store')}`, output, 'fail-on': 'incomplete' },
        ...inputs,
      },
      environment: {
        ...cache,
        GITHUB_EVENT_NAME: event === 'push' ? 'push' : 'pull_request',
        GITHUB_EVENT_PATH: payload,
        GITHUB_SHA: event === 'push' ? base : head,
        GITHUB_REF: event === 'push' ? 'refs/heads/main' : 'refs/pull/1/merge',
      },
    }).result;
    return { ...result, record: () => readRecord(output) };
  }

  test('is what a pull request is asked, though its settings would choose others by now', async () => {
    const { exitCode, stdout, summary, record } = await step('pull', { items: '250', seed: '7' });
    assert.equal(exitCode, 0, stdout);
    assert.match(
      stdout,
      new RegExp(`The plan of the baseline is followed: \\d+ questions, plan ${planHash}`),
    );
    assert.equal((await record()).record.planHash, planHash);
    assert.doesNotMatch(summary, /different plans/);
  });

  test('is asked in part where only some benchmarks are asked for, and the verdict is of these', async () => {
    const { exitCode, stdout, summary, record } = await step('pull', { benchmarks: 'bbq' });
    assert.equal(exitCode, 0, stdout);
    const { items } = await record();
    assert.deepEqual(
      [items.length, new Set(items.map(({ benchmark }) => benchmark))],
      [30, new Set(['bbq'])],
    );
    assert.match(summary, /Only BBQ was asked for/);
  });

  test('is chosen again by the next push: what it is asked, later changes are asked', async () => {
    const { exitCode, stdout, record } = await step('push', { items: '250', store: 'none' });
    assert.equal(exitCode, 0, stdout);
    assert.doesNotMatch(stdout, /plan of the baseline/);
    assert.notEqual((await record()).record.planHash, planHash);
  });

  test('that the questions here are not of is left, which is said, and those in common are compared', async () => {
    appendFileSync(join(data, 'xstest', 'test.jsonl'), `${JSON.stringify(xstestQuestions(701)[700])}\n`);
    // The model is the baseline's, which would not be evaluated.
    const { exitCode, stdout, summary, record } = await step('pull', { items: '320', force: 'true' });
    assert.equal(exitCode, 0, stdout);
    assert.match(
      summary,
      /A new plan was made, since the baseline's cannot be followed: .* 700 documents, and there are 701 here/,
    );
    assert.notEqual((await record()).record.planHash, planHash);
  });
});
