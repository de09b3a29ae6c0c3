import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Papa from 'papaparse';
import { branchFiles } from '../../src/history/backends/branch-files.ts';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import { EntrySchema } from '../../src/history/store/entry.ts';
import { entryPaths } from '../../src/history/store/layout.ts';
import { createStore } from '../../src/history/store/store.ts';
import { entryOf, filesOf, shaOf } from '../support/entries.ts';
import { startFakeFaultsProxy } from '../support/fake-faults-proxy.ts';
import { temporaryFolder } from '../support/folder.ts';
import { connect, READER, startGitHub } from '../support/github-emulator.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
const github = await startGitHub();
const proxy = await startFakeFaultsProxy(github.url);
const token = await github.token();
// As wide as its tables are.
const environment = {
  COLUMNS: '200',
  GITHUB_API_URL: proxy.url,
  GITHUB_REPOSITORY: 'octo/demo',
  GITHUB_TOKEN: token,
};
const ENTRIES = [
  entryOf(1, { created: '2026-10-01T10:00:00.000Z' }),
  entryOf(2),
  entryOf(3, { branch: '=cmd|\u001b[31m', suite: 'full' }),
];

const STORES = {
  folder: ['--store', 'folder:history'],
  branch: ['--store', 'branch'],
};
const files = {
  folder: folderFiles(join(folder, 'history')),
  branch: branchFiles(connect(github.url, token)),
};
for (const kind of ['folder', 'branch'] as const) {
  const store = createStore(files[kind]);
  for (const [path, entry] of ENTRIES.entries()) await store.put(entry, filesOf(path));
}
const run = (argv: readonly string[], change: Record<string, string> = {}) =>
  runMain(['history', ...argv], { cwd: folder, environment: { ...environment, ...change } });

