import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isLeased, leaseFolder } from '../../src/system/files/lease.ts';
import { ownIdentity } from '../../src/system/process/process-identity.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();
const HOUR = 3600;

const gone = spawn('true');
await once(gone, 'exit');
const dead = { pid: gone.pid! };

/** What others left, and whether taking a lease leaves it there. */
const OTHERS: [title: string, content: string, age: number, stays: boolean][] = [
  ['of a process here that is dead', left(dead), 0, false],
  ['of a dead process whose number another one has', left({ pid: process.ppid, started: '1' }), 0, false],
  ['of a living process here, however old', left({ pid: process.ppid, started: null }), 100 * HOUR, true],
  ['of another machine, lately alive', left({ ...dead, host: 'another' }), 10, true],
  ['of another machine that may be asleep', left({ ...dead, host: 'another' }), 20 * HOUR, true],
  ['of another machine, silent for two days', left({ ...dead, host: 'another' }), 48 * HOUR, false],
  ['of another container of this machine', left({ ...dead, pidNamespace: 'pid:[1]' }), 20 * HOUR, true],
  ['of an earlier start of this machine', left({ ...dead, boot: 'another' }), 48 * HOUR, false],
  ['that is being written', '', 0, true],
  ['torn by a crash, two days ago', '{"pid":', 48 * HOUR, false],
];

function left(change: object): string {
  return JSON.stringify({ ...ownIdentity(), ...change });
}

for (const [number, [title, content, age, stays]] of OTHERS.entries()) {
  test(`a new lease ${stays ? 'leaves' : 'removes'} one ${title}`, async () => {
    const path = join(folder, `kept-${number}`);
    mkdirSync(`${path}.users`);
    const other = join(`${path}.users`, 'other');
    writeFileSync(other, content);
    const then = new Date(Date.now() - age * 1000);
    utimesSync(other, then, then);
    const lease = await leaseFolder(path);
    const names = readdirSync(`${path}.users`);
    assert.equal(names.includes('other'), stays);
    assert.equal(names.length, stays ? 2 : 1, 'nothing but leases is there');
    assert.ok(await isLeased(path));
    await lease.release();
  });
}
