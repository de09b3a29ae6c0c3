/** Whose word the check of a commit is: of its pull requests, of forks, of those who may confirm. By the built report. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { HALF, after as lost } from '../support/comparisons.ts';
import { eventEnvironment, pullPayload, REPOSITORY } from '../support/events.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepBaseline, keepRecord } from '../support/keep-baseline.ts';
import { runStep } from '../support/runner.ts';
import { makeZip } from '../support/zip.ts';

const FORK = { full_name: 'writer/models' };

describe('the check of a commit', () => {
  const folder = temporaryFolder();
  const workspace = temporaryFolder();
  let github: TestGitHub;
  let service: FakeArtifacts;
  let token: string;
  let base: string;
  let runs = 400;

  before(async () => {
    github = await startGitHub();
    service = await startFakeArtifacts(github.proxy.url);
    token = await github.emulator.appToken();
    base = await github.emulator.tip();
    await keepBaseline(github, folder, base, HALF);
    for (const ref of ['refs/heads/release/1', 'refs/heads/scratch']) {
      await github.emulator.api('POST', '/repos/octo/models/git/refs', { ref, sha: base });
    }
  });
  after(async () => {
    service.close();
    await github.close();
  });

  interface Given {
    name: string;
    payload: object;
    inputs?: Record<string, string>;
    env?: Record<string, string>;
    run?: number;
  }

  function start({ name, payload, inputs = {}, env = {}, run = ++runs }: Given) {
    return runStep({
      workspace,
      action: 'report',
      inputs: { 'github-token': token, ...inputs },
      environment: {
        ...eventEnvironment(folder, { name, payload, run }),
        GITHUB_API_URL: service.url,
        ...env,
      },
    });
  }

  /** A record of a commit that lost so many of a thousand answers. */
  const keep = (commit: string, answers: number, asked: string | null = null) =>
    keepRecord(folder, {
      ...{ model: `lost-${answers}-${commit.slice(0, 8)}`, scores: lost(answers), commit, asked },
    });

  const checks = async (sha: string) =>
    (await github.checks(service.standIns.get(sha) ?? sha)).filter(({ name }) => name === 'SOS-Bench');

  /** How the newest check run of each report ended; all the same where it is one check. */
  async function ends(sha: string): Promise<(string | null)[]> {
    const sections = new Map(
      (await checks(sha)).map((run) => [run.external_id.replace(/ run=\d+ attempt=\d+/, ''), run.conclusion]),
    );
    return [...new Set(sections.values())];
  }
  const last = async (sha: string) => (await checks(sha)).at(-1)!;

  describe('of two pull requests', () => {
    let sha: string;
    let branch: string;
    let intoMain: number;
    let intoRelease: number;
    let intoScratch: number;

    beforeEach(async () => {
      branch = `shared-${++runs}`;
      const pull = await github.emulator.openPull(branch);
      sha = pull.headSha;
      intoMain = pull.number;
      intoRelease = await open('release/1');
      intoScratch = await open('scratch');
    });

    async function open(into: string): Promise<number> {
      const given = { title: branch, head: branch, base: into };
      return (await github.emulator.api<{ number: number }>('POST', '/repos/octo/models/pulls', given))
        .number;
    }
    const close = (number: number) =>
      github.emulator.api('PATCH', `/repos/octo/models/pulls/${number}`, { state: 'closed' });

    const BRANCHES = { 'base-branches': 'release/*' };

    async function report(number: number, answers: number, inputs: Record<string, string> = BRANCHES) {
      const into = { [intoMain]: 'main', [intoRelease]: 'release/1', [intoScratch]: 'scratch' }[number];
      const head = { ref: branch };
      const payload = pullPayload({ number, headSha: sha }, base, { head, base: { ref: into! } });
      const record = await keep(sha, answers);
      return await start({
        name: 'pull_request',
        payload,
        inputs: { record, ...inputs },
      });
    }

    test('is the worst of them, whoever reports last', async () => {
      assert.equal((await report(intoMain, 300)).exitCode, 1);
      assert.equal((await report(intoRelease, 0)).exitCode, 0);
      assert.deepEqual(await ends(sha), ['failure']);
      const { output } = await last(sha);
      assert.match(
        output.title,
        new RegExp(`pull request #${intoMain} \\(sos-bench\\): The model got worse`),
      );
      assert.match(output.summary, new RegExp(`pull request #${intoMain} .* \\(failure\\)`));
      await report(intoMain, 0);
      assert.deepEqual(await ends(sha), ['success'], 'a later report takes the place of its own');
      await report(intoRelease, 300);
      assert.deepEqual(await ends(sha), ['failure']);
    });

    test('is not green for as long as one has no report', async () => {
      assert.equal((await report(intoRelease, 0)).exitCode, 0);
      assert.deepEqual(await ends(sha), ['action_required']);
      const { output } = await last(sha);
      assert.match(output.title, new RegExp(`pull request #${intoMain}: Not reported yet`));
      assert.match(output.summary, /cannot be merged/);
      await report(intoMain, 0);
      assert.deepEqual(await ends(sha), ['success']);
    });

    test('nothing of a pull request into another branch: it sets no check, neither green nor red', async () => {
      for (const answers of [0, 300]) {
        const { stdout } = await report(intoScratch, answers, {});
        assert.deepEqual(await ends(sha), []);
        assert.match(stdout, /scratch.*base-branches/);
      }
      await report(intoMain, 300, {});
      await report(intoScratch, 0, {});
      assert.deepEqual(await ends(sha), ['failure']);
    });

    test('where release branches are not trusted, those into them set none either', async () => {
      await report(intoMain, 300, {});
      await report(intoRelease, 0, {});
      assert.deepEqual(await ends(sha), ['failure']);
      assert.equal((await github.checks(sha)).length, 1);
    });

    test('one that is closed does not count', async () => {
      await report(intoRelease, 300);
      await close(intoRelease);
      await report(intoMain, 0);
      assert.deepEqual(await ends(sha), ['success']);
    });

    for (const round of [1, 2]) {
      test(`that report at once: the worst (${round})`, async () => {
        await Promise.all([report(intoMain, 300), report(intoRelease, 0)]);
        assert.deepEqual(await ends(sha), ['failure']);
      });
    }

    test("what another app's check says in our words does not count", async () => {
      const forged = await github.emulator.api<{ id: number }>('POST', '/repos/octo/models/check-runs', {
        name: 'SOS-Bench',
        head_sha: sha,
        status: 'completed',
        conclusion: 'success',
        external_id: `sos-bench:report=sos-bench run=999999999999999 attempt=1 pull=${intoMain} confirm=1`,
        output: { title: 'No loss', summary: 'No loss' },
      });
      github.proxy.checkApps.set(forged.id, 'another-app');
      await report(intoMain, 300, {});
      assert.equal((await last(sha)).conclusion, 'failure');
    });
  });

  describe("of a fork's pull request", () => {
    let sha: string;
    let number: number;
    /** The commit by whose settings the record says that it was evaluated. */
    let asked: string | null = null;

    before(async () => {
      await as('POST', '/repos/octo/models/forks', {});
    });
    beforeEach(async () => {
      const branch = `from-fork-${++runs}`;
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
      service.standIns.set(sha, await github.emulator.commit());
      head = branch;
    });
    let head: string;

    async function as<Answer>(method: string, path: string, body?: object): Promise<Answer> {
      const response = await fetch(`${github.emulator.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${github.emulator.people.writer}`,
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
      const run = ++runs;
      const record = await keep(sha, answers, asked);
      const file = (name: string) => ({ name, content: readFileSync(join(record, name)) });
      const archive = makeZip([file('record.json'), file('items.parquet')]);
      service.archives.set(run, new Map([['sos-bench-record', archive]]));
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
      return await start({ name: 'workflow_run', payload, inputs });
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
      return await start({
        name: 'workflow_dispatch',
        payload: { inputs: {} },
        inputs: { record: await keep(sha, answers), ...named, ...inputs },
        env: { GITHUB_REF: ref, GITHUB_SHA: base },
      });
    }

    const comment = async () => (await github.comments(number)).map(({ body }) => body).join('\n');

    test('an honest record is a claim: nobody can merge on it, and comment and check say whose it is and what to do', async () => {
      const { exitCode, outputs, stdout, summary } = await claim(0);
      assert.deepEqual([exitCode, outputs.passed, outputs.verdict], [1, 'false', 'equivalent'], stdout);
      const { conclusion, output } = await last(sha);
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
      assert.deepEqual(await ends(sha), ['failure']);
      assert.match(await comment(), /fork/);
    });

    for (const [title, inputs] of [
      ['nothing to compare with', { store: 'none' }],
      ['nothing that can be compared', { benchmarks: 'bbq' }],
    ] as const) {
      test(`${title} is no way past: neither neutral nor green`, async () => {
        const { exitCode } = await claim(0, {}, inputs);
        assert.equal(exitCode, 1);
        const [conclusion] = await ends(sha);
        assert.ok(conclusion === 'action_required' || conclusion === 'failure', String(conclusion));
      });
    }

    test("Dependabot's is one too", async () => {
      const pull = await github.emulator.openPull();
      sha = pull.headSha;
      number = pull.number;
      const { head: of } = await github.emulator.api<{ head: { ref: string } }>(
        'GET',
        `/repos/octo/models/pulls/${number}`,
      );
      head = of.ref;
      await claim(0, { head_repository: REPOSITORY, actor: { login: 'dependabot[bot]' } });
      assert.deepEqual(await ends(sha), ['action_required']);
      assert.match((await last(sha)).output.summary, /Dependabot/);
    });

    test('a whole evaluation of that sha that a maintainer asked for concludes the same check', async () => {
      await claim(0);
      const { exitCode, outputs, stdout } = await evaluate(0);
      assert.deepEqual([exitCode, outputs.passed], [0, 'true'], stdout);
      assert.deepEqual(await ends(sha), ['success']);
      await claim(0);
      assert.deepEqual(await ends(sha), ['success'], 'what the fork says later changes nothing');
    });

    test('which also fails it: a forged record gains nothing', async () => {
      await claim(0);
      assert.equal((await evaluate(300)).exitCode, 1);
      assert.deepEqual(await ends(sha), ['failure']);
    });

    describe('into two branches', () => {
      let second: number;
      let tip: string;

      before(async () => {
        await github.emulator.api('POST', '/repos/octo/models/git/refs', {
          ...{ ref: 'refs/heads/release/2', sha: base },
        });
        const policy = Buffer.from('thresholds: { wk: off, gpqa: off }\n').toString('base64');
        const { commit } = await github.emulator.api<{ commit: { sha: string } }>(
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
        const [comment, more] = await github.comments(pull);
        assert.equal(more, undefined);
        return comment === undefined ? null : comment.body.includes('The model got worse');
      }
      const BOTH = { 'base-branches': 'release/*' };

      test('each gets a comment, by the policy of its own base; the check is the worst', async () => {
        const { exitCode, stdout } = await claim(300, {}, BOTH);
        assert.equal(exitCode, 1, stdout);
        assert.deepEqual([await shows(number), await shows(second)], [true, false]);
        assert.deepEqual(await ends(sha), ['failure']);
        assert.equal((await checks(sha)).length, 2);
      });

      test('an honest record leaves both undecided', async () => {
        await claim(0, {}, BOTH);
        assert.deepEqual([await shows(number), await shows(second)], [false, false]);
        assert.deepEqual(await ends(sha), ['action_required']);
      });

      test('where the second base is not trusted, main judges it too, and it sets no check', async () => {
        const { stdout } = await claim(300);
        assert.deepEqual([await shows(number), await shows(second)], [true, true], stdout);
        assert.equal((await checks(sha)).length, 1);
        assert.deepEqual(await ends(sha), ['failure']);
      });

      test('a record by the settings of one base alone is reported there; the other waits for its own run', async () => {
        asked = tip;
        const { stdout } = await claim(0, {}, BOTH);
        assert.deepEqual([await shows(number), await shows(second)], [null, false], stdout);
        assert.match(stdout, new RegExp(`Pull request #${number} has the same head and another base`));
        assert.deepEqual(await ends(sha), ['action_required']);
        asked = null;
        await claim(300, {}, BOTH);
        assert.deepEqual([await shows(number), await shows(second)], [true, false]);
      });

      test('no record: said in the check, once for each', async () => {
        const { exitCode } = await claim(0, {}, { ...BOTH, artifact: 'another' });
        assert.equal(exitCode, 2);
        assert.deepEqual(await ends(sha), ['failure']);
      });

      test('one of them is closed: the other is reported on', async () => {
        await github.emulator.api('PATCH', `/repos/octo/models/pulls/${second}`, { state: 'closed' });
        await claim(300, {}, BOTH);
        assert.deepEqual([await shows(number), await shows(second)], [true, null]);
        assert.deepEqual(await ends(sha), ['failure']);
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
        assert.deepEqual(await ends(sha), ['action_required']);
      });
    }
  });
});
