import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isLockHeld, takeLock } from '../../src/system/files/lock.ts';
import { ownIdentity } from '../../src/system/process/process-identity.ts';
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

/** Processes of their own numbers, with the same host name and files. */
const APART = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** A process that tries to take the lock, and its first line. */
async function contender(
  path: string,
  wrapper: string[] = [],
): Promise<{ child: ChildProcess; said: string }> {
  const [program = '', ...words] = [...(wrapper.length > 0 ? ['unshare', ...wrapper] : []), process.execPath];
  const child = spawn(program, [...words, helper, path], { stdio: ['pipe', 'pipe', 'inherit'] });
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

const holder = (change: object) => JSON.stringify({ ...ownIdentity(), ...change });

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
  const parent = spawn('/bin/sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(parent);
  const [data] = (await once(parent.stdout!, 'data')) as [Buffer];
  const pid = Number(data);
  assert.ok(await within(60, () => /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))));
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

test('a lock of an earlier process with our own number is taken over', async () => {
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

const ELSEWHERE: [string, object][] = [
  ['another container of the same host name', { pidNamespace: 'pid:[1]' }],
  ['an earlier start of this machine', { boot: '6b0a1f6e-0000-4000-8000-000000000000' }],
  ['a version that did not write where its number counts', { pidNamespace: undefined, boot: undefined }],
];
for (const [what, change] of ELSEWHERE) {
  test(`a lock of ${what}: its number says nothing here, its heartbeat counts`, async () => {
    const path = newPath();
    const left = holder({ pid: await deadPid(), started: '1', ...change });
    await leave(path, left, 60);
    await rejectsWith(() => takeLock(path, 'x'), 'run-locked', 'in another container');
    const old = newPath();
    await leave(old, left, 95);
    await (await takeLock(old, 'x')).release();
  });
}

const namespaces = spawnSync('unshare', [...APART, 'true']).status === 0;
test('two processes that do not see each other, as in two containers of one host name: one gets the lock', {
  skip: !namespaces && 'no namespaces here',
}, async () => {
  const path = newPath();
  const inside = await contender(path, APART);
  assert.equal(inside.said, 'held');
  await rejectsWith(() => takeLock(path, 'the folder'), 'run-locked', 'in another container');
  const other = await contender(path, APART);
  assert.match(other.said, /in use/);
  inside.child.stdin!.end();
});

test("a release leaves another process's lock where it is", async () => {
  const path = newPath();
  const asleep = await takeLock(path, 'the folder');
  const later = holder({ id: 'later' });
  writeFileSync(path, later);
  await asleep.release();
  assert.equal(readFileSync(path, 'utf8'), later);
  assert.equal(await isLockHeld(path), true);
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
