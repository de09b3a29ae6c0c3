import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../support/folder.ts';
import { LM_EVAL, STAMP, sampleLines } from '../support/imports.ts';
import { runMain } from '../support/runtime.ts';

const RESULTS = readFileSync(join(LM_EVAL, `results_${STAMP}.json`));
const LOG = readFileSync(join(LM_EVAL, `samples_wmdp_bio_${STAMP}.jsonl`));
const lines = (records: object[]) => records.map((record) => JSON.stringify(record)).join('\n');
const samples = sampleLines('wmdp_bio');
const [first, second] = samples as [Record<string, unknown>, Record<string, unknown>];

const FILES: [string, string, string | Buffer, RegExp][] = [
  ['an empty file', 'results.json', '', /it is empty/],
  ['only blanks', 'results.json', ' \n ', /it is empty/],
  ['results cut short', 'results.json', RESULTS.subarray(0, 3000), /it is not whole JSON/],
  [
    'a log whose only record is cut short',
    'samples_t.jsonl',
    LOG.subarray(0, 200),
    /ends within record 1 \(at byte \d+\): it was cut short/,
  ],
  [
    'a zip by mistake',
    'results.json',
    Buffer.from('PK\u0003\u0004rest of it'),
    /it is a ZIP archive: unpack it first/,
  ],
  ['gzip', 'samples_t.jsonl', gzipSync(LOG), /compressed with gzip: unpack it first/],
  ['a binary file', 'samples_t.jsonl', Buffer.from([1, 2, 0, 3]), /it is binary, neither JSON nor CSV/],
  [
    'UTF-16',
    'results.json',
    Buffer.from('\uFEFF{"results": {}}', 'utf16le'),
    /text in UTF-16: save it as UTF-8/,
  ],
  ['text', 'notes.txt', 'Hello.', /it is text, neither JSON nor a table of scores/],
  ['other JSON', 'package.json', '{"name": "x", "version": "1"}', /JSON with keys 'name', 'version'/],
  ['a list of numbers', 'list.json', '[1, 2]', /not an object or a list of objects/],
  ['results without results', 'results_x.json', '{"config": {}}', /it has no `results`/],
  ['results that are empty', 'results.json', '{"results": {}}', /its `results` are empty/],
  ['results that are a list', 'results.json', '{"results": [1]}', /its `results` is not an object/],
  [
    'nothing but NaN',
    'results.json',
    '{"results": {"t": {"acc,none": NaN, "acc_stderr,none": NaN}}}',
    /t: acc is not a finite number/,
  ],
  [
    'a number too large for any',
    'results.json',
    '{"results": {"t": {"acc,none": 1e999}}}',
    /t: acc is not a finite number/,
  ],
  [
    'a huge number',
    'results.json',
    '{"results": {"t": {"acc,none": 1e300}}}',
    /acc is 1e\+300, not a fraction of 1/,
  ],
  [
    'no count of documents',
    'results.json',
    '{"results": {"t": {"acc,none": 0.5}}}',
    /does not say how many documents/,
  ],
  [
    'a score that is NaN in a log',
    'samples_t.jsonl',
    lines([first, second]).replace(/"acc":\d/g, '"acc":NaN'),
    /record 1: acc is "NaN", not a number \(and 1 more of 2 records\)/,
  ],
  [
    'scores beyond 1',
    'samples_t.jsonl',
    lines(samples.map((record, i) => ({ ...record, acc: i }))),
    /record 3: acc is 2, not a fraction of 1 \(and 5 more of 8 records\)/,
  ],
  [
    'two documents of one id',
    'samples_t.jsonl',
    lines([first, { ...second, doc_id: 0 }]),
    /document 0 is there twice with different questions/,
  ],
  [
    'a log that is mostly garbage',
    'samples_t.jsonl',
    `${lines([first])}\n}oops\nnull\n`,
    /it is not JSON \(record 2, byte \d+.*and 1 more of 3 records/,
  ],
  ['a table without models', 'scores.csv', 'toxigen/acc\n0.5\n', /no column 'Name'/],
  ['a LiveBench table without models', 'all.csv', 'cta,typos\n1,2\n', /no column 'model'/],
  ['a table of other things', 'other.csv', 'a,b\n1,2\n', /a table with keys 'a', 'b'/],
  [
    'a table whose only row is too short',
    'scores.csv',
    'Name,toxigen/acc\nm\n',
    /row 2 has 1 field, the header 2/,
  ],
  [
    'a table with one column twice',
    'scores.csv',
    'Name,toxigen/acc,toxigen/acc\nm,1,1\n',
    /two columns are called 'toxigen\/acc'/,
  ],
  ['a table without rows', 'scores.csv', 'Name,toxigen/acc\n', /it has no rows/],
  [
    'answers of LiveBench',
    'm.jsonl',
    '{"question_id": "q", "choices": []}',
    /it holds answers; their scores/,
  ],
  [
    'judgments of Arena-Hard without games',
    'm.jsonl',
    '{"question_id": "q", "model": "m", "judge": "j", "games": []}',
    /0 games in place of two/,
  ],
  ['a record of this program', 'record.json', '{"schemaVersion": 1}', /a document of this program/],
];

describe('a file that cannot be imported: one line that says why, exit 2, nothing written', () => {
  for (const [what, name, content, reason] of FILES) {
    test(what, async () => {
      const folder = temporaryFolder();
      const path = join(folder, name);
      writeFileSync(path, content);
      for (const source of [path, folder]) {
        const output = join(folder, 'out');
        const { exitCode, stderr, stdout } = await runMain(['import', source, '--output', output, '--json']);
        assert.equal(exitCode, 2, stderr);
        assert.match(stderr, /^error: there is nothing to import in .*\[import-invalid\]\nhint: .*\n$/);
        assert.match(stderr, reason);
        assert.doesNotMatch(stderr, /\n {4}at /);
        assert.equal(stdout, '');
        assert.ok(!existsSync(output));
      }
    });
  }
});

test('beside good files, those that cannot be used are listed', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, `results_${STAMP}.json`), RESULTS);
  writeFileSync(join(folder, 'broken.json'), RESULTS.subarray(0, 500));
  writeFileSync(join(folder, 'README.md'), 'Results.');
  const { exitCode, stdout, stderr } = await runMain([
    'import',
    folder,
    '--output',
    join(folder, 'out'),
    '--json',
  ]);
  assert.equal(exitCode, 0, stderr);
  const report = JSON.parse(stdout) as Record<string, { file: string }[]>;
  assert.equal(report.records?.length, 1);
  assert.deepEqual(
    report.refused?.map(({ file }) => file),
    ['broken.json'],
  );
  assert.deepEqual(
    report.ignored?.map(({ file }) => file),
    ['README.md'],
  );
  assert.match(stderr, /refused:\n {2}broken\.json: it is not whole JSON/);
});

