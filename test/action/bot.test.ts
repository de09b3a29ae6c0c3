/** The built bot against an emulated GitHub, started as a runner starts it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { commentPayload, eventEnvironment } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { runStep, type StepResult } from '../support/runner.ts';

describe('the bot', () => {
  const workspace = temporaryFolder();
  let github: TestGitHub;
  let token: string;
  let pull: { number: number; headSha: string };
  let comments = 0;

  before(async () => {
    github = await startGitHub();
    github.proxy.workflows.add('on-demand.yml').add('main.yml');
    token = await github.emulator.appToken();
    pull = await github.emulator.openPull();
  });
  after(() => github.close());

  interface Comment {
    id: number;
    body: string;
    user: { login: string; type?: string };
    created_at: string;
  }

  /** Writes a comment as somebody, and starts the bot on it. */
  async function say(body: string, { as = 'writer' as 'writer' | 'reader', action = 'created' } = {}) {
    const response = await fetch(`${github.emulator.url}/repos/octo/models/issues/${pull.number}/comments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${github.emulator.people[as]}`, 'content-type': 'application/json' },
      body: JSON.stringify({ body }),
    });
    const comment = (await response.json()) as Comment;
    const payload = { ...commentPayload(pull.number, { id: comment.id, body, login: as }), action };
    const event = eventEnvironment(workspace, { name: 'issue_comment', payload, run: 5000 + ++comments });
    const result = await runStep({
      workspace,
      action: 'bot',
      inputs: { 'github-token': token, workflow: 'on-demand.yml', 'baseline-workflow': 'main.yml' },
      environment: {
        ...event,
        GITHUB_API_URL: github.proxy.url,
      },
    });
    return { result, comment };
  }

  const answers = async () =>
    (await github.comments(pull.number)).filter(({ user }) => user.login === 'github-actions[bot]');

  function assertDone({ exitCode, stdout, stderr }: StepResult): void {
    assert.equal(exitCode, 0, stdout + stderr);
  }

  test('help is for anybody, and answered in one comment', async () => {
    const { result } = await say('/sos-bench help', { as: 'reader' });
    assertDone(result);
    const [answer, second] = await answers();
    assert.equal(second, undefined);
    assert.match(answer!.body, /`\/sos-bench run \[SHA\]/);
  });

  test('run takes write permission, and says so', async () => {
    const { result, comment } = await say('/sos-bench run', { as: 'reader' });
    assertDone(result);
    assert.deepEqual(github.proxy.dispatches, []);
    assert.ok(github.proxy.reactions.get(comment.id)?.includes('-1'));
    assert.match((await answers())[0]!.body, /takes write permission/);
  });

  test("run on somebody else's pull request needs the full sha, then starts the workflow with it once", async () => {
    await say('/sos-bench run pr gpqa');
    assert.deepEqual(github.proxy.dispatches, []);
    assert.match((await answers())[0]!.body, /name the full sha/);
    const { result, comment } = await say(`/sos-bench run ${pull.headSha} pr gpqa,if`);
    assertDone(result);
    assert.equal(github.proxy.dispatches.length, 1);
    const { workflow, ref, inputs } = github.proxy.dispatches[0]!;
    assert.deepEqual(
      { workflow, ref, inputs },
      {
        workflow: 'on-demand.yml',
        ref: 'main',
        inputs: {
          pull: String(pull.number),
          sha: pull.headSha,
          suite: 'pr',
          benchmarks: 'gpqa,if',
          request: `comment-${comment.id}`,
        },
      },
    );
    assert.ok(github.proxy.reactions.get(comment.id)?.includes('rocket'));
  });

  test('accept keeps a named waiver that expires, in the store branch', async () => {
    const client = await github.client();
    const marker = `<!-- sos-bench:report=sos-bench sha=${pull.headSha} run=1 attempt=1 -->`;
    const losses = '<!-- sos-bench:losses [["safety",0.02,0.03],["bbq",0.04,0.05]] -->';
    const { data: shown } = await client.rest.issues.createComment({
      ...client.repository,
      issue_number: pull.number,
      body: `${marker}\nThe model got worse\n\n${losses}`,
    });
    const { result, comment } = await say('/sos-bench accept bbq refusals are tuned next week');
    assertDone(result);
    const file = await github.emulator.api<{ content: string }>(
      'GET',
      '/repos/octo/models/contents/waivers.json?ref=sos-bench',
    );
    const { waivers } = JSON.parse(Buffer.from(file.content, 'base64').toString());
    assert.equal(waivers.length, 1);
    const [waiver] = waivers;
    assert.deepEqual(
      [waiver.target, waiver.reason, waiver.by, waiver.commit],
      [{ kind: 'benchmark', id: 'bbq' }, 'refusals are tuned next week', 'writer', pull.headSha],
    );
    assert.deepEqual(
      [waiver.pull, waiver.comment, waiver.head, waiver.accepted],
      [pull.number, comment.id, pull.headSha, [{ id: 'bbq', loss: 0.04, limit: 0.05 }]],
    );
    const days = (Date.parse(waiver.expires) - Date.parse(waiver.created)) / 86_400_000;
    assert.equal(days, 30);
    const answer = (await answers()).find(({ body }) => /sos-bench%20bot/.test(body));
    assert.match(answer!.body, /is accepted until [\d-]+: BBQ up to 5\.0 points \(4\.0 were lost\)/);
    await client.rest.issues.deleteComment({ ...client.repository, comment_id: shown.id });
  });

  test('rebaseline runs the last push of the base branch again: a dispatched run could make no baseline', async () => {
    const sha = 'c'.repeat(40);
    const run = {
      id: 9,
      workflow: 'main.yml',
      branch: 'main',
      sha,
      status: 'completed',
      attempt: 1,
    } as const;
    github.proxy.pushRuns.push({ ...run });
    const { result } = await say('/sos-bench rebaseline');
    assertDone(result);
    assert.equal(github.proxy.pushRuns[0]?.attempt, 2);
    assert.equal(github.proxy.dispatches.length, 1, 'nothing was dispatched for it');
    assert.match((await answers())[0]!.body, /`c{40}` of <code>main<\/code> is being evaluated again: http/);
  });

  const QUIET = ['thanks!', '> /sos-bench run', '```\n/sos-bench run\n```'];
  for (const body of QUIET) {
    test(`no command: ${JSON.stringify(body)}`, async () => {
      const before = github.proxy.requests.length;
      const { result } = await say(body);
      assertDone(result);
      assert.match(result.stdout, /No command in that comment/);
      assert.equal(github.proxy.requests.length, before, 'nothing is asked of GitHub');
    });
  }

  test('an edited comment is not a command', async () => {
    const { result } = await say('/sos-bench rebaseline', { action: 'edited' });
    assertDone(result);
    assert.equal(github.proxy.dispatches.length, 1);
  });

  test('a mistake is answered with the nearest command', async () => {
    const { result, comment } = await say('/sos-bench rnu');
    assertDone(result);
    assert.match((await answers())[0]!.body, /the nearest is `run`/);
    assert.ok(github.proxy.reactions.get(comment.id)?.includes('-1'));
  });
});
