/** One workflow run in three attempts, each on a machine of its own, cancelled and killed on the way. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { recordDigest } from '../../src/record/digest.ts';
import { readRecord } from '../../src/record/read.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, within } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { type RunningStep, startStep } from '../support/runner.ts';

const folder = temporaryFolder();
const environment = testCache(folder);
const model = await makeTinyModel(await testPython(), join(folder, 'model'), 4);
writeQuestions(join(folder, 'data'), 'xstest/test', xstestQuestions(700));
const CHUNKS = 6;
const state = join(folder, 'state');
const runs: RunningStep[] = [];
endAfterTests(runs);
let machines = 0;

/** A step of a job on a machine that has nothing of earlier ones but the shared disk. */
function start(attempt: number, inputs: Record<string, string> = { 'state-dir': state }) {
  const workspace = join(folder, `machine-${machines++}`);
  const step = startStep({
    workspace,
    action: 'run',
    inputs: {
      ...{ model, 'model-args': 'dtype=float32', device: 'cpu', benchmarks: 'xstest' },
      ...{ 'datasets-dir': join(folder, 'data'), output: 'record', ...inputs },
    },
    environment: { ...environment, GITHUB_RUN_ID: '4711', GITHUB_RUN_ATTEMPT: String(attempt) },
  });
  runs.push(step);
  /** Where it makes its record; nowhere before it has said so. */
  const record = () => step.outputs()['record-path'] ?? join(workspace, 'none');
  return { step, record, copy: join(workspace, 'record') };
}

function chunks(record: string): string[] {
  const path = join(record, 'journal.ndjson');
  return existsSync(path) ? chunksOf(path) : [];
}

function chunksOf(journal: string): string[] {
  return wholeLines(journal).filter((line) => line.startsWith('{"type":"chunk"'));
}

function wholeLines(path: string): string[] {
  return readFileSync(path, 'utf8').split('\n').slice(0, -1);
}

/** The journal that an attempt left on the shared disk. */
function leftBehind(root: string, attempt: number): string {
  const [run] = readdirSync(root);
  const [evaluation] = readdirSync(join(root, run!));
  return join(root, run!, evaluation!, `attempt-${attempt}.ndjson`);
}

const whole = start(1, {});
const second = join(folder, 'after-attempt-2');
let done = 0;

test('attempt 1 is cancelled as GitHub does it (SIGINT, 7.5 s later SIGTERM): a partial record in time', async () => {
  const { exitCode, stdout, outputs } = await whole.step.result;
  assert.equal(exitCode, 0, stdout);
  assert.equal(chunks(whole.record()).length, CHUNKS);
  assert.match(outputs['model-digest']!, /^sha256:[0-9a-f]{64}$/);

  const { step, record, copy } = start(1);
  assert.ok(await within(120, () => chunks(record()).length > 0));
  const began = performance.now();
  step.kill('SIGINT');
  const late = setTimeout(() => step.kill('SIGTERM'), 7500);
  const ended = await step.result;
  clearTimeout(late);
  assert.ok(performance.now() - began < 10_000);
  assert.equal(ended.exitCode, 2, ended.stdout);
  done = chunks(record()).length;
  assert.ok(done > 0 && done < CHUNKS, `${done} chunks`);
  assert.equal(ended.outputs['record-path'], record());
  // The copy in the workspace, as the next step would upload it.
  assert.equal(chunks(copy).length, done);
  assert.equal((await readRecord(copy)).record.complete, false);
  assert.equal(await recordDigest(copy), ended.outputs['record-digest']);
});

test('attempt 2 goes on from there on another machine, and is killed outright', async () => {
  const { step, record } = start(2);
  await step.said(`questions (${done} of ${CHUNKS} chunks)`);
  assert.match(step.heard(), /Resumed from attempt 1: \d+ of 700 questions/);
  assert.ok(await within(120, () => chunks(record()).length > done));
  step.kill('SIGKILL');
  await step.result;
  assert.ok(await within(60, () => step.descendants().length === 0), JSON.stringify(step.descendants()));
  // The copy is written after the journal of the machine, so a kill may have come between the two.
  const before = done;
  done = chunksOf(leftBehind(state, 2)).length;
  assert.ok(done >= before && done < CHUNKS, `${done} chunks`);
  assert.ok(chunks(record()).length - done <= 1);
  cpSync(state, second, { recursive: true });
});

test('attempt 3 ends it: what one run gives, each chunk done once, and nothing kept any more', async () => {
  const { step, record, copy } = start(3);
  const { exitCode, stdout } = await step.result;
  assert.equal(exitCode, 0, stdout);
  assert.match(
    stdout,
    new RegExp(`Resumed from attempt 2: \\d+ of 700 questions \\(${done} of ${CHUNKS} chunks\\)`),
  );
  const items = (path: string) => readFileSync(join(path, 'items.parquet'));
  assert.ok(items(copy).equals(items(whole.copy)));
  assert.equal(new Set(chunks(record())).size, CHUNKS);
  assert.equal(chunks(record()).length, CHUNKS);
  const left = wholeLines(leftBehind(second, 2));
  assert.deepEqual(wholeLines(join(copy, 'journal.ndjson')).slice(0, left.length), left);
  assert.deepEqual(readdirSync(state), []);
});

test('another model than the plan was made for is refused before anything is evaluated', async () => {
  const { step, record } = start(1, { 'model-digest': `sha256:${'0'.repeat(64)}` });
  const { exitCode, stdout } = await step.result;
  assert.equal(exitCode, 2);
  assert.match(
    stdout,
    /the model here \(.*model\) has the digest sha256:[0-9a-f]{64}, but sha256:0{64} was expected \[model-mismatch\]/,
  );
  assert.ok(!existsSync(join(record(), 'journal.ndjson')));
});
