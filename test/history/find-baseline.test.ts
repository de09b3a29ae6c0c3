import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { branchFiles } from '../../src/history/backends/branch-files.ts';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import type { CommitHistory } from '../../src/history/lookup/commit-history.ts';
import { type BaselineQuestion, findAnchor, findBaseline } from '../../src/history/lookup/find-baseline.ts';
import { gitHistory } from '../../src/history/lookup/git-history.ts';
import { gitHubHistory } from '../../src/history/lookup/github-history.ts';
import { encodeIndex, indexLine } from '../../src/history/store/entry.ts';
import { entryPaths, indexPath, monthOf } from '../../src/history/store/layout.ts';
import { createStore, type Store } from '../../src/history/store/store.ts';
import { entryOf, filesOf, shaOf } from '../support/entries.ts';
import { startFakeFaultsProxy } from '../support/fake-faults-proxy.ts';
import { type FakeCommit, fakeGitHubHistory } from '../support/fake-github-history.ts';
import { temporaryFolder } from '../support/folder.ts';
import { connect, startGitHub } from '../support/github-emulator.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
const github = await startGitHub();
const client = connect(github.url, await github.token());
const now = new Date('2026-11-10T00:00:00Z');

/**
 * main:    a - b - c - m - d      (m merges s)
 *                   \ s /   \
 * feature:                   f
 * old is cut off from main by a force push; lone shares no history.
 */
const GRAPH: Record<string, string[]> = {
  a: [],
  b: ['a'],
  c: ['b'],
  s: ['b'],
  m: ['c', 's'],
  d: ['m'],
  f: ['m'],
  old: ['b'],
  lone: [],
};
const BRANCHES = { base: 'd', feature: 'f', old: 'old', lone: 'lone' };
const minute = Date.UTC(2026, 10, 1);

/** The graph on the emulator; commit ids by name. */
async function makeOnGitHub(): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  const post = async (path: string, body: object) =>
    (await client.request(`POST /repos/octo/demo/git/${path}`, { ...body })).data as { sha: string };
  for (const [index, [name, parents]] of Object.entries(GRAPH).entries()) {
    const tree = await post('trees', { tree: [{ path: name, mode: '100644', type: 'blob', content: name }] });
    const date = new Date(minute + index * 60_000).toISOString();
    const person = { name: 'octo', email: 'octo@example.com', date };
    const body = {
      message: name,
      tree: tree.sha,
      parents: parents.map((parent) => ids[parent]!),
      author: person,
    };
    ids[name] = (await post('commits', { ...body, committer: person })).sha;
  }
  for (const [branch, name] of Object.entries(BRANCHES))
    await post('refs', { ref: `refs/heads/${branch}`, sha: ids[name]! });
  await post('refs', { ref: 'refs/tags/v1.0', sha: ids.c! });
  await client.request('POST /repos/octo/demo/releases', { tag_name: 'v1.0', name: '1.0' });
  return ids;
}

/** The same graph in a local clone. */
async function makeLocally(): Promise<Record<string, string>> {
  const clone = join(folder, 'clone');
  await execa('git', ['init', '--quiet', '--initial-branch=start', clone]);
  const git = async (...args: string[]) => (await execa('git', args, { cwd: clone })).stdout.trim();
  const tree = await git('hash-object', '-t', 'tree', '-w', '/dev/null');
  const ids: Record<string, string> = {};
  for (const [index, [name, parents]] of Object.entries(GRAPH).entries()) {
    const date = new Date(minute + index * 60_000).toISOString();
    const env = Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((who) => [
        [`GIT_${who}_NAME`, 'octo'],
        [`GIT_${who}_EMAIL`, 'octo@example.com'],
        [`GIT_${who}_DATE`, date],
      ]),
    );
    const args = ['commit-tree', tree, '-m', name, ...parents.flatMap((parent) => ['-p', ids[parent]!])];
    ids[name] = (await execa('git', args, { cwd: clone, env })).stdout.trim();
  }
  for (const [branch, name] of Object.entries(BRANCHES)) await git('branch', branch, ids[name]!);
  await git('tag', 'v1.0', ids.c!);
  return ids;
}

interface Kind {
  history: CommitHistory;
  ids: Record<string, string>;
  store(name: string): Store;
}
const KINDS: Record<string, Kind> = {
  'GitHub, branch store': {
    history: gitHubHistory(client),
    ids: await makeOnGitHub(),
    store: (name) => createStore(branchFiles(client, { branch: `store-${name}` })),
  },
  'local git, folder store': {
    ids: await makeLocally(),
    history: gitHistory(join(folder, 'clone'), process.env),
    store: (name) => createStore(folderFiles(join(folder, name))),
  },
};

