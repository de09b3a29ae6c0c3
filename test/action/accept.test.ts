/** A drop that a person accepts, from the command in a comment to the day on which it counts again; by the built actions. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HALF, after as lost } from '../support/comparisons.ts';
import { commentPayload, eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepBaseline, keepRecord } from '../support/keep-baseline.ts';
import { runStep } from '../support/runner.ts';

const WAIVERS = '/repos/octo/models/contents/waivers.json';

describe('a drop that is accepted', () => {
  const folder = temporaryFolder();
  let github: TestGitHub;
  let token: string;
  let base: string;
  let pull: { number: number; headSha: string };
  let runs = 100;

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken();
    base = await github.emulator.tip();
    await keepBaseline(github, folder, base, HALF);
    pull = await github.emulator.openPull();
    await keepRecord(folder, { model: 'worse', scores: lost(60), commit: pull.headSha });
  });
  after(() => github.close());

  function start(
    action: 'bot' | 'report',
    name: string,
    payload: object,
    inputs: Record<string, string>,
    run = ++runs,
  ) {
    const event = eventEnvironment(folder, { name, payload, run });
    return runStep({
      workspace: folder,
      action,
      inputs: { 'github-token': token, ...inputs },
      environment: { ...event, GITHUB_API_URL: github.proxy.url },
    });
  }

  async function say(body: string, inputs: Record<string, string> = {}) {
    const client = await github.client({ token: github.emulator.people.writer });
    const { data } = await client.rest.issues.createComment({
      ...client.repository,
      issue_number: pull.number,
      body,
    });
    const payload = commentPayload(pull.number, { id: data.id, body, login: 'writer' });
    return await start('bot', 'issue_comment', payload, inputs);
  }

  const report = () => start('report', 'pull_request', pullPayload(pull, base), { record: './worse' });

  const body = async () =>
    (await github.comments(pull.number))
      .map((comment) => comment.body)
      .find((text) => /report=sos-bench /.test(text))!;
  const lastCheck = async () => (await github.checks(pull.headSha)).at(-1)?.conclusion;

  test('without a word it fails', async () => {
    const { exitCode, stdout } = await report();
    assert.equal(exitCode, 1, stdout);
    assert.equal(await lastCheck(), 'failure');
  });

  test('by its factor it passes, and the report says what, by whom, until when and why', async () => {
    const said = await say('/sos-bench accept wk a smaller tokenizer, agreed on with the safety team');
    assert.equal(said.exitCode, 0, said.stdout);
    const { exitCode, stdout, outputs } = await report();
    assert.equal(exitCode, 0, stdout);
    assert.equal(outputs.passed, 'true');
    assert.equal(await lastCheck(), 'success');
    const text = await body();
    assert.match(text, /🔴\u00a0worse/, 'the drop is still shown');
    assert.match(text, /writer.*20\d\d-\d\d-\d\d.*a smaller tokenizer, agreed on with the safety team/s);
  });

  test('once it has expired, the drop counts again; the waiver stays in the history', async () => {
    const file = await github.emulator.api<{ sha: string; content: string }>(
      'GET',
      `${WAIVERS}?ref=sos-bench`,
    );
    const kept = JSON.parse(Buffer.from(file.content, 'base64').toString()) as {
      waivers: { created: string; expires: string }[];
    };
    assert.equal(kept.waivers.length, 1);
    // Its days have passed.
    const dates = { created: '2026-01-01T00:00:00.000Z', expires: '2026-01-31T00:00:00.000Z' };
    Object.assign(kept.waivers[0]!, dates);
    await github.emulator.api('PUT', WAIVERS, {
      message: 'days pass',
      branch: 'sos-bench',
      sha: file.sha,
      content: Buffer.from(JSON.stringify(kept)).toString('base64'),
    });
    const { exitCode, stdout, outputs } = await report();
    assert.equal(exitCode, 1, stdout);
    assert.equal(outputs.passed, 'false');
    assert.equal(await lastCheck(), 'failure');
    assert.doesNotMatch(await body(), /agreed on with the safety team/);
    const after = await github.emulator.api<{ content: string }>('GET', `${WAIVERS}?ref=sos-bench`);
    assert.match(Buffer.from(after.content, 'base64').toString(), /agreed on with the safety team/);
  });

  for (const days of ['0', '-1', 'ever', '366']) {
    test(`waiver-days '${days}': refused, and nothing is accepted`, async () => {
      const { exitCode, stdout } = await say('/sos-bench accept wk for good', { 'waiver-days': days });
      assert.equal(exitCode, 2);
      assert.match(stdout, /waiver-days is '.*' \[usage\]/);
      const file = await github.emulator.api<{ content: string }>('GET', `${WAIVERS}?ref=sos-bench`);
      assert.doesNotMatch(Buffer.from(file.content, 'base64').toString(), /for good/);
    });
  }

  test('of two jobs that share a report, as large as the larger of the two', async () => {
    await keepRecord(folder, { model: 'small', scores: lost(90), commit: pull.headSha });
    const both = async () => {
      const run = ++runs;
      const ends: (number | undefined)[] = [];
      for (const model of ['small', 'worse']) {
        const leg = { matrix: JSON.stringify({ model }), 'job-total': '2', record: `./${model}` };
        ends.push((await start('report', 'pull_request', pullPayload(pull, base), leg, run)).exitCode);
      }
      return ends;
    };
    assert.deepEqual(await both(), [1, 1]);
    const said = await say('/sos-bench accept wk both models are known to have lost that');
    assert.equal(said.exitCode, 0, said.stdout);
    assert.deepEqual(await both(), [0, 0]);
    await keepRecord(folder, { model: 'small', scores: lost(200), commit: pull.headSha });
    assert.deepEqual(await both(), [1, 0], 'no more than that');
  });
});
