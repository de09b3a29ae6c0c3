/** What others write in comments: markers with made-up runs, and commands without end. By the built report and bot. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { HALF, after as lost } from '../support/comparisons.ts';
import { commentPayload, eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepRecord } from '../support/keep-baseline.ts';
import { runStep } from '../support/runner.ts';

const MAIN = 'b'.repeat(40);

describe('comments that others write', () => {
  const workspace = temporaryFolder();
  /** Outside the workspace: what a change is compared with must not be in its checkout. */
  const disk = temporaryFolder();
  let github: TestGitHub;
  let token: string;
  let pull: { number: number; headSha: string };
  let runs = 300;

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken();
    await keepRecord(disk, { model: 'main', scores: HALF, commit: MAIN });
  });
  beforeEach(async () => {
    pull = await github.emulator.openPull();
    await keepRecord(workspace, { model: `worse-${pull.number}`, scores: lost(60), commit: pull.headSha });
  });
  after(() => github.close());

  function start(
    action: 'bot' | 'report',
    name: string,
    payload: object,
    inputs: Record<string, string>,
    env = {},
  ) {
    return runStep({
      workspace,
      action,
      inputs: { 'github-token': token, store: 'none', ...inputs },
      environment: {
        ...eventEnvironment(workspace, { name, payload, run: ++runs }),
        GITHUB_API_URL: github.proxy.url,
        ...env,
      },
    });
  }

  const report = () =>
    start('report', 'pull_request', pullPayload(pull, MAIN), {
      baseline: join(disk, 'main'),
      record: `./worse-${pull.number}`,
    });

  /** A comment by the account that reports are written in. */
  async function write(body: string, as = token): Promise<number> {
    const client = await github.client({ token: as });
    const { data } = await client.rest.issues.createComment({
      ...client.repository,
      issue_number: pull.number,
      body,
    });
    return data.id;
  }

  const marker = (run: number, attempt = 1, report = 'sos-bench') =>
    `<!-- sos-bench:report=${report} sha=${pull.headSha} run=${run} attempt=${attempt} -->\nThe model got better`;
  const bodies = async () => (await github.comments(pull.number)).map(({ body }) => body);

  describe('a comment in our name that names a run', () => {
    for (const [title, run, attempt] of [
      ['from the future', 999_999_999_999_999, 1],
      ['that exists, in an attempt that does not', 900, 999_999],
    ] as const) {
      test(`${title} keeps no report back: its text goes`, async () => {
        await write(marker(run, attempt));
        const { exitCode, stdout, outputs } = await report();
        assert.equal(exitCode, 1, stdout);
        assert.doesNotMatch(stdout, /has reported already/);
        const [body, ...more] = await bodies();
        assert.equal(more.length, 0);
        assert.match(body!, /The model got worse/);
        assert.match(outputs['comment-url'] ?? '', /issuecomment/);
      });
    }

    test('that is newer and exists stands: an older run does not overwrite it', async () => {
      await write(marker(900));
      const { exitCode, stdout } = await report();
      assert.equal(exitCode, 1, stdout);
      assert.match(stdout, /a newer run \(900, attempt 1\) has reported already/);
      assert.match((await bodies())[0]!, /The model got better/);
    });

    test('beside the report: explain reads that, not the made-up one', async () => {
      await report();
      const reported = runs;
      await write(marker(999_999_999_999_999));
      await say('/sos-bench explain gpqa', 'reader');
      const answer = (await bodies()).find((body) => /report=sos-bench%20bot/.test(body));
      assert.match(answer!, /could not read the artifacts|run \d{3} of \[the last report\]/);
      assert.doesNotMatch(answer!, /999999999999999/);
      const asked = github.proxy.requests
        .map((request) => request.asked)
        .filter((path) => /artifacts/.test(path));
      assert.match(asked.at(-1)!, new RegExp(`/runs/${reported}/artifacts`));
    });

    test('as an answer of the bot that no comment asked for: commands are answered all the same', async () => {
      await write(marker(999_999_999_999_999, 1, 'sos-bench%20bot'));
      await say('/sos-bench help', 'reader');
      assert.match((await bodies()).join('\n'), /evaluates the head/);
    });
  });

  async function say(body: string, as: 'writer' | 'reader', env: Record<string, string> = {}) {
    const id = await write(body, github.emulator.people[as]);
    const before = github.proxy.requests.length;
    const payload = commentPayload(pull.number, { id, body, login: as });
    const { exitCode, stdout } = await start(
      'bot',
      'issue_comment',
      payload,
      { workflow: 'on-demand.yml' },
      env,
    );
    assert.equal(exitCode, 0, stdout);
    return {
      reactions: github.proxy.reactions.get(id) ?? [],
      requests: github.proxy.requests.length - before,
    };
  }

  describe('commands without end', () => {
    /** Ten an hour are answered. */
    const fill = async (as: 'writer' | 'reader') => {
      const before = (await github.comments(pull.number)).length;
      for (let count = before; count < before + 10; count++) {
        await write('/sos-bench explain gpqa', github.emulator.people[as]);
      }
    };

    test('by anybody: more than ten within an hour get a reaction, cost two requests, and no answer', async () => {
      await fill('reader');
      for (const command of [
        'explain gpqa',
        'help',
        'explian',
        'explain no-such',
        'run',
        'accept wk why not',
      ]) {
        const { reactions, requests } = await say(`/sos-bench ${command}`, 'reader');
        assert.deepEqual(reactions, ['confused'], command);
        assert.ok(requests <= 3, `${command}: ${requests}`);
      }
      assert.doesNotMatch((await bodies()).join('\n'), /sos-bench%20bot/);
    });

    test('those on other pull requests count too', async () => {
      await fill('reader');
      pull = await github.emulator.openPull();
      assert.deepEqual((await say('/sos-bench explain gpqa', 'reader')).reactions, ['confused']);
    });

    test('by who may write: what starts something is still done', async () => {
      github.proxy.workflows.add('on-demand.yml');
      await fill('writer');
      assert.deepEqual((await say('/sos-bench explain gpqa', 'writer')).reactions, ['confused']);
      const before = github.proxy.dispatches.length;
      await say(`/sos-bench run ${pull.headSha}`, 'writer');
      assert.equal(github.proxy.dispatches.length, before + 1);
    });

    test('that are deleted afterwards count by the runs they started, where those can be read', async () => {
      github.proxy.workflows.add('bot.yml');
      const run = { workflow: 'bot.yml', actor: 'owner-of-a-fork', created: new Date().toISOString() };
      for (let count = 0; count < 11; count++)
        github.proxy.commentRuns.push({ ...run, conclusion: 'success' });
      const env = { GITHUB_WORKFLOW_REF: 'octo/models/.github/workflows/bot.yml@refs/heads/main' };
      const sayAs = async (login: string) => {
        const id = await write('/sos-bench explain gpqa', github.emulator.people.reader);
        const payload = commentPayload(pull.number, { id, body: '/sos-bench explain gpqa', login });
        await start('bot', 'issue_comment', payload, {}, env);
        return github.proxy.reactions.get(id) ?? [];
      };
      assert.deepEqual(await sayAs('owner-of-a-fork'), ['confused']);
      assert.deepEqual(await sayAs('somebody-else'), ['rocket']);
    });
  });
});
