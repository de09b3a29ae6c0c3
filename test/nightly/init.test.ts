/** Repositories that `sos-bench init` made, from push to comment, by a real workflow runner against an emulated GitHub. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execa } from 'execa';
import { findAct, type JobResult } from '../support/act.ts';
import { type ActRepository, startActRepository } from '../support/act-repository.ts';
import { commentPayload, pullPayload, REPOSITORY } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runMain } from '../support/runtime.ts';

const act = await findAct();
const ACTION = 'octo/sos-bench@0123456789abcdef0123456789abcdef01234567';
const CONFIG = '.github/sos-bench.yml';
const TRAIN = '#!/bin/sh\ncp -R "$TRAINED_MODEL" "$2"\n';

/** The files that `sos-bench init` writes into a new repository, by path, started in a folder of it. */
async function filesOfInit(args: readonly string[], folder = '.'): Promise<Record<string, string>> {
  const root = temporaryFolder();
  await execa('git', ['init', '--quiet', '--initial-branch=main'], { cwd: root });
  await execa('git', ['remote', 'add', 'origin', 'https://github.com/octo/models'], { cwd: root });
  mkdirSync(join(root, folder), { recursive: true });
  const { exitCode, stdout, stderr } = await runMain(['init', '--json', '--action', ACTION, ...args], {
    cwd: join(root, folder),
    environment: { PATH: process.env.PATH ?? '' },
  });
  assert.equal(exitCode, 0, stderr);
  const { files } = JSON.parse(stdout) as { files: { path: string }[] };
  return Object.fromEntries(files.map(({ path }) => [path, readFileSync(join(root, path), 'utf8')]));
}

const results = (jobs: Map<string, JobResult>) =>
  Object.fromEntries([...jobs].map(([name, { result }]) => [name, result]));
const logs = (jobs: Map<string, JobResult>) =>
  [...jobs].map(([name, { log }]) => `${name}:\n${log}`).join('\n');

