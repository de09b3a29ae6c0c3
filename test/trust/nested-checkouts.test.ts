/**
 * A change can make a folder of its checkout a repository of its own, a submodule say, that has all objects of the base: it stands for nothing
 * else than the base has by that name. The built run.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe } from 'node:test';
import { execa } from 'execa';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runStep } from '../support/runner.ts';
import { inNightly, inParts as test } from '../support/tier.ts';

const disk = realpathSync(temporaryFolder());
const origin = join(disk, 'origin');

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

// What judges is in `tasks`; what the base has elsewhere by the same names is easier.
write(origin, {
  'tasks/quiz.yaml': 'task: quiz\n',
  'quiz.yaml': 'task: quiz\n',
  'easy/quiz.yaml': 'task: quiz\n',
  '.github/CODEOWNERS': '* @octo/owners\n',
  'sos-bench.yml': 'suite: nonsense\n',
});
await git(origin, 'init', '--quiet');
await git(origin, 'add', '.');
await git(origin, 'commit', '--quiet', '-m', 'base');
const base = await git(origin, 'rev-parse', 'HEAD');

let count = 0;

/** The change's checkout; `shallow` as actions/checkout leaves it, without the base's objects. */
async function checkout(history: 'whole' | 'shallow'): Promise<string> {
  const workspace = join(disk, `workspace-${++count}`);
  cpSync(origin, workspace, { recursive: true });
  write(workspace, { 'change.txt': 'x\n' });
  if (history === 'shallow') {
    rmSync(join(workspace, '.git'), { recursive: true });
    await git(workspace, 'init', '--quiet');
  }
  await git(workspace, 'add', '.');
  await git(workspace, 'commit', '--quiet', '-m', 'change');
  return workspace;
}

/** Puts the base's whole repository in place of a folder. */
function nest(workspace: string, folder: string): void {
  rmSync(join(workspace, folder), { recursive: true, force: true });
  cpSync(origin, join(workspace, folder), { recursive: true });
}

async function run(workspace: string, inputs: Record<string, string>): Promise<string> {
  const { exitCode, stdout } = await runStep({
    workspace,
    action: 'run',
    inputs: { model: '/nonexistent', ...inputs },
    environment: eventEnvironment(disk, {
      name: 'pull_request',
      payload: pullPayload({ number: 1, headSha: 'a'.repeat(40) }, base),
      run: 1,
    }),
  });
  assert.equal(exitCode, 2, stdout);
  return stdout;
}

const REFUSED: [title: string, folder: string, path: string][] = [
  ['in place of the folder that include-path names', 'tasks', 'tasks'],
  ['in place of the folder above it', 'tasks', 'tasks/easy'],
  ['in the checkout of the base', 'base/tasks', 'base/tasks'],
];

for (const history of ['whole', 'shallow'] as const)
  describe(`a repository with the base's objects, in a checkout with ${history} history`, () => {
    const register = history === 'whole' ? test : inNightly;
    for (const [title, folder, path] of REFUSED)
      register(`${title}: refused`, async () => {
        const workspace = await checkout(history);
        nest(workspace, 'base');
        nest(workspace, folder);
        assert.match(
          await run(workspace, { 'include-path': path }),
          /include-path .* is part of the change's own/,
        );
      });

    register(
      'in place of the folder of the configuration: no other file of the base is taken for it',
      async () => {
        const workspace = await checkout(history);
        nest(workspace, '.github');
        assert.match(await run(workspace, {}), /there is no model/);
      },
    );

    for (const path of ['base', 'base/tasks', 'base/easy/quiz.yaml'])
      register(`beside it, as a checkout of the base: ${path} is taken`, async () => {
        const workspace = await checkout(history);
        nest(workspace, 'base');
        assert.match(await run(workspace, { 'include-path': path }), /there is no model/);
      });
  });

test("a folder's own `.git`, where the commit has none there, is an edit", async () => {
  const workspace = await checkout('whole');
  assert.match(await run(workspace, { 'include-path': 'tasks' }), /there is no model/);
  write(workspace, { 'tasks/.git': 'gitdir: ../.git\n' });
  assert.match(await run(workspace, { 'include-path': 'tasks' }), /\.git is not in the commit/);
});
