/** Records put into a folder and taken out again, as the CI of others does it: `history add`, `history baseline`. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { recordPaths } from '../../src/record/paths.ts';
import { temporaryFolder } from '../support/folder.ts';
import { keepRecord } from '../support/keep-baseline.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
const clone = join(folder, 'clone');
const store = join(folder, 'store');

/** A record is made after its commit. */
const DATED = { GIT_COMMITTER_DATE: '2025-12-01T00:00:00Z' };

/**
 * main:    first - second - merge - last     (merge merges side)
 *                  \ side /       \ change
 */
await execa('git', ['init', '--quiet', '--initial-branch=main', clone]);
const git = async (...args: string[]) =>
  (
    await execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: clone,
      env: DATED,
    })
  ).stdout.trim();
const commit = async (message: string) => {
  await git('commit', '--quiet', '--allow-empty', '-m', message);
  return await git('rev-parse', 'HEAD');
};
const first = await commit('first');
const second = await commit('second');
await git('checkout', '--quiet', '-b', 'side', first);
const side = await commit('side');
await git('checkout', '--quiet', 'main');
await git('merge', '--quiet', '--no-ff', '-m', 'merge', 'side');
const merge = await git('rev-parse', 'HEAD');
await git('checkout', '--quiet', '-b', 'change');
const change = await commit('change');
await git('checkout', '--quiet', 'main');
const last = await commit('last');
await git('checkout', '--quiet', '--detach', change);

const run = (...argv: string[]) => runMain(['history', ...argv], { cwd: clone });
const address = ['--store', `folder:${store}`];
const add = (record: string, sha: string, more = ['--branch', 'main']) =>
  run('add', record, '--commit', sha, ...address, ...more);
const baseline = (output: string, ...more: string[]) =>
  run('baseline', '--output', output, ...address, ...more);
const recordOf = (sha: string | null, suite = 'full') =>
  keepRecord(join(folder, `${sha}-${suite}`), { model: 'main', scores: [1, 0, 1], commit: sha, suite });

test('where nothing was kept yet, there is nothing to compare with, and the message says what to do', async () => {
  const { exitCode, stderr } = await baseline(join(folder, 'none'), '--base', 'main');
  assert.equal(exitCode, 2);
  assert.match(
    stderr,
    /nothing to compare with: there is no history yet.*\[baseline-missing\]\nhint: let the main/,
  );
  assert.ok(!existsSync(join(folder, 'none')));
});

test('add keeps the record of a commit of main; once more changes nothing', async () => {
  const record = await recordOf(first);
  const added = await add(record, first);
  assert.deepEqual([added.exitCode, added.stderr.includes(`Record of ${first.slice(0, 12)} in `)], [0, true]);
  const again = await run('add', record, '--commit', first, '--branch', 'main', ...address, '--json');
  assert.deepEqual(JSON.parse(again.stdout), { commit: first, outcome: 'already-there', notes: [] });
  const listed = await run('list', ...address, '--json');
  assert.deepEqual(
    JSON.parse(listed.stdout).entries.map(({ sha, branch }: Record<string, string>) => [sha, branch]),
    [[first, 'main']],
  );
});

test('an entry has the time of its evaluation: of two of one commit the newer stays, in whatever order they are added', async () => {
  const other = join(folder, 'order');
  const own = ['--commit', first, '--branch', 'main', '--store', `folder:${other}`];
  const evaluated = async (day: string) => {
    const path = await keepRecord(join(folder, day), { model: 'main', scores: [1], commit: first });
    const file = recordPaths(path).record;
    const text = readFileSync(file, 'utf8').replace(/"finished": "[^"]+"/, `"finished": "${day}T00:00:00Z"`);
    writeFileSync(file, text);
    return path;
  };
  const created = async () => {
    const { stdout } = await run('list', '--store', `folder:${other}`, '--json');
    return JSON.parse(stdout).entries.map((entry: { created: string }) => entry.created);
  };
  // By a clock that is behind: lookups search from the commit on, and it is of the first of December.
  await run('add', await evaluated('2025-09-09'), ...own);
  assert.deepEqual(await created(), ['2025-12-01T00:00:00.000Z']);
  const [early, late] = [await evaluated('2025-12-10'), await evaluated('2025-12-20')];
  assert.match((await run('add', late, ...own)).stderr, /: stored$/m);
  const kept = await run('add', early, ...own);
  assert.match(kept.stderr, /: not stored, since the store has a newer evaluation/);
  assert.match((await run('add', late, ...own)).stderr, /: already there$/m);
  assert.deepEqual(await created(), ['2025-12-20T00:00:00.000Z']);
});

const REFUSED: [title: string, made: () => Promise<[string, string]>, said: RegExp][] = [
  [
    "of a merged branch's own commit",
    async () => [await recordOf(side), side],
    /is no commit of main, by first/,
  ],
  ['of a change', async () => [await recordOf(change), change], /is no commit of main/],
  [
    'of another commit than CI says',
    async () => [await recordOf(first), second],
    /is of [0-9a-f]{40}, not of/,
  ],
  ['of no commit', async () => [await recordOf(null), second], /is of no known commit, not of/],
  [
    'of a commit that is not there',
    async () => [await recordOf(first), 'f'.repeat(40)],
    /there is no commit 'ff/,
  ],
];
for (const [title, made, said] of REFUSED) {
  test(`add refuses a record ${title}`, async () => {
    const before = await run('list', ...address, '--json');
    const { exitCode, stderr } = await add(...(await made()));
    assert.equal(exitCode, 2);
    assert.match(stderr, said);
    assert.match(stderr, /\[record-refused\]\nhint: add complete records of the main branch/);
    assert.equal((await run('list', ...address, '--json')).stdout, before.stdout);
  });
}

