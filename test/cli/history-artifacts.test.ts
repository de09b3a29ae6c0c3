/** `sos-bench history` of records kept as artifacts: what it shows, and what it refuses. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { EntrySchema } from '../../src/history/store/entry.ts';
import { startArtifacts } from '../support/artifacts.ts';
import { shaOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
const runtime = await startArtifacts(folder);
const environment = {
  GITHUB_API_URL: runtime.service.url,
  GITHUB_REPOSITORY: 'octo/models',
  GITHUB_TOKEN: runtime.token,
};
const run = (argv: readonly string[], change: Record<string, string> = {}) =>
  runMain(['history', ...argv, '--store', 'artifacts'], {
    cwd: folder,
    environment: { ...environment, ...change },
  });

before(async () => {
  for (const number of [1, 2, 3]) await runtime.leave(number, { created: new Date(2026, 10, number) });
  await runtime.leave(4, { run: { headRepository: 'evil/models' } });
  await runtime.leave(5, { run: { event: 'pull_request' } });
  // The record of the first has gone, its scores have not.
  runtime.service.details.set(`100/sos-bench-baseline-${shaOf(1)}`, {
    created: new Date(2026, 10, 1),
    expired: true,
  });
});

test('list shows what main left, newest first, and tells what it passed by', async () => {
  const { exitCode, stdout, stderr } = await run(['list']);
  assert.equal(exitCode, 0, stderr);
  const rows = stdout.split('\n').slice(1, 4);
  assert.deepEqual(
    rows.map((line) => [line.split(/ {2,}/)[1], line.split(/ {2,}/).at(-1)]),
    [
      [shaOf(3).slice(0, 12), 'kept'],
      [shaOf(2).slice(0, 12), 'kept'],
      [shaOf(1).slice(0, 12), '–'],
    ],
  );
  assert.match(stderr, new RegExp(`${shaOf(5)} is skipped: the run was started by 'pull_request'`));
  const newest = JSON.parse((await run(['list', '--limit', '1', '--json'])).stdout);
  assert.deepEqual(
    newest.entries.map(({ sha }: { sha: string }) => sha),
    [shaOf(3)],
  );
});

for (const [what, commit] of [
  [
    'how its commit id begins',
    shaOf(2)
      .slice(0, 40 - 4)
      .replace(/0+$/, '')
      .padEnd(4, '0'),
  ],
  ['its whole commit id', shaOf(2)],
] as const) {
  test(`show finds an entry by ${what}`, async () => {
    const { exitCode, stdout, stderr } = await run(['show', commit, '--json']);
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(EntrySchema.parse(JSON.parse(stdout)), runtime.entry(2));
  });
}

test('show of an entry that is not there, or not to be trusted: exit 2', async () => {
  assert.match((await run(['show', shaOf(9)])).stderr, /no entry of .*\[entry-missing\]/);
  assert.match((await run(['show', shaOf(5)])).stderr, /started by 'pull_request'.*\[store-invalid\]/);
});

test('export writes the trend', async () => {
  const { exitCode, stdout } = await run(['export', '--format', 'csv']);
  assert.equal(exitCode, 0);
  assert.deepEqual(
    stdout
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(',')[0]),
    [1, 2, 3].map(shaOf),
  );
});

const REFUSED: { argv: string[]; environment?: Record<string, string>; message: RegExp }[] = [
  {
    argv: ['prune'],
    message: /are not pruned: each goes when its retention is over \[store-unsupported\]\nhint: /,
  },
  { argv: ['rebuild'], message: /have no index to rebuild \[store-unsupported\]\nhint: / },
  {
    argv: ['list'],
    environment: { GITHUB_SERVER_URL: 'https://github.example.com' },
    message: /keeps no artifacts \[store-unsupported\]\nhint: use store: branch/,
  },
  { argv: ['list'], environment: { GITHUB_REPOSITORY: '' }, message: /needs a repository \[usage\]/ },
];
for (const { argv, environment: change = {}, message } of REFUSED) {
  test(`history ${argv.join(' ')} ${JSON.stringify(change)}: exit 2, one line and a hint`, async () => {
    const { exitCode, stdout, stderr } = await run(argv, change);
    assert.deepEqual([exitCode, stdout], [2, ''], stderr);
    assert.match(stderr, message);
  });
}

test('a server that lists no artifacts is told from an empty history', async () => {
  runtime.service.isAbsent = true;
  const { exitCode, stderr } = await run(['list']);
  runtime.service.isAbsent = false;
  assert.equal(exitCode, 2);
  assert.match(
    stderr,
    /404.*\[permission-missing\]\nhint: .*store: branch or folder:DIR.*\n\npermissions:\n {2}actions: read/,
  );
});

test('the page of the trend has what main left, and names what was passed by', async () => {
  const { exitCode, stderr } = await run(['page', '--output', 'site']);
  assert.equal(exitCode, 0, stderr);
  const page = readFileSync(join(folder, 'site', 'index.html'), 'utf8');
  for (const number of [1, 2, 3]) assert.ok(page.includes(`/octo/models/commit/${shaOf(number)}`));
  assert.match(page, new RegExp(`${shaOf(5)} is skipped: the run was started by &#39;pull_request&#39;`));
});
