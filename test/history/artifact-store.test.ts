/** Records kept as artifacts: the real upload client and GitHub client, the emulator, and a fake artifact service. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { type Client, createClient } from '../../src/github/client.ts';
import type { CommitHistory } from '../../src/history/lookup/commit-history.ts';
import { type BaselineLookup, findBaseline } from '../../src/history/lookup/find-baseline.ts';
import type { Entry } from '../../src/history/store/entry.ts';
import { openStore, parseStoreAddress } from '../../src/history/store/open-store.ts';
import { addWaiver } from '../../src/history/store/waivers.ts';
import { recordPaths } from '../../src/record/paths.ts';
import { writeRecord } from '../../src/record/write.ts';
import type { Waiver } from '../../src/verdict/schema.ts';
import { startArtifacts } from '../support/artifacts.ts';
import { shaOf } from '../support/entries.ts';
import type { FakeDetails, FakeRun } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type MadeVerdicts, makeBoard, makeGames, makeJudgedRecord } from '../support/judged.ts';
import { rejectsWith } from '../support/reject.ts';
import { makeZip } from '../support/zip.ts';

const folder = temporaryFolder();
const runtime = await startArtifacts(folder);
const { service } = runtime;
const COMMITTED = Date.parse('2026-11-01T00:00:00Z');

beforeEach(() => {
  service.archives.clear();
  service.runs.clear();
  service.details.clear();
  service.isAbsent = false;
  service.failUploads = false;
  service.requests.length = 0;
});

/** A main branch whose commits are numbered down from `tip`, a minute apart. */
function historyFrom(tip: number, count = tip): CommitHistory {
  const commits = Array.from({ length: count }, (_, back) => ({
    sha: shaOf(tip - back),
    date: new Date(COMMITTED - back * 60_000),
  }));
  return {
    mergeBase: async () => ({ sha: shaOf(tip), problem: null }),
    resolve: async () => ({ sha: shaOf(tip), problem: null }),
    latestRelease: async () => ({ sha: null, problem: 'none', tag: null }),
    releases: async () => [],
    async *firstParents() {
      yield commits;
    },
    limits: async () => null,
  };
}

function lookFrom(tip: number, count = tip): Promise<BaselineLookup> {
  return findBaseline({
    ...{ history: historyFrom(tip, count), store: runtime.store(), now: new Date('2026-11-02T00:00:00Z') },
    ...{ mode: { kind: 'merge-base' }, head: 'x', baseRef: 'main' },
    isComparable: ({ suite }) => suite === 'pr',
  });
}

test('what a step of one run uploads is a baseline for others: record, items, plan, and a point of the trend', async () => {
  service.runs.set(7, { sha: shaOf(1) });
  const store = runtime.store(7, { retentionDays: 30, trendRetentionDays: 90 });
  const plan = Buffer.from('the plan');
  const stored = await store.put(runtime.entry(1), { ...(await runtime.files(1)), plan });
  assert.deepEqual(stored, { outcome: 'stored', notes: [] });
  const names = [`sos-bench-baseline-${shaOf(1)}`, `sos-bench-trend-${shaOf(1)}`];
  assert.deepEqual([...service.archives.get(7)!.keys()], names);
  const kept = names.map((name) => Date.parse(service.details.get(`7/${name}`)!.expires!) - Date.now());
  assert.deepEqual(
    kept.map((ms) => Math.round(ms / 86_400_000)),
    [30, 90],
  );
  const lookup = await lookFrom(2);
  assert.deepEqual(lookup.found?.entry, runtime.entry(1));
  assert.equal(lookup.found?.distance, 1);
  const loaded = await runtime.store().load(lookup.found!.entry, join(folder, 'loaded'));
  assert.equal(loaded.items.length, 4);
  assert.equal(readFileSync(recordPaths(loaded.path).plan, 'utf8'), 'the plan');
  const [line] = await (await runtime.store().openIndex()).latest(12, () => true);
  assert.deepEqual(line?.factors, [{ id: 'wk', score: 0.5, ci: [0.4, 0.6] }]);
});

test('what judges said is uploaded with its record and comes back with it', async () => {
  service.runs.set(9, { sha: shaOf(1) });
  const games = [makeBoard(makeGames(new Array<MadeVerdicts>(20).fill(['B>A', 'A>B'])))];
  const { record, items } = makeJudgedRecord('m', games, { benchmarks: { gpqa: { scores: [1, 0] } } });
  const from = join(folder, 'judged');
  await writeRecord(from, { ...record, commit: shaOf(1) }, items, games);
  const paths = recordPaths(from);
  const files = {
    ...{
      record: readFileSync(paths.record),
      items: readFileSync(paths.items),
      games: readFileSync(paths.games),
    },
    ...{ plan: null, answers: null, verdict: null },
  };
  await runtime.store(9).put(runtime.entry(1), files);
  const loaded = await runtime.store().load(runtime.entry(1), join(folder, 'judged-loaded'));
  assert.deepEqual(loaded.games, games);
});

