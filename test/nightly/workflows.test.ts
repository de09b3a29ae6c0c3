/** The other ready workflows, each run as it stands by a real workflow runner against an emulated GitHub. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { findAct, type JobResult, readyWorkflow } from '../support/act.ts';
import { type ActRepository, startActRepository } from '../support/act-repository.ts';
import { commentPayload, pullPayload, REPOSITORY } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';

const act = await findAct();

/** A ready workflow with its records kept as docs/history.md says of artifacts. */
const withArtifacts = (name: string) =>
  readyWorkflow(name)
    .replace(/contents: (read|write) # the (branch|policy).*/, 'contents: read\n      actions: read')
    .replace(/^( +)record: record$/m, '$&\n$1store: artifacts')
    // It has no token that reads artifacts.
    .replace(/^ +reuse-store: .*\n/m, '');

describe('the ready workflows', {
  skip: act === null && 'neither act nor Go to build it with is here',
}, () => {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  let here: ActRepository;
  /** The commit that was released, and what main is then. */
  let released: string;
  let pull: { number: number; head: string };

  before(async () => {
    here = await startActRepository(act!, folder, {
      workflows: [
        'nightly.yml',
        'release-gate.yml',
        'bot.yml',
        'on-demand.yml',
        'pull-request.yml',
        'external-cluster.yml',
        'fetched.yml',
      ],
      files: {
        '.github/workflows/artifacts-main.yml': withArtifacts('main.yml'),
        '.github/workflows/artifacts-pull-request.yml': withArtifacts('pull-request.yml'),
        '.github/workflows/shared-disk.yml': readyWorkflow('shared-disk.yml').replaceAll(
          '/shared/models',
          join(folder, 'shared'),
        ),
      },
      settings: 'thresholds: { wk: off, if: off }\n',
      questions: 60,
    });
    here.api.workflows.add('on-demand.yml').add('main.yml');
    released = await here.tip('main');
  });
  after(() => here.close());

  const job = (jobs: Map<string, JobResult>, name: string): JobResult =>
    jobs.get(name) ?? assert.fail(`act ran no job ${name}`);

  const results = (jobs: Map<string, JobResult>) =>
    Object.fromEntries([...jobs].map(([name, { result }]) => [name, result]));

  const lastCheck = async (name = 'SOS-Bench', sha = pull.head) =>
    (await here.checks(sha)).filter((check) => check.name === name).at(-1);

  const change = () => pullPayload({ number: pull.number, headSha: pull.head }, released);

  /** The program that fetched.yml names. */
  function writeAws(lines: string): void {
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'aws'), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  }

  test('nightly.yml keeps the record in a store of its own, and says that there is no release yet', async () => {
    const jobs = await here.run({
      workflow: 'nightly.yml',
      event: 'schedule',
      payload: { schedule: '17 2 * * *' },
      model: 'main',
      sha: released,
    });
    const { result, outputs, log, summary } = job(jobs, 'report');
    assert.equal(result, 'success', log);
    assert.equal(outputs.verdict, 'no-baseline');
    assert.match(summary, /No anchor: octo\/models has no release/);
    assert.match(log, /Record of [0-9a-f]{12} kept in .*sos-bench-nightly/);
    // The other workflows look in the store of pushes: the same records.
    await here.setBranch('sos-bench', await here.tip('sos-bench-nightly'));
  });

  test('pull-request.yml judges the model that another job trained and handed over', async () => {
    const head = await here.commitInClone('change', { 'train.txt': 'more noise' });
    pull = { number: await here.openPull('change'), head };
    const jobs = await here.run({
      workflow: 'pull-request.yml',
      event: 'pull_request',
      payload: change(),
      model: 'damaged',
    });
    assert.deepEqual(
      results(jobs),
      { open: 'success', train: 'success', evaluate: 'success', report: 'failure', conclude: 'success' },
      [...jobs.values()].map(({ log }) => log).join('\n'),
    );
    assert.equal(job(jobs, 'report').outputs.verdict, 'regressed');
    assert.equal((await lastCheck())?.conclusion, 'failure');
    assert.match(job(jobs, 'conclude').log, /The check needs nothing/);
    const [comment, second] = await here.comments(pull.number);
    assert.equal(second, undefined);
    assert.match(comment!.body, /The model got worse/);
  });

  test('fetched.yml: the credentials reach the command that fetches the model', async () => {
    writeAws(
      `[ "$AWS_SECRET_ACCESS_KEY" = secret-of-the-bucket ] || exit 9
[ "$*" = "s3 sync s3://BUCKET/${pull.head} model" ] || exit 8
echo "download: done" && cp -R "$TRAINED_MODEL" model`,
    );
    const jobs = await here.run({
      workflow: 'fetched.yml',
      event: 'pull_request',
      payload: change(),
      model: 'main',
      secrets: { AWS_ACCESS_KEY_ID: 'key-of-the-bucket', AWS_SECRET_ACCESS_KEY: 'secret-of-the-bucket' },
      environment: { PATH: `${bin}:${process.env.PATH}` },
    });
    const { log, outputs } = job(jobs, 'report');
    assert.deepEqual(
      results(jobs),
      { open: 'success', evaluate: 'success', report: 'success', conclude: 'success' },
      job(jobs, 'evaluate').log + log,
    );
    assert.equal(outputs.passed, 'true');
    assert.equal((await lastCheck())?.conclusion, 'success');
    const comments = await here.comments(pull.number);
    assert.equal(comments.length, 1);
    assert.match(comments[0]!.body, /\[!TIP\]/);
  });

  test('an evaluation that is killed in the middle leaves no record; the report says so in the check', async () => {
    // As a lost machine: the action itself goes, with no chance to say anything.
    // The shell, what guards it, and the action.
    writeAws(`at=$PPID; for n in 1 2 3; do all="$all $at"; at=$(ps -o ppid= -p $at); done; kill -KILL $all`);
    const jobs = await here.run({
      workflow: 'fetched.yml',
      event: 'pull_request',
      payload: change(),
      model: 'main',
      environment: { PATH: `${bin}:${process.env.PATH}` },
    });
    assert.deepEqual(
      results(jobs),
      { open: 'success', evaluate: 'failure', report: 'failure', conclude: 'success' },
      job(jobs, 'evaluate').log,
    );
    assert.match(job(jobs, 'conclude').log, /The check needs nothing/);
    assert.deepEqual(await lastCheck(), {
      name: 'SOS-Bench',
      status: 'completed',
      conclusion: 'failure',
    });
    assert.match((await here.comments(pull.number))[0]!.body, /\[!TIP\]/, 'the last report stays');
  });

  test('bot.yml answers a command and starts on-demand.yml, which reports on the pull request', async () => {
    const body = `/sos-bench full ${pull.head} xstest`;
    const comments = `/repos/octo/models/issues/${pull.number}/comments`;
    const comment = await here.github.api<{ id: number }>('POST', comments, { body });
    const asked = await here.run({
      workflow: 'bot.yml',
      event: 'issue_comment',
      payload: commentPayload(pull.number, { id: comment.id, body, login: 'octo' }),
      model: 'main',
    });
    assert.deepEqual(results(asked), { bot: 'success' }, job(asked, 'bot').log);
    const [dispatch, another] = here.api.dispatches;
    assert.equal(another, undefined);
    const { sha, ...inputs } = dispatch!.inputs;
    assert.deepEqual([dispatch!.workflow, dispatch!.ref], ['on-demand.yml', 'main']);
    assert.equal(sha, here.proxy.standIns.get(pull.head));

    const jobs = await here.run({
      workflow: 'on-demand.yml',
      event: 'workflow_dispatch',
      payload: { inputs: { ...inputs, sha: pull.head }, repository: REPOSITORY },
      model: 'damaged',
    });
    const { log, outputs } = job(jobs, 'report');
    assert.deepEqual(
      results(jobs),
      { train: 'success', evaluate: 'success', report: 'failure' },
      job(jobs, 'evaluate').log + log,
    );
    assert.equal(outputs.verdict, 'regressed');
    assert.equal((await lastCheck('SOS-Bench on demand'))?.conclusion, 'failure');
    const bodies = (await here.comments(pull.number)).map(({ body }) => body);
    assert.equal(bodies.filter((body) => /report=on-demand .*The model got worse/s.test(body)).length, 1);
    assert.equal(bodies.filter((body) => /report=sos-bench%20bot .*was started/s.test(body)).length, 1);
  });

  const modelReady = (model: string) => ({
    action: 'model-ready',
    client_payload: { pull: pull.number, sha: pull.head, model },
    repository: REPOSITORY,
  });

  test('external-cluster.yml judges the model that a cluster says it has made', async () => {
    const jobs = await here.run({
      workflow: 'external-cluster.yml',
      event: 'repository_dispatch',
      payload: modelReady(here.models.damaged),
      model: 'main',
    });
    const { log, outputs } = job(jobs, 'report');
    assert.deepEqual(
      results(jobs),
      { evaluate: 'success', report: 'failure' },
      job(jobs, 'evaluate').log + log,
    );
    assert.equal(outputs.verdict, 'regressed');
    assert.equal((await lastCheck())?.conclusion, 'failure');
  });

  test('external-cluster.yml with a path where there is no model: the report says that there is no record', async () => {
    const jobs = await here.run({
      workflow: 'external-cluster.yml',
      event: 'repository_dispatch',
      payload: modelReady(join(folder, 'nowhere')),
      model: 'main',
    });
    assert.deepEqual(results(jobs), { evaluate: 'failure', report: 'failure' });
    assert.match(job(jobs, 'evaluate').errors[0]!.text, /\[model-missing\]/);
    assert.match(
      job(jobs, 'report')
        .errors.map(({ text }) => text)
        .join('\n'),
      /no record in .*\[record-missing\]/,
    );
    assert.equal((await lastCheck())?.conclusion, 'failure');
  });

  const releaseGate = async (sha: string) =>
    job(
      await here.run({
        workflow: 'release-gate.yml',
        event: 'workflow_dispatch',
        payload: { inputs: {}, repository: REPOSITORY },
        model: 'main',
        sha,
      }),
      'gate',
    );

  test('release-gate.yml compares no commit with its own release', async () => {
    await here.github.api('POST', '/repos/octo/models/git/refs', { ref: 'refs/tags/v1', sha: released });
    await here.github.api('POST', '/repos/octo/models/releases', { tag_name: 'v1', name: 'v1' });
    const { result, errors, log } = await releaseGate(released);
    assert.equal(result, 'failure', log);
    const said = errors.map(({ text }) => text).join('\n');
    assert.match(said, /no earlier release to compare with: .*has no release before v1.*set release: none/);
  });

  const nightly = async (model: 'main' | 'damaged', sha: string) =>
    job(
      await here.run({
        workflow: 'nightly.yml',
        event: 'schedule',
        payload: { schedule: '17 2 * * *', repository: REPOSITORY },
        model,
        sha,
      }),
      'report',
    );

  test('release-gate.yml lets a commit pass whose model is not worse than the release before', async () => {
    const sha = await here.commitFile('main', 'train.txt', 'as good as before');
    const { result: kept, log: nights } = await nightly('main', sha);
    assert.equal(kept, 'success', nights);
    // It is the model of the night before.
    assert.match(nights, /Same model, nothing evaluated/);
    await here.setBranch('sos-bench', await here.tip('sos-bench-nightly'));
    const { result, outputs, summary, log } = await releaseGate(sha);
    assert.equal(result, 'success', log);
    assert.equal(outputs.passed, 'true');
    assert.match(summary, /May be released/);
  });

  test('nightly.yml after the model got worse: red, and told from the last release', async () => {
    const sha = await here.commitFile('main', 'train.txt', 'more noise');
    const { result, outputs, log, summary } = await nightly('damaged', sha);
    assert.equal(result, 'failure', log);
    assert.equal(outputs.verdict, 'regressed');
    assert.match(summary, /anchor|drift/i);
    assert.match(log, /Record of [0-9a-f]{12} kept in .*sos-bench-nightly/, 'a bad night is a record too');
    await here.setBranch('sos-bench', await here.tip('sos-bench-nightly'));
  });

  test('release-gate.yml holds that commit back, and says what stands against it', async () => {
    const { result, outputs, errors, summary, log } = await releaseGate(await here.tip('main'));
    assert.equal(result, 'failure', log);
    assert.equal(outputs.passed, 'false');
    assert.match(
      errors.map(({ text }) => text).join('\n'),
      /not to be released: compared with release: Safety regressed/,
    );
    assert.match(summary, /Not to be released/);
  });

  test('release-gate.yml for a commit without a record: nothing is released unseen', async () => {
    const { result, errors } = await releaseGate(
      await here.commitFile('main', 'train.txt', 'never evaluated'),
    );
    assert.equal(result, 'failure');
    assert.match(errors[0]!.text, /the store has no record of [0-9a-f]{40} \[record-missing\]\. Hint: /);
  });

  test('store: artifacts: a push to main leaves its record in the run, and writes no branch', async () => {
    const sha = await here.commitFile('main', 'train.txt', 'no noise');
    const branch = await here.tip('sos-bench');
    here.proxy.runs.set(here.lastRun() + 1, { sha });
    const jobs = await here.run({
      workflow: 'artifacts-main.yml',
      event: 'push',
      payload: { ref: 'refs/heads/main', after: sha, repository: REPOSITORY },
      model: 'main',
      sha,
    });
    const { result, outputs, log } = job(jobs, 'report');
    assert.equal(result, 'success', log);
    assert.equal(outputs.verdict, 'no-baseline', 'the branch that has records is not looked at');
    assert.deepEqual(
      [...here.proxy.archives.get(here.lastRun())!.keys()],
      [
        ...['model', 'sos-bench-record', 'sos-bench-report-sos-bench.html'],
        ...[`sos-bench-baseline-${sha}`, `sos-bench-trend-${sha}`],
      ],
    );
    assert.equal(await here.tip('sos-bench'), branch);
  });

  test('store: artifacts: a pull request is compared with the record that another run left', async () => {
    const base = await here.tip('main');
    const headSha = await here.commitInClone('worse', { 'train.txt': 'noise again' });
    const number = await here.openPull('worse');
    const jobs = await here.run({
      workflow: 'artifacts-pull-request.yml',
      event: 'pull_request',
      payload: pullPayload({ number, headSha }, base),
      model: 'damaged',
    });
    const { result, outputs, log } = job(jobs, 'report');
    assert.equal(result, 'failure', log);
    assert.equal(outputs.verdict, 'regressed', log);
    const [comment] = await here.comments(number);
    assert.match(comment!.body, new RegExp(`baseline \\S+ \\[<code>${base.slice(0, 12)}`));
    assert.match(comment!.body, /Trend: the last 1 record of the main branch/);
  });
});
