import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { askGit, gitOrigin, runGit, settingsWithoutFilters } from '../../src/system/git/git.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fillHostileWorkspace } from '../support/hostile-workspace.ts';

const outside = temporaryFolder();
const repository = temporaryFolder();
const hostile = await fillHostileWorkspace(repository, outside);
const ask = (...args: string[]) => askGit(args, repository, process.env);
const plain = (...args: string[]) => execa('git', args, { cwd: repository, reject: false });

test('what is asked of a repository runs nothing that its own configuration names', async () => {
  const { commit, branch } = await gitOrigin(repository, process.env);
  assert.match(commit!, /^[0-9a-f]{40}$/);
  assert.equal(branch, 'main');
  assert.equal((await ask('rev-list', '--first-parent', '--format=%H', 'HEAD')).exitCode, 0);
  assert.equal((await ask('merge-base', 'HEAD', 'HEAD')).stdout?.trim(), commit);
  assert.equal((await ask('ls-tree', '-r', 'HEAD')).exitCode, 0);
  assert.deepEqual(hostile.traces(), []);
});

test('an object that a partial clone lacks is not fetched by what the clone names', async () => {
  const missing = '1234567890123456789012345678901234567890';
  assert.notEqual((await ask('cat-file', 'blob', missing)).exitCode, 0);
  assert.deepEqual(hostile.traces(), []);
  // The same without our settings runs it, so that the test can fail.
  await plain('cat-file', 'blob', missing);
  assert.deepEqual(hostile.traces(), ['a program of .git/config']);
});

test('a fetch is made by the usual ways only, whatever the repository allows', async () => {
  const before = hostile.traces();
  const { exitCode, stderr } = await runGit(['fetch', 'origin'], repository, process.env, { mayFetch: true });
  assert.notEqual(exitCode, 0);
  assert.match(stderr, /transport 'ext' not allowed/);
  assert.deepEqual(hostile.traces(), before);
});

test('files are compared without the filters of the repository', async () => {
  const folder = temporaryFolder();
  const log = join(folder, 'ran');
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder });
  await git('init', '--quiet');
  writeFileSync(join(folder, 'file'), 'text\n');
  await git('add', 'file');
  await git('commit', '--quiet', '-m', 'one');
  writeFileSync(join(folder, '.gitattributes'), '* filter=bad.name\n');
  await git('config', 'filter.bad.name.clean', `sh -c 'echo ran >> ${log}; cat'`);
  await git('config', 'filter.bad.name.required', 'true');
  writeFileSync(join(folder, 'file'), 'twice\n');
  const settings = await settingsWithoutFilters(folder, process.env);
  const { stdout } = await askGit(['status', '--porcelain', '--untracked-files=no'], folder, process.env, {
    settings,
  });
  assert.equal(stdout, ' M file\n');
  await assert.rejects(async () => (await import('node:fs/promises')).readFile(log));
});

test('replacements, grafts and bare repositories in the tree are not believed', async () => {
  const folder = temporaryFolder();
  const git = async (...args: string[]) =>
    (await execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder }))
      .stdout;
  await git('init', '--quiet', '--initial-branch=main');
  for (const text of ['one', 'two', 'three']) await git('commit', '--quiet', '--allow-empty', '-m', text);
  const list = async () =>
    (await askGit(['rev-list', '--first-parent', 'HEAD'], folder, process.env)).stdout!.trim().split('\n');
  const [three, two, one] = await list();
  await git('replace', '--graft', three!);
  assert.equal((await git('rev-list', 'HEAD')).split('\n').length, 1, 'git itself believes it');
  assert.deepEqual(await list(), [three, two, one]);
  await git('replace', '-d', three!);
  mkdirSync(join(folder, '.git', 'info'), { recursive: true });
  writeFileSync(join(folder, '.git', 'info', 'grafts'), `${three}\n`);
  assert.deepEqual(await list(), [three, two, one]);
  await execa('git', ['init', '--quiet', '--bare', join(folder, 'inside')]);
  assert.equal((await askGit(['rev-parse', '--git-dir'], join(folder, 'inside'), process.env)).exitCode, 128);
});
