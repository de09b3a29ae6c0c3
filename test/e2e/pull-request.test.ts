/** The ready workflows, run by a real workflow runner against an emulated GitHub: from a push to a fork's pull request. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { unpackRunFolder } from '../../src/record/unpack.ts';
import { findAct, type JobResult, OWN_ACTION, readyWorkflow } from '../support/act.ts';
import { type ActRepository, startActRepository } from '../support/act-repository.ts';
import { pullPayload, REPOSITORY } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { pinnedAction } from '../support/pinned-actions.ts';
import { makeZip } from '../support/zip.ts';

const act = await findAct();
const POLICY = '.github/sos-bench.yml';
const OTHER_COMMIT = /the workspace is at [0-9a-f]{40}, and the record will be of/;
/** All in one job, on the test merge: what the ready workflows do not do. */
const ONE_JOB = `on: pull_request
jobs:
  sos-bench:
    runs-on: [self-hosted, gpu]
    steps:
      - uses: ${pinnedAction('actions/checkout')}
      - run: ./train.sh --output model
      - uses: ${OWN_ACTION}
        with: { model: model }
`;
const FORK = { full_name: 'writer/models', default_branch: 'main' };

describe('a repository with the ready workflows', {
  skip: act === null && 'neither act nor Go to build it with is here',
}, () => {
  const folder = temporaryFolder();
  let here: ActRepository;
  let pull: { number: number; head: string };

  before(async () => {
    const caller = readyWorkflow('call-reusable.yml')
      .replace('ORG/ci/.github/workflows/reusable.yml@main', './.github/workflows/reusable.yml')
      .replace(/model: ".*?"/, `model: "${join(folder, 'models', 'main')}"`);
    const forks = readyWorkflow('fork-evaluate.yml')
      .replaceAll('ORG/ci/', './')
      .replaceAll('.yml@main', '.yml');
    here = await startActRepository(act!, folder, {
      workflows: ['main.yml', 'pull-request.yml', 'fork-reusable.yml', 'fork-report.yml', 'reusable.yml'],
      files: {
        '.github/workflows/call.yml': caller,
        '.github/workflows/fork-evaluate.yml': forks,
        '.github/workflows/one-job.yml': ONE_JOB,
      },
      questions: 240,
    });
  });

  after(() => here.close());

  /** The job of a workflow that judges, or its last. */
  async function run(
    workflow: string,
    event: string,
    payload: object,
    model: 'main' | 'damaged',
  ): Promise<JobResult> {
    const jobs = await here.run({ workflow, event, payload, model });
    const job = jobs.get('report') ?? [...jobs.values()].at(-1);
    if (job === undefined) assert.fail(`act ran no job of ${workflow}`);
    // Why a later job failed is often in an earlier one's log.
    return { ...job, log: [...jobs].map(([id, { log }]) => `${id}:\n${log}`).join('\n') };
  }

  const change = (head: string, base: string, repo: object = REPOSITORY) =>
    pullPayload({ number: pull.number, headSha: head }, base, { head: { repo } });

  /** What main judges by; the clone is on main wherever no commit is being made. */
  const policy = () => readFileSync(join(here.clone, POLICY), 'utf8');
  const tip = (branch: string) => here.tip(branch);
  const commitFile = (branch: string, path: string, content: string) =>
    here.commitFile(branch, path, content);
  const comments = () => here.comments(pull.number);
  const checks = (sha: string) => here.checks(sha);

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
    const head = await here.commitInClone('change', { 'train.txt': 'more noise' });
    pull = { number: await here.openPull('change'), head };
    const { result, outputs, errors, warnings, log } = await run(
      'pull-request.yml',
      'pull_request',
      change(head, base),
      'damaged',
    );
    assert.equal(result, 'failure', log);
    assert.deepEqual([outputs.verdict, outputs.passed], ['regressed', 'false'], log);
    assert.doesNotMatch(warnings.join('\n'), OTHER_COMMIT);
    assert.match(errors.map(({ text }) => text).join('\n'), /regressed: The model got worse/);
    const [comment, second] = await comments();
    assert.equal(second, undefined);
    assert.equal(comment!.user.login, 'github-actions[bot]');
    assert.equal(outputs['comment-url'] !== '', true);
    assert.match(comment!.body, /\[!CAUTION\]\n> \*\*The model got worse\.\*\*/);
    assert.match(comment!.body, new RegExp(`baseline \\S+ \\[<code>${base.slice(0, 12)}`));
    assert.deepEqual(await checks(head), [{ name: 'SOS-Bench', status: 'completed', conclusion: 'failure' }]);
  });

  test('a second push updates the same comment; one that loosens its own policy is judged by the base', async () => {
    const base = await tip('main');
    const [first] = await comments();
    const head = await here.commitInClone('change', {
      'train.txt': 'more noise still',
      [POLICY]: `${policy()}fail-on: [incomplete]\nthresholds: { safety: off }\nminimum-effect: 99\n`,
    });
    const { result, outputs, log } = await run(
      'pull-request.yml',
      'pull_request',
      change(head, base),
      'damaged',
    );
    assert.equal(result, 'failure', log);
    assert.equal(outputs.passed, 'false');
    const [comment, second] = await comments();
    assert.equal(second, undefined);
    assert.equal(comment!.id, first!.id);
    assert.match(comment!.body, new RegExp(`sha=${here.proxy.standIns.get(head)} `));
    assert.match(comment!.body, /edits .*sos-bench\.yml\. Proposed, not used: .*fail-on/);
  });

  test('a mended model turns it green', async () => {
    const base = await tip('main');
    const head = await here.commitInClone('change', { 'train.txt': 'no noise', [POLICY]: policy() });
    const { result, outputs, log } = await run(
      'pull-request.yml',
      'pull_request',
      change(head, base),
      'main',
    );
    assert.equal(result, 'success', log);
    assert.equal(outputs.passed, 'true');
    const all = await comments();
    assert.equal(all.length, 1);
    assert.match(all[0]!.body, /\[!TIP\]/);
    // It is main's model: the evaluating job read that in the store, and the report in the model's files.
    assert.match(log, /The model is the baseline's \(commit [0-9a-f]{7}\): nothing is evaluated/);
    assert.match(all[0]!.body, /Same model, nothing evaluated/);
    assert.deepEqual(await checks(head), [{ name: 'SOS-Bench', status: 'completed', conclusion: 'success' }]);
  });

  test('in one job, without a ref, the checkout is the test merge: the step says what to set, and whose claim the record is', async () => {
    const payload = change(pull.head, await tip('main'));
    const { warnings, log } = await run('one-job.yml', 'pull_request', payload, 'main');
    assert.match(warnings.join('\n'), OTHER_COMMIT, log);
    assert.match(
      warnings.join('\n'),
      new RegExp(`will be of ${pull.head}.* ref: .*pull_request\\.head\\.sha`),
    );
    assert.match((await comments())[0]!.body, /own claim/);
  });

  test('a pull request from a fork goes through two workflows, the second of which reports', async () => {
    const base = await tip('main');
    const head = await forkPull();
    const evaluated = await run('fork-evaluate.yml', 'pull_request', change(head, base, FORK), 'damaged');
    assert.equal(evaluated.result, 'success', evaluated.log);
    assert.equal(evaluated.outputs.verdict, undefined, 'this half judges nothing');
    assert.deepEqual(await checks(head), []);

    const source = here.lastRun();
    const left = [...here.proxy.archives.get(source)!.keys()];
    assert.deepEqual(left, ['model', 'sos-bench-record', 'sos-bench-record-handover-1']);
    const reported = await run('fork-report.yml', 'workflow_run', runPayload(source, head), 'main');
    assert.equal(reported.outputs.verdict, 'regressed', JSON.stringify(reported));
    const [comment, second] = await comments();
    assert.equal(second, undefined);
    assert.match(comment!.body, /The model got worse/);
    assert.deepEqual(await checks(head), [{ name: 'SOS-Bench', status: 'completed', conclusion: 'failure' }]);
  });

  test("a fork's record that claims to be of another commit is refused, and the check says so", async () => {
    const { head } = pull;
    const source = here.lastRun() + 500;
    const evaluated = here.proxy.archives.get(here.lastRun() - 1)!.get('sos-bench-record')!;
    const honest = join(folder, 'honest');
    await unpackRunFolder(evaluated, honest);
    const record = readFileSync(join(honest, 'record.json'), 'utf8');
    const lie = record.replace(/"commit": "[0-9a-f]+"/, `"commit": "${'a'.repeat(40)}"`);
    const archive = makeZip([
      { name: 'record.json', content: Buffer.from(lie) },
      { name: 'items.parquet', content: readFileSync(join(honest, 'items.parquet')) },
    ]);
    here.proxy.archives.set(source, new Map([['sos-bench-record', archive]]));
    const { result, outputs, errors, log } = await run(
      'fork-report.yml',
      'workflow_run',
      runPayload(source, head),
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

  test('the reusable workflow, called in ten lines, does the same', async () => {
    const sha = await commitFile('main', 'train.txt', 'another day');
    const payload = { ref: 'refs/heads/main', after: sha, before: '0'.repeat(40), repository: REPOSITORY };
    const jobs = await here.run({ workflow: 'call.yml', event: 'push', payload, model: 'main' });
    assert.equal(jobs.get('shard')?.result, 'success', JSON.stringify([...jobs]));
    const { result, outputs, log } = jobs.get('report')!;
    assert.equal(result, 'success', log);
    assert.deepEqual(
      [outputs.verdict, outputs.passed],
      ['equivalent', 'true'],
      'compared with the commit before',
    );
    assert.match(log, /Record of [0-9a-f]{12} kept in/);
    assert.deepEqual(
      [...here.proxy.archives.get(here.lastRun())!.keys()],
      ['sos-bench-plan-1', 'sos-bench-record-1of1-1', 'sos-bench-report-sos-bench.html'],
    );
  });

  /** A pull request from a fork; gives its head. */
  async function forkPull(): Promise<string> {
    const as = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
      const response = await fetch(`${here.github.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${here.github.people.writer}`, 'content-type': 'application/json' },
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
    // The clone's commit stands for the fork's, and that for one of the repository itself.
    const head = await here.commitInClone('stands-for-fork', { 'from-fork.txt': 'noise' });
    here.proxy.standIns.set(commit.sha, here.proxy.standIns.get(head)!);
    here.proxy.standIns.set(head, commit.sha);
    const { number } = await as<{ number: number }>('POST', '/repos/octo/models/pulls', {
      title: 'From a fork',
      head: 'writer:main',
      base: 'main',
    });
    pull = { number, head };
    return head;
  }

  function runPayload(id: number, head: string) {
    return {
      action: 'completed',
      workflow_run: {
        id,
        run_attempt: 1,
        event: 'pull_request',
        conclusion: 'success',
        head_sha: head,
        head_branch: 'main',
        head_repository: FORK,
        actor: { login: 'writer' },
        pull_requests: [],
      },
      repository: REPOSITORY,
    };
  }
});
