/** Whether files are those of a commit: by hashes, whatever git's index, configuration and replacements say. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { GitObjects } from '../../src/system/git/git-objects.ts';
import { findChange } from '../../src/system/git/untouched.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();
const environment = { PATH: process.env.PATH };
const LARGE = 'questions '.repeat(1000);
const pointer = (content: string) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${createHash('sha256').update(content).digest('hex')}\nsize ${content.length}\n`;

async function git(cwd: string, ...args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  return (await execa('git', [...identity, ...args], { cwd })).stdout.trim();
}

function write(root: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

const origin = join(folder, 'origin');
write(origin, {
  'tasks/quiz.yaml': 'task: quiz\n',
  'tasks/deep/er/utils.py': 'x = 1\n',
  'tasks/run.sh': '#!/bin/sh\n',
  'data/quiz.jsonl': '{}\n',
  'large/questions.jsonl': pointer(LARGE),
});
chmodSync(join(origin, 'tasks/run.sh'), 0o755);
symlinkSync('quiz.yaml', join(origin, 'tasks', 'same.yaml'));
await git(origin, 'init', '--quiet');
await git(origin, 'add', '.');
await git(origin, 'commit', '--quiet', '-m', 'base');
const base = await git(origin, 'rev-parse', 'HEAD');

let count = 0;

function checkout(): string {
  const path = join(folder, `checkout-${++count}`);
  cpSync(origin, path, { recursive: true, verbatimSymlinks: true });
  return path;
}

const change = (root: string, path: string, commit = base) =>
  findChange(join(root, path), commit, environment);

for (const path of ['tasks', 'tasks/quiz.yaml', 'data', 'tasks/deep'])
  test(`${path}, as it was checked out, is untouched`, async () =>
    assert.equal(await change(checkout(), path), null));

test('the whole checkout is, its .git aside', async () => assert.equal(await change(checkout(), ''), null));

const EDITS: [what: string, edit: (root: string) => unknown, message: RegExp][] = [
  ['an edited file', (root) => write(root, { 'tasks/quiz.yaml': 'task: mine\n' }), /quiz\.yaml was changed/],
  [
    'an edited file that git is told to take as it was',
    async (root) => {
      await git(root, 'update-index', '--assume-unchanged', 'tasks/quiz.yaml');
      write(root, { 'tasks/quiz.yaml': 'task: mine\n' });
      assert.equal(await git(root, 'status', '--porcelain'), '');
    },
    /quiz\.yaml was changed/,
  ],
  [
    'an edited file that is committed since',
    async (root) => {
      write(root, { 'tasks/quiz.yaml': 'task: mine\n' });
      await git(root, 'commit', '--quiet', '-am', 'mine');
    },
    /quiz\.yaml was changed/,
  ],
  [
    'an edited file, and a commit that replaces the base',
    async (root) => {
      write(root, { 'tasks/quiz.yaml': 'task: mine\n' });
      await git(root, 'commit', '--quiet', '-am', 'mine');
      await git(root, 'replace', base, 'HEAD');
    },
    /quiz\.yaml was changed/,
  ],
  [
    'an edited file that a filter makes equal',
    async (root) => {
      await git(root, 'config', 'filter.same.clean', "printf 'task: quiz\\n'");
      write(root, { '.git/info/attributes': '*.yaml filter=same\n', 'tasks/quiz.yaml': 'task: mine\n' });
    },
    /quiz\.yaml was changed/,
  ],
  ['an added file', (root) => write(root, { 'tasks/more.yaml': 'x\n' }), /more\.yaml is not in the commit/],
  [
    'an added file that git ignores',
    (root) => write(root, { '.git/info/exclude': '*.pyc\n', 'tasks/deep/er/utils.pyc': 'x' }),
    /utils\.pyc is not in the commit/,
  ],
  [
    'a file that is gone',
    (root) => rmSync(join(root, 'tasks/deep'), { recursive: true }),
    /utils\.py is missing/,
  ],
  [
    'a file that became a link',
    (root) => {
      write(root, { 'elsewhere.yaml': 'task: quiz\n' });
      rmSync(join(root, 'tasks/quiz.yaml'));
      symlinkSync('../elsewhere.yaml', join(root, 'tasks/quiz.yaml'));
    },
    /quiz\.yaml was changed/,
  ],
  [
    'a folder that became a link',
    (root) => {
      cpSync(join(root, 'tasks/deep'), join(root, 'elsewhere'), { recursive: true });
      rmSync(join(root, 'tasks/deep'), { recursive: true });
      symlinkSync('../elsewhere', join(root, 'tasks/deep'));
    },
    /deep is not in the commit/,
  ],
];
for (const [what, edit, message] of EDITS)
  test(`${what} is told`, async () => {
    const root = checkout();
    await edit(root);
    assert.match((await change(root, 'tasks')) ?? 'untouched', message);
  });

test('a link of the commit that leaves the folder is told: where it leads is not looked at', async () => {
  const root = checkout();
  symlinkSync('../../change/tasks', join(root, 'tasks', 'out'));
  await git(root, 'add', '.');
  await git(root, 'commit', '--quiet', '-m', 'a link');
  const commit = await git(root, 'rev-parse', 'HEAD');
  assert.match((await change(root, 'tasks', commit)) ?? '', /out is a link that leaves it/);
});

test("a file of Git LFS is the one of its pointer's hash, and no other", async () => {
  const root = checkout();
  write(root, { 'large/questions.jsonl': LARGE });
  assert.equal(await change(root, 'large'), null);
  write(root, { 'large/questions.jsonl': LARGE.replace('questions', 'Questions') });
  assert.match((await change(root, 'large')) ?? '', /questions\.jsonl was changed/);
});

test('without a checkout, or with one of another history, nothing is untouched', async () => {
  const root = checkout();
  assert.match((await change(root, 'tasks', 'f'.repeat(40))) ?? '', /has no commit ffff/);
  rmSync(join(root, '.git'), { recursive: true });
  assert.match((await change(root, 'tasks')) ?? '', /in no checkout/);
});

test('an object that has not the hash it is called by is none', async () => {
  const root = checkout();
  write(root, { 'tasks/quiz.yaml': 'task: mine\n' });
  await git(root, 'commit', '--quiet', '-am', 'mine');
  const head = await git(root, 'rev-parse', 'HEAD');
  const path = (id: string) => join(root, '.git', 'objects', id.slice(0, 2), id.slice(2));
  // Loose objects of a small repository: what another commit is, under the name of the base.
  rmSync(path(base), { force: true });
  cpSync(path(head), path(base));
  assert.ok(readdirSync(join(root, '.git', 'objects', base.slice(0, 2))).length > 0);
  assert.equal(await new GitObjects(root, environment).readFile(base, 'tasks/quiz.yaml'), null);
});
