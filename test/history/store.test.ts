/** What every store does, in a folder and on a branch of the GitHub emulator. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SosBenchError } from '../../src/error.ts';
import { branchFiles } from '../../src/history/backends/branch-files.ts';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import type { StoreFiles } from '../../src/history/backends/store-files.ts';
import { readTrend } from '../../src/history/lookup/trend.ts';
import { BADGE_FILE, entryPaths } from '../../src/history/store/layout.ts';
import { MAX_PINNED } from '../../src/history/store/pins.ts';
import { createStore, type Store } from '../../src/history/store/store.ts';
import { addWaiver, listWaivers } from '../../src/history/store/waivers.ts';
import { encodeItems } from '../../src/record/items.ts';
import { recordPaths } from '../../src/record/paths.ts';
import { runOf } from '../../src/record/schema.ts';
import type { Waiver } from '../../src/verdict/schema.ts';
import { assertCrowdIsStored } from '../support/crowd.ts';
import { entryOf, filesOf, shaOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { connect, startGitHub } from '../support/github-emulator.ts';
import { makeRecord, rightThenWrong } from '../support/records.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
const github = await startGitHub();
const token = await github.token();
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms / 20));

const KINDS: Record<string, (name: string, token: string, now?: () => Date) => StoreFiles> = {
  folder: (name, _token, now = () => new Date()) => folderFiles(join(folder, name), { sleep, now }),
  branch: (name, token, now = () => new Date()) =>
    branchFiles(connect(github.url, token), { branch: name, sleep, now }),
};

async function write(files: StoreFiles, path: string, content: string | null): Promise<void> {
  await files.change('by hand', async () => new Map([[path, content]]));
}

async function text(files: StoreFiles, path: string): Promise<string | null> {
  const content = await (await files.open()).read(path);
  return content && Buffer.from(content).toString('utf8');
}

const NOVEMBER = 'index/2026-11.json';

for (const [kind, make] of Object.entries(KINDS)) {
  const fresh = (name: string, now?: () => Date) => {
    const files = make(name, token, now);
    return { files, store: createStore(files, { keepItems: 3 }) };
  };

  test(`${kind}: an entry is put, got and listed; put again it changes nothing`, async () => {
    const { files, store } = fresh('once');
    assert.equal((await files.open()).exists, false);
    assert.deepEqual(await (await store.openIndex()).all(), []);
    assert.equal(await store.get(shaOf(1)), null);
    assert.deepEqual(await store.put(entryOf(1), filesOf(1)), { outcome: 'stored', notes: [] });
    const { version } = await files.open();
    assert.deepEqual(await store.put(entryOf(1), filesOf(1)), { outcome: 'already-there', notes: [] });
    assert.equal((await files.open()).version, version);
    assert.deepEqual((await store.get(shaOf(1)))?.entry, entryOf(1));
    const [line] = await (await store.openIndex()).all();
    assert.deepEqual(line?.factors, [{ id: 'wk', score: 0.5, ci: [0.4, 0.6] }]);
    assert.equal(await text(files, entryPaths(shaOf(1)).items), 'items of 1');
  });

  test(`${kind}: of two evaluations of one commit the newer stays, whichever comes first`, async () => {
    const { files, store } = fresh('newer');
    const first = entryOf(1, { created: '2026-10-31T23:00:00.000Z' });
    await store.put(first, filesOf(1));
    assert.equal((await store.put(entryOf(1), filesOf(2))).outcome, 'stored');
    assert.equal((await store.put(first, filesOf(1))).outcome, 'older');
    assert.equal(await text(files, entryPaths(shaOf(1)).record), '{"record":2}\n');
    assert.equal(await text(files, 'index/2026-10.json'), null, 'its line moved to the other month');
    assert.equal((await (await store.openIndex()).all()).length, 1);
  });

  test(`${kind}: 4 writers of 3 entries each at once: all are there and the index is valid`, () =>
    assertCrowdIsStored(async () => make('crowd', await github.token()), { writers: 4, each: 3 }));

  test(`${kind}: items and their plan are kept for the last 3; the record and the trend stay`, async () => {
    const { files, store } = fresh('retention');
    const made = makeRecord({
      model: 'abcd',
      benchmarks: { gpqa: { scores: rightThenWrong(6, 4) } },
      edit: (record) => Object.assign(record, { commit: shaOf(0) }),
    });
    const content = {
      record: Buffer.from(JSON.stringify(made.record)),
      items: encodeItems(made.items, runOf(made.record)),
      plan: Buffer.from('the plan'),
      answers: null,
      verdict: null,
    };
    await store.put(entryOf(0), content);
    const kept = async () =>
      (await (await store.openIndex()).all()).map(({ itemsKept }) => (itemsKept ? 'x' : '-')).join('');
    const loaded = await store.load(entryOf(0), join(folder, `${kind}-loaded`));
    assert.equal(loaded.items.length, 10);
    assert.equal(readFileSync(recordPaths(loaded.path).plan, 'utf8'), 'the plan');
    for (let number = 1; number < 6; number++) await store.put(entryOf(number), filesOf(number));
    assert.equal(await kept(), '---xxx');
    assert.equal(await text(files, entryPaths(shaOf(0)).items), null);
    assert.equal(await text(files, entryPaths(shaOf(0)).plan), null);
    const read = await store.get(shaOf(0));
    assert.equal(read?.entry?.itemsKept, false);
    const without = await store.load(read.entry, join(folder, `${kind}-without`));
    assert.deepEqual([without.items.length, without.record.benchmarks[0]?.n], [0, 10]);
    // One that comes late is too old to keep its items.
    await store.put(entryOf(9, { created: '2026-09-01T00:00:00.000Z' }), filesOf(9));
    assert.equal(await kept(), '----xxx');
    assert.equal(await text(files, entryPaths(shaOf(9)).items), null);
  });

  test(`${kind}: the badge is of the newest entry, is made again with the index, and stays when others are pruned`, async () => {
    const { files, store } = fresh('badge');
    const scored = (number: number, score: number) =>
      entryOf(number, { factors: [{ id: 'wk', score, ci: null, se: null, n: 1 }] });
    const message = async () => {
      const badge = await text(files, BADGE_FILE);
      return badge && (JSON.parse(badge).message as string);
    };
    await store.put(scored(2, 0.62), filesOf(2));
    assert.equal(await message(), 'wk 62.0');
    await store.put(scored(1, 0.61), filesOf(1));
    assert.equal(await message(), 'wk 62.0', 'one that comes late changes nothing');
    await store.put(scored(3, 0.634), filesOf(3));
    assert.equal(await message(), 'wk 63.4');
    for (const content of [null, '{"message": "forged"}']) {
      await write(files, BADGE_FILE, content);
      await store.rebuild();
      assert.equal(await message(), 'wk 63.4');
    }
    await store.prune(1);
    assert.equal(await message(), 'wk 63.4');
    const { version } = await files.open();
    await store.rebuild();
    assert.equal((await files.open()).version, version, 'what is right is not written again');
    await write(files, entryPaths(shaOf(3)).entry, '{');
    await store.rebuild();
    assert.equal(await message(), null, 'no entry, no badge');
  });

  /** Releases of commits by number, newest first; each commit's first parent is the one before. */
  const released = (numbers: number[], { anchors = [] as number[] } = {}) => {
    const asked: string[] = [];
    return {
      asked,
      anchors: anchors.map(shaOf),
      history: {
        releases: async (most: number, known = new Map<string, string>()) => {
          const found = numbers.slice(0, most).map((number) => ({ tag: `v${number}`, sha: shaOf(number) }));
          asked.push(...found.flatMap(({ tag }) => (known.has(tag) ? [] : [tag])));
          return found;
        },
        async *firstParents(sha: string) {
          asked.push(`parents of ${sha}`);
          const from = Array.from({ length: 60 }, (_, number) => number).find(
            (number) => shaOf(number) === sha,
          )!;
          yield Array.from({ length: from + 1 }, (_, back) => ({
            sha: shaOf(from - back),
            date: new Date(Date.UTC(2026, 10, 1) + (from - back) * 60_000),
          }));
        },
      },
    };
  };
  const keptOf = async (store: Store) =>
    (await (await store.openIndex()).all()).filter(({ itemsKept }) => itemsKept).map(({ sha }) => sha);

  test(`${kind}: a release keeps its items however many entries follow, and so does the anchor in use`, async () => {
    const { files, store } = fresh('pinned');
    for (const number of [0, 1, 2]) await store.put(entryOf(number), filesOf(number), released([]));
    const pins = released([2], { anchors: [1] });
    for (let number = 3; number < 9; number++) await store.put(entryOf(number), filesOf(number), pins);
    assert.deepEqual(await keptOf(store), [1, 2, 6, 7, 8].map(shaOf));
    assert.equal(await text(files, entryPaths(shaOf(2)).items), 'items of 2');
    assert.equal((await store.get(shaOf(2)))?.entry?.itemsKept, true);
    assert.deepEqual(pins.asked, ['v2'], 'a release is looked up once');
    assert.deepEqual([...(await store.releases())], [[shaOf(2), 'v2']], 'and a trend names it');
    await store.prune(2);
    assert.deepEqual(await keptOf(store), [1, 2, 7, 8].map(shaOf), 'nor does pruning take them');
    assert.deepEqual((await store.rebuild()).dropped, []);
    // Whoever knows of no releases goes by what is written down.
    await store.put(entryOf(9), filesOf(9));
    await store.put(entryOf(10), filesOf(10));
    assert.deepEqual(await keptOf(store), [1, 2, 8, 9, 10].map(shaOf));
  });

  test(`${kind}: a release of a commit without a record keeps the items of the nearest before it`, async () => {
    const { store } = fresh('nearest');
    const pins = released([3]);
    for (const number of [0, 1, 2, 4, 5, 6, 7]) await store.put(entryOf(number), filesOf(number), pins);
    assert.deepEqual(await keptOf(store), [2, 5, 6, 7].map(shaOf));
    assert.deepEqual(pins.asked, ['v3', `parents of ${shaOf(3)}`]);
  });

  test(`${kind}: only the latest ${MAX_PINNED} keep theirs, over months, and a release that comes back is kept again`, async () => {
    const { files, store } = fresh('bounded');
    const at = (number: number) =>
      entryOf(number, { created: `2026-${String(number).padStart(2, '0')}-03T00:00:00.000Z` });
    const releases: number[] = [];
    for (let number = 1; number <= 11; number++) {
      releases.unshift(number);
      // Released after it was recorded, every month.
      await store.put(at(number), filesOf(number), released(releases));
      assert.ok((await keptOf(store)).length <= 3 + MAX_PINNED);
    }
    // Those let go are dropped when the room is needed.
    assert.deepEqual(await keptOf(store), [5, 6, 7, 8, 9, 10, 11].map(shaOf));
    assert.equal(await text(files, entryPaths(shaOf(4)).items), null);
    // The remedy that the gate names: that commit's push is run again.
    const pins = released([11, 4, 3]);
    await store.put(entryOf(4, { created: '2026-12-01T00:00:00.000Z' }), filesOf(4), pins);
    for (const number of [21, 22, 23, 24])
      await store.put(entryOf(number, { created: `2026-12-${number}T00:00:00.000Z` }), filesOf(number), pins);
    assert.deepEqual(await keptOf(store), [11, 4, 22, 23, 24].map(shaOf));
  });

  for (const [what, broken] of [
    ['releases cannot be asked for', null],
    ['the list of them is broken', '{"pins": ['],
  ] as const) {
    test(`${kind}: where ${what}, no items are dropped, the record is kept, and it is said`, async () => {
      const { files, store } = fresh(`unknown-${what.length}`);
      for (const number of [0, 1, 2]) await store.put(entryOf(number), filesOf(number));
      if (broken !== null) await write(files, 'pins.json', broken);
      const pins = released([1]);
      if (broken === null)
        pins.history.releases = () =>
          Promise.reject(new SosBenchError('github-unreachable', 'GitHub is away'));
      const { outcome, notes } = await store.put(entryOf(3), filesOf(3), pins);
      assert.equal(outcome, 'stored');
      assert.match(
        notes.join(),
        /no questions of older entries were dropped this time: .*(GitHub is away|pins\.json)/,
      );
      assert.deepEqual(await keptOf(store), [0, 1, 2, 3].map(shaOf));
      if (broken !== null) {
        assert.equal(await text(files, 'pins.json'), broken);
        await rejectsWith(() => store.prune(1), 'store-invalid', 'pins.json');
        const trend = await readTrend(store, 'pr');
        assert.ok(
          trend.length > 0 && trend.every(({ release }) => release === undefined),
          'a trend goes without',
        );
        await write(files, 'pins.json', null);
      }
      await store.put(entryOf(4), filesOf(4), released([1]));
      assert.deepEqual(await keptOf(store), [1, 2, 3, 4].map(shaOf), 'the next one catches up');
    });
  }

  test(`${kind}: a record of another commit is refused when it is loaded`, async () => {
    const { store } = fresh('claims');
    const { record, items } = makeRecord({ model: 'abcd', benchmarks: { gpqa: { scores: [1, 0] } } });
    const content = {
      record: Buffer.from(JSON.stringify(record)),
      items: encodeItems(items, runOf(record)),
      plan: null,
      answers: null,
      verdict: null,
    };
    await store.put(entryOf(1), content);
    await rejectsWith(
      () => store.load(entryOf(1), join(folder, `${kind}-claims`)),
      'store-invalid',
      'claims to be of 61626364',
    );
  });

  test(`${kind}: a broken index is made again from the entries, and what it named without one is told`, async () => {
    const { files, store } = fresh('broken-index');
    for (const number of [1, 2, 3]) await store.put(entryOf(number), filesOf(number));
    const before = await text(files, NOVEMBER);
    await write(files, NOVEMBER, `{"entries": [{"sha": "${shaOf(2)}"}, {"sha": "${shaOf(8)}"`);
    const reader = await store.openIndex();
    assert.equal((await reader.all()).length, 3, 'a reader sees the entries');
    assert.match(reader.notes.join('\n'), /index of 2026-11 was broken or gone.*from 3 entries/);
    const { notes } = await store.put(entryOf(4), filesOf(4));
    assert.match(notes.join('\n'), new RegExp(`${shaOf(8)} is dropped from the index: there is no entry`));
    assert.equal((await (await store.openIndex()).all()).length, 4);
    await write(files, entryPaths(shaOf(4)).entry, null);
    assert.deepEqual(await store.rebuild(), {
      entries: 3,
      added: [],
      dropped: [{ sha: shaOf(4), reason: 'there is no entry' }],
    });
    assert.equal(before !== null && (await text(files, NOVEMBER))?.split('\n').length, 6);
  });

  test(`${kind}: an index that is gone is made again`, async () => {
    const { files, store } = fresh('no-index');
    await store.put(entryOf(1), filesOf(1));
    await store.put(entryOf(2, { created: '2026-12-01T00:00:00.000Z' }), filesOf(2));
    const before = [await text(files, NOVEMBER), await text(files, 'index/2026-12.json')];
    await write(files, NOVEMBER, null);
    await write(files, 'index/2026-12.json', null);
    const entry = entryOf(3);
    const { notes } = await createStore(files).put(entry, filesOf(3));
    assert.match(notes.join(), /index of 2026-11 was broken or gone; it was made again from 1 entry/);
    assert.equal((await (await store.openIndex()).all()).length, 2, 'a writer takes up what the month had');
    await files.change(
      'by hand',
      async () =>
        new Map([
          [NOVEMBER, null],
          [entryPaths(entry.sha).entry, null],
        ]),
    );
    assert.deepEqual(await store.rebuild(), { entries: 2, added: [shaOf(1), shaOf(2)], dropped: [] });
    assert.deepEqual([await text(files, NOVEMBER), await text(files, 'index/2026-12.json')], before);
  });

  const BROKEN: Record<string, [string, RegExp]> = {
    'cut short': ['{"schemaVersion": 1, ', /not whole JSON/],
    'of another commit': [JSON.stringify(entryOf(5)), /claims to be of/],
    'with NaN': [JSON.stringify(entryOf(1)).replace('"se":0.05', '"se":null,"n2":NaN'), /not whole JSON/],
    'with a number that is none': [JSON.stringify(entryOf(1)).replace('0.05', '1e999'), /factors\.0\.se/],
    'of a later schema': [
      JSON.stringify(entryOf(1)).replace('"schemaVersion":1', '"schemaVersion":2'),
      /schemaVersion/,
    ],
    'with a record elsewhere': [
      JSON.stringify(entryOf(1)).replace('runs/', '../runs/'),
      /points to a record elsewhere/,
    ],
  };
  for (const [what, [content, problem]] of Object.entries(BROKEN)) {
    test(`${kind}: an entry ${what} is told and left out, the others stay`, async () => {
      const { files, store } = fresh(`broken-${what.replaceAll(' ', '-')}`);
      for (const number of [1, 2]) await store.put(entryOf(number), filesOf(number));
      await write(files, entryPaths(shaOf(1)).entry, content);
      assert.match((await store.get(shaOf(1)))?.problem ?? '', problem);
      const { entries, dropped } = await store.rebuild();
      assert.equal(entries, 1);
      assert.equal(dropped[0]?.sha, shaOf(1));
      assert.match(dropped[0]?.reason ?? '', problem);
      assert.equal(await text(files, entryPaths(shaOf(1)).entry), content, 'and is not removed');
      const { outcome, notes } = await store.put(entryOf(1), filesOf(1));
      assert.equal(outcome, 'stored');
      assert.match(notes.join(), /was replaced/);
    });
  }

  test(`${kind}: waivers are added once, listed, ended, and never overwritten when broken`, async () => {
    const { files, store } = fresh('waivers');
    const now = new Date('2026-11-10T00:00:00Z');
    const waiver = (id: string, expires: string): Waiver => ({
      id,
      target: { kind: 'benchmark', id: 'bbq' },
      reason: 'known | <b>trade-off</b>',
      by: 'octo',
      created: '2026-11-01T00:00:00Z',
      expires,
      commit: shaOf(1),
    });
    assert.deepEqual(await listWaivers(store, now), { active: [], expired: [] });
    await addWaiver(store, waiver('a', '2026-12-01T00:00:00Z'));
    await addWaiver(store, waiver('a', '2027-12-01T00:00:00Z'));
    await addWaiver(store, waiver('b', '2026-11-05T00:00:00Z'));
    await store.put(entryOf(1), filesOf(1));
    const ids = async (time = now) => {
      const { active, expired } = await listWaivers(store, time);
      return [active.map(({ id }) => id), expired.map(({ id }) => id)];
    };
    assert.deepEqual(await ids(), [['a'], ['b']]);
    assert.deepEqual(await ids(new Date('2026-11-02T00:00:00Z')), [['a', 'b'], []]);
    await write(files, 'waivers.json', '{"waivers": [');
    await rejectsWith(() => listWaivers(store, now), 'store-invalid', 'waivers.json');
    await rejectsWith(() => addWaiver(store, waiver('c', '2026-12-01T00:00:00Z')), 'store-invalid');
    assert.equal(await text(files, 'waivers.json'), '{"waivers": [');
  });

  test(`${kind}: pruning keeps the newest entries; the state before is kept for 30 days`, async () => {
    let now = new Date('2026-11-21T12:00:00Z');
    const { files, store } = fresh('pruned', () => now);
    await store.put(entryOf(0, { created: '2026-10-05T00:00:00.000Z' }), filesOf(0));
    for (const number of [1, 2, 3]) await store.put(entryOf(number), filesOf(number));
    const first = await store.prune(2);
    assert.deepEqual([first.entries, first.dropped, first.removed], [2, [shaOf(0), shaOf(1)], []]);
    assert.match(first.kept, /pruned\/2026-11-21/);
    assert.deepEqual(
      (await (await store.openIndex()).all()).map(({ sha }) => sha),
      [shaOf(2), shaOf(3)],
    );
    assert.equal(await store.get(shaOf(1)), null);
    assert.equal(await text(files, 'index/2026-10.json'), null);
    assert.equal(await text(files, entryPaths(shaOf(3)).items), 'items of 3');
    assert.equal((await store.put(entryOf(4), filesOf(4))).outcome, 'stored');
    now = new Date('2026-12-20T12:00:00Z');
    assert.deepEqual((await store.prune(null)).removed, []);
    now = new Date('2026-12-23T12:00:00Z');
    const last = await store.prune(null);
    assert.deepEqual([last.removed.length, last.removed[0]], [1, first.kept]);
    assert.deepEqual(await store.rebuild(), { entries: 3, added: [], dropped: [] });
  });
}
