/** The built report, on a change's record that says where a part of it was resumed from; nothing was lost. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Resumed } from '../../src/record/schema.ts';
import { writeRecord } from '../../src/record/write.ts';
import { HALF } from '../support/comparisons.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepRecord } from '../support/keep-baseline.ts';
import { makeRecord } from '../support/records.ts';
import { runStep } from '../support/runner.ts';

const CASES: [from: Resumed['from'] | null, conclusion: string, exitCode: number][] = [
  [null, 'success', 0],
  ['state-dir', 'success', 0],
  ['signed-artifact', 'success', 0],
  // Every job of the run could have written it.
  ['artifact', 'action_required', 1],
];

describe('a record of a change that lost nothing', () => {
  const disk = temporaryFolder();
  let github: TestGitHub;
  let token: string;

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken();
    await keepRecord(disk, { model: 'main', scores: HALF, commit: null });
  });
  after(() => github.close());

  for (const [number, [from, conclusion, exitCode]] of CASES.entries())
    test(`resumed from ${from ?? 'nothing'} concludes ${conclusion}`, async () => {
      const workspace = temporaryFolder();
      const branch = `change-${number}`;
      const base = await github.emulator.tip();
      const pull = await github.emulator.openPull(branch);
      const { record, items } = makeRecord({
        model: 'same',
        benchmarks: { gpqa: { scores: HALF } },
        edit: (made) => {
          Object.assign(made, { commit: pull.headSha, branch, suite: 'full', seed: 1234 });
          if (from !== null) made.resumed = { questions: 250, from };
        },
      });
      await writeRecord(join(workspace, 'record'), record, items);
      const payload = pullPayload(pull, base, { head: { ref: branch } });
      const result = await runStep({
        workspace,
        action: 'report',
        inputs: {
          ...{ 'github-token': token, store: 'none', comment: 'false' },
          ...{ baseline: join(disk, 'main'), record: './record' },
        },
        environment: {
          ...eventEnvironment(disk, { name: 'pull_request', payload, run: 700 + number }),
          GITHUB_API_URL: github.proxy.url,
        },
      });
      const check = (await github.checks(pull.headSha)).at(-1);
      assert.equal(check?.conclusion, conclusion, result.stdout);
      assert.equal(result.exitCode, exitCode, result.stdout);
      if (from === 'artifact')
        assert.match(result.summary, /250 results .* every job .*resume-key.*state-dir/s);
    });
});
