/** The built report action against an emulated GitHub: the second job of a run that somebody asked for. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { writeRecord } from '../../src/record/write.ts';
import { HALF, after as lost } from '../support/comparisons.ts';
import { eventEnvironment } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepBaseline, keepRecord } from '../support/keep-baseline.ts';
import { makeRecord } from '../support/records.ts';
import { startStep } from '../support/runner.ts';

describe('a report on a pull request that a dispatched run names', () => {
  const workspace = temporaryFolder();
  let github: TestGitHub;
  let token: string;
  let pull: { number: number; headSha: string };

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken();
    pull = await github.emulator.openPull();
    await keepRecord(workspace, { model: 'main', scores: HALF, commit: null });
    await keepRecord(workspace, { model: 'worse', scores: lost(60), commit: pull.headSha });
    await keepRecord(workspace, { model: 'other', scores: lost(60), commit: 'd'.repeat(40) });
  });
  after(() => github.close());

  /** The record of a sample of every second question, of which it lost so many. */
  async function keepSample(suite: string): Promise<void> {
    const { record, items } = makeRecord({
      model: 'sampled',
      benchmarks: {
        gpqa: {
          scores: lost(60).filter((_, place) => place % 2 === 0),
          docId: (place) => 2 * place,
          inclusionP: () => 0.5,
        },
      },
      edit: (made) => Object.assign(made, { commit: pull.headSha, suite, planHash: 'plan-b' }),
    });
    await writeRecord(join(workspace, 'sampled'), record, items);
  }

  const report = (inputs: Record<string, string>) =>
    startStep({
      workspace,
      action: 'report',
      inputs: { 'github-token': token, store: 'none', baseline: './main', ...inputs },
      environment: {
        ...eventEnvironment(workspace, { name: 'workflow_dispatch', payload: { inputs: {} }, run: 77 }),
        GITHUB_REF: 'refs/heads/main',
        GITHUB_API_URL: github.proxy.url,
      },
    }).result;

  test('comments there, and sets the check on its head', async () => {
    const { exitCode, stdout, outputs } = await report({ record: './worse', pull: String(pull.number) });
    assert.equal(exitCode, 1, stdout);
    assert.equal(outputs.verdict, 'regressed');
    const [comment] = await github.comments(pull.number);
    assert.match(comment!.body, /The model got worse/);
    const [check] = await github.checks(pull.headSha);
    assert.deepEqual([check!.name, check!.conclusion], ['SOS-Bench', 'failure']);
  });

  describe('that cannot be done', () => {
    let reports = 0;
    /** Under a name of its own: the exit code, the log, and the check on the head. */
    async function fail(inputs: Record<string, string>) {
      const name = `Report ${++reports}`;
      const named = { pull: String(pull.number), 'report-id': name, 'check-name': name };
      const { exitCode, stdout } = await report({ ...named, ...inputs });
      const check = (await github.checks(pull.headSha)).find((found) => found.name === name);
      return { exitCode, stdout, check };
    }

    test('a record of another commit is refused, and nothing is posted on the head', async () => {
      const { exitCode, stdout, check } = await fail({ record: './other' });
      assert.equal(exitCode, 2);
      assert.match(stdout, /claims to be of d{40}, the run was for/);
      assert.equal(check, undefined);
      assert.equal((await github.comments(pull.number)).length, 1);
    });

    test('no record of the head: said in the check, where the run says which commit it evaluated', async () => {
      const { exitCode, stdout, check } = await fail({ record: './nowhere', sha: pull.headSha });
      assert.equal(exitCode, 2);
      assert.match(stdout, /no record in .*nowhere.*\[record-missing\]/);
      assert.equal(check?.conclusion, 'failure');
    });

    test('... and in the log alone, where it does not: the head may be another commit by now', async () => {
      const { exitCode, stdout, check } = await fail({ record: './nowhere' });
      assert.equal(exitCode, 2);
      assert.match(stdout, /\[record-missing\]/);
      assert.equal(check, undefined);
    });

    for (const record of ['./other', './nowhere']) {
      test(`the head has moved on since (${record}): nothing is posted, and that is no failure`, async () => {
        const { exitCode, stdout, check } = await fail({ record, sha: 'd'.repeat(40) });
        assert.equal(exitCode, 0, stdout);
        assert.match(stdout, /No open pull request has that commit as its head any more/);
        assert.equal(check, undefined);
      });
    }

    test('a sha that is none is refused', async () => {
      const { exitCode, stdout } = await fail({ record: './worse', sha: 'HEAD' });
      assert.equal(exitCode, 2);
      assert.match(stdout, /'HEAD' is not a whole commit sha \[usage\]/);
    });
  });

  test('finds the full record of the merge base for a sample, and compares the questions of the sample', async () => {
    const { object } = await github.emulator.api<{ object: { sha: string } }>(
      'GET',
      '/repos/octo/models/git/ref/heads/main',
    );
    await keepBaseline(github, workspace, object.sha, HALF, 'full');
    await keepSample('pr');
    const inputs = { record: './sampled', pull: String(pull.number), baseline: '', store: 'branch' };
    const sampled = await report(inputs);
    assert.equal(sampled.exitCode, 1, sampled.stdout);
    assert.equal(sampled.outputs.verdict, 'regressed');
    assert.match(sampled.summary, /500 questions compared/);
    // Ours are other questions than the paper's.
    await keepSample('mini');
    const mini = await report(inputs);
    assert.equal(mini.outputs.verdict, 'no-baseline', mini.stdout);
  });

  describe('of a run of some rows', () => {
    const inputs = { record: './some', baseline: './both', 'report-id': 'some', 'check-name': 'Some' };
    const reportSome = (more: Record<string, string> = {}) =>
      report({ ...inputs, pull: String(pull.number), ...more });

    before(async () => {
      const rows = { gpqa: { scores: HALF }, bbq: { scores: HALF } };
      const both = makeRecord({ model: 'both', benchmarks: rows });
      await writeRecord(join(workspace, 'both'), both.record, both.items);
      await keepRecord(workspace, { model: 'some', scores: HALF, commit: pull.headSha });
    });

    test('is judged by the rows that the workflow names, and says that it tells nothing of the others', async () => {
      const { exitCode, stdout, outputs } = await reportSome({ benchmarks: 'gpqa' });
      assert.equal(exitCode, 0, stdout);
      assert.equal(outputs.verdict, 'equivalent');
      const check = (await github.checks(pull.headSha)).find(({ name }) => name === 'Some');
      assert.equal(check?.output.title, 'No loss in what was asked for');
      assert.match(
        check.output.summary,
        /Only GPQA was asked for; of the other 23 benchmarks this says nothing/,
      );
    });

    test('lacks the others where the workflow names none, though the checkout of the change does', async () => {
      const config = join(workspace, '.github');
      mkdirSync(config);
      writeFileSync(join(config, 'sos-bench.yml'), 'benchmarks: [gpqa]\n');
      const { exitCode, outputs } = await reportSome();
      rmSync(config, { recursive: true });
      assert.deepEqual([exitCode, outputs.verdict], [1, 'incomplete']);
    });
  });

  test('a baseline that would have to be evaluated first is refused: a drop must not pass for the lack of one', async () => {
    const { exitCode, stdout, outputs } = await report({
      record: './worse',
      pull: String(pull.number),
      baseline: 'rerun',
    });
    assert.equal(exitCode, 2);
    assert.match(
      stdout,
      /baseline: rerun cannot be reported on: .* \[usage\]\. Hint: evaluate the baseline in a job with the `run` action/,
    );
    assert.deepEqual(outputs, {});
  });

  test('a number that is none is refused', async () => {
    const { exitCode, stdout } = await report({ record: './worse', pull: 'seven' });
    assert.equal(exitCode, 2);
    assert.match(stdout, /pull is 'seven' \[usage\]/);
  });
});
