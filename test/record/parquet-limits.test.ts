import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { startProcess } from '../support/process.ts';

const PROGRAM = join(import.meta.dirname, '..', 'support', 'damage-every-byte.ts');

// A decoder that believes what a file claims takes gigabytes, or minutes, for one of these.
test('whatever byte of a file of items is changed, decoding it ends, in little memory and with no more items', async () => {
  const { exitCode, stdout, stderr } = await startProcess(
    [process.execPath, '--max-old-space-size=96', PROGRAM],
    { environment: process.env },
  ).result;
  assert.equal(exitCode, 0, stderr.slice(-500));
  const told = JSON.parse(stdout) as { bytes: number; refused: number; read: number; longest: number };
  assert.equal(told.refused + told.read, told.bytes * 6);
  assert.ok(told.refused > told.bytes, JSON.stringify(told));
  assert.equal(told.longest, 43);
});
