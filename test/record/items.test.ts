import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parquetMetadata } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { decodeItems, encodeItems } from '../../src/record/items.ts';
import type { Item } from '../../src/record/schema.ts';

const RUN = 'plan sha256:model';
const ITEM: Item = {
  benchmark: 'bbq',
  task: 'sosb_bbq_age',
  docId: 0,
  docHash: 1n,
  cluster: null,
  stratum: 'sosb_bbq_age',
  metric: 'acc',
  score: 1,
  margin: 0.5,
  prediction: '0',
  inclusionP: 1,
};
const item = (change: Partial<Item>): Item => ({ ...ITEM, ...change });
const roundTrip = async (items: Item[]) => (await decodeItems(encodeItems(items, RUN))).items;

const KEPT: [string, Partial<Item>][] = [
  ['the largest 64-bit hash', { docHash: 2n ** 63n - 1n }],
  ['the smallest 64-bit hash', { docHash: -(2n ** 63n) }],
  ['a hash no double can hold', { docHash: 2n ** 53n + 1n }],
  ['a cluster', { cluster: -5n }],
  ['no cluster', { cluster: null, docHash: 77n }],
  ['a margin', { margin: Math.fround(-0.123) }],
  ['no margin', { margin: null }],
  ['a score that is not a double of few digits', { score: 0.1 + 0.2 }],
  ['a tiny inclusion probability', { inclusionP: 1e-9 }],
  ['a prediction with letters of many alphabets', { prediction: 'ä✓中 |"\\' }],
  ['a late document', { docId: 152_379 }],
];
const STYLE = { chars: 812, headers: 3, listItems: 7, bold: 2 };
KEPT.push(
  ['a style', { style: STYLE }],
  ['a style of an empty answer', { style: { chars: 0, headers: 0, listItems: 0, bold: 0 } }],
  ['a style of the longest answer', { style: { ...STYLE, chars: 2 ** 24, bold: 2 ** 23 } }],
);
for (const [what, change] of KEPT) {
  test(`${what} comes back as it was`, async () => {
    assert.deepEqual(await roundTrip([item(change)]), [item(change)]);
  });
}

test('items keep their order, with margins and without them mixed', async () => {
  const items = Array.from({ length: 1000 }, (_, docId) =>
    item({ docId, docHash: BigInt(docId) * 9_000_000_000_000_007n, margin: docId % 3 ? docId / 8 : null }),
  );
  assert.deepEqual(await roundTrip(items), items);
});

test('items with a style and without one come back as they were', async () => {
  const items = Array.from({ length: 1000 }, (_, docId) =>
    item({ docId, ...(docId % 3 > 0 && { style: { ...STYLE, chars: 100 + docId } }) }),
  );
  assert.deepEqual(await roundTrip(items), items);
});

test('a file without styles has no columns for them, as every file before there were styles', async () => {
  const columns = (content: Uint8Array) =>
    parquetMetadata(content.slice().buffer as ArrayBuffer).schema.slice(1);
  assert.deepEqual(
    columns(encodeItems([ITEM], RUN))
      .map(({ name }) => name)
      .join(' '),
    'benchmark task doc_id doc_hash cluster stratum metric score margin prediction inclusion_p',
  );
  const own = columns(encodeItems([ITEM, item({ style: STYLE })], RUN)).slice(11);
  assert.deepEqual(
    own.map(({ name, type, repetition_type: kind }) => [name, type, kind]),
    ['answer_chars', 'headers', 'list_items', 'bold'].map((name) => [name, 'INT32', 'OPTIONAL']),
  );
});

test('a file may have several groups of rows', async () => {
  const items = Array.from({ length: 200_003 }, (_, docId) => item({ docId, docHash: BigInt(docId) }));
  const read = await roundTrip(items);
  assert.equal(read.length, 200_003);
  assert.deepEqual(read.slice(199_998), items.slice(199_998));
});

test('no items are a file too', async () => {
  assert.deepEqual(await decodeItems(encodeItems([], RUN)), { items: [], run: RUN });
});

test('a file says which run it is of', async () => {
  assert.equal((await decodeItems(encodeItems([ITEM], RUN))).run, RUN);
});

test('the same items give the same bytes', () => {
  assert.deepEqual(
    encodeItems([ITEM, item({ docId: 1 })], RUN),
    encodeItems([ITEM, item({ docId: 1 })], RUN),
  );
});

test('152,380 items take less than 4 MB and are written and read in seconds', async () => {
  // The worst case for compression: every hash, score and margin another.
  let state = 1n;
  const random = () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return state;
  };
  const items = Array.from({ length: 152_380 }, (_, place) =>
    item({
      benchmark: `benchmark-${place % 24}`,
      task: `task-${place % 80}`,
      stratum: `task-${place % 80}`,
      docId: place % 15_960,
      docHash: BigInt.asIntN(64, random()),
      score: place % 7 === 0 ? Number(random() >> 11n) / 2 ** 53 : place % 2,
      margin: Math.fround(Number(random() >> 40n) / 1e6),
      prediction: String(place % 10),
      // As many generated answers as SOS-Bench has, and more.
      ...(place < 5000 && {
        style: {
          chars: 200 + ((place * 7919) % 9973),
          headers: place % 5,
          listItems: place % 31,
          bold: place % 17,
        },
      }),
    }),
  );
  const before = process.cpuUsage();
  const content = encodeItems(items, RUN);
  const { items: read } = await decodeItems(content);
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  assert.ok(content.byteLength < 4_000_000, `${content.byteLength} bytes`);
  assert.deepEqual(read[152_379], items[152_379]);
  // Of processor time, with room for a slow machine that is busy.
  assert.ok(seconds < 30, `${seconds} s`);
});

