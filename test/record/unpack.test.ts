import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeItems } from '../../src/record/items.ts';
import { runOf } from '../../src/record/schema.ts';
import { unpackRecord } from '../../src/record/unpack.ts';
import { writeRecord } from '../../src/record/write.ts';
import { HALF, of } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';
import { makeZip, type ZipMember } from '../support/zip.ts';

const folder = temporaryFolder();
const good = of('pr', { gpqa: { scores: HALF } });
await writeRecord(join(folder, 'good'), good.record, good.items);
const member = (name: string, more: Partial<ZipMember> = {}): ZipMember => ({
  name,
  content: readFileSync(join(folder, 'good', name.replace(/.*\//, ''))),
  ...more,
});
const record = member('record.json');
const items = member('items.parquet');
let unpacked = 0;

test('a record is unpacked, whatever else lies beside it, and nothing else is written', async () => {
  const out = join(folder, `out-${unpacked++}`);
  const zip = makeZip([
    { name: 'logs/worker-0.log', content: Buffer.from('text') },
    record,
    { name: 'report/comment.md', content: Buffer.from('# hi') },
    items,
  ]);
  const loaded = await unpackRecord(zip, out);
  assert.deepEqual({ ...loaded.record, files: undefined }, { ...good.record, files: undefined });
  assert.equal(loaded.items.length, 1000);
  assert.deepEqual(readdirSync(out).sort(), ['items.parquet', 'record.json']);
});

const json = (edit: (text: string) => string) =>
  member('record.json', { content: Buffer.from(edit(record.content.toString())) });
const nan = good.items.map((item, i) => (i === 7 ? { ...item, score: Number.NaN } : item));
const HOSTILE: [string, () => Buffer, RegExp][] = [
  ['nothing', () => Buffer.alloc(0), /not a complete zip archive/],
  ['no zip', () => Buffer.from('PK\x03\x04 but not really'), /not a complete zip archive/],
  ['a zip cut short', () => makeZip([record, items]).subarray(0, -30), /not a complete zip archive/],
  ['no record', () => makeZip([items]), /no record\.json at its root/],
  ['no items', () => makeZip([record]), /no items\.parquet at its root/],
  ['a record in a folder', () => makeZip([member('x/record.json'), items]), /no record\.json at its root/],
  [
    'paths that climb out',
    () => makeZip([record, items, member('../../record.json')]),
    /not a complete zip archive \(invalid relative path/,
  ],
  [
    'an absolute path',
    () => makeZip([record, items, { name: '/etc/passwd', content: Buffer.alloc(1) }]),
    /absolute path/,
  ],
  [
    'a link for a record',
    () => makeZip([member('record.json', { mode: 0o120777 }), items]),
    /record\.json is a link/,
  ],
  ['a name twice', () => makeZip([record, record, items]), /has record\.json twice/],
  [
    'a million files',
    () =>
      makeZip([
        record,
        items,
        ...Array.from({ length: 1001 }, (_, i) => ({ name: `f${i}`, content: Buffer.alloc(0) })),
      ]),
    /it has 1003 files/,
  ],
  [
    'zeros without end',
    () => makeZip([record, { name: 'items.parquet', content: Buffer.alloc(200_000_000) }]),
    /items\.parquet is too large/,
  ],
  [
    'zeros without end that claim to be few',
    () => makeZip([record, { name: 'items.parquet', content: Buffer.alloc(200_000_000), claimed: 1000 }]),
    /not a complete zip archive/,
  ],
  [
    'a record of another schema',
    () => makeZip([json((text) => text.replace('"schemaVersion": 1', '"schemaVersion": 9')), items]),
    /schema version 9/,
  ],
  ['a record that is not JSON', () => makeZip([json((text) => text.slice(0, 100)), items]), /not whole JSON/],
  [
    'numbers that are none',
    () => makeZip([json((text) => text.replace(/"mean": 0\.5/, '"mean": NaN')), items]),
    /not whole JSON/,
  ],
  [
    'a mean beyond 1',
    () => makeZip([json((text) => text.replace(/"mean": 0\.5/, '"mean": 1e300')), items]),
    /mean/,
  ],
  [
    'scores that are none',
    () =>
      makeZip([
        record,
        { name: 'items.parquet', content: Buffer.from(encodeItems(nan, runOf(good.record))) },
      ]),
    /column score holds NaN/,
  ],
  [
    'items of another run',
    () =>
      makeZip([record, { name: 'items.parquet', content: Buffer.from(encodeItems(good.items, 'other')) }]),
    /of another run/,
  ],
];
for (const [what, archive, message] of HOSTILE) {
  test(`an archive with ${what} is refused, and nothing is written beyond its own folder`, async () => {
    const out = join(folder, 'deep', `out-${unpacked++}`);
    await rejectsWith(() => unpackRecord(archive(), out), 'record-invalid', message);
    if (existsSync(out)) assert.deepEqual(readdirSync(out).sort(), ['items.parquet', 'record.json']);
    assert.deepEqual(
      readdirSync(folder).filter((name) => !name.startsWith('out') && name !== 'deep'),
      ['good'],
    );
  });
}
