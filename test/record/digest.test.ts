import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { recordDigest } from '../../src/record/digest.ts';
import { writeRecord } from '../../src/record/write.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';
import { recordOf, smallPlan } from '../support/results.ts';

const root = temporaryFolder();
const good = join(root, 'good');
const plan = smallPlan();
const { record, items } = recordOf(plan);
await writeRecord(good, record, items);
writeFileSync(join(good, 'plan.json'), JSON.stringify(plan));
writeFileSync(join(good, 'journal.ndjson'), '{"type":"header"}\n');
await writeRecord(good, record, items);
const digest = await recordDigest(good);

let copies = 0;
function copy(edit: (path: string) => void): string {
  const path = join(root, `copy-${copies++}`);
  cpSync(good, path, { recursive: true });
  edit(path);
  return path;
}

test('the digest is what sha256sum says of record.json', () => {
  const content = readFileSync(join(good, 'record.json'));
  assert.equal(digest, createHash('sha256').update(content).digest('hex'));
});

for (const names of [['plan.json'], ['journal.ndjson'], ['plan.json', 'journal.ndjson']]) {
  test(`it stays the same without ${names.join(' and ')}`, async () => {
    const path = copy((folder) => names.forEach((name) => void rmSync(join(folder, name))));
    assert.equal(await recordDigest(path), digest);
  });
}

test('another record has another digest', async () => {
  const path = join(root, 'other');
  await writeRecord(path, { ...record, branch: 'other' }, items);
  assert.notEqual(await recordDigest(path), digest);
});

for (const name of ['items.parquet', 'plan.json', 'journal.ndjson']) {
  test(`another ${name} is record-invalid, naming it`, async () => {
    const path = copy((folder) => appendFileSync(join(folder, name), ' '));
    await rejectsWith(() => recordDigest(path), 'record-invalid', name, 'record.json lists');
  });
}

for (const name of ['plan.json', 'journal.ndjson']) {
  test(`a ${name} that the record was written without is record-invalid`, async () => {
    const path = join(root, `without-${name}`);
    await writeRecord(path, record, items);
    await recordDigest(path);
    cpSync(join(good, name), join(path, name));
    await rejectsWith(() => recordDigest(path), 'record-invalid', name);
  });
}

test('without its items a record has no digest', async () => {
  const path = copy((folder) => rmSync(join(folder, 'items.parquet')));
  await rejectsWith(() => recordDigest(path), 'record-missing', 'items.parquet');
});

test('a record of a version that listed no files has no digest', async () => {
  const path = copy((folder) => {
    const { files: _, ...old } = JSON.parse(readFileSync(join(folder, 'record.json'), 'utf8'));
    writeFileSync(join(folder, 'record.json'), JSON.stringify(old));
  });
  await rejectsWith(() => recordDigest(path), 'record-invalid', 'lists no digests', 'earlier version');
});
