import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { leaseFolder } from '../../../src/system/files/lease.ts';
import { keepFolder } from '../../../src/system/kept/keep-folder.ts';
import { checkQuickly, checkWhole, describeFileChange } from '../../../src/system/kept/manifest.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { endAfterTests, type RunningProcess, startProcess, within } from '../../support/process.ts';

const folder = temporaryFolder();
let homes = 0;
const newHome = () => join(folder, `home-${homes++}`);

/** What is kept here: a few files of every sort. */
function fill(path: string): void {
  mkdirSync(join(path, 'lib', '__pycache__'), { recursive: true });
  mkdirSync(join(path, 'empty'));
  writeFileSync(join(path, 'lib', 'a.py'), 'answer = 1\n');
  writeFileSync(join(path, 'lib', 'task.yaml'), 'metric: acc\n');
  writeFileSync(join(path, 'lib', '__pycache__', 'a.pyc'), 'compiled');
  symlinkSync('a.py', join(path, 'lib', 'link.py'));
  writeFileSync(join(path, 'large.bin'), Buffer.alloc(9_000_000, 'x'));
}

function keep(home: string, notes: string[] = []) {
  return keepFolder({
    home,
    name: 'thing',
    what: 'the thing',
    note: (text) => notes.push(text),
    namesItself: true,
    build: async (path) => {
      fill(path);
      return {};
    },
  });
}

/** Replaces a file by another of the same size and time, as one would who knows what is looked at. */
function swap(path: string, content: string): void {
  const { mtime, atime, size } = statSync(path);
  rmSync(path);
  writeFileSync(path, content.padEnd(size).slice(0, size));
  utimesSync(path, atime, mtime);
}

const CHANGES: [string, (path: string) => void, string][] = [
  ['a file that is longer', (path) => appendFileSync(join(path, 'lib/a.py'), '#'), 'lib/a.py was changed'],
  [
    'another file of the same size and time',
    (path) => swap(join(path, 'lib/a.py'), 'answer = 2\n'),
    'lib/a.py was changed',
  ],
  [
    'a byte in the middle of a large file',
    (path) => {
      const content = readFileSync(join(path, 'large.bin'));
      content[5_000_000] = 0;
      writeFileSync(join(path, 'large.bin'), content);
    },
    'large.bin was changed',
  ],
  [
    'a changed .pyc',
    (path) => swap(join(path, 'lib/__pycache__/a.pyc'), 'COMPILED'),
    'lib/__pycache__/a.pyc was changed',
  ],
  [
    'a changed .yaml',
    (path) => swap(join(path, 'lib/task.yaml'), 'metric: f1\n'),
    'lib/task.yaml was changed',
  ],
  [
    'a .pth file more',
    (path) => writeFileSync(join(path, 'lib/evil.pth'), 'import os'),
    'lib/evil.pth was added',
  ],
  ['a module more, at the top', (path) => writeFileSync(join(path, 'evil.py'), ''), 'evil.py was added'],
  ['a folder more', (path) => mkdirSync(join(path, 'lib/evil')), 'lib/evil was added'],
  ['a file less', (path) => rmSync(join(path, 'lib/task.yaml')), 'lib/task.yaml is missing'],
  [
    'a folder less',
    (path) => rmSync(join(path, 'lib/__pycache__'), { recursive: true }),
    'lib/__pycache__ is missing',
  ],
  [
    'a link that leads elsewhere',
    (path) => {
      rmSync(join(path, 'lib/link.py'));
      symlinkSync('/etc/hostname', join(path, 'lib/link.py'));
    },
    'lib/link.py was changed',
  ],
  [
    'a file that became a link to the same',
    (path) => {
      cpSync(join(path, 'lib/a.py'), join(folder, 'a.py'));
      rmSync(join(path, 'lib/a.py'));
      symlinkSync(join(folder, 'a.py'), join(path, 'lib/a.py'));
    },
    'lib/a.py was changed',
  ],
  ['other permissions', (path) => chmodSync(join(path, 'lib/a.py'), 0o777), 'lib/a.py was changed'],
  [
    'an edited manifest',
    (path) => appendFileSync(join(path, 'manifest.ndjson'), '[]\n'),
    'manifest.ndjson was changed',
  ],
  ['no manifest', (path) => rmSync(join(path, 'manifest.ndjson')), 'manifest.ndjson is missing'],
  [
    'an empty complete.json',
    (path) => writeFileSync(join(path, 'complete.json'), '{}'),
    'complete.json was changed',
  ],
];

