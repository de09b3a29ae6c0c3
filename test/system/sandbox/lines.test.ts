import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { readLines } from '../../../src/system/sandbox/lines.ts';

async function read(chunks: Iterable<string | Buffer>, most: number) {
  const lines: string[] = [];
  let tooLong = 0;
  await readLines(Readable.from(chunks, { objectMode: false }), most, {
    onLine: (line) => lines.push(line),
    onTooLong: () => tooLong++,
  });
  return { lines, tooLong };
}

test('lines are whole however they come, and what has no end is none', async () => {
  const euro = Buffer.from('€');
  const chunks = ['on', 'e\ntwo\n\nth', euro.subarray(0, 1), euro.subarray(1), '\nfour'];
  assert.deepEqual(await read(chunks, 100), { lines: ['one', 'two', '', 'th€'], tooLong: 0 });
});

test('a line longer than the bound is said once, and nothing after it is kept', async () => {
  const long = Array.from({ length: 50 }, () => 'x'.repeat(1000));
  assert.deepEqual(await read(['one\n', ...long, '\ntwo\n'], 10_000), { lines: ['one'], tooLong: 1 });
});

test('more than a string may hold takes no more memory than the bound', async () => {
  function* endless() {
    for (let megabytes = 0; megabytes < 700; megabytes++) yield Buffer.alloc(2 ** 20, 'x');
  }
  const before = process.memoryUsage().rss;
  assert.deepEqual(await read(endless(), 2 ** 20), { lines: [], tooLong: 1 });
  assert.ok(process.memoryUsage().rss - before < 200 * 2 ** 20);
});
