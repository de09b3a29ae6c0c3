/** Answers to LiveBench's questions that the checkout has are not the model's. LiveBench is a fake, and so is the chat server. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { makeTinyModel, writeQuestions } from '../support/datasets.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { startFakeChatServer } from '../support/fake-chat-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { cacheWithFakeLiveBench, fakeLiveBench, makeQuestion } from '../support/livebench.ts';
import { testPython } from '../support/python.ts';
import { startStep } from '../support/runner.ts';

const QUESTIONS = 6;

const folder = temporaryFolder();
const model = await makeTinyModel(await testPython(), join(folder, 'model'));
const checkout = fakeLiveBench(folder).checkout.folder;
const environment = await cacheWithFakeLiveBench(folder);
const questions = Array.from({ length: QUESTIONS }, (_, n) => makeQuestion(`${n}`, { task: 'spatial' }).raw);
writeQuestions(join(folder, 'data'), 'livebench-reasoning/spatial', questions);
let says = '';
const server = await startFakeChatServer(() => ({ says }));
after(() => server.close());

/** The run action on a pull request's checkout, with a model that gives this answer. */
async function evaluate(workspace: string, answer: string) {
  mkdirSync(workspace, { recursive: true });
  says = answer;
  const before = server.asked.length;
  const pull = pullPayload({ number: 1, headSha: 'a'.repeat(40) }, 'b'.repeat(40));
  const { exitCode, stdout, outputs } = await startStep({
    workspace,
    action: 'run',
    inputs: {
      ...{ model, 'model-args': 'dtype=float32', device: 'cpu', output: 'record' },
      ...{ stages: 'livebench', benchmarks: 'livebench-reasoning', 'datasets-dir': join(folder, 'data') },
      ...{ server: server.url, 'livebench-dir': checkout },
    },
    environment: {
      ...environment,
      ...eventEnvironment(folder, { name: 'pull_request', payload: pull, run: 1 }),
    },
  }).result;
  assert.equal(exitCode, 0, stdout);
  const path = outputs['record-path']!;
  const { record } = await readRecord(path);
  return { path, mean: record.benchmarks[0]!.mean, asked: server.asked.length - before };
}

test('committed answers, with the journal that they belong to, are not taken: every question is asked', async () => {
  const forged = await evaluate(join(folder, 'forger'), 'right');
  assert.equal(forged.mean, 1);
  const workspace = join(folder, 'workspace');
  cpSync(join(forged.path, 'livebench'), join(workspace, 'record', 'livebench'), { recursive: true });
  // As of a run that was stopped when all was answered and nothing graded.
  const lines = readFileSync(join(forged.path, 'journal.ndjson'), 'utf8').split('\n').slice(0, -1);
  const begun = lines.filter((line) => !line.startsWith('{"type":"chunk"'));
  writeFileSync(join(workspace, 'record', 'journal.ndjson'), begun.map((line) => `${line}\n`).join(''));
  const honest = await evaluate(workspace, 'wrong');
  assert.deepEqual([honest.mean, honest.asked], [0, forged.asked]);
  assert.ok(honest.asked >= QUESTIONS);
});

test('the answers of the model are not copied into the workspace', async () => {
  const workspace = join(folder, 'clean');
  await evaluate(workspace, 'right');
  assert.ok(readFileSync(join(workspace, 'record', 'record.json')).length > 0);
  assert.throws(() => readFileSync(join(workspace, 'record', 'livebench', 'answers.jsonl')), /ENOENT/);
});
