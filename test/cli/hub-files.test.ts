/** `show --format eval-results` and `model-index`, and `history export --format parquet`: what is written where, and what never is. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import { createStore } from '../../src/history/store/store.ts';
import { writeRecord } from '../../src/record/write.ts';
import { entryOf, filesOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fullRecord } from '../support/hub-records.ts';
import { makeRecord, rightThenWrong } from '../support/records.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
const path = (...names: string[]) => join(folder, ...names);
const run = (...argv: string[]) => runMain(argv, { cwd: folder });
for (const [name, { record, items }] of Object.entries({
  full: fullRecord(),
  mini: makeRecord({ model: 'mini', benchmarks: { bbq: { scores: rightThenWrong(5, 5) } } }),
})) {
  mkdirSync(path(name));
  await writeRecord(path(name), record, items);
}

writeFileSync(path('notes.txt'), 'mine');
const store = createStore(folderFiles(path('history')));
for (const number of [1, 2]) await store.put(entryOf(number), filesOf(number));

test('eval-results is printed, or written where the Hub looks in a model, and written again', async () => {
  const { stdout, exitCode } = await run('show', 'full', '--format', 'eval-results');
  assert.equal(exitCode, 0);
  assert.equal(parse(stdout).length, 4);
  for (const _ of ['first', 'again']) {
    const written = await run('show', 'full', '--format', 'eval-results', '--output', 'model');
    assert.deepEqual([written.exitCode, written.stdout], [0, '']);
    assert.match(written.stderr, /4 results in model\/\.eval_results\/sos-bench\.yaml/);
    assert.equal(readFileSync(path('model', '.eval_results', 'sos-bench.yaml'), 'utf8'), stdout);
  }
});

test('what is left out is named beside the file', async () => {
  const { stdout, stderr, exitCode } = await run('show', 'full', '--format', 'model-index');
  assert.deepEqual([exitCode, parse(stdout)['model-index'][0].results.length], [0, 5]);
  assert.match(stderr, /^left out: own_dialogue_task: it is none of the 24 benchmarks/);
});

test('a file of somebody else stays as it is', async () => {
  mkdirSync(path('theirs', '.eval_results'), { recursive: true });
  writeFileSync(path('theirs', '.eval_results', 'sos-bench.yaml'), '- dataset: mine\n');
  const { stderr, exitCode } = await run('show', 'full', '--format', 'eval-results', '--output', 'theirs');
  assert.equal(exitCode, 2);
  assert.match(stderr, /is there already, and is no file of sos-bench \[usage\]\nhint: /);
  assert.match(readFileSync(path('theirs', '.eval_results', 'sos-bench.yaml'), 'utf8'), /^- dataset: mine/);
});

const REFUSED: [string, string[], RegExp][] = [
  ['two records', ['show', 'full', 'mini', '--format', 'eval-results'], /is of one model \[usage\]/],
  [
    'an address that is none',
    ['show', 'full', '--format', 'model-index', '--source', 'run 7'],
    /--source run 7 is no address of the web \[usage\]/,
  ],
  [
    'an address with a password, which is not repeated',
    ['show', 'full', '--format', 'model-index', '--source', 'https://me:hunter22@host'],
    /--source https:\/\/\[redacted\]@host is no address of the web \[usage\]/,
  ],
  [
    'a record without a score that can stand there',
    ['show', 'mini', '--format', 'model-index'],
    /left out: BBQ: .*\nerror: no score of mini can stand in model-index \[record-invalid\]\nhint: /,
  ],
  [
    'a preset, which has no say there',
    ['show', 'full', '--format', 'eval-results', '--preset', 'paper'],
    /--preset has no say in --format eval-results \[usage\]\nhint: these files have scores as the harness/,
  ],
  [
    "Arena-Hard's interval, which stands nowhere there",
    ['show', 'full', '--format', 'model-index', '--upstream-interval'],
    /--upstream-interval has no say in --format model-index \[usage\]/,
  ],
  [
    'parquet to the standard output',
    ['history', 'export', '--store', 'folder:history', '--format', 'parquet'],
    /parquet is no text to print \[usage\]\nhint: name a file with --output/,
  ],
  [
    'parquet over a text',
    ['history', 'export', '--store', 'folder:history', '--format', 'parquet', '--output', 'notes.txt'],
    /notes\.txt is there already, and is no parquet file of a trend \[usage\]/,
  ],
  [
    'parquet over the questions of a record',
    [
      'history',
      'export',
      '--store',
      'folder:history',
      '--format',
      'parquet',
      '--output',
      'full/items.parquet',
    ],
    /items\.parquet is there already, and is no parquet file of a trend \[usage\]/,
  ],
  [
    'a flag of another format',
    ['show', 'full', '--format', 'csv', '--output', 'model'],
    /--output is for --format eval-results or model-index \[usage\]/,
  ],
];
for (const [what, argv, message] of REFUSED)
  test(`${what}: refused`, async () => {
    const { exitCode, stderr, stdout } = await run(...argv);
    assert.deepEqual([exitCode, stdout], [2, '']);
    assert.match(stderr, message);
  });

test('the trend goes into a file of each format, and over one of its own', async () => {
  for (const format of ['parquet', 'parquet', 'csv', 'csv', 'json', 'json']) {
    const file = `trend.${format}`;
    const flags = ['--store', 'folder:history', '--format', format, '--output', file];
    const { exitCode, stdout, stderr } = await run('history', 'export', ...flags);
    assert.deepEqual([exitCode, stdout, stderr], [0, '', `2 entries in ${file}\n`]);
  }
  assert.equal(readFileSync(path('trend.parquet')).subarray(0, 4).toString(), 'PAR1');
  assert.equal(JSON.parse(readFileSync(path('trend.json'), 'utf8')).entries.length, 2);
});
