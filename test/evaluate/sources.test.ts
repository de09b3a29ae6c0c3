import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { findSources } from '../../src/evaluate/questions/sources.ts';
import { selectBenchmarks } from '../../src/suite/select.ts';
import { writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const cwd = temporaryFolder();
writeQuestions(join(cwd, 'questions'), 'xstest/test', xstestQuestions(1));

/** What would fetch from the Hub: a program that must not be started. */
const hub = { python: '/nowhere/python', environment: {}, token: null, cache: cwd, note: () => {} };

const find = (names: string[], datasetsDir: string | null, suite: 'full' | 'mini' = 'full') =>
  findSources(selectBenchmarks(names), { suite, datasetsDir, cwd, hub });

test('a datasets-dir that is not there is data-missing, with its layout', async () => {
  await rejectsWith(
    () => find(['bbq'], 'none'),
    'data-missing',
    join(cwd, 'none'),
    '<benchmark>/<subset>.jsonl',
  );
});

test('of a datasets-dir what is there is found, the rest is unavailable by name', async () => {
  const [bbq, xstest] = await find(['bbq', 'xstest'], 'questions');
  assert.deepEqual([...new Set(bbq!.tasks.map(({ source }) => source.kind))], ['unavailable']);
  const [{ source } = assert.fail()] = xstest!.tasks;
  assert.ok(source.kind === 'file');
  assert.equal(source.path, join(cwd, 'questions', 'xstest', 'test.jsonl'));
});

test('the mini suite brings its own documents, whatever datasets-dir says', async () => {
  const [xstest] = await find(['xstest'], 'questions', 'mini');
  const [{ source } = assert.fail()] = xstest!.tasks;
  assert.ok(source.kind !== 'file' || source.label === 'mini');
});

test('questions of LiveBench are found as the others are', async () => {
  const [row] = await find(['livebench-math'], 'questions');
  for (const { task, source } of row!.tasks) {
    assert.ok(source.kind === 'unavailable');
    assert.match(source.reason, new RegExp(`no file questions/livebench-math/${task.subset}.jsonl`));
  }
});
