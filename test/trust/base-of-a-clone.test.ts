/**
 * Where a change began is told from the commit of its base, not from a name: in a clone a tag goes before a branch, anybody who may push can
 * make one, and actions/checkout makes no branch called as the base. The built report without a token, on a store in a folder.
 */
import assert from 'node:assert/strict';
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import { recordBaseline } from '../../src/history/store/record-baseline.ts';
import { createStore } from '../../src/history/store/store.ts';
import { HALF, after as lost } from '../support/comparisons.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { keepRecord } from '../support/keep-baseline.ts';
import { runStep } from '../support/runner.ts';

describe('a change that lost 300 of 500 right answers, in a clone', () => {
  const disk = realpathSync(temporaryFolder());
  const workspace = join(disk, 'workspace');
  const shas: Record<'old' | 'base' | 'head', string> = { old: '', base: '', head: '' };

  const git = async (...args: string[]) =>
    (await execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: workspace }))
      .stdout;
  const commit = async (name: string) => {
    await git('commit', '--quiet', '--allow-empty', '-m', name);
    return await git('rev-parse', 'HEAD');
  };

  async function keep(sha: string, scores: number[]): Promise<void> {
    const store = createStore(folderFiles(join(disk, 'store'), {}));
    const run = { repository: 'octo/models', branch: 'main', event: 'push' };
    const facts = { ...run, sha, parents: null, run: null, created: new Date(), verdict: null };
    const record = await keepRecord(join(disk, sha), { model: 'main', scores, commit: sha });
    const context = { ...run, headRepository: 'octo/models', defaultBranch: 'main', headSha: sha };
    const { admission } = await recordBaseline(store, record, facts, context);
    assert.ok(admission.admitted, admission.reason ?? '');
  }

  before(async () => {
    mkdirSync(workspace);
    await git('init', '--quiet', '--initial-branch=main');
    shas.old = await commit('an old one, whose model was as bad');
    shas.base = await commit('base');
    await git('checkout', '--quiet', '--detach');
    shas.head = await commit('change');
    await git('update-ref', 'refs/remotes/origin/main', shas.base);
    await git('branch', '--quiet', '-D', 'main');
    await keep(shas.old, lost(300));
    await keep(shas.base, HALF);
    await keepRecord(disk, { model: 'record', scores: lost(300), commit: shas.head });
  });

  const report = (inputs: Record<string, string> = {}) =>
    runStep({
      workspace,
      action: 'report',
      inputs: {
        ...{ record: join(disk, 'record'), store: `folder:${join(disk, 'store')}` },
        ...inputs,
      },
      environment: eventEnvironment(disk, {
        name: 'pull_request',
        payload: pullPayload({ number: 1, headSha: shas.head }, shas.base),
        run: 1,
      }),
    });

  for (const baseline of ['merge-base', 'base-tip']) {
    test(`baseline: ${baseline} is found without a branch of its name`, async () => {
      const { exitCode, stdout, outputs } = await report({ baseline });
      assert.deepEqual([exitCode, outputs.verdict], [1, 'regressed'], stdout);
    });

    for (const ref of ['refs/tags/main', 'refs/main', 'refs/heads/main'])
      test(`baseline: ${baseline} is not an older commit that ${ref} names`, async () => {
        await git('update-ref', ref, shas.old);
        try {
          const { exitCode, stdout, outputs } = await report({ baseline });
          assert.deepEqual([exitCode, outputs.verdict], [1, 'regressed'], stdout);
        } finally {
          await git('update-ref', '-d', ref);
        }
      });
  }

  describe('and a baseline by the name that the workflow gives', () => {
    test('is found where the clone has a remote branch of that name alone', async () => {
      const { exitCode, stdout, outputs } = await report({ baseline: 'main' });
      assert.deepEqual([exitCode, outputs.verdict], [1, 'regressed'], stdout);
    });

    for (const input of ['baseline', 'anchor'])
      for (const [ref, other] of [
        ['refs/tags/main', 'refs/remotes/origin/main'],
        ['refs/heads/v1', 'refs/tags/v1'],
      ] as const)
        test(`${input}: ${ref.split('/').at(-1)} is none where ${ref} was made beside ${other}`, async () => {
          await git('update-ref', other, shas.base);
          await git('update-ref', ref, shas.old);
          try {
            const { exitCode, stdout } = await report({ [input]: ref.split('/').at(-1)! });
            assert.equal(exitCode, 2, stdout);
            assert.match(stdout, /is a branch \([0-9a-f]{12}\) and a tag \([0-9a-f]{12}\)/);
            const named = await report({ baseline: other });
            assert.equal(named.outputs.verdict, 'regressed', named.stdout);
          } finally {
            await git('update-ref', '-d', ref);
          }
        });
  });
});
