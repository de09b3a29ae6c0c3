/** The built report action against an emulated GitHub: the second job of a run that somebody asked for. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execa } from 'execa';
import { writeRecord } from '../../src/record/write.ts';
import { HALF, after as lost } from '../support/comparisons.ts';
import { eventEnvironment, pullPayload, type StartingEvent } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepBaseline, keepRecord } from '../support/keep-baseline.ts';
import { putFile } from '../support/lost-questions.ts';
import { makeRecord } from '../support/records.ts';
import { runStep } from '../support/runner.ts';

describe('a report on a pull request that a dispatched run names', () => {
  const workspace = temporaryFolder();
  /** Outside the workspace, as a disk of the machine: what a change is compared with must not be in its checkout. */
  const disk = temporaryFolder();
  let github: TestGitHub;
  let token: string;
  let pull: { number: number; headSha: string };

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken();
    pull = await github.emulator.openPull();
    await keepRecord(disk, { model: 'main', scores: HALF, commit: null });
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
          scores: lost(60).filter((_, index) => index % 2 === 0),
          docId: (index) => 2 * index,
          inclusionP: () => 0.5,
        },
      },
      edit: (made) => Object.assign(made, { commit: pull.headSha, suite, seed: 1234, planHash: 'plan-b' }),
    });
    await writeRecord(join(workspace, 'sampled'), record, items);
  }

  const keep = (model: string, scores: number[], commit: string) =>
    keepRecord(workspace, { model, scores, commit });

  const report = (
    inputs: Record<string, string>,
    run = 77,
    event: Omit<StartingEvent, 'run'> = { name: 'workflow_dispatch', payload: { inputs: {} } },
  ) =>
    runStep({
      workspace,
      action: 'report',
      inputs: { 'github-token': token, store: 'none', baseline: join(disk, 'main'), ...inputs },
      environment: {
        ...eventEnvironment(workspace, { ...event, run }),
        GITHUB_REF: 'refs/heads/main',
        GITHUB_API_URL: github.proxy.url,
      },
    });

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
      test(`the head has moved on since (${record}): nothing is posted, and that is not a failure`, async () => {
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
    await keepBaseline(github, disk, object.sha, HALF, 'full');
    await keepSample('pr');
    const inputs = {
      record: './sampled',
      pull: String(pull.number),
      baseline: '',
      store: 'branch',
      suite: 'pr',
    };
    const sampled = await report(inputs);
    assert.equal(sampled.exitCode, 1, sampled.stdout);
    assert.equal(sampled.outputs.verdict, 'regressed');
    assert.match(sampled.summary, /500 questions compared/);
    // Ours are other questions than the paper's.
    await keepSample('mini');
    const mini = await report({ ...inputs, suite: 'mini' });
    assert.deepEqual([mini.exitCode, mini.outputs.verdict, mini.outputs.passed], [0, 'no-baseline', 'true']);
    const strict = await report({ ...inputs, suite: 'mini', 'fail-on': 'regressed,no-baseline' });
    assert.deepEqual(
      [strict.exitCode, strict.outputs.verdict, strict.outputs.passed],
      [1, 'no-baseline', 'false'],
    );
    assert.match(strict.stdout, /The policy fails on that \(fail-on\)/);
    const [check] = await github.checks(pull.headSha);
    assert.deepEqual([check!.output.title, check!.conclusion], ['No baseline', 'failure']);
  });

  describe('of a run of some benchmarks', () => {
    const inputs = {
      record: './some',
      baseline: join(disk, 'both'),
      'report-id': 'some',
      'check-name': 'Some',
    };
    const reportSome = (more: Record<string, string> = {}) =>
      report({ ...inputs, pull: String(pull.number), ...more });

    before(async () => {
      const rows = { gpqa: { scores: HALF }, bbq: { scores: HALF } };
      const both = makeRecord({ model: 'both', benchmarks: rows });
      await writeRecord(join(disk, 'both'), both.record, both.items);
      await keepRecord(workspace, { model: 'some', scores: HALF, commit: pull.headSha });
    });

    test('is judged by the benchmarks that the workflow names, and says that it tells nothing of the others', async () => {
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

  describe('whose comment', () => {
    let own: { number: number; headSha: string };
    const body = async () => (await github.comments(own.number)).map((comment) => comment.body);

    before(async () => {
      own = await github.emulator.openPull('commented');
      await keep('first', lost(60), own.headSha);
      const { stdout } = await report({ record: './first', pull: String(own.number), sha: own.headSha });
      assert.equal((await body()).length, 1, stdout);
    });

    test('names both commits', async () => {
      await keepRecord(disk, { model: 'main', scores: HALF, commit: 'c'.repeat(40) });
      await report({ record: './first', pull: String(own.number), sha: own.headSha, 'report-id': 'named' });
      const text = (await body()).at(-1)!;
      assert.match(
        text,
        new RegExp(
          `candidate \\S+ \\[<code>${own.headSha.slice(0, 12)}</code>\\]\\(https://.*/commit/${own.headSha}\\) · baseline \\S+ \\[<code>c{12}</code>\\]`,
        ),
      );
    });

    test('gives a command that gives the same verdict', async () => {
      const text = (await body())[0]!;
      const command = text
        .match(/reproduce: <code>(.*)<\/code>/)![1]!
        .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
      assert.match(command, /^gh run download 77 -n sos-bench-record -D candidate && sos-bench compare /);
      const programs = join(workspace, 'programs');
      mkdirSync(programs);
      const program = (name: string, line: string) =>
        writeFileSync(join(programs, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
      // Stands in for GitHub's own command line: what the run uploaded is in this folder.
      program('gh', 'cp -r first candidate');
      program(
        'sos-bench',
        `exec ${process.execPath} ${join(import.meta.dirname, '../../src/cli/bin.ts')} "$@"`,
      );
      const { stdout, exitCode } = await execa('sh', ['-c', `${command} --json`], {
        cwd: workspace,
        env: { PATH: `${programs}:${process.env.PATH}` },
        reject: false,
      });
      assert.equal(exitCode, 1, stdout);
      assert.equal((JSON.parse(stdout) as { verdict: string }).verdict, 'regressed');
    });

    test('is marked when the run on a newer head cannot be done: one comment, which says so first', async () => {
      const old = own.headSha;
      const sha = await github.emulator.commit();
      const payload = pullPayload({ number: own.number, headSha: sha }, 'c'.repeat(40));
      const push = { name: 'pull_request', payload };
      const count = (await body()).length;
      const { exitCode, summary } = await report({ record: './nowhere' }, 78, push);
      assert.equal(exitCode, 2);
      assert.match(
        summary,
        /^### 🔴 SOS-Bench: could not run\n\n> \[!CAUTION\]\n> \*\*Could not run\.\*\* there is no record in .*record-missing/,
      );
      const texts = await body();
      assert.equal(texts.length, count);
      assert.match(
        texts[0]!.split('\n').slice(1).join('\n'),
        new RegExp(
          `^<!-- sos-bench:outdated -->\n\n> \\[!WARNING\\]\n> \\*\\*This report is of an older commit,\\*\\* \`${old.slice(0, 12)}\`\\. ` +
            `The run on \`${sha.slice(0, 12)}\` could not be done: \\[its log\\]\\(http.*/actions/runs/78\\)\\.\n\n<!-- `,
        ),
      );
      assert.match(texts[0]!, /The model got worse/);
      await keep('second', lost(60), sha);
      await report({ record: './second' }, 79, push);
      assert.doesNotMatch((await body())[0]!, /outdated|older commit/);
    });
  });

  test('a number that is none is refused', async () => {
    const { exitCode, stdout } = await report({ record: './worse', pull: 'seven' });
    assert.equal(exitCode, 2);
    assert.match(stdout, /pull is 'seven' \[usage\]/);
  });

  test('links its run, and names the commands of the bot where the default branch has it', async () => {
    const inputs = { record: './worse', pull: String(pull.number), 'report-id': 'linked' };
    const body = async () =>
      (await github.comments(pull.number)).find((comment) => comment.body.includes('report=linked'))!.body;
    await report(inputs);
    assert.match(await body(), /\[Run\]\(https:\/\/github\.com\/octo\/models\/actions\/runs\/77\)/);
    assert.doesNotMatch(await body(), /explain/);
    const bot = readFileSync(join(import.meta.dirname, '../../docs/workflows/bot.yml'), 'utf8');
    await putFile(github, '.github/workflows/bot.yml', bot, 'main');
    await report(inputs, 78);
    assert.match(await body(), /which questions: <code>.*explain gpqa<\/code>/);
    assert.doesNotMatch(await body(), /accept wk/, 'no store keeps what it would write');
    await report({ ...inputs, store: 'branch' }, 79);
    assert.match(
      await body(),
      /which questions: <code>.*explain gpqa<\/code> · accept this drop: <code>.*accept wk REASON/,
    );
  });
});
