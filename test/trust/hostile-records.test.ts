import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { FileMetaData } from 'hyparquet';
import { encodeItems } from '../../src/record/items.ts';
import { type Item, type LoadedRecord, type RunRecord, runOf } from '../../src/record/schema.ts';
import { writeRecord } from '../../src/record/write.ts';
import { runBuiltCli } from '../support/built-cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { forgeMetadata } from '../support/forged-parquet.ts';
import { makeRecord, rightThenWrong } from '../support/records.ts';
import { runMain } from '../support/runtime.ts';

const work = temporaryFolder();
const main = join(work, 'main');
const SCORES = rightThenWrong(300, 200);

function record(edit: (record: RunRecord) => void = () => {}): LoadedRecord {
  return makeRecord({ model: 'm', benchmarks: { gpqa: { scores: SCORES } }, edit });
}

before(async () => {
  const { record: made, items } = record();
  await writeRecord(main, made, items);
});

/** Small enough a heap that a file which claims too much would end the process. */
const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=256' };

async function show(folder: string) {
  return await runBuiltCli(['show', folder], { environment: SMALL_HEAP });
}

const group = (metadata: FileMetaData) => metadata.row_groups[0]!;
/** All bytes are there, once, and each group is as it should be: the sum alone is too much. */
test('a Parquet file of 60 groups of 200,000 rows is refused before they fill the memory', async () => {
  const folder = join(work, 'many-groups');
  const { record: made } = record();
  const [item] = record().items;
  await writeRecord(folder, made, record().items);
  const content = encodeItems(new Array<Item>(200_000).fill(item!), runOf(made));
  const forged = forgeMetadata(content, (metadata) => {
    metadata.row_groups = Array.from({ length: 60 }, () => group(metadata));
  });
  writeFileSync(join(folder, 'items.parquet'), forged);
  const { exitCode, stderr } = await show(folder);
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /the row groups claim 12000000 items, more than the limit/);
});

const COUNTS: [string, (metadata: FileMetaData) => void][] = [
  [
    '60 groups of 2,000,000 rows each, in the same bytes',
    (metadata) => {
      group(metadata).num_rows = 2_000_000n;
      metadata.row_groups = Array.from({ length: 60 }, () => group(metadata));
      metadata.num_rows = 2_000_000n;
    },
  ],
  [
    'groups that together have more rows than it says',
    (metadata) => metadata.row_groups.push(group(metadata)),
  ],
  [
    'fewer rows than it says',
    (metadata) => {
      metadata.num_rows = 1000n;
    },
  ],
  [
    'less than no rows',
    (metadata) => {
      metadata.num_rows = -1n;
      group(metadata).num_rows = -1n;
    },
  ],
  [
    'a group that says more rows than its columns have',
    (metadata) => {
      metadata.num_rows = 1_000_000n;
      group(metadata).num_rows = 1_000_000n;
    },
  ],
  [
    'columns that say more values than their pages have',
    (metadata) => {
      metadata.num_rows = 1_000_000n;
      group(metadata).num_rows = 1_000_000n;
      for (const { meta_data: meta } of group(metadata).columns) meta!.num_values = 1_000_000n;
    },
  ],
  [
    'a column that says it has more bytes than the file',
    (metadata) => {
      group(metadata).columns[0]!.meta_data!.total_compressed_size = 2n ** 40n;
    },
  ],
  [
    'a column before its beginning',
    (metadata) => {
      group(metadata).columns[0]!.meta_data!.data_page_offset = -100n;
      delete group(metadata).columns[0]!.meta_data!.dictionary_page_offset;
    },
  ],
  [
    'a column twice',
    (metadata) => {
      group(metadata).columns.push(group(metadata).columns[0]!);
    },
  ],
];
for (const [index, [what, edit]] of COUNTS.entries()) {
  test(`a Parquet file with ${what} is refused in one line`, async () => {
    const folder = join(work, `counts-${index}`);
    const { record: made, items } = record();
    await writeRecord(folder, made, items);
    writeFileSync(join(folder, 'items.parquet'), forgeMetadata(encodeItems(items, runOf(made)), edit));
    const { exitCode, stderr } = await show(folder);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, /items\.parquet cannot be used: it is not a complete Parquet file of items/);
    assert.doesNotMatch(stderr, /should not happen|internal/);
  });
}

