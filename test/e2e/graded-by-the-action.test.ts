/**
 * A model whose coding answers give themselves full marks, through the action and the command line: what record, log and comparison say
 * of it. LiveBench is a fake that grades as LiveBench does, where what is expected lies in reach; the chat server is a fake too.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { startCli } from '../support/cli.ts';
import { makeTinyModel, writeQuestions } from '../support/datasets.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { startFakeChatServer } from '../support/fake-chat-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { honestAnswers } from '../support/honest-programs.ts';
import { cacheWithFakeLiveBench, fakeLiveBench } from '../support/livebench.ts';
import { testPython } from '../support/python.ts';
import { startStep } from '../support/runner.ts';

const folder = temporaryFolder();
const model = await makeTinyModel(await testPython(), join(folder, 'model'));
const environment = await cacheWithFakeLiveBench(folder);
const { questions, answers } = honestAnswers(7);
const coding = questions.filter(({ task }) => task === 'LCB_generation');
writeQuestions(
  join(folder, 'data'),
  'livebench-coding/LCB_generation',
  coding.map(({ raw }) => raw),
);

/** Puts full marks where its grader keeps results, and ends. */
const CHEAT = `\`\`\`python
import sys, os
class Solution:
    def __getattr__(self, name): return lambda *a: cheat()
def cheat():
    frame = sys._getframe()
    while frame is not None:
        if "metadata_list" in frame.f_locals:
            frame.f_locals["result"].append([True])
            frame.f_locals["metadata_list"].append({})
            os._exit(0)
        frame = frame.f_back
cheat()
\`\`\``;

let isHonest = true;
const server = await startFakeChatServer(({ prompt }) => {
  const index = coding.findIndex(({ turns }) => turns[0] === prompt);
  // Half of its answers are right, the others say that they are.
  const says = index < 0 ? 'yes' : isHonest || index % 2 === 0 ? answers.get(coding[index]!.id)![0]! : CHEAT;
  return { says };
});
after(() => server.close());

async function evaluate(name: string, honest: boolean) {
  isHonest = honest;
  const workspace = join(folder, name);
  mkdirSync(workspace, { recursive: true });
  const pull = pullPayload({ number: 1, headSha: 'a'.repeat(40) }, 'b'.repeat(40));
  const { exitCode, stdout, outputs } = await startStep({
    workspace,
    action: 'run',
    inputs: {
      ...{ model, 'model-args': 'dtype=float32', device: 'cpu', output: 'record', 'model-name': name },
      ...{ stages: 'livebench', benchmarks: 'livebench-coding', 'datasets-dir': join(folder, 'data') },
      ...{ server: server.url, 'livebench-dir': fakeLiveBench(folder).checkout.folder },
    },
    environment: {
      ...environment,
      ...eventEnvironment(folder, { name: 'pull_request', payload: pull, run: 1 }),
    },
  }).result;
  assert.equal(exitCode, 0, stdout);
  const path = outputs['record-path']!;
  const { record } = await readRecord(path);
  return { path, row: record.benchmarks[0]!, stdout };
}

test('answers that claim their own success lower the score, and are named in log, record and comparison', async (context) => {
  const honest = await evaluate('honest', true);
  if (honest.row.status === 'skipped') return context.skip(honest.row.reason ?? 'coding is not scored here');
  assert.deepEqual([honest.row.mean, honest.row.unconfirmed], [1, undefined], honest.stdout);
  const cheating = await evaluate('cheating', false);
  const cheats = coding.filter((_, index) => index % 2 === 1).map(({ id }) => id);
  assert.equal(cheating.row.status, 'done');
  assert.ok(
    Math.abs(cheating.row.mean! - (1 - cheats.length / coding.length)) < 1e-9,
    `${cheating.row.mean}`,
  );
  assert.deepEqual(cheating.row.unconfirmed?.map(({ question }) => question).sort(), [...cheats].sort());
  for (const id of cheats) assert.ok(cheating.stdout.includes(id.slice(0, 16)), 'the log does not name it');
  const { stdout } = await startCli(
    ['compare', '--baseline', honest.path, '--candidate', cheating.path, '--json'],
    { environment },
  ).result;
  const reasons = JSON.parse(stdout).benchmarks.map(({ reason }: { reason: string | null }) => reason);
  assert.match(reasons.join(), /3 answers passed LiveBench's grader and were not confirmed, so they score 0/);
});
