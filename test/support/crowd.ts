import assert from 'node:assert/strict';
import type { StoreFiles } from '../../src/history/backends/store-files.ts';
import { IndexFileSchema } from '../../src/history/store/entry.ts';
import { entryPaths } from '../../src/history/store/layout.ts';
import { createStore } from '../../src/history/store/store.ts';
import { entryOf, filesOf, shaOf } from './entries.ts';

/**
 * Writers that put entries into one store at once: all are there and the index is valid.
 *
 * @param open gives each writer the store as it sees it.
 * @param each entries a writer.
 */
export async function assertCrowdIsStored(
  open: () => Promise<StoreFiles>,
  { writers, each }: { writers: number; each: number },
): Promise<void> {
  const stores = await Promise.all(
    Array.from({ length: writers }, async () => createStore(await open(), { keepItems: 500 })),
  );
  await Promise.all(
    stores.map(async (store, writer) => {
      for (let i = 0; i < each; i++) {
        const number = writer * each + i;
        assert.equal((await store.put(entryOf(number), filesOf(number))).outcome, 'stored');
      }
    }),
  );
  const files = await open();
  const count = writers * each;
  const text = async (path: string) => {
    const content = await (await files.open()).read(path);
    return content && Buffer.from(content).toString('utf8');
  };
  const index = IndexFileSchema.parse(JSON.parse((await text('index/2026-11.json')) ?? ''));
  assert.deepEqual(
    index.entries.map(({ sha }) => sha),
    Array.from({ length: count }, (_, number) => shaOf(number)),
  );
  for (const number of [0, Math.floor(count / 3), count - 1])
    assert.equal(await text(entryPaths(shaOf(number)).items), `items of ${number}`);
  const store = createStore(files, { keepItems: 3 });
  assert.deepEqual(await store.rebuild(), { entries: count, added: [], dropped: [] });
}
