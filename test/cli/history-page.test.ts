/** `history page`: of each store, what it takes, what it says, and what it never replaces. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { branchFiles } from '../../src/history/backends/branch-files.ts';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import { encodeIndex, type IndexLine, indexLine } from '../../src/history/store/entry.ts';
import { entryPaths, PINS_FILE, WAIVERS_FILE } from '../../src/history/store/layout.ts';
import { createStore } from '../../src/history/store/store.ts';
import { entryOf, filesOf, shaOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { connect, startGitHub } from '../support/github-emulator.ts';
import { madeEntries } from '../support/history-pages.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
const github = await startGitHub();
const token = await github.token();
const path = (...names: string[]) => join(folder, ...names);
const stores = {
  folder: folderFiles(path('history')),
  branch: branchFiles(connect(github.url, token)),
};
for (const files of Object.values(stores)) {
  const store = createStore(files);
  for (const number of [1, 2]) await store.put(entryOf(number), filesOf(number));
  await store.put(entryOf(3, { suite: 'mini', created: '2026-10-01T00:00:00.000Z' }), filesOf(3));
}
const run = (argv: readonly string[], environment: Record<string, string> = {}) =>
  runMain(['history', 'page', ...argv], {
    cwd: folder,
    environment: {
      ...{ GITHUB_API_URL: github.url, GITHUB_REPOSITORY: 'octo/demo', GITHUB_TOKEN: token, ...environment },
    },
  });

for (const [kind, flag] of Object.entries({ folder: 'folder:history', branch: 'branch' })) {
  test(`${kind}: one file with the records of the newest suite, and again over its own`, async () => {
    for (const _ of ['first', 'again']) {
      const { exitCode, stderr, stdout } = await run(['--store', flag, '--output', `site-${kind}`]);
      assert.deepEqual([exitCode, stdout], [0, '']);
      assert.match(stderr, new RegExp(`^2 records in site-${kind}/index\\.html \\(\\d+ kB\\)\n$`));
    }
    assert.deepEqual(readdirSync(path(`site-${kind}`)), ['index.html']);
    const page = readFileSync(path(`site-${kind}`, 'index.html'), 'utf8');
    assert.ok(page.includes(`href="https://github.com/octo/demo/commit/${shaOf(2)}"`));
    assert.match(page, /1 record of suite mini: another line/);
  });
}

test('the suite, the repository and the server may be others', async () => {
  const server = { GITHUB_SERVER_URL: 'https://git.example.com' };
  const flags = [
    '--store',
    'folder:history',
    '--suite',
    'mini',
    '--repo',
    'a/b',
    '--output',
    'other',
    '--json',
  ];
  const { stdout } = await run(flags, server);
  assert.deepEqual(
    Object.entries(JSON.parse(stdout)).filter(([name]) => name === 'entries'),
    [['entries', 1]],
  );
  const page = readFileSync(path('other', 'index.html'), 'utf8');
  assert.ok(page.includes(`href="https://git.example.com/a/b/commit/${shaOf(3)}"`));
});

test('lists and entries that cannot be read are said, here and on the page, and hide nothing', async () => {
  const broken = folderFiles(path('broken'));
  const store = createStore(broken);
  for (const number of [1, 2]) await store.put(entryOf(number), filesOf(number));
  await broken.change(
    'by hand',
    async () =>
      new Map([
        [entryPaths(shaOf(2)).entry, '{'],
        [PINS_FILE, '{'],
        [WAIVERS_FILE, '[]'],
      ]),
  );
  const { exitCode, stderr } = await run(['--store', 'folder:broken', '--output', 'broken-site']);
  assert.equal(exitCode, 0);
  const page = readFileSync(path('broken-site', 'index.html'), 'utf8');
  for (const said of [stderr, page]) {
    assert.match(said, /pins\.json in .* cannot be used/);
    assert.match(said, /waivers\.json in .* cannot be used/);
  }
  assert.match(page, /entry\.json is not whole JSON/);
  assert.match(stderr, /2 records in/);
});

test('a store whose entries are gone has a page that says so', async () => {
  mkdirSync(path('empty'));
  const { exitCode, stderr } = await run(['--store', 'folder:empty', '--output', 'empty-site']);
  assert.deepEqual([exitCode, stderr.split(' in ')[0]], [0, '0 records']);
  assert.match(readFileSync(path('empty-site', 'index.html'), 'utf8'), /There is no record yet/);
});

mkdirSync(path('theirs'));
writeFileSync(path('theirs', 'index.html'), '<h1>Ours</h1>');
const REFUSED: [string, string[], RegExp][] = [
  [
    'a page of somebody else',
    ['--store', 'folder:history', '--output', 'theirs'],
    /theirs\/index\.html is there already, and is no trend page of sos-bench \[usage\]/,
  ],
  [
    'a suite of no record',
    ['--store', 'folder:history', '--suite', 'full'],
    /is of suite full \[usage\]\nhint: it has records of mini, pr/,
  ],
  [
    'a repository that is none, to which no link could lead',
    ['--store', 'folder:history', '--repo', 'x y'],
    /'x y' is not a repository \[usage\]\nhint: it has the form OWNER\/NAME/,
  ],
  ['an empty repository', ['--store', 'folder:history', '--repo', ''], /'' is not a repository \[usage\]/],
  ['no store', ['--store', 'folder:nowhere'], /nowhere does not exist \[store-missing\]/],
];
for (const [what, argv, message] of REFUSED)
  test(`${what}: refused, and nothing is written`, async () => {
    const { exitCode, stderr } = await run(argv);
    assert.equal(exitCode, 2);
    assert.match(stderr, message);
    assert.equal(readFileSync(path('theirs', 'index.html'), 'utf8'), '<h1>Ours</h1>');
    assert.ok(!readdirSync(folder).includes('site'));
  });

test('of a thousand records the index and the newest 50 entries are read', async () => {
  const entries = madeEntries(1000);
  const months = new Map<string, IndexLine[]>();
  for (const line of entries.map(indexLine)) {
    const month = line.created.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), line]);
  }
  const files = folderFiles(path('large'));
  await files.change(
    'by hand',
    async () =>
      new Map([
        ...[...months].map(([month, lines]) => [`index/${month}.json`, encodeIndex(lines)] as const),
        ...entries.slice(-50).map((entry) => [entryPaths(entry.sha).entry, JSON.stringify(entry)] as const),
      ]),
  );
  const { exitCode, stdout } = await run(['--store', 'folder:large', '--output', 'large-site', '--json']);
  const { entries: shown, bytes } = JSON.parse(stdout);
  assert.deepEqual([exitCode, shown], [0, 1000]);
  assert.ok(bytes < 400_000, `${bytes} bytes`);
  assert.doesNotMatch(readFileSync(path('large-site', 'index.html'), 'utf8'), /there is no entry/);
});