/** Names that every JavaScript object answers to. */
const INHERITED = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__', '__defineGetter__'];
const withArgs = (args: string) => (text: string) => text.replace('"modelArgs": {}', `"modelArgs": ${args}`);
const NAMES: [string, (text: string, name: string) => string][] = [
  ['an argument of the model', (text, name) => withArgs(`{"${name}": 1}`)(text)],
  ['an argument inside of one', (text, name) => withArgs(`{"x": {"${name}": {"${name}": 2}}}`)(text)],
  [
    'a part of the quantisation',
    (text, name) => text.replace('"quantisation": null', `"quantisation": {"${name}": "x"}`),
  ],
  ['a software version', (text, name) => text.replace('"versions": {', `"versions": {"${name}": "1",`)],
  ['a kind of fault', (text, name) => text.replace('"retries": {}', `"retries": {"${name}": 1}`)],
  [
    'a reason for dropped questions',
    (text, name) => text.replaceAll('"dropped": {}', `"dropped": {"${name}": 1}`),
  ],
  ['an answer', (text, name) => text.replace('"answers": {', `"answers": {"${name}": 1,`)],
  [
    'a generation setting',
    (text, name) => text.replace('"generation": null', `"generation": {"${name}": 1}`),
  ],
];
for (const [index, [what, edit]] of NAMES.entries()) {
  test(`a record where ${what} is called as what every object has is compared like any other`, async () => {
    for (const name of INHERITED) {
      const folder = join(work, `name-${index}-${name}`);
      const { record: made, items } = record();
      await writeRecord(folder, made, items);
      const path = join(folder, 'record.json');
      const text = `${JSON.stringify(made, null, 2)}\n`;
      const changed = edit(text, name);
      assert.notEqual(changed, text);
      writeFileSync(path, changed);
      const { exitCode, stdout, stderr } = await runMain([
        'compare',
        '--baseline',
        main,
        '--candidate',
        folder,
        '--fail-on',
        'regressed',
        '--format',
        'markdown',
      ]);
      assert.equal(exitCode, 0, `${name}: ${stderr}`);
      assert.doesNotMatch(stdout, /native code|\[object/, name);
    }
  });
}

test('benchmarks and tasks that are called as what every object has are benchmarks and tasks', async () => {
  const folders = ['baseline', 'candidate'].map((side) => join(work, `ids-${side}`));
  const benchmarks = Object.fromEntries(
    ['constructor', 'toString', 'valueOf'].map((id) => [id, { scores: SCORES, task: () => id }]),
  );
  for (const folder of folders) {
    const { record: made, items } = makeRecord({ model: folder, benchmarks });
    await writeRecord(folder, made, items);
  }
  const [baseline, candidate] = folders;
  const { exitCode, stdout, stderr } = await runMain([
    ...['compare', '--baseline', baseline!, '--candidate', candidate!, '--json'],
  ]);
  assert.equal(exitCode, 0, stderr);
  const verdict = JSON.parse(stdout) as { benchmarks: { id: string; threshold: { level: string } }[] };
  const own = verdict.benchmarks.filter(({ id }) => Object.hasOwn(benchmarks, id));
  assert.deepEqual(
    own.map(({ id, threshold }) => `${id} ${threshold.level}`),
    ['constructor error', 'toString error', 'valueOf error'],
  );
});

const DEEP = 200_000;
const NESTED: [string, string][] = [
  ['objects', `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`],
  ['lists', '['.repeat(DEEP) + ']'.repeat(DEEP)],
  ['both, beside a text with brackets', `["[\\"[{", ${'[{"a":'.repeat(DEEP)}1${'}]'.repeat(DEEP)}]`],
];
for (const [what, value] of NESTED) {
  test(`a record with ${DEEP} nested ${what} is refused in one line`, async () => {
    const folder = join(work, `deep-${what}`);
    const { record: made, items } = record();
    await writeRecord(folder, made, items);
    const text = JSON.stringify(made).replace('"quantisation":null', `"quantisation":${value}`);
    writeFileSync(join(folder, 'record.json'), text);
    const { exitCode, stderr } = await runBuiltCli(['compare', '--baseline', main, '--candidate', folder]);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, /record\.json cannot be used: .*nested deeper than 64/);
  });
}

test('a plan that is nested too deep is refused in one line', async () => {
  const plan = join(work, 'plan.json');
  writeFileSync(plan, NESTED[1]![1]);
  const { exitCode, stderr } = await runBuiltCli([
    ...['run', '--model', main, '--plan', plan, '--output', join(work, 'out')],
  ]);
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /nested deeper than 64/);
});

test('a configuration file that is nested too deep is refused in one line', async () => {
  const config = join(work, 'deep.yml');
  writeFileSync(config, `thresholds: ${'['.repeat(DEEP)}${']'.repeat(DEEP)}\n`);
  const { exitCode, stderr } = await runBuiltCli([
    ...['compare', '--config', config, '--baseline', main, '--candidate', main],
  ]);
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /config-invalid/);
});