for (const [kind, flags] of Object.entries(STORES)) {
  test(`${kind}: list shows entries, newest first, and lets no control character through`, async () => {
    const { exitCode, stdout } = await run(['list', ...flags]);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^Recorded +Commit +Branch .*World knowledge/);
    const shown = stdout
      .split('\n')
      .slice(1, 4)
      .map((line) => line.split(/ {2,}/)[1]);
    assert.deepEqual(
      shown,
      [3, 2, 1].map((number) => shaOf(number).slice(0, 12)),
    );
    assert.match(stdout, /main +push +pr +50\.0 +– +– +kept/);
    assert.ok(!stdout.includes('\u001b'));
    const json = JSON.parse(
      (await run(['list', ...flags, '--json', '--limit', '1', '--branch', 'main'])).stdout,
    );
    assert.deepEqual(
      json.entries.map(({ sha }: { sha: string }) => sha),
      [shaOf(2)],
    );
  });

  test(`${kind}: show finds an entry by how its commit id begins`, async () => {
    const sha = shaOf(2);
    const { exitCode, stdout } = await run(['show', sha.slice(0, 6), ...flags]);
    assert.equal(exitCode, 0);
    assert.match(stdout, new RegExp(`Commit +${sha}\n[\\s\\S]*World knowledge +50\\.0 \\[40\\.0, 60\\.0\\]`));
    const json = await run(['show', sha, ...flags, '--json']);
    assert.deepEqual(EntrySchema.parse(JSON.parse(json.stdout)), entryOf(2));
    const none = await run(['show', 'ffffff', ...flags]);
    assert.equal(none.exitCode, 2);
    assert.match(none.stderr, /no entry of 'ffffff' in .*\[entry-missing\]\nhint: /);
    assert.match((await run(['show', 'f', ...flags])).stderr, /entry-missing/);
  });

  test(`${kind}: export writes the trend as JSON or CSV, oldest first`, async () => {
    const csv = await run(['export', ...flags, '--format', 'csv']);
    const { data } = Papa.parse<Record<string, string>>(csv.stdout, { header: true, skipEmptyLines: true });
    assert.deepEqual(
      data.map(({ sha }) => sha),
      [1, 2, 3].map(shaOf),
    );
    assert.deepEqual(
      [data[1]?.wk, data[1]?.wk_low, data[1]?.safety, data[1]?.plan_hash],
      ['0.5', '0.4', '', 'plan-a'],
    );
    assert.match(data[2]?.branch ?? '', /^'=/, 'a spreadsheet takes it for no formula');
    const json = await run(['export', ...flags]);
    assert.equal(JSON.parse(json.stdout).entries.length, 3);
  });

  test(`${kind}: rebuild tells what it dropped, prune what it kept`, async () => {
    await files[kind as keyof typeof files].change(
      'by hand',
      async () => new Map([[entryPaths(shaOf(3)).entry, '{']]),
    );
    const shown = await run(['show', shaOf(3), ...flags]);
    assert.match(shown.stderr, /not whole JSON \[store-invalid\]/);
    const rebuilt = await run(['rebuild', ...flags, '--json']);
    assert.equal(rebuilt.exitCode, 0, rebuilt.stderr);
    assert.match(rebuilt.stderr, new RegExp(`not in the index: ${shaOf(3)}: entry.json is not whole JSON`));
    assert.equal(JSON.parse(rebuilt.stdout).entries, 2);
    const pruned = await run(['prune', ...flags, '--keep', '1']);
    assert.match(pruned.stderr, /1 entry kept, 1 dropped; the state before is .*pruned\//);
    assert.equal(JSON.parse((await run(['export', ...flags])).stdout).entries.length, 1);
  });
}

interface Refused {
  argv: string[];
  environment?: Record<string, string>;
  message: RegExp;
}
const REFUSED: Refused[] = [
  {
    argv: ['list', '--store', 'disk:x'],
    message: /'disk:x' is not a store \[usage\]\nhint: give folder:DIR/,
  },
  { argv: ['list', '--store', 'folder:'], message: /\[usage\]/ },
  { argv: ['list', '--store', 'branch:a..b'], message: /\[usage\]/ },
  {
    argv: ['list', '--store', 'folder:nowhere'],
    message: /folder .*nowhere does not exist \[store-missing\]\nhint: /,
  },
  {
    argv: ['prune', '--store', 'branch:nowhere'],
    message: /branch 'nowhere' of octo\/demo does not exist \[store-missing\]/,
  },
  { argv: ['rebuild', '--store', 'branch:nowhere'], message: /\[store-missing\]/ },
  {
    argv: ['list'],
    environment: { GITHUB_REPOSITORY: '' },
    message: /needs a repository \[usage\]\nhint: give --repo/,
  },
  { argv: ['list', '--repo', 'a/b/c'], message: /'a\/b\/c' is not a repository/ },
  {
    argv: ['list', '--repo', 'octo/nothing'],
    message:
      /404.*the repository octo\/nothing is not there, or a permission is missing \[permission-missing\]\nhint: /,
  },
  {
    argv: ['list'],
    environment: { GITHUB_API_URL: 'http://127.0.0.1:1' },
    message: /\[github-unreachable\]/,
  },
  { argv: ['prune', '--keep', '0'], message: /whole number above 0/ },
];
for (const { argv, environment: change = {}, message } of REFUSED) {
  test(`history ${argv.join(' ')} ${JSON.stringify(change)}: exit 2 and a hint`, async () => {
    const { exitCode, stdout, stderr } = await run(argv, change);
    assert.equal(exitCode, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, message);
  });
}

test('a token that may only read lists, and is told what pruning needs', async () => {
  const change = { READ_TOKEN: await github.token(READER), GITHUB_TOKEN: '' };
  assert.equal((await run(['list', '--token-env', 'READ_TOKEN'], change)).exitCode, 0);
  const { exitCode, stderr } = await run(['prune', '--token-env', 'READ_TOKEN'], change);
  assert.equal(exitCode, 2);
  assert.match(
    stderr,
    /\[permission-missing\]\nhint: give the job this permission.*:\n\npermissions:\n {2}contents: write\n/,
  );
});

test('an outage is told, and shows no part of a history', async () => {
  proxy.setRules({ path: /git\/blobs/, fault: { status: 503, message: 'Unavailable' } });
  const { exitCode, stdout, stderr } = await run(['list']);
  proxy.setRules();
  assert.deepEqual([exitCode, stdout], [2, '']);
  assert.match(stderr, /503 Unavailable.* \[github-unreachable\]/);
});

test('an outage of a moment is got over', async () => {
  proxy.setRules({ path: /git\/trees/, times: 2, fault: { status: 502 } });
  const { exitCode, stdout } = await run(['list', '--store', 'branch']);
  proxy.setRules();
  assert.equal(exitCode, 0);
  assert.match(stdout, /^Recorded/);
});

test('a pruning whose answer is lost is not sent again: another writer may have come since', async () => {
  const store = createStore(branchFiles(connect(github.url, token), { branch: 'lost' }));
  await store.put(entryOf(1), filesOf(1));
  proxy.requests.length = 0;
  // The first change of the ref keeps writers out, the second is the pruning.
  proxy.setRules({ method: 'PATCH', path: /git\/refs/, skip: 1, fault: { cut: 'after' } });
  const { exitCode, stderr } = await run(['prune', '--store', 'branch:lost']);
  proxy.setRules();
  assert.equal(exitCode, 2, stderr);
  assert.equal(proxy.requests.filter((asked) => asked.startsWith('PATCH')).length, 2);
  assert.equal((await (await store.openIndex()).all()).length, 1, 'nothing is lost');
});

test('without a token what is public is read', async () => {
  assert.equal((await run(['list'], { GITHUB_TOKEN: '' })).exitCode, 0);
});

test('history in a folder needs no network, and a broken index does not stop it', async () => {
  writeFileSync(join(folder, 'history/index/2026-11.json'), 'x');
  const { exitCode, stdout, stderr } = await run(['list', '--store', 'folder:history'], {
    GITHUB_API_URL: 'http://127.0.0.1:1',
  });
  assert.equal(exitCode, 0);
  assert.match(stdout, new RegExp(shaOf(2).slice(0, 12)));
  assert.match(stderr, /index of 2026-11 was broken/);
  assert.equal(
    readFileSync(join(folder, 'history/index/2026-11.json'), 'utf8'),
    'x',
    'reading changes nothing',
  );
});