test('of what a job that is run again leaves, the newest counts', async () => {
  service.runs.set(8, { sha: shaOf(1) });
  for (const attempt of [1, 2, 3]) {
    const entry = runtime.entry(1, { run: { id: 8, attempt } });
    assert.equal((await runtime.store(8).put(entry, await runtime.files(1))).outcome, 'stored');
    assert.deepEqual((await runtime.store().get(shaOf(1)))?.entry, entry);
    assert.deepEqual((await lookFrom(2)).found?.entry, entry);
    const lines = await (await runtime.store().openIndex()).all();
    assert.deepEqual(
      lines.map(({ sha }) => sha),
      [shaOf(1)],
    );
    assert.equal((await runtime.store().load(entry, join(folder, `attempt-${attempt}`))).items.length, 4);
  }
  const name = `sos-bench-baseline-${shaOf(1)}`;
  assert.deepEqual(
    [...service.archives.get(8)!.keys()].filter((own) => own.startsWith(name)),
    [name, `${name}-2`, `${name}-3`],
  );
});

test('an upload that fails when a job is run again leaves the record that was there', async () => {
  service.runs.set(8, { sha: shaOf(1) });
  const first = runtime.entry(1, { run: { id: 8, attempt: 1 } });
  await runtime.store(8).put(first, await runtime.files(1));
  service.failUploads = true;
  const again = runtime.entry(1, { run: { id: 8, attempt: 2 } });
  const files = await runtime.files(1);
  await rejectsWith(() => runtime.store(8).put(again, files), 'github-refused', 'upload artifact');
  assert.deepEqual((await runtime.store().get(shaOf(1)))?.entry, first);
  assert.equal((await runtime.store().load(first, join(folder, 'survivor'))).items.length, 4);
  service.failUploads = false;
  await runtime.store(8).put(again, files);
  assert.deepEqual((await lookFrom(2)).found?.entry, again);
});

interface Case {
  what: string;
  run?: FakeRun;
  entry?: Partial<Entry>;
  details?: FakeDetails;
  /** Why it is passed by; null where it is not even taken for one of that commit. */
  refused: RegExp | null;
  /** Whether its content had to be looked at for that. */
  fetched?: boolean;
}
/** All of a commit on main's way; none may be what a change is compared with. */
const POISONED: Case[] = [
  {
    what: "of a fork's branch called main",
    run: { headRepository: 'evil/models' },
    refused: null,
  },
  { what: 'of another branch', run: { branch: 'patch' }, refused: null },
  {
    what: "that is listed as the repository's own, and whose run is a fork's",
    run: { headRepository: 'evil/models' },
    details: { listedAs: { headRepository: 'octo/models' } },
    refused: /the commit is from evil\/models, not from octo\/models/,
  },
  {
    what: 'that is listed as of main, and whose run is of another branch',
    run: { branch: 'patch' },
    details: { listedAs: { branch: 'main' } },
    refused: /the run was on 'patch', not on 'main'/,
  },
  { what: 'of a pull request', run: { event: 'pull_request' }, refused: /started by 'pull_request'/ },
  { what: 'of pull_request_target', run: { event: 'pull_request_target' }, refused: /pull_request_target/ },
  {
    what: 'of a dispatched run',
    run: { event: 'workflow_dispatch' },
    refused: /started by 'workflow_dispatch'; baselines come from push and schedule/,
  },
  { what: 'of a run that followed another', run: { event: 'workflow_run' }, refused: /'workflow_run'/ },
  { what: 'of a run of another commit', run: { sha: shaOf(2) }, refused: null },
  {
    what: 'whose entry is of another commit',
    entry: { sha: shaOf(3) },
    refused: /entry\.json claims to be of/,
    fetched: true,
  },
  {
    what: 'whose entry was made by another event',
    entry: { event: 'schedule' },
    refused: /the entry says event 'schedule', the run 'push'/,
    fetched: true,
  },
  { what: 'whose entry is incomplete', entry: { complete: false }, refused: /incomplete/, fetched: true },
  {
    what: 'that has expired',
    details: { expired: true, expires: '2026-11-20T00:00:00Z' },
    refused: /its artifact expired on 2026-11-20/,
  },
  {
    what: 'that is not what was uploaded',
    details: { digest: 'sha256:other' },
    refused: /not what was uploaded/,
    fetched: true,
  },
  { what: 'that is far too large', details: { size: 10_000_000_000 }, refused: /10000000000 bytes/ },
];
for (const { what, run, entry, details, refused, fetched = false } of POISONED) {
  test(`an artifact ${what} is not a baseline, and it is said why`, async () => {
    const id = await runtime.leave(1, { ...(run && { run }), ...(entry && { entry }) });
    service.details.set(`${id}/sos-bench-baseline-${shaOf(1)}`, details ?? {});
    const { found, reason, skipped } = await lookFrom(1);
    assert.equal(found, null);
    assert.match(reason ?? '', refused ?? /the only commit looked at/);
    assert.equal(skipped.length, refused === null ? 0 : 1);
    assert.equal(
      service.requests.some((asked) => asked.includes('/zip')),
      fetched,
    );
  });
}

