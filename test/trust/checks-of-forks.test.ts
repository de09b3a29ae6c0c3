/** Whose word the check of a commit is, where a fork or Dependabot wrote it, and who may confirm. By the built report. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, beforeEach, describe, test } from 'node:test';
import { REPOSITORY } from '../support/events.ts';
import { withReportedRepository } from '../support/reported-repository.ts';
import { makeZip } from '../support/zip.ts';

const FORK = { full_name: 'writer/models' };

describe("the check of a commit of a fork's pull request", () => {
  const own = withReportedRepository();
  let sha: string;
  let number: number;
  /** The commit by whose settings the record says that it was evaluated. */
  let asked: string | null = null;

  before(async () => {
    await as('POST', '/repos/octo/models/forks', {});
  });
  beforeEach(async () => {
    const branch = `from-fork-${own.nextRun()}`;
    const { object } = await as<{ object: { sha: string } }>(
      'GET',
      '/repos/writer/models/git/ref/heads/main',
    );
    await as('POST', '/repos/writer/models/git/refs', { ref: `refs/heads/${branch}`, sha: object.sha });
    const { commit } = await as<{ commit: { sha: string } }>(
      'PUT',
      `/repos/writer/models/contents/${branch}.txt`,
      {
        message: branch,
        content: Buffer.from(branch).toString('base64'),
        branch,
      },
    );
    sha = commit.sha;
    const pull = { title: branch, head: `writer:${branch}`, base: 'main' };
    number = (await as<{ number: number }>('POST', '/repos/octo/models/pulls', pull)).number;
    // GitHub knows a fork's commits in the repository it was forked from.
    own.service.standIns.set(sha, await own.github.emulator.commit());
    head = branch;
  });
  let head: string;

  async function as<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${own.github.emulator.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${own.github.emulator.people.writer}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Answer;
  }

  /** What the fork's own run left is reported, by the workflow that follows it. */
  async function claim(answers: number, source: object = {}, inputs: Record<string, string> = {}) {
    const run = own.nextRun();
    const record = await own.keep(sha, answers, asked);
    const file = (name: string) => ({ name, content: readFileSync(join(record, name)) });
    const archive = makeZip([file('record.json'), file('items.parquet')]);
    own.service.archives.set(run, new Map([['sos-bench-record', archive]]));
    const payload = {
      workflow_run: {
        id: run,
        run_attempt: 1,
        event: 'pull_request',
        conclusion: 'success',
        head_sha: sha,
        head_branch: head,
        head_repository: FORK,
        actor: { login: 'writer' },
        pull_requests: [],
        ...source,
      },
    };
    return await own.report({ name: 'workflow_run', payload, inputs });
  }

  /** A run that somebody who may write started, of the sha that was read. */
  async function evaluate(
    answers: number,
    { inputs = {}, ref = 'refs/heads/main' }: { inputs?: Record<string, string>; ref?: string } = {},
  ) {
    const named = {
      pull: String(number),
      sha,
      'report-id': 'on-demand',
      'check-name': 'SOS-Bench on demand',
    };
    return await own.report({
      name: 'workflow_dispatch',
      payload: { inputs: {} },
      inputs: { record: await own.keep(sha, answers), ...named, ...inputs },
      env: { GITHUB_REF: ref, GITHUB_SHA: own.base },
    });
  }

  const comment = async () => (await own.github.comments(number)).map(({ body }) => body).join('\n');

  test('an honest record is a claim: nobody can merge on it, and comment and check say whose it is and what to do', async () => {
    const { exitCode, outputs, stdout, summary } = await claim(0);
    assert.deepEqual([exitCode, outputs.passed, outputs.verdict], [1, 'false', 'equivalent'], stdout);
    const { conclusion, output } = await own.last(sha);
    assert.equal(conclusion, 'action_required');
    assert.match(output.title, /maintainer/);
    for (const text of [output.summary, await comment()]) {
      assert.match(text, /fork/);
      assert.match(text, /claim/);
      assert.match(text, /\/sos-bench run [0-9a-f]{40}/);
    }
    assert.ok(summary.includes(`/sos-bench run ${sha}`));
  });

  test('a drop that it claims itself fails', async () => {
    const { exitCode, outputs } = await claim(300);
    assert.deepEqual([exitCode, outputs.passed], [1, 'false']);
    assert.deepEqual(await own.ends(sha), ['failure']);
    assert.match(await comment(), /fork/);
  });

  for (const [title, inputs] of [
    ['nothing to compare with', { store: 'none' }],
    ['nothing that can be compared', { benchmarks: 'bbq' }],
  ] as const) {
    test(`${title} is no way past: neither neutral nor green`, async () => {
      const { exitCode } = await claim(0, {}, inputs);
      assert.equal(exitCode, 1);
      const [conclusion] = await own.ends(sha);
      assert.ok(conclusion === 'action_required' || conclusion === 'failure', String(conclusion));
    });
  }

  test("Dependabot's is one too", async () => {
    const pull = await own.github.emulator.openPull();
    sha = pull.headSha;
    number = pull.number;
    const { head: of } = await own.github.emulator.api<{ head: { ref: string } }>(
      'GET',
      `/repos/octo/models/pulls/${number}`,
    );
    head = of.ref;
    await claim(0, { head_repository: REPOSITORY, actor: { login: 'dependabot[bot]' } });
    assert.deepEqual(await own.ends(sha), ['action_required']);
    assert.match((await own.last(sha)).output.summary, /Dependabot/);
  });

  test('a whole evaluation of that sha that a maintainer asked for concludes the same check', async () => {
    await claim(0);
    const { exitCode, outputs, stdout } = await evaluate(0);
    assert.deepEqual([exitCode, outputs.passed], [0, 'true'], stdout);
    assert.deepEqual(await own.ends(sha), ['success']);
    await claim(0);
    assert.deepEqual(await own.ends(sha), ['success'], 'what the fork says later changes nothing');
  });

  test('which also fails it: a forged record gains nothing', async () => {
    await claim(0);
    assert.equal((await evaluate(300)).exitCode, 1);
    assert.deepEqual(await own.ends(sha), ['failure']);
  });

  describe('into two branches', () => {
    let second: number;
    let tip: string;

    before(async () => {
      await own.github.emulator.api('POST', '/repos/octo/models/git/refs', {
        ...{ ref: 'refs/heads/release/2', sha: own.base },
      });
      const policy = Buffer.from('thresholds: { wk: off, gpqa: off }\n').toString('base64');
      const { commit } = await own.github.emulator.api<{ commit: { sha: string } }>(
        'PUT',
        '/repos/octo/models/contents/.github/sos-bench.yml',
        { message: 'policy', content: policy, branch: 'release/2' },
      );
      tip = commit.sha;
    });
    beforeEach(async () => {
      const pull = { title: head, head: `writer:${head}`, base: 'release/2' };
      second = (await as<{ number: number }>('POST', '/repos/octo/models/pulls', pull)).number;
    });

    /** Whether the only comment on a pull request says that the model got worse; null without one. */
    async function shows(pull: number): Promise<boolean | null> {
      const [comment, more] = await own.github.comments(pull);
      assert.equal(more, undefined);
      return comment === undefined ? null : comment.body.includes('The model got worse');
    }
    const BOTH = { 'base-branches': 'release/*' };

    test('each gets a comment, by the policy of its own base; the check is the worst', async () => {
      const { exitCode, stdout } = await claim(300, {}, BOTH);
      assert.equal(exitCode, 1, stdout);
      assert.deepEqual([await shows(number), await shows(second)], [true, false]);
      assert.deepEqual(await own.ends(sha), ['failure']);
      assert.equal((await own.checks(sha)).length, 2);
    });

    test('an honest record leaves both undecided', async () => {
      await claim(0, {}, BOTH);
      assert.deepEqual([await shows(number), await shows(second)], [false, false]);
      assert.deepEqual(await own.ends(sha), ['action_required']);
    });

    test('where the second base is not trusted, main judges it too, and it sets no check', async () => {
      const { stdout } = await claim(300);
      assert.deepEqual([await shows(number), await shows(second)], [true, true], stdout);
      assert.equal((await own.checks(sha)).length, 1);
      assert.deepEqual(await own.ends(sha), ['failure']);
    });

    test('a record by the settings of one base alone is reported there; the other waits for its own run', async () => {
      asked = tip;
      const { stdout } = await claim(0, {}, BOTH);
      assert.deepEqual([await shows(number), await shows(second)], [null, false], stdout);
      assert.match(stdout, new RegExp(`Pull request #${number} has the same head and another base`));
      assert.deepEqual(await own.ends(sha), ['action_required']);
      asked = null;
      await claim(300, {}, BOTH);
      assert.deepEqual([await shows(number), await shows(second)], [true, false]);
    });

    test('no record: said in the check, once for each', async () => {
      const { exitCode } = await claim(0, {}, { ...BOTH, artifact: 'another' });
      assert.equal(exitCode, 2);
      assert.deepEqual(await own.ends(sha), ['failure']);
    });

    test('one of them is closed: the other is reported on', async () => {
      await own.github.emulator.api('PATCH', `/repos/octo/models/pulls/${second}`, { state: 'closed' });
      await claim(300, {}, BOTH);
      assert.deepEqual([await shows(number), await shows(second)], [true, null]);
      assert.deepEqual(await own.ends(sha), ['failure']);
    });
  });

  for (const [title, given] of [
    ['of some benchmarks', { inputs: { benchmarks: 'gpqa' } }],
    ['by a workflow of another branch', { ref: 'refs/heads/scratch' }],
    ['that does not say which sha was read', { inputs: { sha: '' } }],
  ] as const) {
    test(`an evaluation ${title} confirms nothing`, async () => {
      await claim(0);
      await evaluate(0, given);
      assert.deepEqual(await own.ends(sha), ['action_required']);
    });
  }
});
