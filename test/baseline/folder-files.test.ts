import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { folderFiles } from '../../src/baseline/folder-files.ts';
import { entryPaths } from '../../src/baseline/layout.ts';
import { createStore } from '../../src/baseline/store.ts';
import { takeLock } from '../../src/system/lock.ts';
import { entryOf, filesOf, shaOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();

test('killed at any step of a put: all or nothing for the next writer, and nothing that was there is lost', async () => {
  const first = join(folder, 'first');
  await createStore(folderFiles(first), { keepItems: 1 }).put(entryOf(1), filesOf(1));
  const program = join(import.meta.dirname, '..', 'support', 'put-and-die.ts');
  const seen: string[] = [];
  for (let step = 0; ; step++) {
    const root = join(folder, `killed-${step}`);
    cpSync(first, root, { recursive: true });
    const { signal } = await execa(process.execPath, [program, root, String(step)], { reject: false });
    const store = createStore(folderFiles(root), { keepItems: 1 });
    // A writer of something else comes next.
    await store.put(entryOf(3, { created: '2026-10-01T00:00:00.000Z' }), { ...filesOf(3), items: null });
    const lines = (await (await store.openIndex()).all()).map(({ sha, itemsKept }) => `${sha} ${itemsKept}`);
    const isThere = lines.includes(`${shaOf(2)} true`);
    const old = [`${shaOf(3)} false`, `${shaOf(1)} true`];
    const done = [`${shaOf(3)} false`, `${shaOf(1)} false`, `${shaOf(2)} true`];
    assert.deepEqual(lines, isThere ? done : old, `step ${step}`);
    assert.deepEqual(
      await store.rebuild(),
      { entries: lines.length, added: [], dropped: [] },
      `step ${step}`,
    );
    const files = await folderFiles(root).open();
    for (const number of isThere ? [1, 2] : [1]) {
      const record = await files.read(entryPaths(shaOf(number)).record);
      assert.equal(record?.toString(), `{"record":${number}}\n`);
      const items = await files.read(entryPaths(shaOf(number)).items);
      assert.equal(items !== null, number === 2 || !isThere, `step ${step}`);
    }
    assert.deepEqual(
      readdirSync(root).filter((name) => name.startsWith('.')),
      [],
      'nothing of the killed writer is left',
    );
    seen.push(isThere ? 'all' : 'nothing');
    if (signal === undefined) break;
  }
  assert.ok(seen.length > 15, `${seen.length} steps`);
  assert.equal(seen.at(-1), 'all');
  assert.ok(seen.includes('nothing') && seen.indexOf('all') < seen.length - 3, seen.join());
});

test('a folder that somebody holds for good: store-conflict, naming the lock', async () => {
  const root = join(folder, 'held');
  const lock = await takeLock(join(root, '.lock'), 'x');
  const store = createStore(folderFiles(root, { sleep: async () => undefined }));
  await rejectsWith(() => store.put(entryOf(1), filesOf(1)), 'store-conflict', String(process.pid), '.lock');
  await lock.release();
});

test('a folder that cannot be made is refused, and one that is not there is an empty history', async () => {
  writeFileSync(join(folder, 'file'), '');
  const store = createStore(folderFiles(join(folder, 'file', 'store')));
  await rejectsWith(() => store.put(entryOf(1), filesOf(1)), 'permission-denied');
  const absent = createStore(folderFiles(join(folder, 'absent')));
  assert.equal((await absent.openIndex()).exists, false);
});

test('what is not ours in the folder is left alone', async () => {
  const root = join(folder, 'mixed');
  mkdirSync(join(root, 'runs', 'notes'), { recursive: true });
  mkdirSync(join(root, 'index'));
  writeFileSync(join(root, 'runs', 'notes', 'entry.json'), '{}');
  writeFileSync(join(root, 'index', 'README.md'), 'x');
  const store = createStore(folderFiles(root));
  await store.put(entryOf(1), filesOf(1));
  assert.deepEqual(await store.rebuild(), { entries: 1, added: [], dropped: [] });
});
