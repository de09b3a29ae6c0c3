import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { startCli, testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, type RunningProcess } from '../support/process.ts';
import { testPython } from '../support/python.ts';

const folder = temporaryFolder();
const environment = testCache(folder);
const model = await makeTinyModel(await testPython(), join(folder, 'tiny'));
const data = join(folder, 'data');
const marker = join(folder, 'it-was-killed');
writeQuestions(
  data,
  'xstest/test',
  Array.from({ length: 200 }, (_, index) => ({
    prompt: `Which of the ${index % 7} windows of house number ${index} is open? It is number`,
    marker: index === 0 ? marker : '',
  })),
);
const runs: RunningProcess[] = [];
endAfterTests(runs);

async function run(output: string) {
  const started = startCli(
    [
      [
        'run',
        '--model',
        model,
        '--model-args',
        'dtype=float32',
        '--devices',
        'cpu:1',
        '--datasets-dir',
        data,
      ],
      ['--include-path', join(import.meta.dirname, '..', 'support', 'mid-tree'), '--benchmarks', 'xstest'],
      ['--output', join(folder, output)],
    ].flat(),
    { environment },
  );
  runs.push(started);
  const { exitCode, stderr } = await started.result;
  assert.equal(exitCode, 0, stderr);
  const journal: { type: string; chunk?: string; kind?: string }[] = readFileSync(
    join(folder, output, 'journal.ndjson'),
    'utf8',
  )
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return {
    stderr,
    /** What became of chunks, in order. */
    tried: journal.filter(({ type }) => type === 'chunk' || type === 'fault'),
    items: readFileSync(join(folder, output, 'items.parquet')),
    record: (await readRecord(join(folder, output))).record,
  };
}

const killed = await run('killed');

test('a worker that is killed in mid-tree leaves nothing of that chunk, which the next worker is asked again', () => {
  assert.ok(existsSync(marker), 'it was killed');
  assert.match(killed.stderr, /, try 1: died: the worker was killed by SIGKILL/);
  assert.equal(killed.record.environment?.engine, 'shared');
  const [first, ...others] = killed.tried;
  assert.deepEqual([first!.type, first!.kind], ['fault', 'died']);
  assert.ok(others.every(({ type }) => type === 'chunk'));
  assert.equal(others.filter(({ chunk }) => chunk === first!.chunk).length, 1);
  assert.deepEqual(killed.record.totals.retries, { died: 1 });
});

test('the items are those of a run that nobody disturbed', async () => {
  const undisturbed = await run('undisturbed');
  assert.ok(undisturbed.tried.every(({ type }) => type === 'chunk'));
  assert.ok(undisturbed.items.equals(killed.items));
});
