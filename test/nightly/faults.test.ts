import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { startCli, testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, type RunningProcess, within } from '../support/process.ts';
import { testPython } from '../support/python.ts';

const folder = temporaryFolder();
const environment = testCache(folder);
const model = await makeTinyModel(await testPython(), join(folder, 'tiny'));
const data = join(folder, 'data');
const output = join(folder, 'output');
const faults = join(import.meta.dirname, '..', 'support', 'faults');
const runs: RunningProcess[] = [];
endAfterTests(runs);

/** Three documents, the middle one with a fault; `once` is gone at the second try. */
function questions(name: string, fault: string, once = false): void {
  const documents = ['before', 'at', 'after'].map((place) => ({
    prompt: `${place} ${fault}`,
    fault: place === 'at' ? fault : '',
    once: once ? join(folder, `${fault}-happened`) : '',
  }));
  writeQuestions(data, name, documents);
}

questions('xstest/test', '');
questions('beavertails/test', 'raise');
questions('cdna/train', 'die-with-child');
questions('dttoxicity/rtp', 'print');
questions('strongreject/train', 'memory');
questions('sgxstest/train', 'hang', true);
questions('saladbench/train', 'protocol', true);

function start(): RunningProcess {
  const run = startCli(
    [
      ['run', '--model', model, '--model-args', 'dtype=float32', '--device', 'cpu', '--datasets-dir', data],
      ['--include-path', faults, '--benchmarks', 'safety', '--stall-timeout', '5', '--output', output],
    ].flat(),
    { environment },
  );
  runs.push(run);
  return run;
}

const first = start();
const result = await first.result;
const { record } = await readRecord(output).catch((error) => assert.fail(`${error}\n${result.stderr}`));
const row = (id: string) => record.benchmarks.find((benchmark) => benchmark.id === id)!;
const told = result.stderr;

test('a run in which benchmarks fail exits 2, names each with its reason, and leaves a valid record', () => {
  assert.equal(result.exitCode, 2, told);
  assert.match(told, /\[run-incomplete\]/);
  assert.match(
    told,
    /beavertails failed \(sosb_beavertails: RuntimeError: a fault in scoring after 3 tries\)/,
  );
  assert.match(told, /cdna failed \(sosb_cdna: the worker ended with code 4/);
  assert.match(told, /hint: .*same command again/);
  assert.equal(record.complete, false);
});

test('after a run nothing of it is left running', async () => {
  assert.ok(await within(60, () => first.descendants().length === 0), JSON.stringify(first.descendants()));
});

test('scoring that raises is tried three times in the same worker, then its benchmark has failed', () => {
  assert.deepEqual([row('beavertails').status, row('beavertails').n], ['failed', 0]);
  assert.equal(record.totals.retries.internal, 3);
});

test('a worker that ends, its child still holding its pipes, is noticed at once and replaced, three times', () => {
  assert.match(told, /sosb_cdna#1\/1, try 1: died: the worker ended with code 4/);
  assert.equal(record.totals.retries.died, 3);
  assert.deepEqual([row('cdna').status, row('cdna').n], ['failed', 0]);
  assert.match(row('cdna').reason ?? '', /after 3 tries/);
});

test('what is printed on stdout by scoring or its children does no harm', () => {
  assert.deepEqual([row('dttoxicity').status, row('dttoxicity').n], ['done', 3]);
  const log = readFileSync(join(output, 'logs', 'worker-0.log'), 'utf8');
  assert.match(log, /garbage on stdout/);
  assert.match(log, /garbage of a child/);
});

test('garbage in the protocol ends that worker, and the chunk is tried again', () => {
  assert.equal(row('saladbench').status, 'done');
  assert.equal(record.totals.retries.garbage, 1);
  assert.match(told, /garbage: the worker printed an invalid message: garbage in the protocol/);
});

test('out of memory halves the budget of tokens until it fits', () => {
  assert.equal(row('strongreject').status, 'done');
  assert.equal(record.totals.retries.oom, 1);
  const journal = readFileSync(join(output, 'journal.ndjson'), 'utf8').trim().split('\n');
  const batches = journal
    .map((line) => JSON.parse(line))
    .filter((entry) => entry.chunk?.startsWith('sosb_strongreject'))
    .map(({ type, batchSize }) => `${type} ${batchSize}`);
  assert.deepEqual(batches, ['fault 8192 tokens', 'chunk 4096 tokens']);
});

test('a worker without a sign of life is killed after stall-timeout, and the chunk tried again', () => {
  assert.equal(row('sgxstest').status, 'done');
  assert.equal(record.totals.retries.stalled, 1);
  assert.match(told, /stalled: no sign of life for 5 s/);
});

test('a benchmark without trouble is done, one without data skipped with its reason', () => {
  assert.deepEqual([row('xstest').status, row('xstest').n], ['done', 3]);
  assert.equal(row('wmdp').status, 'skipped');
  assert.match(row('wmdp').reason ?? '', /no file data\/wmdp\/wmdp-bio.jsonl/);
});
