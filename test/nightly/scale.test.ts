/** What other tests do small, at the size it has to hold. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { branchFiles } from '../../src/history/backends/branch-files.ts';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import { assertCrowdIsStored } from '../support/crowd.ts';
import { temporaryFolder } from '../support/folder.ts';
import { connect, startGitHub } from '../support/github-emulator.ts';
import { importManyModels } from '../support/imports.ts';

const CROWD = { writers: 10, each: 20 };
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms / 20));

test('a store in a folder: 10 writers of 20 entries each at once: all are there and the index is valid', async () => {
  const root = join(temporaryFolder(), 'crowd');
  await assertCrowdIsStored(async () => folderFiles(root, { sleep }), CROWD);
});

test('a store on a branch: 10 writers of 20 entries each at once: all are there and the index is valid', async () => {
  const github = await startGitHub();
  await assertCrowdIsStored(
    async () => branchFiles(connect(github.url, await github.token()), { branch: 'crowd', sleep }),
    CROWD,
  );
});

test('10,000 models in one table make 10,000 records', async () => {
  const { records, folders } = await importManyModels(10_000);
  assert.deepEqual([records, folders], [10_000, 10_000]);
});