interface Case {
  what: string;
  /** Commits that have entries, and how those differ from good ones. */
  entries: Record<string, Parameters<typeof entryOf>[1]>;
  head?: string;
  baseRef?: string;
  mode?: BaselineQuestion['mode'];
  /** Name of the commit found and its distance; null where none is, then why. */
  found: [string, number] | null;
  reason?: RegExp;
  skipped?: [string, RegExp][];
}

const CASES: Case[] = [
  { what: 'the merge base itself', entries: { m: {}, d: {}, c: {} }, found: ['m', 0] },
  { what: 'the nearest first parent', entries: { c: {}, b: {} }, found: ['c', 1] },
  { what: 'not the merged branch, nor what came after', entries: { s: {}, d: {}, a: {} }, found: ['a', 3] },
  {
    what: 'the nearest of the same plan',
    entries: { m: { planHash: 'plan-b' }, c: { suite: 'full', planHash: 'plan-c' }, b: {} },
    found: ['b', 2],
    skipped: [
      ['m', /another plan/],
      ['c', /suite 'full'/],
    ],
  },
  {
    what: 'none that a pull request or a dispatch left',
    entries: { m: { event: 'pull_request' }, c: { event: 'workflow_dispatch' }, b: { event: 'schedule' } },
    found: ['b', 2],
    skipped: [
      ['m', /recorded by 'pull_request'/],
      ['c', /workflow_dispatch/],
    ],
  },
  { what: 'none that is incomplete', entries: { m: { complete: false }, b: {} }, found: ['b', 2] },
  {
    what: 'the tip of the base branch',
    mode: { kind: 'base-tip' },
    entries: { d: {}, m: {} },
    found: ['d', 0],
  },
  { what: 'a tag', mode: { kind: 'ref', ref: 'v1.0' }, entries: { m: {}, b: {} }, found: ['b', 1] },
  { what: 'nothing, said so', entries: { s: {}, d: {} }, found: null, reason: /none of the 4 commits back/ },
  { what: 'no store', entries: {}, found: null, reason: /no history yet: .* does not exist/ },
  {
    what: 'a change on a base that was force-pushed since',
    head: 'old',
    entries: { b: {}, m: {} },
    found: ['b', 0],
  },
  {
    what: 'a base branch that was deleted',
    baseRef: 'gone',
    entries: { m: {} },
    found: null,
    reason: /'gone'/,
  },
  {
    what: 'a head nobody knows',
    head: shaOf(99),
    entries: { m: {} },
    found: null,
    reason: /no commit|knows no/,
  },
  {
    what: "a deleted fork's branch",
    head: 'someone:patch',
    entries: { m: {} },
    found: null,
    reason: /someone:patch/,
  },
  { what: 'no common history', head: 'lone', entries: { m: {} }, found: null, reason: /share no history/ },
  {
    what: 'a ref that is an option',
    mode: { kind: 'ref', ref: '--all' },
    entries: { m: {} },
    found: null,
    reason: /--all/,
  },
  {
    what: 'a ref that is not a ref',
    mode: { kind: 'ref', ref: 'a b..c' },
    entries: { m: {} },
    found: null,
    reason: /a b\.\.c/,
  },
];

