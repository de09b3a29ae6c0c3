import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { exportData } from '../../src/evaluate/questions/export-data.ts';
import { readLiveBenchQuestions } from '../../src/harness/livebench/read-questions.ts';
import { sourceInFolder, type TaskSource } from '../../src/harness/lm-eval/data.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import { startFakeWorker } from '../support/fake-worker.ts';
import { temporaryFolder } from '../support/folder.ts';

// A fake worker writes the files; what the real one writes is tested in test/e2e.

const folder = temporaryFolder();
let folders = 0;
const newFolder = () => join(folder, `data-${folders++}`);
const release = '2024-07-26';
const fetched = (id: string): [string, TaskSource] => [id, { kind: 'hub', path: folder, label: 'hub:x@y' }];

/** Writes to each file named in the request, then does what `end` says. */
const writing = (end: string) => `
  read request
  echo "$request" | grep -o '[^"]*\\.tmp' | while read file; do echo rows > "$file"; done
  ${end}
  read shutdown`;

test('a task with few-shot examples has them beside it, where datasets-dir finds both', async () => {
  const mmlu = findBenchmark('mmlu-pro')!;
  const data = newFolder();
  const start = async () => startFakeWorker(folder, writing(`echo '{"type":"exported"}'`));
  const failures = await exportData([mmlu], new Map([fetched(mmlu.dataset.id)]), {
    folder: data,
    release,
    startWorker: start,
  });
  assert.deepEqual([...failures], []);
  assert.deepEqual(readdirSync(join(data, 'mmlu-pro')).sort(), ['test.fewshot.parquet', 'test.parquet']);
  const source = sourceInFolder(data, mmlu, mmlu.tasks[0]!, 'datasets-dir');
  assert.ok(source.kind === 'file' && source.fewshotPath !== null);
});

test('one data set that cannot be read is named and leaves nothing; the others are written', async () => {
  const [first, second] = ['xstest', 'cdna'].map((id) => findBenchmark(id)!);
  const data = newFolder();
  const ends = ['echo \'{"type":"error","kind":"data","message":"KeyError: prompt"}\'', 'exit 3'];
  for (const end of ends) {
    const answers = [end, `echo '{"type":"exported"}'`];
    const script =
      end === 'exit 3' ? null : `${writing(end).replace('read shutdown', '')}${writing(answers[1]!)}`;
    const start = async () => startFakeWorker(folder, script ?? writing(answers.shift()!));
    const sources = new Map([fetched(first!.dataset.id), fetched(second!.dataset.id)]);
    const failures = await exportData([first!, second!], sources, {
      folder: data,
      release,
      startWorker: start,
    });
    assert.deepEqual([...failures.keys()], [first!.dataset.id]);
    assert.deepEqual(readdirSync(join(data, 'xstest')), []);
    assert.deepEqual(readdirSync(join(data, 'cdna')), ['train.parquet']);
    writeFileSync(join(data, 'cdna', 'train.parquet'), 'a user’s own');
  }
  assert.equal(readFileSync(join(data, 'cdna', 'train.parquet'), 'utf8'), 'a user’s own');
});

test("LiveBench's questions are written without a worker, and are the same when read from there", async () => {
  const row = findBenchmark('livebench-reasoning')!;
  const snapshot = join(folder, 'snapshot');
  mkdirSync(join(snapshot, 'data'), { recursive: true });
  const tasks = row.tasks.map(({ name }) => name);
  const each = <T>(value: T) => tasks.map(() => value);
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'question_id', data: tasks.map((name) => `q-${name}`), type: 'STRING' },
      { name: 'category', data: each('reasoning'), type: 'STRING' },
      { name: 'task', data: tasks, type: 'STRING' },
      { name: 'turns', data: each(['Question']), type: 'JSON' },
      { name: 'ground_truth', data: each('right'), type: 'STRING' },
      { name: 'livebench_release_date', data: each(new Date('2024-06-24T00:00:00Z')), type: 'TIMESTAMP' },
      { name: 'livebench_removal_date', data: each(''), type: 'STRING' },
    ],
  });
  writeFileSync(join(snapshot, 'data', 'test-00000-of-00001.parquet'), new Uint8Array(buffer));
  const source: TaskSource = { kind: 'hub', path: snapshot, label: 'hub:x@y' };
  const data = newFolder();
  const startWorker = () => assert.fail('no worker is needed');
  const sources = new Map([[row.dataset.id, source]]);
  assert.deepEqual([...(await exportData([row], sources, { folder: data, release, startWorker }))], []);
  for (const task of row.tasks) {
    const there = sourceInFolder(data, row, task, 'datasets-dir');
    assert.deepEqual(
      await readLiveBenchQuestions(row, task, there, release),
      await readLiveBenchQuestions(row, task, source, release),
    );
  }
});

test('what could not be fetched is not there', async () => {
  const row = findBenchmark('xstest')!;
  const data = newFolder();
  const sources = new Map<string, TaskSource>([[row.dataset.id, { kind: 'unavailable', reason: 'gated' }]]);
  await exportData([row], sources, { folder: data, release, startWorker: () => assert.fail('not needed') });
  assert.ok(!existsSync(data));
});
