/** The built report action with `store: artifacts`: a push to main leaves a baseline, a pull request is compared with it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HALF, after as lost } from '../support/comparisons.ts';
import { type EmulatedGitHub, startEmulator } from '../support/emulator.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { keepRecord } from '../support/keep-baseline.ts';
import { runStep, type StepResult } from '../support/runner.ts';

describe('records of main kept as artifacts', () => {
  const workspace = temporaryFolder();
  let github: EmulatedGitHub;
  let service: FakeArtifacts;
  let token: string;
  let main: string;
  let pull: { number: number; headSha: string };

  before(async () => {
    github = await startEmulator();
    service = await startFakeArtifacts(github.url);
    token = await github.appToken();
    main = await github.tip();
    pull = await github.openPull();
    await keepRecord(workspace, { model: 'main', scores: HALF, commit: main });
    await keepRecord(workspace, { model: 'worse', scores: lost(60), commit: pull.headSha });
  });
  after(async () => {
    service.close();
    await github.close();
  });

  /** A step of a run that began with such an event. */
  function report(
    run: number,
    name: string,
    payload: object,
    inputs: Record<string, string>,
    environment: Record<string, string> = {},
  ): Promise<StepResult> {
    return runStep({
      workspace,
      action: 'report',
      inputs: { 'github-token': token, store: 'artifacts', ...inputs },
      environment: {
        ...eventEnvironment(workspace, { name, payload, run }),
        GITHUB_REF: 'refs/heads/main',
        GITHUB_SHA: main,
        GITHUB_API_URL: service.url,
        ...service.stepEnvironment(run),
        ...environment,
      },
    });
  }
  const push = () => ({ ref: 'refs/heads/main', after: main });
  const pullRequest = () => pullPayload(pull, main);

  test('a push to main leaves the record, and its scores for longer', async () => {
    service.runs.set(41, { sha: main });
    const { exitCode, stdout } = await report(41, 'push', push(), {
      record: './main',
      baseline: './main',
      'retention-days': '7',
      'trend-retention-days': '60',
    });
    assert.equal(exitCode, 0, stdout);
    assert.match(stdout, new RegExp(`Record of ${main.slice(0, 12)} kept in the artifacts of octo/models`));
    const days = ['baseline', 'trend'].map((kind) => {
      const { expires } = service.details.get(`41/sos-bench-${kind}-${main}`)!;
      return Math.round((Date.parse(expires!) - Date.now()) / 86_400_000);
    });
    assert.deepEqual(days, [7, 60]);
  });

  test("a pull request is compared with it, and its trend begins there; a fork's 'main' is passed by", async () => {
    const poison = new Map([...service.archives.get(41)!]);
    service.archives.set(40, poison);
    service.runs.set(40, { sha: main, headRepository: 'evil/models' });
    const { exitCode, stdout, outputs } = await report(42, 'pull_request', pullRequest(), {
      record: './worse',
    });
    assert.equal(exitCode, 1, stdout);
    assert.equal(outputs.verdict, 'regressed');
    const comments = await github.api<{ body: string }[]>(
      'GET',
      `/repos/octo/models/issues/${pull.number}/comments`,
    );
    assert.match(comments[0]!.body, new RegExp(`baseline \\S+ \\[<code>${main.slice(0, 12)}`));
    assert.match(comments[0]!.body, /Trend: the last 1 record of the main branch/);
    assert.ok(!service.archives.get(42)?.has(`sos-bench-baseline-${pull.headSha}`), 'it becomes no baseline');
  });

  test('a record that has expired is not a baseline, and the report says so', async () => {
    for (const run of [40, 41]) service.details.set(`${run}/sos-bench-baseline-${main}`, { expired: true });
    const { exitCode, stdout, outputs, summary } = await report(43, 'pull_request', pullRequest(), {
      record: './worse',
    });
    assert.deepEqual([exitCode, outputs.verdict], [0, 'no-baseline'], stdout);
    assert.match(summary, /No baseline: .* its artifact expired/);
  });

  test('a number of days that is none: exit 2', async () => {
    const { exitCode, stdout } = await report(44, 'push', push(), {
      record: './main',
      'retention-days': '1000',
    });
    assert.equal(exitCode, 2);
    assert.match(
      stdout,
      /retention-days is '1000' \[usage\]\. Hint: it is a whole number of days from 1 to 400/,
    );
  });

  test('on GitHub Enterprise Server: refused in one line, with the remedy', async () => {
    const { exitCode, stdout } = await report(
      45,
      'push',
      push(),
      { record: './main' },
      { GITHUB_SERVER_URL: 'https://github.example.com' },
    );
    assert.equal(exitCode, 2);
    assert.match(stdout, /keeps no artifacts \[store-unsupported\]\. Hint: use store: branch/);
  });

  test('a record that cannot be uploaded is an error of the run: the next change would miss it', async () => {
    const { exitCode, stdout } = await report(
      46,
      'push',
      push(),
      { record: './main', baseline: './main' },
      { ACTIONS_RUNTIME_TOKEN: '' },
    );
    assert.equal(exitCode, 2);
    assert.match(stdout, /the record could not be kept: could not upload artifact .*\[github-refused\]/);
  });
});