for (const [kind, { history, ids, store: make }] of Object.entries(KINDS)) {
  const question = (store: Store, change: Partial<BaselineQuestion> = {}): BaselineQuestion => ({
    ...{ history, store, now, head: 'feature', baseRef: 'base', mode: { kind: 'merge-base' } },
    isComparable: ({ suite, planHash }) => suite === 'pr' && planHash === 'plan-a',
    ...change,
  });
  for (const [
    number,
    { what, entries, found, reason, skipped = [], head = 'f', ...rest },
  ] of CASES.entries()) {
    test(`${kind}: ${what}`, async () => {
      const store = make(`case-${number}`);
      for (const [name, change] of Object.entries(entries)) {
        const created = new Date(now.getTime() - 86_400_000).toISOString();
        await store.put(entryOf(0, { sha: ids[name]!, created, ...change }), filesOf(0));
      }
      const lookup = await findBaseline(question(store, { head: ids[head] ?? head, ...rest }));
      assert.deepEqual(
        lookup.found && [lookup.found.sha, lookup.found.distance, lookup.found.age],
        found && [ids[found[0]], found[1], 86_400_000],
        lookup.reason ?? '',
      );
      if (found === null) assert.match(lookup.reason ?? '', reason ?? /./);
      for (const [index, [name, why]] of skipped.entries()) {
        assert.equal(lookup.skipped[index]?.sha, ids[name]);
        assert.match(lookup.skipped[index]?.reason ?? '', why);
      }
    });
  }

  test(`${kind}: an entry that is broken is passed by, and told`, async () => {
    const files = kind.startsWith('GitHub')
      ? branchFiles(client, { branch: 'broken' })
      : folderFiles(join(folder, 'broken'));
    const store = createStore(files);
    for (const name of ['m', 'c', 'b']) await store.put(entryOf(0, { sha: ids[name]! }), filesOf(0));
    const other = JSON.stringify(entryOf(7));
    await files.change(
      'by hand',
      async () =>
        new Map([
          [entryPaths(ids.m!).entry, other],
          [entryPaths(ids.c!).entry, null],
        ]),
    );
    const lookup = await findBaseline(question(store));
    assert.equal(lookup.found?.sha, ids.b);
    assert.match(lookup.skipped.map(({ reason }) => reason).join(), /claims to be of .*the index lists it/);
  });

  test(`${kind}: the anchor is the latest release or a ref, or what came before it`, async () => {
    const store = make('anchor');
    await store.put(entryOf(0, { sha: ids.b! }), filesOf(0));
    const ask = (ref: string | null) => findAnchor({ ...question(store), ref });
    assert.deepEqual([(await ask('v1.0')).found?.sha, (await ask('v1.0')).found?.distance], [ids.b, 1]);
    const latest = await ask(null);
    if (kind.startsWith('GitHub')) assert.deepEqual([latest.tag, latest.found?.sha], ['v1.0', ids.b]);
    else assert.match(latest.reason ?? '', /knows no releases/);
    assert.match((await ask('v9')).reason ?? '', /'v9'/);
  });
}

const CODES = [
  [500, 'github-unreachable'],
  [502, 'github-unreachable'],
  [403, 'permission-missing'],
  [401, 'token-refused'],
  [429, 'rate-limited'],
] as const;

test('releases: the newest first, no drafts nor pre-releases; of a clone, tags that are versions', async () => {
  const { history, ids } = KINDS['GitHub, branch store']!;
  const post = (path: string, body: object) => client.request(`POST /repos/octo/demo/${path}`, { ...body });
  for (const [tag, name, more] of [
    ['v2.0-rc', 'd', { prerelease: true }],
    ['v2.0', 'm', {}],
    ['v3.0', 'd', { draft: true }],
  ] as const) {
    await post('git/refs', { ref: `refs/tags/${tag}`, sha: ids[name]! });
    await post('releases', { tag_name: tag, name: tag, ...more });
  }
  const [v2, v1] = [
    { tag: 'v2.0', sha: ids.m },
    { tag: 'v1.0', sha: ids.c },
  ];
  assert.deepEqual(await history.releases(5), [v2, v1]);
  assert.deepEqual(await history.releases(1), [v2]);
  assert.deepEqual(await history.releases(5, new Map([['v1.0', 'known']])), [
    v2,
    { tag: 'v1.0', sha: 'known' },
  ]);
  assert.equal((await history.latestRelease()).tag, 'v2.0');
  assert.equal((await history.latestRelease(new Set([ids.m!]))).tag, 'v1.0');
  assert.match(
    (await history.latestRelease(new Set([ids.m!, ids.c!]))).problem ?? '',
    /has no release before v2\.0, which is of this very commit/,
  );

  const local = KINDS['local git, folder store']!;
  const git = (...args: string[]) => execa('git', args, { cwd: join(folder, 'clone') });
  await git('tag', 'nightly', local.ids.d!);
  const who = ['-c', 'user.name=octo', '-c', 'user.email=octo@example.com'];
  await git(...who, 'tag', '--annotate', '--message=2', '2.0', local.ids.m!);
  assert.deepEqual(await local.history.releases(5), [
    { tag: '2.0', sha: local.ids.m },
    { tag: 'v1.0', sha: local.ids.c },
  ]);
  assert.deepEqual(await gitHistory(folder, process.env).releases(5), []);
});