describe('a repository that init made', {
  skip: act === null && 'neither act nor Go to build it with is here',
}, () => {
  const folder = temporaryFolder();
  const shared = join(folder, 'shared models');
  let here: ActRepository;
  let released: string;
  let pull: { number: number; head: string };

  before(async () => {
    const trained = await filesOfInit(['--bot', '--nightly', '--gate'], 'packages/my model');
    // Those of other sources stand beside it under names of their own.
    const onDisk = await filesOfInit(['--model-from', 'disk', '--model', shared]);
    const fetched = await filesOfInit([
      ...['--model-from', 'command', '--secrets', 'BUCKET_KEY'],
      ...[
        '--model',
        '[ "$BUCKET_KEY" = the-key ] && cp -R "$TRAINED_MODEL" model && echo "$MODEL_SHA" >&2 && echo model',
      ],
    ]);
    const workflow = (files: Record<string, string>, name: string) => files[`.github/workflows/${name}`]!;
    const { [CONFIG]: settings, ...workflows } = trained;
    here = await startActRepository(act!, folder, {
      workflows: [],
      files: {
        ...workflows,
        '.github/workflows/disk.yml': workflow(onDisk, 'sos-bench.yml'),
        '.github/workflows/command.yml': workflow(fetched, 'sos-bench.yml'),
        '.github/workflows/command-main.yml': workflow(fetched, 'sos-bench-main.yml'),
        'packages/my model/train.sh': TRAIN,
      },
      settings: settings!,
      questions: 240,
      action: ACTION,
    });
    here.api.workflows.add('sos-bench-on-demand.yml').add('sos-bench-main.yml');
    released = await here.tip('main');
  });
  after(() => here.close());

  const change = () => pullPayload({ number: pull.number, headSha: pull.head }, released);
  const lastCheck = async (name = 'SOS-Bench') =>
    (await here.checks(pull.head)).filter((check) => check.name === name).at(-1)?.conclusion;

  test('a push to main trains in its folder, and leaves the record that pull requests are compared with', async () => {
    const payload = {
      ref: 'refs/heads/main',
      after: released,
      before: '0'.repeat(40),
      repository: REPOSITORY,
    };
    const jobs = await here.run({ workflow: 'sos-bench-main.yml', event: 'push', payload, model: 'main' });
    assert.deepEqual(results(jobs), { train: 'success', evaluate: 'success', report: 'success' }, logs(jobs));
    assert.match(jobs.get('report')!.log, /Record of [0-9a-f]{12} kept in/);
  });

  test('a pull request with a damaged model gets one comment, a failed check and a red step', async () => {
    const head = await here.commitInClone('change', { 'train.txt': 'more noise' });
    pull = { number: await here.openPull('change'), head };
    const jobs = await here.run({
      workflow: 'sos-bench.yml',
      event: 'pull_request',
      payload: change(),
      model: 'damaged',
    });
    assert.deepEqual(
      results(jobs),
      { open: 'success', train: 'success', evaluate: 'success', report: 'failure', conclude: 'success' },
      logs(jobs),
    );
    assert.equal(jobs.get('report')!.outputs.verdict, 'regressed');
    assert.equal(await lastCheck(), 'failure');
    const [comment, second] = await here.comments(pull.number);
    assert.equal(second, undefined);
    assert.match(comment!.body, /The model got worse/);
    assert.match(comment!.body, new RegExp(`<code>${released.slice(0, 12)}`));
  });

  test('the same model as main: the check turns green', async () => {
    const jobs = await here.run({
      workflow: 'sos-bench.yml',
      event: 'pull_request',
      payload: change(),
      model: 'main',
    });
    assert.equal(jobs.get('report')!.result, 'success', logs(jobs));
    assert.equal(await lastCheck(), 'success');
    assert.equal((await here.comments(pull.number)).length, 1);
  });

  test('a comment: the bot starts the workflow that init gave it', async () => {
    const body = `/sos-bench run ${pull.head}`;
    const path = `/repos/octo/models/issues/${pull.number}/comments`;
    const { id } = await here.github.api<{ id: number }>('POST', path, { body });
    const payload = commentPayload(pull.number, { id, body, login: 'octo' });
    const asked = await here.run({
      workflow: 'sos-bench-bot.yml',
      event: 'issue_comment',
      payload,
      model: 'main',
    });
    assert.deepEqual(results(asked), { bot: 'success' }, logs(asked));
    const [dispatch] = here.api.dispatches;
    assert.equal(dispatch!.workflow, 'sos-bench-on-demand.yml');
    const jobs = await here.run({
      workflow: 'sos-bench-on-demand.yml',
      event: 'workflow_dispatch',
      payload: { inputs: { ...dispatch!.inputs, sha: pull.head }, repository: REPOSITORY },
      model: 'damaged',
    });
    assert.deepEqual(results(jobs), { train: 'success', evaluate: 'success', report: 'failure' }, logs(jobs));
    assert.equal(await lastCheck('SOS-Bench on demand'), 'failure');
  });

  test('a night keeps its record in a store of its own', async () => {
    const jobs = await here.run({
      workflow: 'sos-bench-nightly.yml',
      event: 'schedule',
      payload: { schedule: '17 2 * * *', repository: REPOSITORY },
      model: 'main',
      sha: released,
    });
    assert.deepEqual(results(jobs), { train: 'success', evaluate: 'success', report: 'success' }, logs(jobs));
    assert.match(jobs.get('report')!.log, /kept in .*sos-bench-nightly/);
  });

  test('the gate reads what main left', async () => {
    const jobs = await here.run({
      workflow: 'sos-bench-gate.yml',
      event: 'workflow_dispatch',
      payload: { inputs: {}, repository: REPOSITORY },
      model: 'main',
      sha: released,
    });
    // There is no release to compare with yet: said, and not let through.
    assert.equal(jobs.get('gate')!.result, 'failure', logs(jobs));
    assert.match(
      jobs
        .get('gate')!
        .errors.map(({ text }) => text)
        .join('\n'),
      /no earlier release to compare with/,
    );
  });

  test('--model-from disk: the model stays on the disk, under the run', async () => {
    const jobs = await here.run({
      workflow: 'disk.yml',
      event: 'pull_request',
      payload: change(),
      model: 'damaged',
    });
    assert.deepEqual(
      results(jobs),
      { open: 'success', train: 'success', evaluate: 'success', report: 'failure', conclude: 'success' },
      logs(jobs),
    );
    assert.deepEqual(
      [...here.proxy.archives.get(here.lastRun())!.keys()].filter((name) => name === 'model'),
      [],
    );
    assert.equal(await lastCheck(), 'failure');
  });

  test('--model-from command: the secret reaches the command, and the record of main is kept', async () => {
    const secrets = { BUCKET_KEY: 'the-key' };
    const checked = await here.run({
      workflow: 'command.yml',
      event: 'pull_request',
      payload: change(),
      model: 'main',
      secrets,
    });
    assert.equal(checked.get('report')!.result, 'success', logs(checked));
    assert.match(checked.get('evaluate')!.log, new RegExp(pull.head));
    const sha = await here.commitFile('main', 'train.txt', 'another day');
    const jobs = await here.run({
      workflow: 'command-main.yml',
      event: 'push',
      payload: { ref: 'refs/heads/main', after: sha, repository: REPOSITORY },
      model: 'main',
      sha,
      secrets,
    });
    assert.deepEqual(results(jobs), { evaluate: 'success', report: 'success' }, logs(jobs));
    assert.match(jobs.get('report')!.log, /Record of [0-9a-f]{12} kept in/);
  });
});
