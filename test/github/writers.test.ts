import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { postComment } from '../../src/github/comment/comment.ts';
import { readMarker } from '../../src/github/comment/marker.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';

let github: TestGitHub;
before(async () => {
  github = await startGitHub();
});
after(() => github.close());

const WRITERS = 10;
const RUNS = 200;
const REPORTS = ['pr', 'nightly'];

test(`${WRITERS} writers, ${RUNS} runs on one pull request: one comment per report, the newest run's`, async () => {
  const pull = await github.emulator.openIssue();
  const runs = Array.from({ length: RUNS }, (_, index) => index + 1);
  const outcomes: string[] = [];
  const writer = async (): Promise<void> => {
    const client = await github.client({ second: 50 });
    for (let run = runs.shift(); run !== undefined; run = runs.shift()) {
      const stamp = { report: REPORTS[run % 2]!, sha: 'b'.repeat(40), run, attempt: 1 };
      const posted = await postComment(client, { pull, stamp, render: () => `run ${run}` });
      outcomes.push(posted.posted ? posted.how : posted.code);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  const left = (await github.comments(pull)).map(({ body }) => readMarker(body));
  assert.deepEqual(left.map((stamp) => [stamp?.report, stamp?.run]).sort(), [
    ['nightly', RUNS - 1],
    ['pr', RUNS],
  ]);
  assert.equal(outcomes.length, RUNS);
  assert.ok(
    outcomes.every((outcome) => ['created', 'updated', 'superseded'].includes(outcome)),
    outcomes.join(),
  );
});