test('add refuses a record that is not complete', async () => {
  const record = await recordOf(second, 'mini');
  const path = recordPaths(record).record;
  writeFileSync(path, readFileSync(path, 'utf8').replace('"complete": true', '"complete": false'));
  assert.match((await add(record, second)).stderr, /its evaluation is incomplete \[record-refused\]/);
});

test("add refuses a store on GitHub: there the action keeps records, and knows which event's run it is", async () => {
  const refused = await run(
    'add',
    await recordOf(first),
    '--commit',
    first,
    '--branch',
    'main',
    '--store',
    'branch',
  );
  assert.match(refused.stderr, /records are not added to the store 'branch' by hand \[usage\]/);
});

test('the branch that CI fetched goes before one of that name that an earlier job left', async () => {
  const record = await recordOf(last);
  await git('update-ref', 'refs/remotes/origin/main', merge);
  assert.match((await add(record, last)).stderr, /is no commit of main, by first parents from/);
  await git('update-ref', 'refs/remotes/origin/main', last);
  assert.equal((await add(record, last)).exitCode, 0);
});

test('baseline copies the nearest record at or before the commit where the change began, never a later one', async () => {
  const output = join(folder, 'found');
  const { exitCode, stderr, stdout } = await baseline(output, '--base', 'main', '--json');
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, new RegExp(`Record of ${first.slice(0, 12)}, 2 commits before the one looked for`));
  const { commit: found, distance, path } = JSON.parse(stdout);
  assert.deepEqual([found, distance, path], [first, 2, output]);
  assert.deepEqual(readdirSync(output).sort(), ['items.parquet', 'record.json']);
  const compared = await runMain(['compare', '--baseline', output, '--candidate', await recordOf(change)], {
    cwd: clone,
  });
  assert.equal(compared.exitCode, 0, compared.stderr);
});

test('for a push to main, HEAD~1 is the commit before', async () => {
  const output = join(folder, 'before');
  const { stdout } = await baseline(output, '--base', `${last}~1`, '--head', last, '--json');
  assert.deepEqual([JSON.parse(stdout).commit, JSON.parse(stdout).distance], [first, 2]);
});

test('a record of another suite is not what a change is compared with', async () => {
  await add(await recordOf(second, 'mini'), second);
  const full = await baseline(join(folder, 'full'), '--base', 'main', '--json');
  assert.equal(JSON.parse(full.stdout).commit, first);
  const mini = await baseline(join(folder, 'mini'), '--base', 'main', '--suite', 'mini', '--json');
  assert.equal(JSON.parse(mini.stdout).commit, second);
});

test('baseline writes into no folder that has files', async () => {
  const output = join(folder, 'taken');
  mkdirSync(output);
  writeFileSync(join(output, 'journal.ndjson'), '');
  const { exitCode, stderr } = await baseline(output, '--base', 'main');
  assert.equal(exitCode, 2);
  assert.match(stderr, /is not empty \[usage\]/);
  assert.deepEqual(readdirSync(output), ['journal.ndjson']);
});

test('where git does not answer, the message says why', async () => {
  const asked = async (cwd: string, environment: Record<string, string> = {}) =>
    (
      await runMain(['history', 'baseline', '--base', 'main', '--output', 'x', ...address], {
        cwd,
        environment,
      })
    ).stderr;
  const bare = join(folder, 'bare.git');
  await git('clone', '--quiet', '--bare', clone, bare);
  assert.match(
    await asked(bare),
    /the repository in .*bare\.git is bare: start this in a clone \[baseline-missing\]/,
  );
  assert.match(await asked(clone, { PATH: folder }), /there is no git on the PATH/);
  const foreign = join(folder, 'foreign');
  mkdirSync(foreign);
  // What git says in a container whose user does not own the checkout.
  const words = "fatal: detected dubious ownership in repository at '/builds/group/models'";
  writeFileSync(join(foreign, 'git'), `#!/bin/sh\necho "${words}" >&2\nexit 128\n`, { mode: 0o755 });
  assert.match(await asked(clone, { PATH: foreign }), /belongs to another user, .* safe\.directory/);
});

test('in a shallow clone, a commit that is not there is told with the reason', async () => {
  const shallow = join(folder, 'shallow');
  await git('clone', '--quiet', '--depth', '1', '--branch', 'main', `file://${clone}`, shallow);
  const argv = ['history', 'baseline', '--base', first, '--output', join(folder, 'no'), ...address];
  const { stderr } = await runMain(argv, { cwd: shallow });
  assert.match(
    stderr,
    /there is no commit '[0-9a-f]{40}' in .*; the clone is shallow: check out with fetch-depth: 0/,
  );
});

test('baseline wants a folder with a name', async () => {
  assert.match((await baseline('', '--base', 'main')).stderr, /--output names no folder \[usage\]/);
});

test('outside of a clone, both say so', async () => {
  const outside = { cwd: folder };
  const found = await runMain(
    ['history', 'baseline', '--base', 'main', '--output', 'x', ...address],
    outside,
  );
  assert.match(found.stderr, /is not a git repository \[baseline-missing\]/);
  const added = await runMain(
    ['history', 'add', await recordOf(first), '--commit', first, '--branch', 'main', ...address],
    outside,
  );
  assert.match(added.stderr, /is not a git repository \[record-refused\]/);
});
