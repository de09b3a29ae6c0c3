import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { privateFolder, recordFolder, temporaryFilesFolder } from '../../src/action/private-folder.ts';
import type { ActionRuntime } from '../../src/action/runtime.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const root = temporaryFolder();
const runtime = (temp?: string): ActionRuntime => ({
  environment: { RUNNER_TEMP: temp },
  cwd: root,
  now: () => new Date(),
  onInterrupt: () => () => {},
});

test('a step has one folder, for its user alone, and no other step has the same', () => {
  const step = runtime(join(root, 'temp'));
  const folder = privateFolder(step);
  assert.equal(dirname(folder), join(root, 'temp'));
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(privateFolder(step), folder);
  assert.equal(dirname(recordFolder(step)), folder);
  assert.notEqual(privateFolder(runtime(join(root, 'temp'))), folder);
});

test("without RUNNER_TEMP it is in the system's temporary folder, never in the workspace", () => {
  for (const temp of [undefined, '']) assert.equal(dirname(privateFolder(runtime(temp))), tmpdir());
});

test('a RUNNER_TEMP that is a file is named', async () => {
  const step = runtime('/dev/null');
  await rejectsWith(async () => privateFolder(step), 'permission-denied', '/dev/null', 'RUNNER_TEMP');
});

test('children have their files there, unless a socket there would have too long a path', () => {
  const short = runtime(join(root, 't'));
  assert.equal(temporaryFilesFolder(short), privateFolder(short));
  const long = join(root, 'x'.repeat(80));
  mkdirSync(long);
  assert.equal(temporaryFilesFolder(runtime(long)), null);
});
