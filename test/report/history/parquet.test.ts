import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { indexLine } from '../../../src/history/store/entry.ts';
import { encodeHistory } from '../../../src/report/history/parquet.ts';
import { entryOf, shaOf } from '../../support/entries.ts';

const judged = { benchmark: 'arena-hard-v0.1', category: null, judge: 'a-judge', reference: 'a-reference' };
const lines = [
  entryOf(1, { branch: null, factors: [] }),
  entryOf(2, { judge: [{ ...judged, score: 0.6, ci: [0.5, 0.7], questions: 40 }] }),
].map(indexLine);

async function read(content: Uint8Array) {
  const file = content.buffer.slice(content.byteOffset, content.byteOffset + content.length) as ArrayBuffer;
  return {
    rows: await parquetReadObjects({ file }),
    names: parquetMetadata(file)
      .schema.slice(1)
      .map(({ name }) => name),
  };
}

test('a file has a row an entry, numbers as fractions, and null where nothing was measured', async () => {
  const { rows } = await read(encodeHistory(lines));
  const [first, second] = rows;
  assert.deepEqual([first!.sha, first!.branch, first!.wk, first!.items_kept], [shaOf(1), null, null, true]);
  assert.deepEqual([second!.wk, second!.wk_low, second!.wk_high, second!.safety], [0.5, 0.4, 0.6, null]);
  assert.deepEqual(second!.created, new Date(lines[1]!.created));
  assert.equal(second!['judge: Arena-Hard v0.1 by a-judge against a-reference'], 0.6);
  assert.equal(first!['judge: Arena-Hard v0.1 by a-judge against a-reference'], null);
});

test('a store without entries has the columns all the same', async () => {
  const { rows, names } = await read(encodeHistory([]));
  assert.deepEqual(rows, []);
  assert.deepEqual(names.slice(0, 3), ['sha', 'created', 'branch']);
});
