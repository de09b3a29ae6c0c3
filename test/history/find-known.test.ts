import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readAnswers } from '../../src/evaluate/known/read-answers.ts';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import { findKnown } from '../../src/history/lookup/find-known.ts';
import { entryPaths } from '../../src/history/store/layout.ts';
import type { EntryFacts } from '../../src/history/store/make-entry.ts';
import { recordBaseline } from '../../src/history/store/record-baseline.ts';
import { createStore } from '../../src/history/store/store.ts';
import { recordPaths } from '../../src/record/paths.ts';
import { leaveAnswered, MODEL } from '../support/answered-records.ts';
import { shaOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { smallPlan } from '../support/results.ts';

const root = temporaryFolder();
const plan = smallPlan();
const MAIN = { repository: 'octo/models', branch: 'main' };
let folders = 0;
const path = () => join(root, `folder-${folders++}`);

function makeStore(options: { keepItems?: number } = {}) {
  const folder = path();
  const store = createStore(folderFiles(folder), options);
  return {
    folder,
    store,
    /** Keeps the record of a commit, as a push to main does unless said otherwise. */
    async keep(number: number, { model = MODEL, ...facts }: Partial<EntryFacts> & { model?: string } = {}) {
      const sha = shaOf(number);
      const loaded = await leaveAnswered(path(), { plan, commit: sha, model });
      const { stored } = await recordBaseline(
        store,
        loaded.path,
        {
          ...{ sha, parents: null, repository: MAIN.repository, branch: 'main', event: 'push', run: null },
          ...{ created: new Date(Date.UTC(2026, 10, number)), verdict: null, ...facts },
        },
        null,
      );
      assert.equal(stored?.outcome, 'stored');
      return sha;
    },
    async find(identity = MODEL) {
      const found = await findKnown(store, identity, MAIN, (entry) => store.load(entry, path()));
      return { ...found, commits: found.records.map(({ record }) => record.commit) };
    },
  };
}

test('records of a model are found by its identity, the newest first, with what it answered', async () => {
  const { keep, find } = makeStore();
  const [first, , last] = [await keep(1), await keep(2, { model: 'b'.repeat(64) }), await keep(3)];
  const { commits, records, notes } = await find();
  assert.deepEqual([commits, notes], [[last, first], []]);
  const known = await readAnswers(records[0]!);
  assert.ok(typeof known !== 'string', String(known));
  assert.equal(known.answers.get('sosb_bbq_age')?.size, 600);
  assert.deepEqual((await find('c'.repeat(64))).commits, []);
});

test('a store that is not there yet knows nothing', async () => {
  assert.deepEqual((await makeStore().find()).commits, []);
});

test('an index that is rebuilt still tells whose model each is', async () => {
  const { store, folder, keep, find } = makeStore();
  const sha = await keep(1);
  rmSync(join(folder, 'index'), { recursive: true });
  await store.rebuild();
  assert.deepEqual((await find()).commits, [sha]);
});

test('lines of earlier versions, which do not tell, are read and not matched', async () => {
  const { folder, keep, find, store } = makeStore();
  await keep(1);
  const index = join(folder, 'index', '2026-11.json');
  writeFileSync(index, readFileSync(index, 'utf8').replace(`,"identity":"${MODEL}"`, ''));
  assert.deepEqual(await find(), { records: [], notes: [], commits: [] });
  assert.equal((await (await store.openIndex()).all()).length, 1);
});

test('a record whose items were dropped is said to be there in one line, and not used', async () => {
  const { keep, find } = makeStore({ keepItems: 1 });
  await keep(1);
  await keep(2, { model: 'b'.repeat(64) });
  const { commits, notes } = await find();
  assert.deepEqual(commits, []);
  assert.equal(notes.length, 1);
  assert.match(notes[0]!, /has this very model, but .* no longer keeps its questions/);
});

describe('what is broken is said, and keeps nobody from evaluating', () => {
  const cases: [string, (folder: string, sha: string) => void, RegExp | null][] = [
    ['an entry that is gone', (at, sha) => rmSync(join(at, entryPaths(sha).entry)), /it has no entry/],
    [
      'an entry that is cut short',
      (at, sha) => writeFileSync(join(at, entryPaths(sha).entry), '{'),
      /not whole JSON/,
    ],
    [
      'a record that is gone',
      (at, sha) => rmSync(join(at, entryPaths(sha).record)),
      /its record\.json is gone/,
    ],
    [
      'items that are gone',
      (at, sha) => rmSync(join(at, entryPaths(sha).items)),
      /its items\.parquet is gone/,
    ],
  ];
  for (const [what, damage, reason] of cases)
    test(what, async () => {
      const { folder, keep, find } = makeStore();
      damage(folder, await keep(1));
      const { commits, notes } = await find();
      assert.deepEqual(commits, []);
      assert.match(notes.join('; '), reason!);
    });

  for (const [what, damage] of [
    ['are gone', (at: string) => rmSync(at)],
    ['are cut short', (at: string) => writeFileSync(at, readFileSync(at).subarray(0, 100))],
    ['are something else', (at: string) => writeFileSync(at, 'nonsense')],
  ] as const)
    test(`answers that ${what}: the record is a baseline as before, and gives no answers`, async () => {
      const { folder, keep, find } = makeStore();
      damage(join(folder, entryPaths(await keep(1)).answers));
      const { records } = await find();
      assert.equal(records.length, 1);
      assert.match(String(await readAnswers(records[0]!)), /has no journal\.ndjson/);
    });
});

test('a journal that is not the one of its record is not kept', async () => {
  const { folder, store } = makeStore();
  const sha = shaOf(1);
  const loaded = await leaveAnswered(path(), { plan, commit: sha });
  const { journal } = recordPaths(loaded.path);
  writeFileSync(journal, readFileSync(journal, 'utf8').replace('"acc":0', '"acc":1'));
  const facts = { sha, parents: null, repository: null, branch: null, event: null, run: null, verdict: null };
  await recordBaseline(store, loaded.path, { ...facts, created: new Date() }, null);
  assert.throws(() => readFileSync(join(folder, entryPaths(sha).answers)), /ENOENT/);
});
