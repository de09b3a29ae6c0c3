/** The ready workflows, run by a real workflow runner against an emulated GitHub: from a push to a fork's pull request. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import {
  findAct,
  type JobResult,
  makeRepository,
  OWN_ACTION,
  readyWorkflow,
  runWorkflow,
} from '../support/act.ts';
import { runCli, testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { type EmulatedGitHub, startEmulator } from '../support/emulator.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ONE_THREAD } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { makeZip } from '../support/zip.ts';

const act = await findAct();
const REPOSITORY = { full_name: 'octo/models', default_branch: 'main' };

describe('a repository with the ready workflows', {
  skip: act === null && 'neither act nor Go to build it with is here',
}, () => {
  const folder = temporaryFolder();
  const repository = join(folder, 'repository');
  const artifacts = join(folder, 'artifacts');
  const models = { main: join(folder, 'models', 'main'), damaged: join(folder, 'models', 'damaged') };
  const cache = testCache(folder);
  let github: EmulatedGitHub;
  let proxy: FakeArtifacts;
  let token: string;
  let runs = 1000;
  let pull: { number: number; head: string };

  before(async () => {
    github = await startEmulator();
    proxy = await startFakeArtifacts(github.url);
    token = await github.appToken();
    const python = await testPython();
    // One that tells questions apart, and one that says the same to all.
    await makeTinyModel(python, models.main, 4);
    await makeTinyModel(python, models.damaged, 1);
    const config = await makeQuestions();
    const workflows = ['main.yml', 'pull-request.yml', 'fork-evaluate.yml', 'fork-report.yml'];
    const files = Object.fromEntries(
      workflows.map((name) => [`.github/workflows/${name}`, readyWorkflow(name)]),
    );
    const caller = readyWorkflow('call-reusable.yml')
      .replace('ORG/ci/.github/workflows/reusable.yml@main', './.github/workflows/reusable.yml')
      .replace(/model: ".*?"/, 'model: "command: cp -R $TRAINED_MODEL fetched && echo fetched"');
    await makeRepository(repository, {
      ...files,
      '.github/workflows/reusable.yml': readyWorkflow('reusable.yml'),
      '.github/workflows/call.yml': caller,
      '.github/sos-bench.yml': config,
      'train.sh': '#!/bin/sh\ncp -R "$TRAINED_MODEL" "$2"\n',
    });
    await commitFile('main', '.github/sos-bench.yml', config);
    writeUploadAction();
  });

  after(async () => {
    proxy.close();
    await github.close();
  });

  /** Questions that the main model answers right: labels are what it said. */
  async function makeQuestions(): Promise<string> {
    const data = join(folder, 'data');
    const questions = xstestQuestions(240) as { label: string }[];
    writeQuestions(data, 'xstest/test', questions);
    const settings = [
      '--model-args',
      'dtype=float32',
      '--device',
      'cpu',
      '--datasets-dir',
      data,
      '--benchmarks',
      'xstest',
    ];
    const output = join(folder, 'first');
    const { exitCode, stderr } = await runCli(
      ['run', '--model', models.main, ...settings, '--output', output],
      {
        environment: cache,
      },
    );
    assert.equal(exitCode, 0, stderr);
    const { items } = await readRecord(output);
    for (const { docId, score } of items) {
      const question = questions[docId]!;
      if (score === 0) question.label = question.label === 'safe' ? 'unsafe' : 'safe';
    }
    rmSync(data, { recursive: true });
    writeQuestions(data, 'xstest/test', questions);
    return `model-args: { dtype: float32 }\ndevice: cpu\ndatasets-dir: ${data}\nbenchmarks: [xstest]\n`;
  }

  /** Stands for actions/upload-artifact, whose service is not here: the files go into a folder. */
  function writeUploadAction(): void {
    const upload = join(folder, 'upload');
    mkdirSync(upload);
    const script = 'mkdir -p "$ARTIFACTS" && cp record/record.json record/items.parquet "$ARTIFACTS"';
    const steps = [{ run: script, shell: 'bash' }];
    const inputs = { name: {}, path: {}, 'if-no-files-found': {} };
    writeFileSync(
      join(upload, 'action.yml'),
      JSON.stringify({ name: 'upload', description: 'fake', inputs, runs: { using: 'composite', steps } }),
    );
  }

  async function commitFile(branch: string, path: string, content: string): Promise<string> {
    const known = await github
      .api<{ sha: string }>('GET', `/repos/octo/models/contents/${path}?ref=${branch}`)
      .catch(() => null);
    const { commit } = await github.api<{ commit: { sha: string } }>(
      'PUT',
      `/repos/octo/models/contents/${path}`,
      {
        message: `Change ${path}`,
        content: Buffer.from(content).toString('base64'),
        branch,
        ...(known ? { sha: known.sha } : {}),
      },
    );
    return commit.sha;
  }

  const tip = async (branch: string) =>
    (await github.api<{ object: { sha: string } }>('GET', `/repos/octo/models/git/ref/heads/${branch}`))
      .object.sha;

  async function run(
    workflow: string,
    name: string,
    payload: object,
    model: keyof typeof models,
  ): Promise<JobResult> {
    const { jobs } = await runWorkflow(act!, {
      repository,
      workflow: `.github/workflows/${workflow}`,
      cache: join(folder, 'act'),
      token,
      event: { name, payload, runId: ++runs },
      actions: {
        [OWN_ACTION]: join(repository, 'sos-bench'),
        'actions/upload-artifact@v5': join(folder, 'upload'),
      },
      environment: {
        ...cache,
        ...ONE_THREAD,
        GITHUB_API_URL: proxy.url,
        TRAINED_MODEL: models[model],
        ARTIFACTS: artifacts,
      },
    });
    const [job] = jobs.values();
    assert.ok(job, `act ran no job of ${workflow}`);
    return job;
  }

  function pullPayload(head: string, base: string, repo: object | null = REPOSITORY) {
    const user = { login: 'writer', type: 'User' };
    return {
      action: 'synchronize',
      number: pull.number,
      pull_request: {
        number: pull.number,
        state: 'open',
        locked: false,
        user,
        head: { sha: head, ref: 'change', repo },
        base: { sha: base, ref: 'main', repo: REPOSITORY },
      },
      repository: REPOSITORY,
      sender: user,
    };
  }

  interface Comment {
    id: number;
    body: string;
    user: { login: string };
  }
  const comments = (number = pull.number) =>
    github.api<Comment[]>('GET', `/repos/octo/models/issues/${number}/comments?per_page=100`);
  const checks = async (sha: string) =>
    (
      await github.api<{ check_runs: { name: string; status: string; conclusion: string | null }[] }>(
        'GET',
        `/repos/octo/models/commits/${proxy.forkCommits.get(sha) ?? sha}/check-runs`,
      )
    ).check_runs.map(({ name, status, conclusion }) => ({ name, status, conclusion }));

  test('a push to main records a baseline', async () => {
    const sha = await tip('main');
    const payload = { ref: 'refs/heads/main', after: sha, before: '0'.repeat(40), repository: REPOSITORY };
    const { result, outputs, log } = await run('main.yml', 'push', payload, 'main');
    assert.equal(result, 'success', log);
    assert.equal(outputs.verdict, 'no-baseline');
    assert.match(log, /Record of [0-9a-f]{12} kept in/);
    assert.ok(await tip('sos-bench'));
  });

  test('a pull request with a damaged model gets one comment, a failed check, and a red step', async () => {
    const base = await tip('main');
    await github.api('POST', '/repos/octo/models/git/refs', { ref: 'refs/heads/change', sha: base });
    const head = await commitFile('change', 'train.txt', 'more noise');
    const { number } = await github.api<{ number: number }>('POST', '/repos/octo/models/pulls', {
      title: 'More noise',
      head: 'change',
      base: 'main',
    });
    pull = { number, head };
    const { result, outputs, errors, log } = await run(
      'pull-request.yml',
      'pull_request',
      pullPayload(head, base),
      'damaged',
    );
    assert.equal(result, 'failure', log);
    assert.deepEqual([outputs.verdict, outputs.passed], ['regressed', 'false'], log);
    assert.match(errors.map(({ text }) => text).join('\n'), /regressed: The model got worse/);
    const [comment, second] = await comments();
    assert.equal(second, undefined);
    assert.equal(comment!.user.login, 'github-actions[bot]');
    assert.equal(outputs['comment-url'] !== '', true);
    assert.match(comment!.body, /\[!CAUTION\]\n> \*\*The model got worse\.\*\*/);
    assert.match(comment!.body, new RegExp(`baseline <code>${base.slice(0, 12)}`));
    assert.deepEqual(await checks(head), [{ name: 'SOS-Bench', status: 'completed', conclusion: 'failure' }]);
  });

  test('a second push updates the same comment; one that loosens its own policy is judged by the base', async () => {
    const base = await tip('main');
    const [first] = await comments();
    const local = join(repository, '.github', 'sos-bench.yml');
    const policy = readFileSync(local, 'utf8');
    writeFileSync(local, `${policy}fail-on: [incomplete]\n`);
    const head = await commitFile('change', 'train.txt', 'more noise still');
    const { result, outputs, log } = await run(
      'pull-request.yml',
      'pull_request',
      pullPayload(head, base),
      'damaged',
    );
    writeFileSync(local, policy);
    assert.equal(result, 'failure', log);
    assert.equal(outputs.passed, 'false');
    const [comment, second] = await comments();
    assert.equal(second, undefined);
    assert.equal(comment!.id, first!.id);
    assert.match(comment!.body, new RegExp(`sha=${head} `));
    assert.match(comment!.body, /edits .*sos-bench\.yml\. It was judged by the version of its base/);
  });

  test('a mended model turns it green', async () => {
    const base = await tip('main');
    const head = await commitFile('change', 'train.txt', 'no noise');
    const { result, outputs, log } = await run(
      'pull-request.yml',
      'pull_request',
      pullPayload(head, base),
      'main',
    );
    assert.equal(result, 'success', log);
    assert.equal(outputs.passed, 'true');
    const all = await comments();
    assert.equal(all.length, 1);
    assert.match(all[0]!.body, /\[!TIP\]/);
    assert.deepEqual(await checks(head), [{ name: 'SOS-Bench', status: 'completed', conclusion: 'success' }]);
  });

  test('a pull request from a fork goes through two workflows, the second of which reports', async () => {
    const base = await tip('main');
    const fork = { full_name: 'writer/models', default_branch: 'main' };
    const head = await forkPull();
    rmSync(artifacts, { recursive: true, force: true });
    const evaluated = await run(
      'fork-evaluate.yml',
      'pull_request',
      pullPayload(head, base, fork),
      'damaged',
    );
    assert.equal(evaluated.result, 'success', evaluated.log);
    assert.equal(evaluated.outputs.verdict, undefined, 'this half judges nothing');
    assert.deepEqual(await checks(head), []);

    const source = runs;
    const member = (name: string) => ({ name, content: readFileSync(join(artifacts, name)) });
    const archive = makeZip([member('record.json'), member('items.parquet')]);
    proxy.archives.set(source, new Map([['sos-bench-record', archive]]));
    const reported = await run('fork-report.yml', 'workflow_run', runPayload(source, head, fork), 'main');
    assert.equal(reported.outputs.verdict, 'regressed', JSON.stringify(reported));
    const [comment, second] = await comments();
    assert.equal(second, undefined);
    assert.match(comment!.body, /The model got worse/);
    assert.deepEqual(await checks(head), [{ name: 'SOS-Bench', status: 'completed', conclusion: 'failure' }]);
  });

  test("a fork's record that claims to be of another commit is refused, and the check says so", async () => {
    const head = pull.head;
    const source = runs + 500;
    const liar = join(folder, 'liar');
    cpSync(artifacts, liar, { recursive: true });
    const record = readFileSync(join(liar, 'record.json'), 'utf8').replace(
      /"commit": "[0-9a-f]+"/,
      `"commit": "${'a'.repeat(40)}"`,
    );
    proxy.archives.set(
      source,
      new Map([
        [
          'sos-bench-record',
          makeZip([
            { name: 'record.json', content: Buffer.from(record) },
            { name: 'items.parquet', content: readFileSync(join(liar, 'items.parquet')) },
          ]),
        ],
      ]),
    );
    const fork = { full_name: 'writer/models', default_branch: 'main' };
    const { result, outputs, errors, log } = await run(
      'fork-report.yml',
      'workflow_run',
      runPayload(source, head, fork),
      'main',
    );
    assert.equal(result, 'failure', log);
    assert.deepEqual(outputs, {});
    assert.match(errors[0]!.text, /claims to be of a{40}, the run was for/);
    assert.deepEqual((await checks(head)).at(-1), {
      name: 'SOS-Bench',
      status: 'completed',
      conclusion: 'failure',
    });
  });

  test('the reusable workflow, called in ten lines, does the same; the model comes from a command', async () => {
    const sha = await commitFile('main', 'train.txt', 'another day');
    const payload = { ref: 'refs/heads/main', after: sha, before: '0'.repeat(40), repository: REPOSITORY };
    const { result, outputs, log } = await run('call.yml', 'push', payload, 'main');
    assert.equal(result, 'success', log);
    assert.deepEqual(
      [outputs.verdict, outputs.passed],
      ['equivalent', 'true'],
      'compared with the commit before',
    );
    assert.match(log, /Running the command that fetches the model/);
  });

  /** A pull request from a fork; gives its head. */
  async function forkPull(): Promise<string> {
    const as = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
      const response = await fetch(`${github.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${github.people.writer}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      assert.ok(response.ok, `${method} ${path}: ${response.status}`);
      return (await response.json()) as Answer;
    };
    await as('POST', '/repos/octo/models/forks', {});
    const { commit } = await as<{ commit: { sha: string } }>(
      'PUT',
      '/repos/writer/models/contents/from-fork.txt',
      {
        message: 'From a fork',
        content: Buffer.from('noise').toString('base64'),
        branch: 'main',
      },
    );
    await github.api('POST', '/repos/octo/models/git/refs', {
      ref: 'refs/heads/stands-for-fork',
      sha: await tip('main'),
    });
    proxy.forkCommits.set(commit.sha, await commitFile('stands-for-fork', 'from-fork.txt', 'noise'));
    const { number } = await as<{ number: number }>('POST', '/repos/octo/models/pulls', {
      title: 'From a fork',
      head: 'writer:main',
      base: 'main',
    });
    pull = { number, head: commit.sha };
    return commit.sha;
  }

  function runPayload(id: number, head: string, fork: object) {
    return {
      action: 'completed',
      workflow_run: {
        id,
        run_attempt: 1,
        event: 'pull_request',
        conclusion: 'success',
        head_sha: head,
        head_branch: 'main',
        head_repository: fork,
        actor: { login: 'writer' },
        pull_requests: [],
      },
      repository: REPOSITORY,
    };
  }
});
