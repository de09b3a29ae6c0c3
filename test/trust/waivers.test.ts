/** Accepted drops: whom, what and how much a waiver lets pass, and what is done with those that others write. By the built actions. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, beforeEach, describe } from 'node:test';
import { HALF, after as lost } from '../support/comparisons.ts';
import { commentPayload, eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepBaseline, keepRecord } from '../support/keep-baseline.ts';
import { runStep } from '../support/runner.ts';
import { inNightly, inParts as test } from '../support/tier.ts';

const FILE = '/repos/octo/models/contents/waivers.json';
const DAY = 86_400_000;

interface Stored {
  [key: string]: unknown;
  id: string;
  pull: number;
  comment: number;
  by: string;
  created: string;
  expires: string;
  target: { kind: string; id: string };
  accepted: { id: string; loss: number; limit: number }[];
}

/** Pull requests are by octo; writer may write, reader may not. */
type Person = 'owner' | 'writer' | 'reader';
const LOGINS = { owner: 'octo', writer: 'writer', reader: 'reader' };

describe('a waiver', () => {
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
  });
  beforeEach(async () => {
    pull = await github.emulator.openPull();
  });
  after(() => github.close());

  function start(
    action: 'bot' | 'report',
    name: string,
    payload: object,
    inputs: Record<string, string>,
    env = {},
  ) {
    const event = eventEnvironment(folder, { name, payload, run: ++runs });
    return runStep({
      workspace: folder,
      action,
      inputs: { 'github-token': token, ...inputs },
      environment: { ...event, GITHUB_API_URL: github.proxy.url, ...env },
    });
  }

  /** Reports a record of the pull request's head that lost so many of a thousand answers. */
  async function report(answers: number, inputs: Record<string, string> = {}) {
    const model = `lost-${answers}-${pull.number}`;
    await keepRecord(folder, { model, scores: lost(answers), commit: pull.headSha });
    const result = await start('report', 'pull_request', pullPayload(pull, base), {
      record: `./${model}`,
      ...inputs,
    });
    const body = (await github.comments(pull.number))
      .map((comment) => comment.body)
      .find((text) => /report=sos-bench /.test(text));
    const check = (await github.checks(pull.headSha)).at(-1)?.conclusion;
    return { ...result, body: body ?? '', check };
  }

  /** The same, said in the job summary alone: GitHub's pace for writing is slow. */
  async function judge(answers: number, inputs: Record<string, string> = {}) {
    const { exitCode, summary, stdout } = await report(answers, {
      comment: 'false',
      check: 'false',
      ...inputs,
    });
    return { exitCode, summary, stdout };
  }

  async function write(body: string, as: Person): Promise<number> {
    const client = await github.client({ token: github.emulator.people[as] });
    const { data } = await client.rest.issues.createComment({
      ...client.repository,
      issue_number: pull.number,
      body,
    });
    return data.id;
  }

  async function accept(as: Person = 'writer', target = 'wk', inputs: Record<string, string> = {}) {
    const body = `/sos-bench accept ${target} a smaller tokenizer`;
    const id = await write(body, as);
    const payload = commentPayload(pull.number, { id, body, login: LOGINS[as] });
    const { exitCode, stdout } = await start('bot', 'issue_comment', payload, inputs);
    assert.equal(exitCode, 0, stdout);
    const answer = (await github.comments(pull.number)).find(({ body }) => /sos-bench%20bot/.test(body));
    return { id, answer: answer?.body ?? '' };
  }

  /** The stored list, and writing it as anybody with push access can. */
  async function edit(change: (waivers: Stored[]) => Stored[]): Promise<void> {
    const kept = await github.emulator.api<{ sha: string; content: string }>('GET', `${FILE}?ref=sos-bench`);
    const { waivers } = JSON.parse(Buffer.from(kept.content, 'base64').toString()) as { waivers: Stored[] };
    await github.emulator.api('PUT', FILE, {
      message: 'by hand',
      branch: 'sos-bench',
      sha: kept.sha,
      content: Buffer.from(JSON.stringify({ schemaVersion: 1, waivers: change(waivers) })).toString('base64'),
    });
  }
  const editOwn = (change: (own: Stored) => object) =>
    edit((waivers) => waivers.map((one) => (one.pull === pull.number ? { ...one, ...change(one) } : one)));

  describe('that somebody else accepts', () => {
    let accepted: typeof pull;
    let honest: Stored[];

    before(async () => {
      pull = await github.emulator.openPull();
      const before = await report(60);
      assert.deepEqual([before.exitCode, before.check], [1, 'failure']);
      const { answer } = await accept();
      assert.match(answer, /is accepted until/);
      accepted = pull;
      honest = await stored();
    });
    beforeEach(async () => {
      pull = accepted;
      await edit(() => honest);
    });

    test('lets that drop pass in its pull request, and says what, how much, by whom, until when and why', async () => {
      const { exitCode, outputs, check, body } = await report(60);
      assert.deepEqual([exitCode, outputs.passed, check], [0, 'true', 'success']);
      assert.match(
        body,
        /accepted up to \d\.\d points by writer for #\d+ until 20\d\d-\d\d-\d\d: a smaller tokenizer/,
      );
    });

    test('lets no larger drop pass', async () => {
      const { exitCode, check, body } = await report(300);
      assert.deepEqual([exitCode, check], [1, 'failure']);
      assert.match(body, /Not accepted: .*lost more than that/);
    });

    test('lets nothing pass in another pull request, of whatever size', async () => {
      pull = await github.emulator.openPull();
      for (const answers of [60, 300]) {
        assert.equal((await judge(answers)).exitCode, 1);
      }
    });

    for (const [title, forge, why] of [
      ['of a comment that is not there', () => ({ comment: 999_999 }), /is gone/],
      ["in another's name", () => ({ by: 'octo' }), /its comment is not by octo/],
      ['for another target', () => ({ target: { kind: 'benchmark', id: 'gpqa' } }), /does not accept gpqa/],
      ['for another reason', () => ({ reason: 'all is well' }), /does not accept wk/],
      ['until 2036', () => ({ expires: '2036-01-01T00:00:00.000Z' }), /longer than 365 days/],
      [
        'until 2036, and as made then',
        () => ({
          created: new Date(Date.now() - DAY).toISOString(),
          expires: new Date(Date.now() + 400 * DAY).toISOString(),
        }),
        /longer than 365 days/,
      ],
      [
        'as earlier versions wrote it',
        () => ({ pull: undefined, comment: undefined, head: undefined, accepted: undefined }),
        /names no pull request/,
      ],
      ['without a size', () => ({ accepted: [] }), /names no pull request, comment or size/],
    ] as [string, (own: Stored) => object, RegExp][]) {
      const register = /^(of a comment|in another|as earlier)/.test(title) ? test : inNightly;
      register(`whose entry is written ${title} is ignored, and named`, async () => {
        await editOwn(forge);
        const { exitCode, summary, stdout } = await judge(60);
        assert.equal(exitCode, 1, stdout);
        assert.match(summary, /A waiver for (wk|gpqa) by \w+ was ignored/);
        assert.match(summary, why);
      });
    }

    test('whose entry is moved to another pull request is ignored there: its comment is not on it', async () => {
      const from = pull.number;
      pull = await github.emulator.openPull();
      await edit((waivers) =>
        waivers.map((one) => (one.pull === from ? { ...one, pull: pull.number } : one)),
      );
      const { exitCode, summary } = await judge(60);
      assert.equal(exitCode, 1);
      assert.match(summary, /its comment is not on that pull request/);
    });

    test('ends when its author may not write any more', async () => {
      const path = '/repos/octo/models/collaborators/writer';
      await github.emulator.api('PUT', path, { permission: 'pull' });
      const { exitCode, summary } = await judge(60);
      await github.emulator.api('PUT', path, { permission: 'push' });
      assert.equal(exitCode, 1);
      assert.match(summary, /writer may not write/);
    });

    test('that cannot be checked is ignored, and the report is made all the same', async () => {
      const [{ comment }] = (await stored()).filter((one) => one.pull === pull.number) as [Stored];
      github.proxy.faults.push({
        fault: '403 without permission',
        on: new RegExp(`GET .*comments/${comment}`),
      });
      const { exitCode, summary } = await judge(60);
      github.proxy.faults.length = 0;
      assert.equal(exitCode, 1);
      assert.match(summary, /could not be checked/);
    });

    test('ends when its comment is edited, by whomever', async () => {
      const [{ comment }] = (await stored()).filter((one) => one.pull === pull.number) as [Stored];
      // The emulator's clock has seconds.
      await new Promise((resolve) => setTimeout(resolve, 1100));
      const body = '/sos-bench accept wk a smaller tokenizer';
      await github.emulator.api('PATCH', `/repos/octo/models/issues/comments/${comment}`, { body });
      const { exitCode, summary } = await judge(60);
      assert.equal(exitCode, 1);
      assert.match(summary, /its comment was edited/);
    });

    test('ends when its comment is deleted', async () => {
      const [{ comment }] = (await stored()).filter((one) => one.pull === pull.number) as [Stored];
      await github.emulator.api('DELETE', `/repos/octo/models/issues/comments/${comment}`);
      const { exitCode, summary } = await judge(60);
      assert.equal(exitCode, 1);
      assert.match(summary, /the comment that asked for it is gone/);
    });
  });

  const stored = async () => {
    const kept = await github.emulator.api<{ content: string }>('GET', `${FILE}?ref=sos-bench`);
    return (JSON.parse(Buffer.from(kept.content, 'base64').toString()) as { waivers: Stored[] }).waivers;
  };

  describe('by the author of the pull request', () => {
    const own = async () => (await stored()).filter((one) => one.pull === pull.number);

    test('is refused by the bot; written into the store it is ignored', async () => {
      await report(60);
      const { id, answer } = await accept('owner');
      assert.match(answer, /The author of a pull request cannot accept its drops/);
      assert.deepEqual(await own(), []);
      await edit((waivers) => [
        ...waivers,
        {
          id: `comment-${id}`,
          target: { kind: 'factor', id: 'wk' },
          reason: 'a smaller tokenizer',
          by: 'octo',
          created: new Date().toISOString(),
          expires: new Date(Date.now() + DAY).toISOString(),
          commit: pull.headSha,
          pull: pull.number,
          comment: id,
          accepted: [
            { id: 'wk', loss: 0.06, limit: 0.9 },
            { id: 'gpqa', loss: 0.06, limit: 0.9 },
          ],
        },
      ]);
      const { exitCode, summary } = await judge(60);
      assert.equal(exitCode, 1, summary);
      assert.match(summary, /by the author of the pull request/);
    });

    test('counts where the configuration of the base says so, not where the pull request does', async () => {
      await report(60);
      const path = '/repos/octo/models/contents/.github/sos-bench.yml';
      const content = Buffer.from('author-may-accept: true\n').toString('base64');
      const { head } = await github.emulator.api<{ head: { ref: string } }>(
        'GET',
        `/repos/octo/models/pulls/${pull.number}`,
      );
      await github.emulator.api('PUT', path, { message: 'policy', content, branch: head.ref });
      assert.match((await accept('owner')).answer, /cannot accept/);
      await github.emulator.api('PUT', path, { message: 'policy', content, branch: 'main' });
      base = await github.emulator.tip();
      await keepBaseline(github, folder, base, HALF);
      pull = await github.emulator.openPull();
      await report(60);
      assert.match((await accept('owner')).answer, /is accepted until/);
      const { exitCode, stdout } = await judge(60);
      assert.equal(exitCode, 0, stdout);
    });
  });

  test('needs a report that shows the drop: nothing is accepted beforehand', async () => {
    assert.match((await accept()).answer, /There is no report on this pull request yet/);
    await report(0);
    assert.match((await accept()).answer, /No report on .* shows a drop of wk/);
    assert.ok((await stored()).every((one) => one.pull !== pull.number));
  });

  test('is measured by the commit that was reported last: what an earlier one lost accepts nothing', async () => {
    pull = await github.emulator.openPull('two-heads');
    // By another report, which stays as it is.
    await report(300, { 'report-id': 'on-demand' });
    const { commit } = await github.emulator.api<{ commit: { sha: string } }>(
      'PUT',
      '/repos/octo/models/contents/second.txt',
      { message: 'second', content: Buffer.from('second').toString('base64'), branch: 'two-heads' },
    );
    pull = { ...pull, headSha: commit.sha };
    assert.equal((await report(0)).exitCode, 0);
    assert.match(
      (await accept()).answer,
      new RegExp(`No report on \`${commit.sha.slice(0, 12)}\`, .* shows a drop of wk`),
    );
    await report(60);
    const { answer } = await accept();
    assert.match(answer, /\(6\.0 were lost\)/);
    assert.ok(answer.includes(commit.sha));
  });

  test('of somebody who may not write is refused', async () => {
    await report(60);
    assert.match((await accept('reader')).answer, /takes write permission/);
  });

  test('that nobody can check, in a folder without a token, counts only where the operator says so', async () => {
    // Outside the workspace: what a change is judged by must not be in its checkout.
    const disk = temporaryFolder();
    await keepRecord(disk, { model: 'main', scores: HALF, commit: base });
    const store = { store: `folder:${join(disk, 'history')}` };
    await report(60);
    await accept('writer', 'wk', store);
    const offline = { ...store, 'github-token': '', baseline: join(disk, 'main') };
    const ignored = await judge(60, offline);
    assert.equal(ignored.exitCode, 1, ignored.stdout);
    assert.match(ignored.summary, /there is no github-token to check it with/);
    const trusted = await judge(60, { ...offline, 'unverified-waivers': 'true' });
    assert.equal(trusted.exitCode, 0, trusted.stdout);
  });

  // The last: main has another record from then on.
  describe('whose pull request is merged', () => {
    /** Main at a commit, with a record that lost so much. */
    async function reportMain(sha: string, answers = 60) {
      const model = `main-${answers}-${sha.slice(0, 7)}`;
      await keepRecord(folder, { model, scores: lost(answers), commit: sha });
      const payload = { ref: 'refs/heads/main', after: sha, before: base };
      return await start(
        'report',
        'push',
        payload,
        { record: `./${model}`, baseline: './main' },
        {
          GITHUB_REF: 'refs/heads/main',
          GITHUB_SHA: sha,
        },
      );
    }

    beforeEach(async () => {
      await report(60);
      await accept();
    });

    test('holds for main from then on, for no more than was accepted; not before, and not where main lacks it', async () => {
      const unmerged = await github.emulator.tip();
      assert.equal((await reportMain(unmerged)).exitCode, 1, 'not merged yet');
      const path = `/repos/octo/models/pulls/${pull.number}/merge`;
      const { sha } = await github.emulator.api<{ sha: string }>('PUT', path, {});
      assert.equal((await reportMain(sha)).exitCode, 0, 'the merge itself');
      assert.equal((await reportMain(sha, 300)).exitCode, 1, 'a larger loss');
      assert.equal((await reportMain(unmerged)).exitCode, 1, 'a commit before it');
    });
  });
});