test('GitHub fails: that is an error, never "no baseline"', async () => {
  const proxy = await startFakeFaultsProxy(github.url);
  const through = connect(proxy.url, await github.token());
  const ids = KINDS['GitHub, branch store']!.ids;
  const ask = () =>
    findBaseline({
      // A store of its own each time: what was read once is not asked for again.
      store: createStore(branchFiles(through, { branch: 'store-case-0' })),
      ...{ history: gitHubHistory(through), now, head: ids.f!, baseRef: 'base' },
      ...{ mode: { kind: 'merge-base' }, isComparable: () => true },
    });
  assert.equal((await ask()).found?.sha, ids.m);
  const paths = [/compare/, /commits\?/, /git\/ref/, /git\/commits/, /git\/trees/, /git\/blobs/];
  for (const path of paths) {
    for (const [status, code] of CODES) {
      proxy.setRules({ path, fault: { status } });
      await rejectsWith(ask, code);
    }
    proxy.setRules({ path, fault: { cut: 'before' } });
    await rejectsWith(ask, 'github-unreachable');
  }
  proxy.setRules({ path: /./, fault: { slow: 20 } });
  assert.equal((await ask()).found?.sha, ids.m);
});

test('a history of 5,000 commits: fewer than 30 requests, and 1,000 commits are looked at', async () => {
  const commits: FakeCommit[] = [];
  const day = (index: number) => new Date(now.getTime() - index * 8_640_000);
  for (let index = 0; index < 5000; index++) {
    const parents = index < 4999 ? [shaOf(index + 1)] : [];
    // Every tenth merges a branch of two commits.
    const side = index % 10 === 0 && index < 4990;
    commits.push({
      sha: shaOf(index),
      parents: side ? [...parents, shaOf(10_000 + index)] : parents,
      date: day(index),
    });
    if (!side) continue;
    commits.push({ sha: shaOf(10_000 + index), parents: [shaOf(20_000 + index)], date: day(index) });
    commits.push({ sha: shaOf(20_000 + index), parents: [shaOf(index + 2)], date: day(index) });
  }
  const look = async (indices: number[]) => {
    const files = new Map<string, string>();
    const months = new Map<string, ReturnType<typeof entryOf>[]>();
    for (const index of indices) {
      const entry = entryOf(0, { sha: shaOf(index), created: day(index).toISOString() });
      files.set(entryPaths(entry.sha).entry, JSON.stringify(entry));
      months.set(monthOf(entry.created), [...(months.get(monthOf(entry.created)) ?? []), entry]);
    }
    for (const [month, own] of months) files.set(indexPath(month), encodeIndex(own.map(indexLine)));
    const fake = fakeGitHubHistory(commits, 'sos-bench', files);
    const lookup = await findBaseline({
      ...{ history: gitHubHistory(fake.client), store: createStore(branchFiles(fake.client)), now },
      ...{ head: shaOf(0), baseRef: shaOf(3), mode: { kind: 'merge-base' }, isComparable: () => true },
    });
    return { lookup, requests: fake.requests.length };
  };
  const every = (step: number, from = 0) => Array.from({ length: 5000 / step }, (_, i) => i * step + from);
  const near = await look(every(1));
  assert.deepEqual([near.lookup.found?.distance, near.requests < 15], [0, true], `${near.requests} requests`);
  const far = await look(every(20, 903).filter((index) => index > 900 && index < 5000));
  assert.equal(far.lookup.found?.distance, 900);
  assert.ok(far.requests < 30, `${far.requests} requests`);
  const tooFar = await look([1200]);
  assert.deepEqual([tooFar.lookup.found, tooFar.requests < 30], [null, true], `${tooFar.requests} requests`);
  assert.match(tooFar.lookup.reason ?? '', /none of the \d+ commits.*older commits are not looked at/);
});

test('a shallow clone says what is missing', async () => {
  const shallow = join(folder, 'shallow');
  await execa('git', [
    'clone',
    '--quiet',
    '--depth=1',
    '--no-single-branch',
    `file://${join(folder, 'clone')}`,
    '-b',
    'base',
    shallow,
  ]);
  const store = createStore(folderFiles(join(folder, 'shallow-store')));
  await store.put(entryOf(1), filesOf(1));
  const ask = (mode: BaselineQuestion['mode']) =>
    findBaseline({
      ...{
        history: gitHistory(shallow, process.env),
        store,
        now,
        head: 'origin/feature',
        baseRef: 'origin/base',
      },
      ...{ mode, isComparable: () => true },
    });
  assert.match(
    (await ask({ kind: 'merge-base' })).reason ?? '',
    /shallow clone: check out with fetch-depth: 0/,
  );
  assert.match((await ask({ kind: 'base-tip' })).reason ?? '', /the only commit looked at.*shallow/);
  const nowhere = {
    ...(await findBaseline({
      ...{ history: gitHistory(folder, process.env), store, now, head: 'x', baseRef: 'y' },
      ...{ mode: { kind: 'merge-base' }, isComparable: () => true },
    })),
  };
  assert.match(nowhere.reason ?? '', /not a git repository/);
});
