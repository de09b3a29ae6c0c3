/** The built release gate on an emulated GitHub's releases, commits and records: what it finds to compare with. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { GateSchema } from '../../src/verdict/release/gate.ts';
import { HALF } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepBaseline } from '../support/keep-baseline.ts';
import { flipped, indexes } from '../support/records.ts';
import { runStep } from '../support/runner.ts';

describe('the gate and what was released before', () => {
  const workspace = temporaryFolder();
  const good = Array.from({ length: 6 }, () => HALF).flat();
  const bad = flipped(good, ...indexes(150));
  let github: TestGitHub;
  let token: string;
  let runs = 0;

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken();
  });
  after(() => github.close());

  /** A commit of main whose model answers so; null: it was never evaluated. */
  async function commit(scores: number[] | null): Promise<string> {
    const name = `change-${++runs}.txt`;
    const made = await github.emulator.api<{ commit: { sha: string } }>(
      'PUT',
      `/repos/octo/models/contents/${name}`,
      { message: name, content: '', branch: 'main' },
    );
    const { sha } = made.commit;
    if (scores !== null) await keepBaseline(github, join(workspace, `record-${runs}`), sha, scores);
    return sha;
  }

  async function release(tag: string, sha: string, more = {}): Promise<void> {
    const path = '/repos/octo/models';
    await github.emulator.api('POST', `${path}/git/refs`, { ref: `refs/tags/${tag}`, sha });
    await github.emulator.api('POST', `${path}/releases`, { tag_name: tag, name: tag, ...more });
  }

  /** The gate, as `on: release` with `types: [published]` starts it. */
  async function gate(sha: string, inputs: Record<string, string> = {}) {
    const event = join(workspace, `event-${++runs}.json`);
    const repository = { full_name: 'octo/models', default_branch: 'main' };
    writeFileSync(event, JSON.stringify({ action: 'published', release: {}, repository }));
    const result = await runStep({
      workspace,
      action: 'gate',
      inputs: { 'github-token': token, thresholds: 'if=off,safety=off', ...inputs },
      environment: {
        GITHUB_EVENT_NAME: 'release',
        GITHUB_EVENT_PATH: event,
        GITHUB_API_URL: github.proxy.url,
        GITHUB_SHA: sha,
      },
    });
    const found = () =>
      GateSchema.parse(JSON.parse(readFileSync(join(result.outputs['report-path']!, 'gate.json'), 'utf8')));
    return { ...result, found };
  }

  let first: string;

  test('the first release of all: there is nothing before it, which stands against it and says the way on', async () => {
    first = await commit(good);
    await release('v1', first);
    const { exitCode, stdout } = await gate(first);
    assert.equal(exitCode, 1, stdout);
    assert.match(
      stdout,
      /compared with release: no earlier release to compare with: octo\/models has no release before v1, which is of this very commit\. .*for a first release set release: none/,
    );
    assert.match(stdout, /compared with main: no earlier record to compare with: .*set main: none/);
  });

  test('a first release that is asked for as one passes, and says that it was compared with nothing', async () => {
    const { exitCode, stdout, summary } = await gate(first, { release: 'none', main: 'none' });
    assert.equal(exitCode, 0, stdout);
    assert.match(summary, /May be released, compared with nothing/);
  });

  test('a published release is compared with the one before it, and with the commit of main before it', async () => {
    const between = await commit(good);
    const second = await commit(flipped(good, 3));
    await release('v2-rc', between, { prerelease: true });
    await release('v2', second);
    const { exitCode, stdout, found } = await gate(second);
    assert.equal(exitCode, 0, stdout);
    assert.deepEqual(
      found().comparisons.map(({ against, verdict }) => [against, verdict.records.baseline.commit]),
      [
        ['release', first],
        ['main', between],
      ],
    );
  });

  test('a model that got worse is held back although its own release is the latest and main is at it', async () => {
    const third = await commit(bad);
    await release('v3', third);
    await release('v3-again', third);
    const { exitCode, stdout, found } = await gate(third);
    assert.equal(exitCode, 1, stdout);
    assert.match(stdout, /compared with release: World knowledge regressed/);
    assert.match(stdout, /compared with main: World knowledge regressed/);
    const commits = found().comparisons.map(({ verdict }) => verdict.records.baseline.commit);
    assert.ok(!commits.includes(third));
    assert.equal(commits[0], commits[1], 'v2 is both the last release and the commit before');
  });

  test("a release that has no record of its own never leads back to the candidate's", async () => {
    const candidate = await commit(good);
    const unseen = await commit(null);
    await release('v4', unseen);
    const { stdout, found } = await gate(candidate);
    const [against, ...rest] = found().comparisons;
    assert.equal(against?.against, 'release', stdout);
    for (const { verdict } of [against!, ...rest])
      assert.notEqual(verdict.records.baseline.commit, candidate);
  });

  test('the same commit as ref, too, is passed by', async () => {
    const { found } = await gate(first, { release: 'v1', main: 'none' });
    assert.match(found().objections[0]!.what, /no earlier release to compare with: none of the \d+ commits/);
    assert.match(found().objections[0]!.what, /it is the very commit that is compared/);
  });
});
