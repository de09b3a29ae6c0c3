/** Which paths in the workspace of a change may judge it: those of an untouched checkout of the base, and no others. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { requireOwnPaths, trustPath } from '../../src/action/trust/paths.ts';
import type { Trust } from '../../src/action/trust/trust.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const outside = temporaryFolder();
const workspace = temporaryFolder();
const runtime = {
  cwd: workspace,
  environment: { PATH: process.env.PATH },
  now: () => new Date(),
  onInterrupt: () => () => undefined,
};

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

// The base has two folders of tasks; the change edits one and has the base beside it.
write(workspace, { 'tasks/quiz.yaml': 'task: quiz\n', 'easy/quiz.yaml': 'task: easy\n' });
await git(workspace, 'init', '--quiet');
await git(workspace, 'add', '.');
await git(workspace, 'commit', '--quiet', '-m', 'base');
const base = await git(workspace, 'rev-parse', 'HEAD');
cpSync(workspace, join(outside, 'base'), { recursive: true });
cpSync(join(outside, 'base'), join(workspace, 'base'), { recursive: true });
cpSync(join(outside, 'base'), join(workspace, 'touched'), { recursive: true });
write(workspace, { 'tasks/quiz.yaml': 'task: mine\n', 'touched/tasks/more.yaml': '' });
symlinkSync('base/easy', join(workspace, 'linked'));
symlinkSync(join(outside, 'base', 'tasks'), join(workspace, 'led-out'));
symlinkSync(workspace, join(outside, 'back'));
symlinkSync(join(workspace, 'led-out'), join(outside, 'around'));

const change: Trust = {
  isChange: true,
  what: 'change',
  base: { sha: base, branch: 'main' },
  expression: 'github.sha',
  notes: [],
};

for (const path of ['base/tasks', 'base/easy/quiz.yaml', 'easy', join(outside, 'base', 'tasks')])
  test(`${path.replace(outside, 'OUTSIDE')} may judge`, async () => {
    assert.ok(await trustPath('include-path', path, change, runtime));
  });

const REFUSED: [path: string, why: string][] = [
  ['tasks', 'quiz.yaml was changed'],
  ['touched/tasks', 'more.yaml is not in the commit'],
  ['nowhere', 'it is not there'],
  ['linked', 'it is reached by a link'],
  ['led-out', 'it is reached by a link'],
  [join(outside, 'back', 'tasks'), 'it is reached by a link'],
  [join(outside, 'around'), 'it is reached by a link'],
  ['.', 'not in the commit'],
];
for (const [path, why] of REFUSED)
  test(`${path.replace(outside, 'OUTSIDE')} may not: ${why}`, async () => {
    const refused = () => trustPath('include-path', path, change, runtime);
    await rejectsWith(refused, 'claimed-path', why);
  });

test('where the base is not known, nothing in the workspace may', async () => {
  const refused = () => trustPath('include-path', 'base/tasks', { ...change, base: null }, runtime);
  await rejectsWith(refused, 'claimed-path', 'which commit judges it is not known');
});

test('where no change is judged, all may', async () => {
  assert.equal(
    await trustPath('baseline', './tasks', { ...change, isChange: false }, runtime),
    join(workspace, 'tasks'),
  );
});

const LAUNCHERS: [words: string[], isRefused: boolean][] = [
  [['srun', '--ntasks=1', '--gpus=1'], false],
  [['/usr/bin/env', 'X=1'], false],
  [['./wrap'], true],
  [['bash', 'tasks/quiz.yaml'], true],
  [['bash', '--rcfile=tasks/quiz.yaml'], true],
  [['env', 'X=tasks/quiz.yaml'], true],
  [['tasks'], false],
];
for (const [launcher, isRefused] of LAUNCHERS)
  test(`launcher: ${launcher.join(' ')} is ${isRefused ? 'refused' : 'taken'}`, async () => {
    const check = () => requireOwnPaths({ launcher }, change, runtime);
    if (isRefused) await rejectsWith(check, 'claimed-path', 'launcher');
    else await check();
  });
