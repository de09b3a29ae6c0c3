/** The built actions in jobs of a matrix that share a report: one comment, one check, and neither takes the other's place. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { HALF, after as lost } from '../support/comparisons.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepRecord } from '../support/keep-baseline.ts';
import { runStep } from '../support/runner.ts';

const MODELS = { small: lost(60), large: HALF } as const;
type Model = keyof typeof MODELS;

describe('jobs of a matrix', () => {
  const workspace = temporaryFolder();
  const disk = temporaryFolder();
  let github: TestGitHub;
  let service: FakeArtifacts;
  let token: string;
  let pull: { number: number; headSha: string };
  let pulls = 0;

  before(async () => {
    github = await startGitHub();
    service = await startFakeArtifacts(github.proxy.url);
    token = await github.emulator.appToken();
    await keepRecord(disk, { model: 'main', scores: HALF, commit: null });
  });
  after(async () => {
    service.close();
    await github.close();
  });
  beforeEach(async () => {
    pull = await github.emulator.openPull(`work-${++pulls}`);
    for (const [model, scores] of Object.entries(MODELS))
      await keepRecord(workspace, { model, scores, commit: pull.headSha });
  });

  const step = (
    action: string,
    inputs: Record<string, string>,
    { attempt = 1, run = 77 }: { attempt?: number; run?: number } = {},
  ) =>
    runStep({
      workspace,
      action,
      inputs: { 'github-token': token, ...inputs },
      environment: {
        ...eventEnvironment(workspace, {
          name: 'pull_request',
          payload: pullPayload(pull, 'c'.repeat(40)),
          run,
        }),
        GITHUB_RUN_ATTEMPT: String(attempt),
        GITHUB_API_URL: service.url,
        ...service.stepEnvironment(run),
      },
    });

  /** The report of one job of the matrix. */
  const report = (model: Model, more: Record<string, string> = {}, when: Parameters<typeof step>[2] = {}) =>
    step(
      'report',
      {
        ...{ record: `./${model}`, store: 'none', baseline: join(disk, 'main') },
        ...{ matrix: JSON.stringify({ model }), 'job-total': '2', ...more },
      },
      when,
    );

  const comments = () => github.comments(pull.number);
  const checks = async () => (await github.checks(pull.headSha)).map(({ conclusion }) => conclusion);

  for (const order of [
    ['small', 'large'],
    ['large', 'small'],
  ] as const) {
    test(`${order.join(', then ')}: both in one comment, and the check fails with the one that does`, async () => {
      await step('open-check', { matrix: 'null', 'job-total': '1' });
      const [first, second] = order;
      await report(first);
      assert.deepEqual(await checks(), [null, null], 'open until both have reported');
      await report(second);
      assert.deepEqual(await checks(), ['failure', 'failure', 'failure']);
      const [comment, more] = await comments();
      assert.equal(more, undefined);
      assert.match(
        comment!.body,
        /## model: large\n\n### .*\n\n> \[!TIP\].*## model: small\n\n### .*\n\n> \[!CAUTION\]/s,
      );
      const ended = await step('conclude-check', { result: 'failure', matrix: 'null', 'job-total': '1' });
      assert.match(ended.stdout, /The check needs nothing/);
    });
  }

  test('each leaves the list of its own items, and its own page', async () => {
    await report('small', {}, { run: 80 });
    await report('large', {}, { run: 80 });
    assert.deepEqual(
      [...service.archives.get(80)!.keys()],
      ['small', 'large'].flatMap((model) => [
        `sos-bench-flips-sos-bench+model%3A%20${model}`,
        `sos-bench-report-sos-bench+model%3A%20${model}.html`,
      ]),
    );
  });

  test('the page is the file of report-html, and what a browser shows', async () => {
    const { outputs, summary } = await report('small', { matrix: 'null', 'job-total': '1' }, { run: 82 });
    const left = service.archives.get(82)!.get('sos-bench-report-sos-bench.html')!.toString();
    assert.match(left, /^<!DOCTYPE html>.*<h1>The model got worse<\/h1>/s);
    assert.equal(readFileSync(outputs['report-html']!, 'utf8'), left);
    assert.equal(outputs['report-html'], join(outputs['report-path']!, 'report.html'));
    assert.equal(service.details.get('82/sos-bench-report-sos-bench.html')!.mimeType, 'text/html');
    const link = /\[[^\]]*report[^\]]*\]\(https?:[^)]*\/actions\/runs\/82\/artifacts\/2\)/;
    assert.match(summary, link);
    assert.match((await comments())[0]!.body, link);
  });

  test('a name of that list which is taken: the next', async () => {
    service.reserved.add('81/sos-bench-flips-sos-bench');
    const { stdout } = await report('small', { matrix: 'null', 'job-total': '1' }, { run: 81 });
    assert.doesNotMatch(stdout, /explain. will name no questions/);
    assert.deepEqual(
      [...service.archives.get(81)!.keys()],
      ['sos-bench-flips-sos-bench-2', 'sos-bench-report-sos-bench.html'],
    );
  });

  test('the one that failed is run again and passes: so does the check', async () => {
    await report('small');
    await report('large');
    await keepRecord(workspace, { model: 'small', scores: HALF, commit: pull.headSha });
    await report('small', {}, { attempt: 2 });
    assert.deepEqual(await checks(), ['failure', 'success', 'success'], 'the first attempt is history');
    const [comment] = await comments();
    assert.doesNotMatch(comment!.body, /CAUTION/);
    assert.match(comment!.body, /## model: large.*## model: small/s);
  });

  test('one that could not report fails the check', async () => {
    await report('large');
    const { exitCode } = await report('small', { record: './nowhere' });
    assert.equal(exitCode, 2);
    assert.deepEqual(await checks(), ['failure', 'failure']);
  });

  test('one whose machine was lost: the job after them ends the check', async () => {
    await report('large');
    await step('conclude-check', { result: 'failure', matrix: 'null', 'job-total': '1' });
    assert.deepEqual(await checks(), ['failure', 'failure']);
  });

  test('with reports of their own: a comment each, and nobody waits', async () => {
    for (const model of ['large', 'small'] as const)
      await report(model, { 'report-id': `sos-bench-${model}` });
    assert.equal((await comments()).length, 2);
    assert.deepEqual(await checks(), ['failure', 'failure']);
  });

  test('with checks of their own: neither waits for the other', async () => {
    await report('large', { 'check-name': 'SOS-Bench (large)' });
    assert.deepEqual(await checks(), ['success']);
  });

  for (const isFirst of [true, false])
    test(`a job beside the matrix with the same report-id, ${isFirst ? 'before' : 'after'} it: the check fails with it, and a warning says so`, async () => {
      const plain = { matrix: 'null', 'job-total': '1' };
      const said: string[] = [];
      const beside = async () => said.push((await report('small', plain)).stdout);
      await step('open-check', plain);
      if (isFirst) await beside();
      for (const seed of [1, 2])
        said.push((await report('large', { matrix: JSON.stringify({ seed }) })).stdout);
      if (!isFirst) await beside();
      assert.deepEqual(await checks(), ['failure', 'failure', 'failure']);
      assert.match(said.join(''), /::warning title=SOS-Bench%3A two jobs%2C one comment::/);
    });

  test('two seeds of a model that the report-id names: both in one comment, and the check fails with one of them', async () => {
    const own = { 'report-id': 'sos-bench-m' };
    await report('small', { ...own, matrix: '{"model":"m","seed":1}', 'job-total': '4' });
    await report('large', { ...own, matrix: '{"model":"m","seed":2}', 'job-total': '4' });
    assert.deepEqual(await checks(), ['failure', 'failure']);
    const [comment, more] = await comments();
    assert.equal(more, undefined);
    assert.match(
      comment!.body,
      /## model: m, seed: 1\n\n### .*\n\n> \[!CAUTION\].*## model: m, seed: 2\n\n### .*\n\n> \[!TIP\]/s,
    );
  });

  test('two jobs that no matrix tells apart: the check stays failed, and the second says so', async () => {
    const plain = { matrix: 'null', 'job-total': '1' };
    await report('small', plain);
    const { stdout } = await report('large', plain);
    assert.deepEqual(await checks(), ['failure']);
    assert.match(
      stdout,
      /::warning title=SOS-Bench%3A two jobs%2C one check::.*stays as another job of this run left it/,
    );
    assert.match(stdout, /::warning title=SOS-Bench%3A two jobs%2C one comment::.*its comment was replaced/);
  });
});
