import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { writeRecord } from '../../src/record/write.ts';
import { planAllItems } from '../../src/suite/plan/assemble.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';
import { answersOf, recordOf, smallPlan } from '../support/results.ts';

const root = temporaryFolder();
const good = join(root, 'good');
const plan = smallPlan();
const { record, items } = recordOf(plan);
const written = await writeRecord(good, record, items);

let copies = 0;
function copy(): string {
  const path = join(root, `copy-${copies++}`);
  cpSync(good, path, { recursive: true });
  return path;
}

test('a record comes back as it was written', async () => {
  const loaded = await readRecord(good);
  assert.deepEqual(loaded, { path: good, record: written, items });
  const { files, ...rest } = loaded.record;
  assert.deepEqual([rest, Object.keys(files!)], [record, ['items.parquet']]);
});

test('a partial record is a record', async () => {
  const partial = recordOf(plan, new Map([...answersOf(plan)].slice(1)));
  const path = join(root, 'partial');
  await writeRecord(path, partial.record, partial.items);
  assert.equal((await readRecord(path)).record.complete, false);
});

test('a record of no items is a record', async () => {
  const nothing = recordOf(plan, new Map());
  const path = join(root, 'nothing');
  await writeRecord(path, nothing.record, nothing.items);
  assert.deepEqual((await readRecord(path)).items, []);
});

test('a record with NaN in it is not written', async () => {
  const broken = structuredClone(record);
  broken.benchmarks[0]!.mean = Number.NaN;
  const path = join(root, 'nan');
  await assert.rejects(writeRecord(path, broken, items), /mean/);
});

const edit = (path: string, change: (text: string) => string) =>
  writeFileSync(join(path, 'record.json'), change(readFileSync(join(path, 'record.json'), 'utf8')));
const editItems = (path: string, change: (content: Buffer) => Uint8Array) =>
  writeFileSync(join(path, 'items.parquet'), change(readFileSync(join(path, 'items.parquet'))));

const MISSING: [string, (path: string) => void, string][] = [
  ['no folder', (path) => rmSync(path, { recursive: true }), 'record.json is missing'],
  ['no record.json', (path) => rmSync(join(path, 'record.json')), 'record.json is missing'],
  ['no items.parquet', (path) => rmSync(join(path, 'items.parquet')), 'items.parquet is missing'],
  [
    'a folder in place of record.json',
    (path) => {
      rmSync(join(path, 'record.json'));
      mkdirSync(join(path, 'record.json'));
    },
    'record.json is missing',
  ],
];
for (const [what, damage, text] of MISSING) {
  test(`${what} is record-missing, naming the folder`, async () => {
    const path = copy();
    damage(path);
    await rejectsWith(() => readRecord(path), 'record-missing', path, text, 'sos-bench run --output');
  });
}

const INVALID: [string, (path: string) => void, string[]][] = [
  [
    'record.json cut short',
    (path) => edit(path, (text) => text.slice(0, 500)),
    ['record.json', 'not whole JSON'],
  ],
  ['an empty record.json', (path) => edit(path, () => ''), ['record.json', 'not whole JSON']],
  ['record.json that is not a record', (path) => edit(path, () => '[]'), ['record.json cannot be used']],
  [
    'another schema version',
    (path) => edit(path, (text) => text.replace('"schemaVersion": 1', '"schemaVersion": 2')),
    ['schema version 2', 'this program reads 1'],
  ],
  [
    'a field that is missing',
    (path) => edit(path, (text) => text.replace('"planHash"', '"plan"')),
    ['record.json cannot be used: planHash'],
  ],
  [
    'a mean that is null where it is a number elsewhere',
    (path) => edit(path, (text) => text.replace('"n": 900', '"n": null')),
    ['benchmarks.0.n'],
  ],
  ['a mean beyond 1', (path) => edit(path, (text) => text.replace(/"mean": [\d.]+/, '"mean": 65')), ['mean']],
  [
    'NaN in record.json',
    (path) => edit(path, (text) => text.replace(/"mean": [\d.]+/, '"mean": NaN')),
    ['not whole JSON'],
  ],
  [
    'items.parquet cut short',
    (path) => editItems(path, (content) => content.subarray(0, 3000)),
    ['items.parquet'],
  ],
  [
    'an empty items.parquet',
    (path) => editItems(path, () => new Uint8Array()),
    ['not a complete Parquet file'],
  ],
  [
    'items.parquet of another kind',
    (path) => editItems(path, () => Buffer.from('a,b\n1,2\n')),
    ['not a complete Parquet file'],
  ],
  [
    'a benchmark record.json does not know',
    (path) => edit(path, (text) => text.replace('"id": "xstest"', '"id": "wmdp"')),
    ['items.parquet cannot be used', 'wmdp'],
  ],
];
for (const [what, damage, texts] of INVALID) {
  test(`${what} is record-invalid, naming the file and what is wrong`, async () => {
    const path = copy();
    damage(path);
    await rejectsWith(() => readRecord(path), 'record-invalid', path, ...texts);
  });
}

const [age] = plan.benchmarks[0]!.tasks;
const STRANGERS: [string, string | undefined, number][] = [
  ['of another model, item for item on the same plan', 'sha256:other', 1],
  ['of another plan with as many items', undefined, 2],
];
for (const [what, digest, seed] of STRANGERS) {
  test(`items.parquet ${what} is refused`, async () => {
    assert.ok(age);
    const other = recordOf(seed === 1 ? plan : { ...plan, ...replanned(seed) });
    const path = join(root, `stranger-${seed}`);
    const strange = { ...other.record, ...(digest ? { model: { ...record.model, digest } } : {}) };
    await writeRecord(path, strange, other.items);
    cpSync(join(good, 'record.json'), join(path, 'record.json'));
    await rejectsWith(() => readRecord(path), 'record-invalid', 'of another run than record.json');
  });
}

function replanned(seed: number) {
  const { planHash } = planAllItems('mini', seed, []);
  return { seed, planHash };
}

test('items.parquet with fewer items than record.json says is refused', async () => {
  const path = join(root, 'fewer');
  await writeRecord(path, record, items.slice(0, -1));
  await rejectsWith(
    () => readRecord(path),
    'record-invalid',
    'it has 19 items of xstest, record.json says 20',
  );
});

test('items.parquet with items of a benchmark more is refused', async () => {
  const path = join(root, 'more');
  await writeRecord(path, record, [...items, { ...items[0]!, benchmark: 'wmdp' }]);
  await rejectsWith(() => readRecord(path), 'record-invalid', 'items of wmdp');
});

test('a file in place of the folder is record-missing', async () => {
  const path = join(root, 'file');
  writeFileSync(path, '');
  await rejectsWith(() => readRecord(path), 'record-missing', path);
});
