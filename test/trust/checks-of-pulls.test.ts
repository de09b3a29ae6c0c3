/** Whose word the check of a commit is, of its pull requests into several branches. By the built report. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { pullPayload } from '../support/events.ts';
import { withReportedRepository } from '../support/reported-repository.ts';

describe('the check of a commit of two pull requests', () => {
  const own = withReportedRepository();
  let sha: string;
  let branch: string;
  let intoMain: number;
  let intoRelease: number;
  let intoScratch: number;

  beforeEach(async () => {
    branch = `shared-${own.nextRun()}`;
    const pull = await own.github.emulator.openPull(branch);
    sha = pull.headSha;
    intoMain = pull.number;
    intoRelease = await open('release/1');
    intoScratch = await open('scratch');
  });

  async function open(into: string): Promise<number> {
    const given = { title: branch, head: branch, base: into };
    return (await own.github.emulator.api<{ number: number }>('POST', '/repos/octo/models/pulls', given))
      .number;
  }
  const close = (number: number) =>
    own.github.emulator.api('PATCH', `/repos/octo/models/pulls/${number}`, { state: 'closed' });

  const BRANCHES = { 'base-branches': 'release/*' };

  async function report(number: number, answers: number, inputs: Record<string, string> = BRANCHES) {
    const into = { [intoMain]: 'main', [intoRelease]: 'release/1', [intoScratch]: 'scratch' }[number];
    const head = { ref: branch };
    const payload = pullPayload({ number, headSha: sha }, own.base, { head, base: { ref: into! } });
    const record = await own.keep(sha, answers);
    return await own.report({
      name: 'pull_request',
      payload,
      inputs: { record, ...inputs },
    });
  }

  test('is the worst of them, whoever reports last', async () => {
    assert.equal((await report(intoMain, 300)).exitCode, 1);
    assert.equal((await report(intoRelease, 0)).exitCode, 0);
    assert.deepEqual(await own.ends(sha), ['failure']);
    const { output } = await own.last(sha);
    assert.match(output.title, new RegExp(`pull request #${intoMain} \\(sos-bench\\): The model got worse`));
    assert.match(output.summary, new RegExp(`pull request #${intoMain} .* \\(failure\\)`));
    await report(intoMain, 0);
    assert.deepEqual(await own.ends(sha), ['success'], 'a later report takes the place of its own');
    await report(intoRelease, 300);
    assert.deepEqual(await own.ends(sha), ['failure']);
  });

  test('is not green for as long as one has no report', async () => {
    assert.equal((await report(intoRelease, 0)).exitCode, 0);
    assert.deepEqual(await own.ends(sha), ['action_required']);
    const { output } = await own.last(sha);
    assert.match(output.title, new RegExp(`pull request #${intoMain}: Not reported yet`));
    assert.match(output.summary, /cannot be merged/);
    await report(intoMain, 0);
    assert.deepEqual(await own.ends(sha), ['success']);
  });

  test('nothing of a pull request into another branch: it sets no check, neither green nor red', async () => {
    for (const answers of [0, 300]) {
      const { stdout } = await report(intoScratch, answers, {});
      assert.deepEqual(await own.ends(sha), []);
      assert.match(stdout, /scratch.*base-branches/);
    }
    await report(intoMain, 300, {});
    await report(intoScratch, 0, {});
    assert.deepEqual(await own.ends(sha), ['failure']);
  });

  test('where release branches are not trusted, those into them set none either', async () => {
    await report(intoMain, 300, {});
    await report(intoRelease, 0, {});
    assert.deepEqual(await own.ends(sha), ['failure']);
    assert.equal((await own.github.checks(sha)).length, 1);
  });

  test('one that is closed does not count', async () => {
    await report(intoRelease, 300);
    await close(intoRelease);
    await report(intoMain, 0);
    assert.deepEqual(await own.ends(sha), ['success']);
  });

  for (const round of [1, 2]) {
    test(`that report at once: the worst (${round})`, async () => {
      await Promise.all([report(intoMain, 300), report(intoRelease, 0)]);
      assert.deepEqual(await own.ends(sha), ['failure']);
    });
  }

  test("what another app's check says in our words does not count", async () => {
    const forged = await own.github.emulator.api<{ id: number }>('POST', '/repos/octo/models/check-runs', {
      name: 'SOS-Bench',
      head_sha: sha,
      status: 'completed',
      conclusion: 'success',
      external_id: `sos-bench:report=sos-bench run=999999999999999 attempt=1 pull=${intoMain} confirm=1`,
      output: { title: 'No loss', summary: 'No loss' },
    });
    own.github.proxy.checkApps.set(forged.id, 'another-app');
    await report(intoMain, 300, {});
    assert.equal((await own.last(sha)).conclusion, 'failure');
  });
});
