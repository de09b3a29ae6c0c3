import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, test } from 'node:test';
import { makeScratch } from '../../src/system/files/scratch.ts';
import { claimWorkspace } from '../../src/system/files/workspace.ts';
import { spawnChild, startChild } from '../../src/system/process/start-child.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startProcess, within } from '../support/process.ts';

const folder = temporaryFolder();
const PATH = process.env.PATH ?? '';

/** The folder a child is in, what is there, and who may enter it. */
const LOOK = ['-c', 'pwd; ls -A | wc -l; stat -c %a .; env | sort'];

describe('a child', () => {
  test('starts in a new empty folder that only its user may enter, with the environment given and nothing else', async () => {
    const { stdout } = await startChild('sh', LOOK, { environment: { PATH, GIVEN: 'yes' } }, {});
    const [path, count, mode, ...variables] = stdout.split('\n');
    assert.notEqual(path, process.cwd());
    assert.deepEqual([count!.trim(), mode], ['0', '700']);
    const names = variables.map((line) => line.split('=')[0]);
    assert.deepEqual(
      names,
      ['GIVEN', 'OLDPWD', 'PATH', 'PWD', '_'].filter((name) => names.includes(name)),
    );
    assert.ok(await within(60, () => !existsSync(path!)), 'the folder goes with it');
  });

  test('has a folder of its own: two at a time do not meet', async () => {
    const pwd = () => startChild('sh', ['-c', 'pwd; sleep 0.2'], { environment: { PATH } }, {});
    const [one, other] = await Promise.all([pwd(), pwd()]);
    assert.notEqual(one.stdout, other.stdout);
  });

  test('finds the files that it is given there', async () => {
    const surroundings = { environment: { PATH }, contents: { 'uv.toml': 'x = 1' } };
    assert.equal((await startChild('sh', ['-c', 'cat *'], surroundings, {})).stdout, 'x = 1');
  });

  test('starts in a folder of the user where that is said', async () => {
    const { stdout } = await startChild('pwd', [], { environment: { PATH }, folder }, {});
    assert.equal(stdout, folder);
  });

  test('whose streams are files starts the same way', async () => {
    const child = spawnChild(
      'sh',
      ['-c', 'pwd'],
      { environment: { PATH } },
      { stdio: ['ignore', 'pipe', 'ignore'], detached: false },
    );
    let said = '';
    for await (const data of child.stdout!) said += String(data);
    assert.notEqual(said.trim(), process.cwd());
    assert.ok(await within(60, () => !existsSync(said.trim())));
  });

  test('leaves its folder for the next run to remove where we are killed outright', async () => {
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    const file = join(import.meta.dirname, '../../src/system/process/start-child.ts');
    const script = `
      import { startChild } from ${JSON.stringify(file)};
      const child = startChild('sh', ['-c', 'echo up; exec sleep 600'], { environment: process.env }, { stdout: 'inherit' });
      await child;
    `;
    const program = join(folder, 'start.ts');
    writeFileSync(program, script);
    const run = startProcess([process.execPath, program], { environment: { PATH, TMPDIR: temporary } });
    await run.said('up');
    assert.equal(readdirSync(temporary).length, 1);
    const children = run.descendants().filter(({ command }) => command.startsWith('sleep'));
    run.kill('SIGKILL');
    // It holds the output open: the run would be waited for as long as it sleeps.
    for (const { pid } of children) process.kill(pid, 'SIGKILL');
    await run.result;
    const scratch = await makeScratch({ TMPDIR: temporary });
    await scratch.remove();
    assert.deepEqual(readdirSync(temporary), []);
  });
});

describe('a program that PATH finds in the workspace', () => {
  const workspace = join(folder, 'workspace');
  const outside = join(folder, 'outside');
  const program = (path: string, says: string) =>
    writeFileSync(path, `#!/bin/sh\necho ${says}\n`, { mode: 0o755 });
  for (const path of [workspace, outside, join(outside, 'links'), join(outside, 'own')]) mkdirSync(path);
  program(join(workspace, 'tool'), 'of the workspace');
  program(join(outside, 'own', 'tool'), 'of the machine');
  symlinkSync(workspace, join(outside, 'folder'));
  symlinkSync(join(workspace, 'tool'), join(outside, 'links', 'tool'));
  afterEach(() => claimWorkspace('/nonexistent', {}));

  const cases = [
    ['by its folder', workspace],
    ['by a link to its folder', join(outside, 'folder')],
    ['by a link to the program', join(outside, 'links')],
  ] as const;
  for (const [how, path] of cases) {
    test(`${how}: the next one is started`, async () => {
      claimWorkspace(workspace, {});
      const environment = { PATH: `${path}:${join(outside, 'own')}:${PATH}` };
      assert.equal((await startChild('tool', [], { environment }, {})).stdout, 'of the machine');
    });

    test(`${how}: where there is no other, there is none`, async () => {
      claimWorkspace(workspace, {});
      const result = await startChild(
        'tool',
        [],
        { environment: { PATH: `${path}:${PATH}` } },
        { reject: false },
      );
      assert.equal(result.code, 'ENOENT');
    });
  }

  test('is started where no workspace is claimed, as in a shell of the user', async () => {
    const { stdout } = await startChild('tool', [], { environment: { PATH: `${workspace}:${PATH}` } }, {});
    assert.equal(stdout, 'of the workspace');
  });
});

/** Files that start processes, and why each may. */
const STARTERS: Record<string, string> = {
  'src/system/process/start-child.ts': 'it is the one that does',
};

test('no other file of the product starts a process', () => {
  const root = join(import.meta.dirname, '..', '..');
  const files = (readdirSync(join(root, 'src'), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.ts') && statSync(join(root, 'src', name)).isFile())
    .map((name) => join('src', name));
  assert.ok(files.length > 100);
  const starts =
    /(?:^|\n)\s*(?:import(?!\s+type\b)[^;]*?from\s*|import\s*\(\s*|export[^;]*?from\s*|[^\n]*require\(\s*)['"](?:node:)?(?:child_process|cluster|execa|@actions\/exec|zx|cross-spawn)['"]/;
  const found = files.filter((name) => starts.test(readFileSync(join(root, name), 'utf8')));
  assert.deepEqual(found.sort(), Object.keys(STARTERS).sort());
});