const IMPOSSIBLE: [string, Partial<Item>, RegExp][] = [
  ['a score above 1', { score: 1.5 }, /score holds 1.5/],
  ['a negative score', { score: -0.1 }, /score holds -0.1/],
  ['a score that is NaN', { score: Number.NaN }, /score holds NaN/],
  ['a margin that is NaN', { margin: Number.NaN }, /margin holds NaN/],
  ['an inclusion probability of 0', { inclusionP: 0 }, /inclusion_p holds 0/],
  ['an inclusion probability that is NaN', { inclusionP: Number.NaN }, /inclusion_p holds NaN/],
  ['a negative document id', { docId: -1 }, /doc_id holds -1/],
  ['an answer of negative length', { style: { ...STYLE, chars: -1 } }, /row 2 .*chars is -1/],
  ['an answer longer than any', { style: { ...STYLE, chars: 2 ** 30 } }, /chars is 1073741824, not a count/],
  ['a negative count of headers', { style: { ...STYLE, headers: -3 } }, /headers is -3/],
  [
    'more bold text than characters',
    { style: { ...STYLE, bold: 500 } },
    /bold is 500 in an answer of length 812/,
  ],
];
for (const [what, change, message] of IMPOSSIBLE) {
  test(`a file with ${what} is refused`, async () => {
    const content = encodeItems([ITEM, item(change)], RUN);
    await assert.rejects(decodeItems(content), message);
  });
}

/** A file with styles whose columns are these, of the types that a file can name. */
function withColumns(columns: Parameters<typeof parquetWriteBuffer>[0]['columnData']): Uint8Array {
  const text = (name: string, value: string) => ({
    ...{ name, data: [value], type: 'STRING' as const, nullable: false },
  });
  const whole = (name: string) => ({ name, data: [1n], type: 'INT64' as const, nullable: false });
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        ...[text('benchmark', 'ifeval'), text('task', 'ifeval')],
        { name: 'doc_id', data: [0], type: 'INT32', nullable: false },
        ...[whole('doc_hash'), whole('cluster'), text('stratum', 'ifeval'), text('metric', 'ifeval')],
        { name: 'score', data: [1], type: 'DOUBLE', nullable: false },
        { name: 'margin', data: [null], type: 'FLOAT', nullable: true },
        text('prediction', '0'),
        { name: 'inclusion_p', data: [1], type: 'DOUBLE', nullable: false },
        ...columns,
      ],
    }),
  );
}
type StyleColumn = Parameters<typeof withColumns>[0][number];
const styleColumn = (name: string, value: unknown, type: StyleColumn['type'] = 'INT32'): StyleColumn => ({
  ...{ name, data: [value] as StyleColumn['data'], type, nullable: true },
});
const counts = (change: Record<string, StyleColumn> = {}): StyleColumn[] =>
  ['answer_chars', 'headers', 'list_items', 'bold'].map((name) => change[name] ?? styleColumn(name, 0));

test('a file with the columns of styles is read', async () => {
  const { items } = await decodeItems(withColumns(counts()));
  assert.deepEqual(items[0]!.style, { chars: 0, headers: 0, listItems: 0, bold: 0 });
});
const ODD_STYLES: [string, StyleColumn[], RegExp][] = [
  ['three of the four columns', counts().slice(1), /does not have the columns/],
  ['the four columns in another order', counts().reverse(), /does not have the columns/],
  ['a fifth column', [...counts(), styleColumn('emoji', 1)], /does not have the columns/],
  ['a count that is missing', counts({ bold: styleColumn('bold', null) }), /row 1 .*part of it is missing/],
  [
    'a length that is NaN',
    counts({ answer_chars: styleColumn('answer_chars', Number.NaN, 'DOUBLE') }),
    /chars is NaN/,
  ],
  [
    'a length without end',
    counts({ answer_chars: styleColumn('answer_chars', Infinity, 'DOUBLE') }),
    /chars is Infinity/,
  ],
  [
    'a length that is no whole number',
    counts({ answer_chars: styleColumn('answer_chars', 1.5, 'DOUBLE') }),
    /chars is 1.5/,
  ],
  [
    'a length as text',
    counts({ answer_chars: styleColumn('answer_chars', '7', 'STRING') }),
    /chars is 7, not a count/,
  ],
  [
    'a length of 64 bits',
    counts({ answer_chars: styleColumn('answer_chars', 2n ** 60n, 'INT64') }),
    /chars is 1152921504606846976/,
  ],
];
for (const [what, columns, message] of ODD_STYLES) {
  test(`a file with ${what} of styles is refused`, async () => {
    await assert.rejects(decodeItems(withColumns(columns)), message);
  });
}

const whole = encodeItems(
  Array.from({ length: 200 }, (_, docId) => item({ docId, docHash: BigInt(docId) })),
  RUN,
);
const DAMAGED: [string, Uint8Array][] = [
  ['an empty file', new Uint8Array()],
  ['a file of another kind', new TextEncoder().encode('{"items": []}')],
  ['a file cut in half', whole.slice(0, whole.length / 2)],
  ['a file that lacks its last byte', whole.slice(0, -1)],
  ['a file that lacks its first 100 bytes', whole.slice(100)],
  ['a file of zeros', new Uint8Array(whole.length)],
];
for (const [what, content] of DAMAGED) {
  test(`${what} is refused`, async () => {
    await assert.rejects(decodeItems(content));
  });
}
