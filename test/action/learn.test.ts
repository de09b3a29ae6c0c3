/** What a report learns of main's own changes, from a store in a folder. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { learnFromHistory } from '../../src/action/steps/compare/learn.ts';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import type { Entry } from '../../src/history/store/entry.ts';
import { createStore, type Store } from '../../src/history/store/store.ts';
import { encodeItems } from '../../src/record/items.ts';
import { type LoadedRecord, runOf } from '../../src/record/schema.ts';
import { entryOf, shaOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { historyOf } from '../support/margins.ts';

const folder = temporaryFolder();
const { earlier } = historyOf([0.3, 0.3, 0.3], 0.3);
const sleep = async () => undefined;

async function fill(name: string, changes: Partial<Entry>[] = [], keepItems = 20): Promise<Store> {
  const store = createStore(folderFiles(join(folder, name), { sleep, now: () => new Date() }), { keepItems });
  for (const [index, made] of earlier.entries()) {
    const record = { ...made.record, suite: 'full', commit: shaOf(index), planHash: null };
    await store.put(entryOf(index, { suite: 'full', planHash: null, ...changes[index] }), {
      record: Buffer.from(JSON.stringify(record)),
      items: encodeItems(made.items, runOf(record)),
      plan: null,
      answers: null,
      verdict: null,
    });
  }
  return store;
}

async function learn(store: Store, { baseline = 3, suite = 'pr', withMargins = true } = {}) {
  const { record, items, path } = earlier[baseline]!;
  const loaded: LoadedRecord = {
    path,
    record: { ...record, suite: 'full', commit: shaOf(baseline) },
    items: withMargins ? items : items.map((item) => ({ ...item, margin: null })),
  };
  const entry = entryOf(baseline, { suite: 'full', planHash: null });
  const runtime = { environment: { RUNNER_TEMP: folder } } as unknown as Parameters<
    typeof learnFromHistory
  >[2];
  return learnFromHistory({ record: loaded, entry }, { store, suite }, runtime);
}

const pairsOf = ({ learned }: Awaited<ReturnType<typeof learn>>) =>
  learned?.pairs.map(({ earlier, later }) =>
    [earlier, later].map((sha) => [0, 1, 2, 3].find((number) => shaOf(number) === sha)),
  ) ?? null;

test('a sample is helped by the two records before its baseline, and nothing later', async () => {
  const store = await fill('plain');
  assert.deepEqual(pairsOf(await learn(store)), [
    [1, 2],
    [2, 3],
  ]);
  assert.deepEqual(pairsOf(await learn(store, { baseline: 1 })), [[0, 1]]);
  assert.deepEqual(pairsOf(await learn(store, { baseline: 0 })), null);
});

test('a full candidate, and a baseline without margins, need none', async () => {
  const store = await fill('needless');
  assert.equal(pairsOf(await learn(store, { suite: 'full' })), null);
  assert.equal(pairsOf(await learn(store, { withMargins: false })), null);
});

test('records whose items are gone, samples, and what no run of main left teach nothing', async () => {
  assert.deepEqual(pairsOf(await learn(await fill('pruned', [], 2))), [[2, 3]]);
  assert.deepEqual(pairsOf(await learn(await fill('samples', [{}, {}, { suite: 'pr' }]))), [
    [0, 1],
    [1, 3],
  ]);
  const foreign = await fill('foreign', [{}, { event: 'workflow_dispatch' }, { complete: false }]);
  assert.deepEqual(pairsOf(await learn(foreign)), null);
});

test('a record that cannot be read is named, and the others teach', async () => {
  const store = await fill('broken');
  const load: Store['load'] = (entry, into) =>
    store.load(entry.sha === shaOf(2) ? { ...entry, sha: shaOf(9) } : entry, into);
  const found = await learn({ ...store, load });
  assert.deepEqual(pairsOf(found), [[1, 3]]);
  assert.match(
    found.notes.join(),
    /^An earlier record, of [0-9a-f]{12}, taught nothing: .*its record\.json is gone/,
  );
});