test('a newer poisoned artifact of the same commit does not hide the right one', async () => {
  await runtime.leave(1, { created: new Date('2026-11-01T01:00:00Z') });
  await runtime.leave(1, { run: { event: 'workflow_dispatch' }, created: new Date('2026-11-01T02:00:00Z') });
  await runtime.leave(1, {
    run: { headRepository: 'evil/models' },
    created: new Date('2026-11-01T03:00:00Z'),
  });
  assert.equal((await lookFrom(1)).found?.sha, shaOf(1));
});

test('a record that claims to be of another commit is refused when it is loaded', async () => {
  const run = await runtime.leave(1);
  const other = await runtime.files(2);
  service.archives.get(run)!.set(
    `sos-bench-baseline-${shaOf(1)}`,
    makeZip([
      { name: 'entry.json', content: Buffer.from(JSON.stringify(runtime.entry(1))) },
      { name: 'record.json', content: Buffer.from(other.record) },
      { name: 'items.parquet', content: Buffer.from(other.items!) },
    ]),
  );
  const { found } = await lookFrom(1);
  const load = () => runtime.store().load(found!.entry, join(folder, 'liar'));
  await rejectsWith(load, 'store-invalid', `claims to be of ${shaOf(2)}`);
});

const HOSTILE = {
  'ten gigabytes of zeros': makeZip([
    { name: 'entry.json', content: Buffer.from('{}'), claimed: 10_000_000_000 % 2 ** 32 },
  ]),
  'a link': makeZip([{ name: 'entry.json', content: Buffer.from('/etc/passwd'), mode: 0o120777 }]),
  'paths that lead out': makeZip([{ name: '../entry.json', content: Buffer.from('{}') }]),
  'no archive at all': Buffer.from('PK'),
};
for (const [what, archive] of Object.entries(HOSTILE)) {
  test(`an archive with ${what} is passed by`, async () => {
    const run = await runtime.leave(2);
    service.archives.get(run)!.set(`sos-bench-baseline-${shaOf(2)}`, archive);
    await runtime.leave(1);
    const { found, skipped } = await lookFrom(2);
    assert.equal(found?.sha, shaOf(1));
    assert.equal(skipped.length, 1);
  });
}

/** Other workflows' artifacts, all newer than `number`'s. */
function crowd(count: number): void {
  const many = new Map(Array.from({ length: count }, (_, n) => [`logs-${n}`, Buffer.from('x')]));
  service.archives.set(9000, many);
  for (const name of many.keys())
    service.details.set(`9000/${name}`, { created: new Date('2026-11-01T12:00:00Z') });
}

test('among 1,500 other artifacts the commit itself is asked for: few requests, no paging', async () => {
  crowd(1500);
  await runtime.leave(1, { created: new Date('2026-11-01T01:00:00Z') });
  assert.equal((await lookFrom(3)).found?.sha, shaOf(1));
  // Three names, the run's others, the run, the archive by way of a redirect.
  assert.ok(service.requests.length <= 7, service.requests.join('\n'));
});

test('far back, pages of artifacts are read instead; the trend is read over pages too', async () => {
  crowd(250);
  await runtime.leave(1, { created: new Date(COMMITTED - 59 * 60_000) });
  await runtime.leave(2, { created: new Date(COMMITTED - 58 * 60_000), entry: { suite: 'full' } });
  const { found, looked } = await lookFrom(60);
  assert.deepEqual([found?.sha, looked], [shaOf(1), 60]);
  const pages = service.requests.filter((asked) => /actions\/artifacts\?per_page=100&page=\d+$/.test(asked));
  assert.equal(pages.length, 3, 'a page is read once');
  assert.ok(service.requests.length < 35, service.requests.join('\n'));
  const index = await runtime.store().openIndex();
  assert.deepEqual(
    (await index.all()).map(({ sha }) => sha),
    [shaOf(1), shaOf(2)],
  );
  const full = await (await runtime.store().openIndex()).latest(1, ({ suite }) => suite === 'full');
  assert.deepEqual(
    full.map(({ sha }) => sha),
    [shaOf(2)],
  );
});

