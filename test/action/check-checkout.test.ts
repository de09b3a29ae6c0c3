/** The built run and root actions in a workspace that is, or is not, at the commit that the record will claim. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { temporaryFolder } from '../support/folder.ts';
import { runStep } from '../support/runner.ts';

const REPOSITORY = { full_name: 'octo/models', default_branch: 'main' };

describe('the commit in the workspace', () => {
  const folder = temporaryFolder();
  const workspace = join(folder, 'workspace');
  let main: string;
  let head: string;
  let merge: string;
  let events = 0;

  const git = async (...args: string[]) => {
    const who = [
      '-c',
      'user.name=test',
      '-c',
      'user.email=test@example.org',
      '-c',
      'init.defaultBranch=main',
    ];
    return (await execa('git', [...who, ...args], { cwd: workspace })).stdout;
  };
  const commit = async (text: string) => {
    await git('commit', '--quiet', '--allow-empty', '-m', text);
    return git('rev-parse', 'HEAD');
  };

  before(async () => {
    mkdirSync(workspace);
    await git('init', '--quiet');
    await commit('where the change began');
    await git('switch', '--quiet', '--create', 'change');
    head = await commit('the change');
    await git('switch', '--quiet', 'main');
    main = await commit('what others merged since');
    await git('switch', '--quiet', '--detach');
    await git('merge', '--quiet', '--no-ff', '-m', 'as GitHub tests it', 'change');
    merge = await git('rev-parse', 'HEAD');
  });

  /** The action's log; there is no model, so that it ends soon after. */
  async function logOf(
    action: string,
    name: string,
    payload: object,
    { at = workspace, sha = merge }: { at?: string; sha?: string } = {},
  ): Promise<string> {
    const path = join(folder, `event-${++events}.json`);
    writeFileSync(path, JSON.stringify({ ...payload, repository: REPOSITORY }));
    const { stdout } = await runStep({
      workspace: at,
      action,
      inputs: { model: './nowhere', ...(action === 'action' ? { store: 'none', check: 'false' } : {}) },
      environment: { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, GITHUB_SHA: sha },
    });
    assert.match(stdout, /\[model-missing\]/);
    return stdout;
  }

  const pull = () => ({
    pull_request: {
      number: 7,
      state: 'open',
      user: { login: 'writer' },
      head: { sha: head, ref: 'change', repo: REPOSITORY },
      base: { sha: main, ref: 'main', repo: REPOSITORY },
    },
  });
  const WARNING = /^::warning title=.*another commit is checked out::(.*)$/m;

  for (const action of ['run', 'action']) {
    test(`${action}: at a pull request's test merge: both commits are named, and what to set`, async () => {
      await git('checkout', '--quiet', merge);
      const [, said = ''] = WARNING.exec(await logOf(action, 'pull_request', pull())) ?? [];
      assert.match(said, new RegExp(`is at ${merge}, and the record will be of ${head}`));
      assert.ok(said.endsWith('ref: $'.concat('{{ github.event.pull_request.head.sha }}')), said);
    });

    test(`${action}: at a pull request's head: nothing is said`, async () => {
      await git('checkout', '--quiet', head);
      assert.doesNotMatch(await logOf(action, 'pull_request', pull()), WARNING);
    });
  }

  test('a push whose job has checked another commit out is told to take its own', async () => {
    await git('checkout', '--quiet', head);
    const payload = { ref: 'refs/heads/main', after: main };
    const [, said = ''] = WARNING.exec(await logOf('run', 'push', payload, { sha: main })) ?? [];
    assert.match(said, new RegExp(`is at ${head}, and the record will be of ${main}.*{{ github\\.sha }}$`));
  });

  test('a dispatched run is of what it checked out: nothing is said', async () => {
    await git('checkout', '--quiet', head);
    assert.doesNotMatch(await logOf('run', 'workflow_dispatch', { inputs: {} }, { sha: main }), WARNING);
  });

  test('a workspace that is not a checkout, in a repository of the machine: nothing is said', async () => {
    await git('checkout', '--quiet', merge);
    const inner = join(workspace, 'inner');
    mkdirSync(inner, { recursive: true });
    assert.doesNotMatch(await logOf('run', 'pull_request', pull(), { at: inner }), WARNING);
  });
});
