import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeScratch } from '../../src/system/files/scratch.ts';
import { ownIdentity } from '../../src/system/process/process-identity.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, startProcess } from '../support/process.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
let parents = 0;
function newParent(): string {
  const path = join(folder, `tmp-${parents++}`);
  mkdirSync(path);
  return path;
}

test('a scratch folder is its owner’s alone, and goes with all that is in it', async () => {
  const parent = newParent();
  const { path, remove } = await makeScratch({ TMPDIR: parent });
  assert.equal(statSync(path).mode & 0o077, 0);
  mkdirSync(join(path, 'deep'));
  writeFileSync(join(path, 'deep', 'file'), '');
  await remove();
  assert.deepEqual(readdirSync(parent), []);
});

test('what a process that was killed outright has left goes with the next one; a living one’s stays', async () => {
  const parent = newParent();
  const module = join(import.meta.dirname, '..', '..', 'src', 'system', 'files', 'scratch.ts');
  const script = `
    import { makeScratch } from ${JSON.stringify(module)};
    const { path } = await makeScratch(process.env);
    console.log('made', path);
    setInterval(() => undefined, 1000);
  `;
  const run = startProcess([process.execPath, '--input-type=module', '-e', script], {
    environment: { PATH: process.env.PATH, TMPDIR: parent },
  });
  endAfterTests([run]);
  await run.said('made');
  const [left = ''] = readdirSync(parent);
  writeFileSync(join(parent, left, 'weights'), 'x');

  const beside = await makeScratch({ TMPDIR: parent });
  assert.ok(existsSync(join(parent, left, 'weights')), 'its owner lives');
  await beside.remove();

  run.kill('SIGKILL');
  await run.result;
  const next = await makeScratch({ TMPDIR: parent });
  assert.deepEqual(readdirSync(parent), [next.path.slice(parent.length + 1)]);
  await next.remove();
});

test('what is not known to be ours, or may be in use elsewhere, stays', async () => {
  const parent = newParent();
  const dead = { ...ownIdentity(), pid: 999_999_999 };
  const leave = (name: string, owner: object | null) => {
    mkdirSync(join(parent, name));
    if (owner !== null) writeFileSync(join(parent, name, '.sos-bench-owner'), JSON.stringify(owner));
  };
  leave('sos-bench-without-owner', null);
  leave('other-name', dead);
  leave('sos-bench-in-a-container', { ...dead, pidNamespace: 'pid:[1]' });
  leave('sos-bench-of-a-dead-container', { ...dead, pidNamespace: 'pid:[1]' });
  const then = new Date(Date.now() - 100_000);
  utimesSync(join(parent, 'sos-bench-of-a-dead-container', '.sos-bench-owner'), then, then);
  leave('target', dead);
  symlinkSync(join(parent, 'target'), join(parent, 'sos-bench-link'));
  const { remove } = await makeScratch({ TMPDIR: parent });
  await remove();
  assert.deepEqual(readdirSync(parent).sort(), [
    'other-name',
    'sos-bench-in-a-container',
    'sos-bench-link',
    'sos-bench-without-owner',
    'target',
  ]);
});

test('a place where no folder can be made is refused', async () => {
  await rejectsWith(() => makeScratch({ TMPDIR: '/proc/none' }), 'permission-denied', '/proc/none');
});