const PLACES: [string, (folder: string) => string, RegExp][] = [
  ['a path that is not there', (folder) => join(folder, 'nowhere'), /there is no .*nowhere/],
  ['an empty folder', (folder) => folder, /it is an empty folder/],
  [
    'folders without files',
    (folder) => {
      mkdirSync(join(folder, 'a', 'b'), { recursive: true });
      return folder;
    },
    /it is an empty folder/,
  ],
];
for (const [what, make, reason] of PLACES) {
  test(`${what} is refused`, async () => {
    const { exitCode, stderr } = await runMain(['import', make(temporaryFolder()), '--output', 'unused']);
    assert.equal(exitCode, 2);
    assert.match(stderr, reason);
  });
}

test('a file that may not be read is refused', {
  skip: process.getuid?.() === 0 && 'root may read all',
}, async () => {
  const path = join(temporaryFolder(), 'results.json');
  writeFileSync(path, RESULTS);
  chmodSync(path, 0);
  const { exitCode, stderr } = await runMain(['import', path, '--output', 'unused']);
  assert.equal(exitCode, 2);
  assert.match(stderr, /there is no permission to read it/);
});

test('names from outside cannot write to the terminal', async () => {
  const path = join(temporaryFolder(), 'scores.csv');
  writeFileSync(path, 'Name,toxigen/acc\n"evil\u001b[31m\nname",0.5\n');
  const { exitCode, stderr } = await runMain(['import', path, '--output', join(temporaryFolder(), 'out')]);
  assert.equal(exitCode, 0);
  assert.ok(!stderr.includes('\u001b'));
  assert.match(stderr, /evil \[31m name/);
});
