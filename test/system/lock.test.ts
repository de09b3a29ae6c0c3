import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { takeLock } from '../../src/system/lock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { within } from '../support/process.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
let locks = 0;
const newPath = () => join(folder, `lock-${locks++}`, '.lock');
const helper = join(import.meta.dirname, '..', 'support', 'hold-lock.ts');
const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** A process that tries to take the lock, and its first line. */
async function contender(path: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [helper, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [data] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, said: data.toString().trim() };
}

/** Leaves a lock file as another process would, `age` seconds ago. */
async function leave(path: string, content: string, age = 0): Promise<void> {
  const lock = await takeLock(path, 'x');
  await lock.release();
  writeFileSync(path, content);
  const then = new Date(Date.now() - age * 1000);
  utimesSync(path, then, then);
}

const holder = (change: object) =>
  JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid), ...change });

function startOf(pid: number): string {
  const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return status.slice(status.lastIndexOf(')') + 2).split(' ')[19]!;
}

async function deadPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid!;
}

test('a lock is taken, released and taken again; its folder is made', async () => {
  const path = newPath();
  const lock = await takeLock(path, 'the folder');
  assert.ok(existsSync(path));
  await lock.release();
  assert.ok(!existsSync(path));
  await (await takeLock(path, 'the folder')).release();
});

test('a lock held by this very process is refused', async () => {
  const path = newPath();
  const lock = await takeLock(path, 'the folder');
  const texts = ['the folder is in use', String(process.pid), path];
  await rejectsWith(() => takeLock(path, 'the folder'), 'run-locked', ...texts);
  await lock.release();
});

test('a lock held by a live process is refused, naming it; killed outright, it holds no more', async () => {
  const path = newPath();
  const { child, said } = await contender(path);
  assert.equal(said, 'held');
  await rejectsWith(() => takeLock(path, 'the folder'), 'run-locked', String(child.pid));
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = await takeLock(path, 'the folder');
  await lock.release();
});

test('of several that find a dead holder at once, one gets the lock', async () => {
  const path = newPath();
  await leave(path, holder({ pid: await deadPid(), started: '1' }));
  const all = await Promise.all(Array.from({ length: 6 }, () => contender(path)));
  const held = all.filter(({ said }) => said === 'held');
  assert.equal(held.length, 1, all.map(({ said }) => said).join(' | '));
  assert.deepEqual(readdirSync(join(path, '..')), ['.lock'], 'nothing is left beside it');
});

test('a crash while a dead holder was being removed is outwaited', async () => {
  const path = newPath();
  await leave(path, holder({ pid: await deadPid() }));
  writeFileSync(`${path}.removing`, '');
  const then = new Date(Date.now() - 4500);
  utimesSync(`${path}.removing`, then, then);
  await (await takeLock(path, 'x')).release();
  assert.deepEqual(readdirSync(join(path, '..')), []);
});

test('a lock of a dead process is taken over', async () => {
  const path = newPath();
  await leave(path, holder({ pid: await deadPid() }));
  await (await takeLock(path, 'x')).release();
});

test('a lock of a process that has ended and was not collected is taken over', async () => {
  // The shell becomes a program that never asks what became of its child.
  const parent = spawn('/bin/sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(parent);
  const [data] = (await once(parent.stdout!, 'data')) as [Buffer];
  const pid = Number(data);
  assert.ok(await within(5, () => /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))));
  const path = newPath();
  await leave(path, holder({ pid, started: '1' }));
  await (await takeLock(path, 'x')).release();
  await leave(path, holder({ pid, started: startOf(pid) }));
  await (await takeLock(path, 'x')).release();
});

test('a lock of a process whose number another one has now is taken over', async () => {
  const path = newPath();
  await leave(path, holder({ pid: process.ppid, started: '1' }));
  await (await takeLock(path, 'x')).release();
});

test('a lock of an earlier process with our own number is taken over, as in a restarted container', async () => {
  const path = newPath();
  await leave(path, holder({ started: '1' }));
  await (await takeLock(path, 'x')).release();
});

test('a lock whose content is torn is refused for a moment: it may be being written', async () => {
  const path = newPath();
  await leave(path, '{"pid": 1');
  await rejectsWith(() => takeLock(path, 'x'), 'run-locked', 'being started');
});

for (const [what, content] of [
  ['torn', '{"pid": 1'],
  ['empty', ''],
  ['not ours', '{}'],
  ['null', 'null'],
] as const) {
  test(`a lock whose content is ${what} is taken over after that`, async () => {
    const path = newPath();
    await leave(path, content, 3);
    await (await takeLock(path, 'x')).release();
  });
}

test('a lock of another host is refused while its heartbeat is fresh, and taken over after 90 s', async () => {
  const path = newPath();
  const foreign = holder({ host: 'another-host', pid: 7 });
  await leave(path, foreign, 60);
  await rejectsWith(() => takeLock(path, 'x'), 'run-locked', '7 on another-host');
  await leave(newPath(), foreign, 0);
  const old = newPath();
  await leave(old, foreign, 95);
  await (await takeLock(old, 'x')).release();
});

test('a link to nothing in place of the lock is refused', async () => {
  const path = newPath();
  await (await takeLock(path, 'x')).release();
  symlinkSync('/missing/lock', path);
  await rejectsWith(() => takeLock(path, 'x'), 'run-locked', 'unknown', path);
});

const PLACES: [string, string][] = [
  ['under a file', join(folder, 'file', 'sub', '.lock')],
  ['where no folder can be made', '/proc/nothing/here/.lock'],
];
writeFileSync(join(folder, 'file'), '');
for (const [what, path] of PLACES) {
  test(`a lock ${what} is refused with a hint`, async () => {
    await rejectsWith(() => takeLock(path, 'x'), 'permission-denied', 'cannot write');
  });
}
