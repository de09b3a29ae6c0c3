/** `/sos-bench explain`: the built report action leaves which items flipped, the built bot names them. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { writeRecord } from '../../src/record/write.ts';
import { HALF, after as lost } from '../support/comparisons.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { makeRecord } from '../support/records.ts';
import { startStep } from '../support/runner.ts';

const REPOSITORY = { full_name: 'octo/models', default_branch: 'main' };
const ARTIFACT = 'sos-bench-flips-sos-bench';

describe('explain', () => {
  const workspace = temporaryFolder();
  let github: TestGitHub;
  let service: FakeArtifacts;
  let token: string;
  let pull: { number: number; headSha: string };
  let steps = 0;

  before(async () => {
    github = await startGitHub();
    service = await startFakeArtifacts(github.proxy.url);
    token = await github.emulator.appToken();
    pull = await github.emulator.openPull();
    await keep('main', HALF, 'b'.repeat(40));
    await keep('worse', lost(60, 2), pull.headSha);
  });
  after(async () => {
    service.close();
    await github.close();
  });

  async function keep(model: string, scores: number[], commit: string): Promise<void> {
    const { record, items } = makeRecord({
      model,
      benchmarks: { gpqa: { scores } },
      edit: (made) => Object.assign(made, { commit }),
    });
    await writeRecord(join(workspace, model), record, items);
  }

  function step(action: string, run: number, name: string, payload: object, inputs: Record<string, string>) {
    const event = join(workspace, `event-${++steps}.json`);
    writeFileSync(event, JSON.stringify({ ...payload, repository: REPOSITORY }));
    return startStep({
      workspace,
      action,
      inputs: { 'github-token': token, store: 'none', ...inputs },
      environment: {
        GITHUB_EVENT_NAME: name,
        GITHUB_EVENT_PATH: event,
        GITHUB_API_URL: service.url,
        GITHUB_RUN_ID: String(run),
        ...service.stepEnvironment(run),
      },
    }).result;
  }

  const report = (run: number) =>
    step(
      'report',
      run,
      'pull_request',
      {
        pull_request: {
          number: pull.number,
          state: 'open',
          user: { login: 'writer' },
          head: { sha: pull.headSha, ref: 'change-1', repo: REPOSITORY },
          base: { sha: 'b'.repeat(40), ref: 'main', repo: REPOSITORY },
        },
      },
      { baseline: './main', record: './worse' },
    );

  /** The bot's answer to `/sos-bench explain BENCHMARK` of somebody who may not write. */
  async function explain(benchmark: string): Promise<string> {
    const comment = {
      ...{
        id: 9000 + steps,
        body: `/sos-bench explain ${benchmark}`,
        user: { login: 'reader', type: 'User' },
      },
      created_at: new Date().toISOString(),
    };
    const issue = { number: pull.number, pull_request: {} };
    const { exitCode, stdout } = await step(
      'bot',
      1,
      'issue_comment',
      { action: 'created', issue, comment },
      {},
    );
    assert.equal(exitCode, 0, stdout);
    const answers = await github.comments(pull.number);
    const answer = answers.find(({ body }) => body.startsWith('<!-- sos-bench:report=sos-bench%20bot'));
    return answer?.body ?? assert.fail(stdout);
  }

  test('after a report: the items by id and hash, so many and no more', async () => {
    const { exitCode, stdout } = await report(70);
    assert.equal(exitCode, 1, stdout);
    assert.deepEqual([...service.archives.get(70)!.keys()], [ARTIFACT]);
    const answer = await explain('gpqa');
    assert.match(
      answer,
      /\*\*Lost \(60\)\*\*[\s\S]*and 40 more, in `flips\.json` of artifact `sos-bench-flips-sos-bench` of run 70/,
    );
    assert.match(answer, /\*\*Gained \(2\)\*\*/);
    assert.match(answer, /\[The last report\]\(http\S+issuecomment\S+\) compares <code>b{12}<\/code> with/);
    assert.equal(answer.match(/\d+ `[0-9a-f]{16}`/g)?.length, 22);
  });
});
