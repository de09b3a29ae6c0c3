import assert from 'node:assert/strict';
import { join } from 'node:path';
import { startProcess } from '../support/process.ts';
import { inNightly, inParts } from '../support/tier.ts';

const PROGRAM = join(import.meta.dirname, '..', 'support', 'damage-every-byte.ts');

// A decoder that believes what a file claims takes gigabytes, or minutes, for one of these.
for (const [inTier, how, values] of [
  [inParts, 'some', 3],
  [inNightly, 'all', 6],
] as const)
  inTier(
    `whatever byte of a file of items is changed, to ${values} values, decoding it ends, in little memory and with no more items`,
    async () => {
      const { exitCode, stdout, stderr } = await startProcess(
        [process.execPath, '--max-old-space-size=96', PROGRAM, how],
        { environment: process.env },
      ).result;
      assert.equal(exitCode, 0, stderr.slice(-500));
      const told = JSON.parse(stdout) as { bytes: number; refused: number; read: number; longest: number };
      assert.equal(told.refused + told.read, told.bytes * values);
      assert.ok(told.refused > told.bytes, JSON.stringify(told));
      assert.equal(told.longest, 43);
    },
  );
