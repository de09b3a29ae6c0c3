/** What a step leaves beside its verdict: where that fails, it is said, and the verdict stays. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ActionInputs } from '../../src/action/inputs.ts';
import { privateFolder } from '../../src/action/private-folder.ts';
import type { ActionRuntime } from '../../src/action/runtime.ts';
import type { ReportTarget } from '../../src/action/steps/publish/publish.ts';
import { uploadFlips } from '../../src/action/steps/publish/upload-flips.ts';
import { uploadPage } from '../../src/action/steps/publish/upload-page.ts';
import type { Flips } from '../../src/verdict/signs/flips.ts';
import { temporaryFolder } from '../support/folder.ts';

const root = temporaryFolder();
/** A step that can upload, and whose own folder has a file where it would make a folder. */
function stepWithout(folder: string): ActionRuntime {
  const runtime: ActionRuntime = {
    environment: { RUNNER_TEMP: root, ACTIONS_RUNTIME_TOKEN: 'token' },
    cwd: root,
    now: () => new Date(),
    onInterrupt: () => () => {},
  };
  writeFileSync(join(privateFolder(runtime), folder), '');
  return runtime;
}

test('a page that cannot be written is no reason to fail', async () => {
  const part = { reportId: 'default' };
  assert.equal(await uploadPage('<!DOCTYPE html>', part, { runUrl: null }, stepWithout('page')), null);
});

test('nor are flips that cannot be written', async () => {
  const inputs = { reportId: 'default', leg: null } as ActionInputs;
  const target = { pull: 7 } as unknown as ReportTarget;
  assert.equal(await uploadFlips({} as Flips, inputs, target, stepWithout('flips')), null);
});
