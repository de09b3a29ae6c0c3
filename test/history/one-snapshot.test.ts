import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { oneSnapshot } from '../../src/history/backends/one-snapshot.ts';
import type { Snapshot, StoreFiles } from '../../src/history/backends/store-files.ts';

/** A store of one file that others write to, and that counts how often it is opened. */
function fakeFiles() {
  let state = 0;
  let opened = 0;
  let failures = 0;
  const snapshot = (at: number): Snapshot => ({
    version: `state ${at}`,
    exists: true,
    list: async () => [],
    walk: async () => [],
    read: async () => null,
  });
  const files: StoreFiles = {
    description: 'fake',
    async open() {
      opened++;
      if (failures-- > 0) throw new Error('unreachable');
      return snapshot(state);
    },
    async change(_, edit) {
      const changes = await edit(snapshot(state));
      if (changes.size > 0) state++;
    },
    prune: async () => ({ kept: '', removed: [] }),
  };
  return {
    files: oneSnapshot(files),
    writeAsAnother: () => state++,
    fail: (times: number) => {
      failures = times;
    },
    opened: () => opened,
  };
}

const version = async (files: StoreFiles, options?: { newest?: boolean }) =>
  (await files.open(options)).version;

describe('reads of one run', () => {
  test('come from one state, whatever others write meanwhile, and open it once', async () => {
    const { files, writeAsAnother, opened } = fakeFiles();
    const reads = await Promise.all([version(files), version(files)]);
    writeAsAnother();
    assert.deepEqual([...reads, await version(files)], ['state 0', 'state 0', 'state 0']);
    assert.equal(opened(), 1);
  });

  test('see what the run itself has changed, and what others had by then', async () => {
    const { files, writeAsAnother } = fakeFiles();
    await version(files);
    writeAsAnother();
    const seen: (string | null)[] = [];
    await files.change('own', async (newest) => {
      seen.push(newest.version);
      return new Map([['file', 'content']]);
    });
    assert.deepEqual([...seen, await version(files)], ['state 1', 'state 2']);
  });

  test('come from the newest state where that is asked for, and from then on', async () => {
    const { files, writeAsAnother } = fakeFiles();
    await version(files);
    writeAsAnother();
    assert.deepEqual([await version(files, { newest: true }), await version(files)], ['state 1', 'state 1']);
  });

  test('are tried again where the first one failed', async () => {
    const { files, fail } = fakeFiles();
    fail(1);
    await assert.rejects(version(files), /unreachable/);
    assert.equal(await version(files), 'state 0');
  });
});