test('what lies beyond the newest 1,000 artifacts is not in the trend, and that is said', async () => {
  crowd(1100);
  await runtime.leave(1, { created: new Date('2026-10-01T00:00:00Z') });
  const index = await runtime.store().openIndex();
  assert.deepEqual(await index.all(), []);
  assert.match(index.notes.join(), /only the newest 1000 artifacts/);
});

test('a point of the trend outlives the record: it is listed and shown, and is not a baseline', async () => {
  const run = await runtime.leave(1);
  service.details.set(`${run}/sos-bench-baseline-${shaOf(1)}`, { expired: true });
  const index = await runtime.store().openIndex();
  assert.deepEqual(
    (await index.all()).map(({ sha, itemsKept }) => [sha, itemsKept]),
    [[shaOf(1), false]],
  );
  assert.equal((await index.entry(shaOf(1)))?.entry?.itemsKept, false);
  assert.match((await lookFrom(1)).reason ?? '', /its artifact expired/);
});

test('without the point of the trend the record stands for it', async () => {
  const run = await runtime.leave(1);
  service.archives.get(run)!.delete(`sos-bench-trend-${shaOf(1)}`);
  assert.equal((await (await runtime.store().openIndex()).all())[0]?.sha, shaOf(1));
});

test('another name is another store', async () => {
  await runtime.leave(1);
  const other = await openStore(parseStoreAddress('artifacts:nightly'), {
    ...{ cwd: folder, connect: async () => answering(200, { artifacts: [] }), uploads: null },
  });
  assert.equal(await other.get(shaOf(1)), null);
});

test('a server that lists no artifacts: an error with the way out, never "no baseline"', async () => {
  service.isAbsent = true;
  await rejectsWith(
    () => lookFrom(1),
    'permission-missing',
    'GitHub Enterprise Server',
    'store: branch or folder:DIR',
  );
});

test('on GitHub Enterprise Server the store is refused before anything is done', async () => {
  const nobody = () => assert.fail('nothing is asked');
  const open = () =>
    openStore(parseStoreAddress('artifacts'), {
      ...{ cwd: folder, connect: nobody, uploads: null },
      serverUrl: 'https://github.example.com',
    });
  await rejectsWith(open, 'store-unsupported', 'Enterprise Server', 'store: branch');
});

test('and where an upload finds out, the way out is named', async () => {
  process.env.GITHUB_SERVER_URL = 'https://github.example.com';
  const put = async () => runtime.store(7).put(runtime.entry(1), await runtime.files(1));
  await rejectsWith(put, 'store-unsupported', 'folder:DIR').finally(() => {
    delete process.env.GITHUB_SERVER_URL;
  });
});

test('a token that may not read artifacts is told the permission', async () => {
  const store = await openStore(parseStoreAddress('artifacts'), {
    ...{ cwd: folder, uploads: null },
    connect: async () => answering(403, { message: 'Resource not accessible by integration' }),
  });
  await rejectsWith(() => store.get(shaOf(1)), 'permission-missing', 'permissions:\n  actions: read\n');
});

test('what artifacts cannot do is refused in one line, with the remedy', async () => {
  const store = runtime.store();
  assert.deepEqual(await store.waivers(), []);
  const waiver: Waiver = {
    ...{
      id: 'x',
      target: { kind: 'factor' as const, id: 'wk' as const },
      reason: 'because',
      by: 'octo',
      commit: shaOf(1),
    },
    ...{ created: '2026-11-01T00:00:00Z', expires: '2026-12-01T00:00:00Z' },
  };
  await rejectsWith(() => addWaiver(store, waiver), 'store-unsupported', 'waiver', 'store: branch');
  await rejectsWith(() => store.prune(1), 'store-unsupported', 'retention-days');
  await rejectsWith(() => store.rebuild(), 'store-unsupported', 'no index');
});

/** A client of a server, named fake, that says one thing. */
function answering(status: number, answer: object): Client {
  const fetch = async () => Response.json(answer, { status });
  const there = { token: null, repository: 'octo/models', apiUrl: 'http://fake.localhost' };
  return createClient({ ...there, fetch, second: 1 });
}
