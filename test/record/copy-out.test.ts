import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { copyRecordOut } from '../../src/record/copy-out.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const root = temporaryFolder();
let places = 0;

function put(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const RECORD = ['record.json', 'items.parquet', 'plan.json', 'journal.ndjson', 'logs/worker-0.log'];

/** A record's folder and a workspace. */
function place(names: readonly string[] = RECORD) {
  const folder = join(root, `place-${places++}`);
  const [source, workspace] = [join(folder, 'source'), join(folder, 'workspace')];
  mkdirSync(workspace, { recursive: true });
  for (const name of names) put(join(source, name), `ours: ${name}`);
  return { folder, source, workspace, copy: join(workspace, 'record') };
}

const told = (path: string) => readFileSync(path, 'utf8');
const all = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();

test('a copy has all files of the record, for its owner alone, but no answers and no lock', async () => {
  const more = [
    'report/verdict.json',
    'baseline/record.json',
    'livebench/answers.jsonl',
    '.lock',
    '.x.json.1.tmp',
  ];
  const { source, workspace, copy } = place([...RECORD, ...more, 'baseline/livebench/answers.jsonl']);
  await copyRecordOut(source, workspace, copy);
  assert.deepEqual(all(copy), [...RECORD, 'report/verdict.json', 'baseline/record.json'].sort());
  for (const name of all(copy)) assert.equal(told(join(copy, name)), `ours: ${name}`);
  assert.equal(statSync(copy).mode & 0o077, 0);
});

test('results that are there and not ours go, with or without a record of ours; other files stay', async () => {
  for (const names of [[], ['journal.ndjson']]) {
    const { source, workspace, copy } = place(names);
    const results = [
      'record.json',
      'items.parquet',
      'journal.ndjson',
      'report/verdict.json',
      'report/comment.md',
    ];
    const others = ['weights.safetensors', 'logs/train.log', 'report/index.html', 'plan.json'];
    for (const name of [...results, ...others]) put(join(copy, name), 'theirs');
    await copyRecordOut(source, workspace, copy);
    assert.deepEqual(all(copy), [...others, ...names].sort());
    for (const name of names) assert.equal(told(join(copy, name)), `ours: ${name}`);
  }
});

test('where there is no record no folder is made', async () => {
  const { source, workspace, copy } = place([]);
  await copyRecordOut(source, workspace, copy);
  assert.ok(!existsSync(copy));
});

test('a folder outside of the workspace is made, and may be reached by a link', async () => {
  const { folder, source, workspace } = place();
  mkdirSync(join(folder, 'disk'));
  symlinkSync(join(folder, 'disk'), join(folder, 'link'));
  await copyRecordOut(source, workspace, join(folder, 'link', 'runs', 'one'));
  assert.deepEqual(all(join(folder, 'disk', 'runs', 'one')), [...RECORD].sort());
});

test('a workspace that is itself reached by a link has its folders all the same', async () => {
  const { folder, source, workspace } = place();
  symlinkSync(workspace, join(folder, 'link'));
  await copyRecordOut(source, join(folder, 'link'), join(folder, 'link', 'a', 'record'));
  await copyRecordOut(source, join(folder, 'link'), join(workspace, 'b'));
  assert.deepEqual(all(join(workspace, 'a', 'record')), [...RECORD].sort());
  symlinkSync(folder, join(workspace, 'c'));
  await rejectsWith(
    () => copyRecordOut(source, join(folder, 'link'), join(workspace, 'c')),
    'usage',
    'a link',
  );
});

for (const [what, path] of [
  ['the workspace itself', '.'],
  ['a folder that holds it', '..'],
] as const) {
  test(`${what} is refused`, async () => {
    const { source, workspace } = place();
    put(join(workspace, 'record.json'), 'theirs');
    await rejectsWith(() => copyRecordOut(source, workspace, join(workspace, path)), 'usage', 'output');
    assert.equal(told(join(workspace, 'record.json')), 'theirs');
  });
}

for (const [what, prepare] of [
  ['a file in place of the folder', (copy: string) => put(copy, '')],
  ['a file above it', (copy: string) => put(dirname(copy), '')],
  ['a folder in place of record.json', (copy: string) => put(join(copy, 'record.json', 'x'), '')],
  ['a folder in place of another file', (copy: string) => put(join(copy, 'plan.json', 'x'), '')],
  ['a file in place of logs', (copy: string) => put(join(copy, 'logs'), '')],
] as const) {
  test(`${what} is permission-denied, naming it, with nothing half-written`, async () => {
    const { source, workspace } = place();
    const copy = join(workspace, 'a', 'record');
    prepare(copy);
    await rejectsWith(() => copyRecordOut(source, workspace, copy), 'permission-denied', workspace);
    assert.ok(!all(workspace).some((name) => name.endsWith('.tmp')));
  });
}
