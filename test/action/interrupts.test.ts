/** An action that is told to stop ends with exit code 2 and a sentence, whichever signal says so. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { INTERRUPTS } from '../../src/system/process/interruptible.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, within } from '../support/process.ts';
import { startStep } from '../support/runner.ts';

const workspace = temporaryFolder();

for (const signal of INTERRUPTS) {
  test(`${signal} while the model is fetched`, async () => {
    const begun = join(workspace, `begun-${signal}`);
    const step = startStep({
      workspace,
      action: 'run',
      inputs: { model: `command:touch ${begun} && exec sleep 300`, suite: 'mini', benchmarks: 'xstest' },
    });
    endAfterTests([step]);
    assert.ok(await within(60, () => existsSync(begun)), step.heard());
    step.kill(signal);
    const { exitCode, signal: ended, stdout } = await step.result;
    assert.deepEqual([exitCode, ended], [2, undefined], stdout);
    assert.match(stdout, /^::error title=[^\n]*interrupted/m);
    assert.deepEqual(step.descendants(), []);
  });
}
