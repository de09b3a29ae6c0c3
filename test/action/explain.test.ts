/** `/sos-bench explain`: the built report action leaves which items flipped, the built bot names them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { HALF, after as lost } from '../support/comparisons.ts';
import { commentPayload, eventEnvironment, pullPayload, type StartingEvent } from '../support/events.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepRecord } from '../support/keep-baseline.ts';
import { runStep } from '../support/runner.ts';

const MAIN = 'b'.repeat(40);
const ARTIFACT = 'sos-bench-flips-sos-bench';

describe('explain', () => {
  const workspace = temporaryFolder();
  /** Outside the workspace: what a change is compared with must not be in its checkout. */
  const disk = temporaryFolder();
  let github: TestGitHub;
  let service: FakeArtifacts;
  let token: string;
  let pull: { number: number; headSha: string };
  let comments = 9000;

  before(async () => {
    github = await startGitHub();
    service = await startFakeArtifacts(github.proxy.url);
    token = await github.emulator.appToken();
    pull = await github.emulator.openPull();
    const rows = ['gpqa', 'Our_Quiz'];
    await keepRecord(disk, { model: 'main', scores: HALF, commit: MAIN, rows });
    await keepRecord(workspace, { model: 'worse', scores: lost(60, 2), commit: pull.headSha, rows });
  });
  after(async () => {
    service.close();
    await github.close();
  });

  function start(action: 'bot' | 'report', event: StartingEvent, inputs: Record<string, string> = {}) {
    return runStep({
      workspace,
      action,
      inputs: { 'github-token': token, store: 'none', ...inputs },
      environment: {
        ...eventEnvironment(workspace, event),
        GITHUB_API_URL: service.url,
        ...service.stepEnvironment(event.run),
      },
    });
  }

  function report(run: number, inputs: Record<string, string> = {}) {
    const event = { name: 'pull_request', payload: pullPayload(pull, MAIN), run };
    return start('report', event, { baseline: join(disk, 'main'), record: './worse', ...inputs });
  }

  /** The bot's answer to `/sos-bench explain BENCHMARK` of somebody who may not write. */
  const explain = (benchmark: string) => answerTo(`/sos-bench explain ${benchmark}`, 'reader');

  async function answerTo(body: string, login: string, inputs: Record<string, string> = {}): Promise<string> {
    const payload = commentPayload(pull.number, { id: ++comments, body, login });
    const { exitCode, stdout } = await start('bot', { name: 'issue_comment', payload, run: 1 }, inputs);
    assert.equal(exitCode, 0, stdout);
    const answers = await github.comments(pull.number);
    const answer = answers.find(({ body }) => body.startsWith('<!-- sos-bench:report=sos-bench%20bot'));
    return answer?.body ?? assert.fail(stdout);
  }

  test('after a report: the items by id and hash, so many and no more', async () => {
    const { exitCode, stdout } = await report(70);
    assert.equal(exitCode, 1, stdout);
    assert.deepEqual([...service.archives.get(70)!.keys()], [ARTIFACT, 'sos-bench-report-sos-bench.html']);
    const answer = await explain('gpqa');
    assert.match(
      answer,
      /\*\*Lost \(60\)\*\*[\s\S]*and 40 more, in `flips\.json` of artifact `sos-bench-flips-sos-bench` of run 70/,
    );
    assert.match(answer, /\*\*Gained \(2\)\*\*/);
    assert.match(answer, /\[The last report\]\(http\S+issuecomment\S+\) compares <code>b{12}<\/code> with/);
    assert.equal(answer.match(/\d+ `[0-9a-f]{16}`/g)?.length, 22);
  });

  test('after a report that a command asked for, as on-demand.yml writes it: the items of that one', async () => {
    const text = readFileSync(
      join(import.meta.dirname, '..', '..', 'docs', 'workflows', 'on-demand.yml'),
      'utf8',
    );
    const { jobs } = parse(text) as { jobs: { report: { steps: { with: Record<string, string> }[] } } };
    const { 'report-id': id, 'check-name': name } = jobs.report.steps.at(-1)!.with;
    const { exitCode, stdout } = await report(71, { 'report-id': id!, 'check-name': name! });
    assert.equal(exitCode, 1, stdout);
    assert.match(await explain('gpqa'), /in `flips\.json` of artifact `sos-bench-flips-on-demand` of run 71/);
  });

  describe("a task of the repository's own, by the name in the last report", () => {
    test('is explained, whatever the case', async () => {
      const answer = await explain('our_quiz');
      assert.match(answer, /\*\*Our_Quiz\*\*\n\n- A task of the repository's own/);
      assert.match(answer, /\*\*Lost \(60\)\*\*/);
    });

    test('can be run', async () => {
      github.proxy.workflows.add('on-demand.yml');
      const inputs = { workflow: 'on-demand.yml' };
      const answer = await answerTo(`/sos-bench run ${pull.headSha} gpqa,our_quiz`, 'writer', inputs);
      assert.match(answer, /\(gpqa, Our_Quiz\) was started/);
      assert.equal(github.proxy.dispatches.at(-1)?.inputs.benchmarks, 'gpqa,Our_Quiz');
    });

    test('its drop can be accepted: the next report passes over it', async () => {
      const store = { store: `folder:${join(disk, 'store')}` };
      const answer = await answerTo('/sos-bench accept Our_Quiz the quiz is old', 'writer', store);
      assert.match(answer, /is accepted until [\d-]+: Our_Quiz up to \d+\.\d points \(\d+\.\d were lost\)/);
    });

    test('a name that the report lacks is none', async () => {
      assert.match(await explain('their_quiz'), /There is no such benchmark or factor/);
    });
  });
});
