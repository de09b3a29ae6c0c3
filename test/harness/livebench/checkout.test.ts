import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import {
  type CheckoutOptions,
  findLiveBench,
  LIVEBENCH_COMMIT,
} from '../../../src/harness/livebench/checkout/checkout.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { rejectsWith } from '../../support/reject.ts';

const folder = temporaryFolder();

/** A repository that has the scorer's file. */
async function makeRepository(name: string): Promise<{ path: string; commit: string }> {
  const path = join(folder, name);
  mkdirSync(join(path, 'livebench'), { recursive: true });
  writeFileSync(join(path, 'livebench', 'gen_ground_truth_judgment.py'), '');
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: path });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'one');
  return { path, commit: (await git('rev-parse', 'HEAD')).stdout };
}

const repository = await makeRepository('upstream');

function find(options: Partial<CheckoutOptions>) {
  return findLiveBench({
    dir: null,
    ref: null,
    cwd: folder,
    cache: join(folder, 'cache'),
    environment: { ...process.env, GIT_DIR: '/nowhere', HF_TOKEN: 'secret' },
    note: () => {},
    repository: repository.path,
    ...options,
  });
}

for (const asked of ['rev-parse', 'status']) {
  test(`git that is ended at ${asked} has not said that the commit is unknown, or that nothing was changed`, async () => {
    const programs = join(folder, `killed-${asked}`);
    mkdirSync(programs);
    const real = (await execa('which', ['git'])).stdout;
    const script = `#!/bin/sh\ncase " $* " in *" ${asked} "*) kill -TERM $$;; esac\nexec ${real} "$@"\n`;
    writeFileSync(join(programs, 'git'), script, { mode: 0o755 });
    const environment = { ...process.env, PATH: `${programs}:${process.env.PATH}` };
    await rejectsWith(
      () => find({ dir: 'upstream', environment }),
      'data-missing',
      /^git was ended when it was asked/,
    );
  });
}

test("a user's checkout at another commit is used and marked", async () => {
  const found = await find({ dir: 'upstream' });
  assert.ok(found.kind === 'checkout');
  assert.deepEqual([found.folder, found.commit, found.pinned], [repository.path, repository.commit, false]);
  assert.match(found.deviation!, new RegExp(`at ${repository.commit.slice(0, 7)}, not at 555b35d`));
});

test('changed files are said, files that git does not know are not', async () => {
  const { path } = await makeRepository('changed');
  writeFileSync(join(path, 'livebench', 'answers.jsonl'), '{}');
  const clean = await find({ dir: path });
  assert.ok(clean.kind === 'checkout' && !clean.deviation!.includes('changed'));
  writeFileSync(join(path, 'livebench', 'gen_ground_truth_judgment.py'), 'print(1)');
  const changed = await find({ dir: path });
  assert.ok(changed.kind === 'checkout');
  assert.match(changed.deviation!, /; 1 of its files was changed$/);
});

test('a copy without its repository has no commit, also inside another repository', async () => {
  const path = join(repository.path, 'copy');
  mkdirSync(join(path, 'livebench'), { recursive: true });
  writeFileSync(join(path, 'livebench', 'gen_ground_truth_judgment.py'), '');
  const found = await find({ dir: path });
  assert.ok(found.kind === 'checkout');
  assert.equal(found.commit, null);
  assert.match(found.deviation!, /the commit of .* is unknown/);
});

test('a folder that is not a LiveBench is refused', async () => {
  await rejectsWith(() => find({ dir: '.' }), 'data-missing', 'is not a checkout of LiveBench', 'git clone');
});

test('a commit is fetched once, whole or not at all, and kept', async () => {
  const notes: string[] = [];
  const cache = join(folder, 'kept');
  const note = (text: string) => notes.push(text);
  const first = await find({ ref: repository.commit, cache, note });
  assert.ok(first.kind === 'checkout');
  assert.equal(first.folder, join(cache, 'livebench', repository.commit));
  assert.ok(existsSync(join(first.folder, 'livebench', 'gen_ground_truth_judgment.py')));
  assert.deepEqual(await find({ ref: repository.commit, cache, note, repository: '/nowhere' }), first);
  assert.equal(notes.length, 1);
  const branch = await find({ ref: 'main', cache, note });
  assert.deepEqual(branch, first);
  assert.deepEqual(readdirSync(join(cache, 'livebench')), [repository.commit]);
});

test('without a network the reason and the way out are said, and nothing is left', async () => {
  const cache = join(folder, 'offline');
  const found = await find({ cache, repository: 'https://127.0.0.1:9/LiveBench.git' });
  assert.ok(found.kind === 'unavailable');
  assert.match(found.reason, /^LiveBench could not be fetched at 555b35d4ec1f: .*(connect|port 9)/i);
  assert.match(found.hint, /livebench-dir/);
  assert.deepEqual(readdirSync(join(cache, 'livebench')), []);
});

test('a machine without git says so', async () => {
  const found = await find({ cache: join(folder, 'no-git'), environment: { PATH: '/nowhere' } });
  assert.ok(found.kind === 'unavailable');
  assert.match(found.reason, /git is not installed/);
});

for (const ref of ['7173eee', '555b35e', 'b0fb577', '0123456789abcdef0123456789abcdef0123456'])
  test(`a short commit (${ref}) is refused before anything is fetched`, async () => {
    await rejectsWith(() => find({ ref }), 'usage', 'short commit', 'all 40 digits, a branch or a tag');
  });

for (const ref of ['--upload-pack=touch /tmp/x', 'a..b', 'x y'])
  test(`livebench-ref '${ref}' is refused`, async () => {
    await rejectsWith(() => find({ ref }), 'usage');
  });

test('the short pin means the pinned commit', async () => {
  const found = await find({ ref: '555b35d', cache: join(folder, 'short') });
  // The repository of this test has no such commit.
  assert.ok(found.kind === 'unavailable');
  assert.match(found.reason, new RegExp(LIVEBENCH_COMMIT.slice(0, 12)));
});