describe('a kept folder with', () => {
  for (const [title, change, said] of CHANGES)
    test(`${title} is not used again: ${said}`, async () => {
      const home = newHome();
      const path = await keep(home);
      assert.equal(path, join(home, 'thing'));
      // Somebody uses it, so it stays.
      const lease = await leaseFolder(path);
      change(path);
      const notes: string[] = [];
      assert.equal(await keep(home, notes), join(home, 'thing-2'));
      assert.deepEqual(notes, [
        `the thing in ${path} is not as it was made: ${said}. It is not used any more`,
      ]);
      assert.ok(existsSync(path));
      const again: string[] = [];
      assert.equal(await keep(home, again), join(home, 'thing-2'));
      assert.deepEqual(again, []);
      await lease.release();
    });

  for (const [title, change, said] of CHANGES)
    test(`${title} is found when every byte is looked at`, async () => {
      const path = (await keep(newHome()))!;
      assert.deepEqual(await checkWhole(path), []);
      change(path);
      assert.deepEqual((await checkWhole(path)).map(describeFileChange), [said]);
    });

  test('one that nobody uses goes when another takes its name', async () => {
    const home = newHome();
    const path = (await keep(home))!;
    writeFileSync(join(path, 'evil.py'), '');
    assert.equal(await keep(home), path);
    assert.ok(!existsSync(join(path, 'evil.py')));
    assert.deepEqual(
      readdirSync(home).filter((name) => !name.endsWith('.users')),
      ['thing'],
    );
  });
});

test('a copy elsewhere is as good, though every file in it is newer', async () => {
  const path = (await keep(newHome()))!;
  const copy = join(folder, 'copy');
  cpSync(path, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  assert.equal(await checkQuickly(copy), null);
  writeFileSync(join(copy, 'evil.py'), '');
  assert.deepEqual(await checkQuickly(copy), { path: 'evil.py', what: 'was added' });
});

test('a folder with thousands of folders is listed in threads, with the same result', async () => {
  const home = newHome();
  const path = (await keepFolder({
    home,
    name: 'many',
    what: 'it',
    note: () => {},
    build: async (to) => {
      for (let index = 0; index < 1500; index++) {
        mkdirSync(join(to, `${index}`), { recursive: true });
        writeFileSync(join(to, `${index}`, 'a'), `${index}`);
      }
      return {};
    },
  }))!;
  assert.equal(await checkQuickly(path), null);
  swap(join(path, '1234', 'a'), '4321');
  assert.deepEqual(await checkQuickly(path), { path: '1234/a', what: 'was changed' });
  writeFileSync(join(path, '777', 'b'), '');
  assert.deepEqual(await checkQuickly(path), { path: '777/b', what: 'was added' });
});

const BUILDER = join(import.meta.dirname, '..', '..', 'support', 'keep-slowly.ts');
const running: RunningProcess[] = [];
endAfterTests(running);

function start(home: string, mode: 'in-place' | 'moved') {
  const run = startProcess([process.execPath, BUILDER, home, mode], { environment: process.env });
  running.push(run);
  return run;
}

for (const mode of ['in-place', 'moved'] as const) {
  test(`two processes at once build it once, and both have it (${mode})`, async () => {
    const home = newHome();
    const results = await Promise.all([start(home, mode).result, start(home, mode).result]);
    for (const { exitCode, stdout, stderr } of results)
      assert.deepEqual([exitCode, stdout.trim()], [0, join(home, 'thing')], stderr);
    assert.equal(results.filter(({ stderr }) => stderr.includes('building')).length, 1);
    assert.equal(await checkQuickly(join(home, 'thing')), null);
    assert.deepEqual(
      readdirSync(home).filter((name) => !name.endsWith('.users')),
      ['thing'],
    );
  });

  test(`what a killed builder leaves is not taken for complete (${mode})`, async () => {
    const home = newHome();
    const killed = start(home, mode);
    assert.ok(await within(60, () => killed.heard().includes('half')));
    killed.kill('SIGKILL');
    await killed.result;
    const { exitCode, stdout, stderr } = await start(home, mode).result;
    assert.deepEqual([exitCode, stdout.trim()], [0, join(home, 'thing')], stderr);
    assert.deepEqual(readdirSync(join(home, 'thing')).sort(), [
      'complete.json',
      'first',
      'manifest.ndjson',
      'second',
    ]);
  });
}
