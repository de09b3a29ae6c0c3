import assert from 'node:assert/strict';
import { appendFileSync, cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { startCli, testCache } from '../support/cli.ts';
import { bbqQuestions, makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, type RunningProcess, within } from '../support/process.ts';
import { testPython } from '../support/python.ts';

// One folder is killed, interrupted and resumed again and again; another runs undisturbed. Each test goes on
// where the one before it was stopped.

const folder = temporaryFolder();
const environment = testCache(folder);
const model = await makeTinyModel(await testPython(), join(folder, 'tiny'));
const data = join(folder, 'data');
writeQuestions(data, 'xstest/test', xstestQuestions(320));
writeQuestions(data, 'bbq/age', bbqQuestions(60));
writeQuestions(data, 'ifeval/train', [
  { key: 1, prompt: 'Write.', instruction_id_list: ['punctuation:no_comma'], kwargs: [{}] },
  { key: 2, prompt: 'Sing.', instruction_id_list: ['change_case:english_lowercase'], kwargs: [{}] },
]);
const undisturbed = join(folder, 'undisturbed');
const disturbed = join(folder, 'disturbed');
const journal = join(disturbed, 'journal.ndjson');
const runs: RunningProcess[] = [];
endAfterTests(runs);

function start(output: string, ...more: string[]): RunningProcess {
  const run = startCli(
    [
      ['run', '--model', model, '--model-args', 'dtype=float32', '--device', 'cpu', '--datasets-dir', data],
      ['--benchmarks', 'bbq,xstest,ifeval', '--max-gen-toks', '8', '--output', output, ...more],
    ].flat(),
    { environment },
  );
  runs.push(run);
  return run;
}

const entries = (type: string) => {
  const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').slice(0, -1) : [];
  return lines.filter((line) => line.startsWith(`{"type":"${type}"`)).length;
};

async function assertNothingLeft(run: RunningProcess): Promise<void> {
  assert.ok(await within(60, () => run.descendants().length === 0), JSON.stringify(run.descendants()));
}

/** Kills the run outright, and checks that what it had started ends too. */
async function killOutright(run: RunningProcess): Promise<void> {
  assert.ok(run.descendants().length > 0, 'there is something to be left running');
  run.kill('SIGKILL');
  assert.equal((await run.result).signal, 'SIGKILL');
  await assertNothingLeft(run);
}

async function interrupt(run: RunningProcess, signal: NodeJS.Signals): Promise<void> {
  const started = performance.now();
  run.kill(signal);
  const { exitCode, stderr } = await run.result;
  const seconds = (performance.now() - started) / 1000;
  assert.equal(exitCode, 2, stderr);
  assert.match(
    stderr,
    /error: interrupted; finished chunks are kept \[interrupted\]\nhint: run the same command/,
  );
  assert.ok(seconds < 10, `it took ${seconds} s`);
  await assertNothingLeft(run);
}

test('killed before the plan: nothing is left running, and nothing counts as done', async () => {
  const run = start(disturbed);
  await run.said('Reading the benchmarks');
  assert.ok(await within(60, () => run.descendants().length > 0));
  await killOutright(run);
  assert.ok(!existsSync(journal) && !existsSync(join(disturbed, 'record.json')));
});

test('SIGTERM before the plan: exit 2 within 10 s, no record', async () => {
  const run = start(disturbed);
  await run.said('Reading the benchmarks');
  await interrupt(run, 'SIGTERM');
  assert.ok(!existsSync(join(disturbed, 'record.json')));
});

test('killed while the model is loading', async () => {
  const run = start(disturbed);
  await run.said('Loading the model');
  await killOutright(run);
  assert.equal(entries('chunk'), 0);
});

test('SIGINT while the model is loading: exit 2 within 10 s, no record yet', async () => {
  const run = start(disturbed);
  await run.said('Loading the model');
  await interrupt(run, 'SIGINT');
  assert.ok(!existsSync(join(disturbed, 'record.json')));
});

test('killed in the middle of a chunk, while a second run in the same folder is turned away', async () => {
  const run = start(disturbed);
  await run.said('Model loaded');
  const second = start(disturbed);
  const { exitCode, stderr } = await second.result;
  assert.equal(exitCode, 2);
  assert.match(stderr, new RegExp(`is in use by process ${run.pid} \\[run-locked\\]`));
  await killOutright(run);
});

test('killed between two chunks: what is done stays done', async () => {
  const run = start(disturbed);
  const before = entries('chunk');
  assert.ok(await within(60, () => entries('chunk') > before));
  await killOutright(run);
  assert.ok(entries('chunk') > before);
});

test('SIGINT in the middle of a chunk: exit 2 within 10 s, a valid partial record', async () => {
  const run = start(disturbed);
  const before = entries('chunk');
  assert.ok(before > 0);
  await run.said('; resumed: ');
  assert.ok(await within(60, () => entries('chunk') > before));
  await interrupt(run, 'SIGINT');
  const { record, items } = await readRecord(disturbed);
  assert.equal(record.complete, false);
  assert.ok(items.length > 0);
  assert.ok(record.benchmarks.some(({ status }) => status === 'partial'));
});

test('the worker killed in the middle of a chunk is replaced; the run ends well', async () => {
  const run = start(disturbed);
  await run.said('Model loaded');
  const [worker] = run.descendants().filter(({ command }) => command.includes('sosbench_worker'));
  process.kill(worker!.pid, 'SIGKILL');
  const { exitCode, stderr } = await run.result;
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /died: the worker was killed by SIGKILL/);
  await assertNothingLeft(run);
  assert.equal((await readRecord(disturbed)).record.complete, true);
});

test('after all that, items.parquet is byte for byte that of an undisturbed run', async () => {
  const { exitCode, stderr } = await start(undisturbed).result;
  assert.equal(exitCode, 0, stderr);
  const [a, b] = [undisturbed, disturbed].map((path) => readFileSync(join(path, 'items.parquet')));
  assert.ok(a!.equals(b!));
  const { items, record } = await readRecord(undisturbed);
  assert.ok(items.length >= 380);
  assert.deepEqual(record.totals.retries, {});
  assert.ok(
    new Set(items.map(({ prediction }) => prediction)).size > 1,
    'the model does not say the same to all',
  );
});

test('the same command on a finished folder loads no model and changes nothing', async () => {
  const before = readFileSync(join(disturbed, 'items.parquet'));
  const { exitCode, stderr } = await start(disturbed).result;
  assert.equal(exitCode, 0, stderr);
  assert.doesNotMatch(stderr, /Loading the model/);
  assert.ok(readFileSync(join(disturbed, 'items.parquet')).equals(before));
});

test('the folder of another model is refused, naming what differs, and kept as it is', async () => {
  const other = join(folder, 'other');
  cpSync(model, other, { recursive: true });
  appendFileSync(join(other, 'config.json'), '\n');
  const before = readFileSync(journal);
  const { exitCode, stderr } = await start(disturbed, '--model', other).result;
  assert.equal(exitCode, 2);
  assert.match(
    stderr,
    /belongs to another run; different: the model \(its digest\) \[journal-mismatch\]\nhint: .*--fresh/,
  );
  assert.ok(readFileSync(journal).equals(before));
});
