import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import { entryPaths } from '../../src/history/store/layout.ts';
import { createStore } from '../../src/history/store/store.ts';
import { encodeItems } from '../../src/record/items.ts';
import { runOf } from '../../src/record/schema.ts';
import { takeLock } from '../../src/system/files/lock.ts';
import { entryOf, filesOf, shaOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeRecord } from '../support/records.ts';
import { rejectsWith } from '../support/reject.ts';
import { inNightly, inParts } from '../support/tier.ts';

const folder = temporaryFolder();

const PROGRAM = join(import.meta.dirname, '..', 'support', 'put-and-die.ts');

/** A store with one entry, into which a second is put. */
async function storeOfOne(name: string): Promise<string> {
  const root = join(folder, name);
  await createStore(folderFiles(root), { keepItems: 1 }).put(entryOf(1), filesOf(1));
  return root;
}

/** What the next reader and writer find in a store whose put was ended before one of its changes of the disk; whether it is done. */
async function lookAfter(root: string, step: number): Promise<boolean> {
  const store = createStore(folderFiles(root), { keepItems: 1 });
  // A reader that comes first sees one of the two, whole, although it may not write.
  const before = await (await store.openIndex()).all();
  const read = before.map(({ sha, itemsKept }) => `${sha} ${itemsKept}`);
  assert.ok(
    [[`${shaOf(1)} true`], [`${shaOf(1)} false`, `${shaOf(2)} true`]].some(
      (state) => JSON.stringify(state) === JSON.stringify(read),
    ),
    `step ${step}: ${read}`,
  );
  for (const { sha, itemsKept } of before) {
    const { entry } = (await store.get(sha))!;
    assert.equal(entry?.itemsKept, itemsKept, `step ${step}`);
    const snapshot = await folderFiles(root).open();
    assert.equal((await snapshot.read(entryPaths(sha).items)) !== null, itemsKept, `step ${step}`);
    assert.ok((await snapshot.walk('runs'))?.includes(entryPaths(sha).record), `step ${step}`);
  }
  // A writer of something else comes next.
  await store.put(entryOf(3, { created: '2026-10-01T00:00:00.000Z' }), { ...filesOf(3), items: null });
  const lines = (await (await store.openIndex()).all()).map(({ sha, itemsKept }) => `${sha} ${itemsKept}`);
  const isThere = lines.includes(`${shaOf(2)} true`);
  const old = [`${shaOf(3)} false`, `${shaOf(1)} true`];
  const done = [`${shaOf(3)} false`, `${shaOf(1)} false`, `${shaOf(2)} true`];
  assert.deepEqual(lines, isThere ? done : old, `step ${step}`);
  assert.deepEqual(await store.rebuild(), { entries: lines.length, added: [], dropped: [] }, `step ${step}`);
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
  assert.equal(read.length === 2, isThere, `step ${step}: what a reader saw stays`);
  return isThere;
}

/** A put changes the disk more than 15 times, and the entry is there before the last of these. */
function requireBoth(seen: readonly boolean[]): void {
  assert.ok(seen.length > 15, `${seen.length} steps`);
  assert.equal(seen.at(-1), true);
  assert.ok(seen.includes(false) && seen.indexOf(true) < seen.length - 3, seen.join());
}

const ENDED = 'all or nothing for the next writer, and nothing that was there is lost';

inParts(`a disk as it is before any change of a put, whose process is gone: ${ENDED}`, async () => {
  const copies = join(folder, 'copies');
  await execa(process.execPath, [PROGRAM, await storeOfOne('copied'), copies]);
  const seen: boolean[] = [];
  for (let step = 0; step < readdirSync(copies).length; step++)
    seen.push(await lookAfter(join(copies, String(step)), step));
  requireBoth(seen);
});

inNightly(`killed at any step of a put: ${ENDED}`, async () => {
  const first = await storeOfOne('first');
  const seen: boolean[] = [];
  for (let step = 0, isKilled = true; isKilled; step++) {
    const root = join(folder, `killed-${step}`);
    cpSync(first, root, { recursive: true });
    const { signal } = await execa(process.execPath, [PROGRAM, root, String(step)], { reject: false });
    isKilled = signal !== undefined;
    seen.push(await lookAfter(root, step));
  }
  requireBoth(seen);
});

inParts(
  'a reader in the middle of changes finds everything that the index names, and loads it whole',
  async () => {
    const root = join(folder, 'live');
    const files = folderFiles(root);
    const writer = createStore(files, { keepItems: 1 });
    const reader = createStore(folderFiles(root));
    const put = async (number: number) => {
      const { record, items } = makeRecord({
        model: `m${number}`,
        benchmarks: { gpqa: { scores: [1, 0, 1] } },
        edit: (made) => Object.assign(made, { commit: shaOf(number) }),
      });
      const content = Buffer.from(JSON.stringify(record));
      const encoded = encodeItems(items, runOf(record));
      await writer.put(entryOf(number), {
        record: content,
        items: encoded,
        plan: null,
        answers: null,
        verdict: null,
      });
    };
    await put(1);
    let writing = true;
    const written = (async () => {
      for (let number = 2; number < 25; number++) await put(number);
      await writer.prune(3);
      writing = false;
    })();
    let loads = 0;
    while (writing) {
      const index = await reader.openIndex();
      const newest = (await index.latest(1, () => true))[0]!;
      const read = await index.entry(newest.sha);
      assert.ok(read?.entry, `${newest.sha} is named and not there`);
      const loaded = await reader.load({ ...read.entry, itemsKept: true }, join(folder, 'live-load'));
      assert.ok(loaded.record.commit === newest.sha);
      loads++;
    }
    await written;
    assert.ok(loads > 3, `${loads} loads`);
  },
);

inParts('a folder that somebody holds for good: store-conflict, naming the lock', async () => {
  const root = join(folder, 'held');
  const lock = await takeLock(join(root, '.lock'), 'x');
  const store = createStore(folderFiles(root, { sleep: async () => undefined }));
  await rejectsWith(() => store.put(entryOf(1), filesOf(1)), 'store-conflict', String(process.pid), '.lock');
  await lock.release();
});

inParts(
  'a folder that cannot be made is refused, and one that is not there is an empty history',
  async () => {
    writeFileSync(join(folder, 'file'), '');
    const store = createStore(folderFiles(join(folder, 'file', 'store')));
    await rejectsWith(() => store.put(entryOf(1), filesOf(1)), 'permission-denied');
    const absent = createStore(folderFiles(join(folder, 'absent')));
    assert.equal((await absent.openIndex()).exists, false);
  },
);

inParts('what is not ours in the folder is left alone', async () => {
  const root = join(folder, 'mixed');
  mkdirSync(join(root, 'runs', 'notes'), { recursive: true });
  mkdirSync(join(root, 'index'));
  writeFileSync(join(root, 'runs', 'notes', 'entry.json'), '{}');
  writeFileSync(join(root, 'index', 'README.md'), 'x');
  const store = createStore(folderFiles(root));
  await store.put(entryOf(1), filesOf(1));
  assert.deepEqual(await store.rebuild(), { entries: 1, added: [], dropped: [] });
});
