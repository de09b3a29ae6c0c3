import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  CUT_SHORT,
  makeFields,
  readText,
  scanObject,
  skipValue,
} from '../../src/import/format/json-bytes.ts';
import { parsePythonJson } from '../../src/import/format/parse-json.ts';
import { type OnRecord, readRecords } from '../../src/import/read-records.ts';
import { BadRecords } from '../../src/import/refusal.ts';
import { temporaryFolder } from '../support/folder.ts';

const LONG = 'x'.repeat(100);
const VALUES = [
  '"plain"',
  '""',
  '"a \\" quote"',
  '"ends in \\\\"',
  '"\\\\\\" both"',
  `"${LONG}\\"${LONG}"`,
  `"${LONG}\\\\"`,
  '"brackets ]}[{ inside"',
  '{}',
  '[]',
  '{"a":{"b":["}"]}}',
  '[[1,[2]],"]"]',
  '12',
  '-1.5e-7',
  'true',
  'null',
  'NaN',
  '-Infinity',
  '"é 😀 “"',
];

describe('the end of a value is found without decoding it', () => {
  for (const value of VALUES) {
    test(value.length > 40 ? `${value.slice(0, 40)}...` : value, () => {
      const bytes = Buffer.from(`  ${value},"next"`);
      assert.equal(skipValue(bytes, 2, bytes.length), 2 + Buffer.byteLength(value));
    });
  }
});

describe('a value that is cut short is noticed wherever the cut is', () => {
  for (const value of VALUES.filter((text) => /^["{[]/.test(text))) {
    test(value.length > 40 ? `${value.slice(0, 40)}...` : value, () => {
      const bytes = Buffer.from(value);
      for (let end = 0; end < bytes.length; end++) assert.equal(skipValue(bytes, 0, end), CUT_SHORT);
    });
  }
});

test('keys and values of an object are where JSON.parse finds them', () => {
  const object = Object.fromEntries(
    VALUES.filter((text) => !/NaN|Infinity/.test(text)).map((text, i) => [
      `key ${i}`,
      JSON.parse(text) as unknown,
    ]),
  );
  for (const text of [JSON.stringify(object), JSON.stringify(object, null, 2)]) {
    const bytes = Buffer.from(text);
    const fields = makeFields();
    assert.equal(scanObject(bytes, 0, bytes.length, fields), bytes.length);
    const found = Array.from({ length: fields.count }, (_, i) => {
      const [key, keyEnd, value, valueEnd] = fields.offsets.subarray(i * 4, i * 4 + 4);
      return [
        bytes.toString('utf8', key, keyEnd),
        JSON.parse(bytes.toString('utf8', value, valueEnd)) as unknown,
      ];
    });
    assert.deepEqual(Object.fromEntries(found), object);
  }
});

test('the last text of each request of `arguments` is noted, in both of its shapes', () => {
  const shapes = [
    { gen_args_0: { arg_0: 'a "long" prompt', arg_1: ' A' }, gen_args_1: { arg_0: 'p', arg_1: ' "B"\n' } },
    [
      ['a "long" prompt', ' A'],
      ['p', ' "B"\n'],
    ],
  ];
  for (const shape of shapes) {
    const bytes = Buffer.from(
      JSON.stringify({ doc: { arguments: [['no', 'no']] }, arguments: shape, resps: [['x', 'y']] }),
    );
    const fields = makeFields();
    scanObject(bytes, 0, bytes.length, fields);
    const [a, aEnd, b, bEnd] = fields.lastTexts;
    assert.equal(fields.lastTexts.length, 4);
    assert.equal(readText(bytes, a!, aEnd!), ' A');
    assert.equal(readText(bytes, b!, bEnd!), ' "B"\n');
  }
});

test('bare NaN and Infinity are read as texts, those within texts stay', () => {
  assert.deepEqual(parsePythonJson('{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN \\" NaN", "NaN": 1}'), {
    a: 'NaN',
    b: ['-Infinity', 'Infinity'],
    c: 'NaN " NaN',
    NaN: 1,
  });
  assert.throws(() => parsePythonJson('{"a": NaN'), SyntaxError);
  assert.throws(() => parsePythonJson('{"a": nan}'), SyntaxError);
});

describe('records that lie across the chunks in which a file is read', () => {
  const folder = temporaryFolder();
  const cases: [string, number, number][] = [
    ['small ones', 30_000, 400],
    ['of a megabyte and a bit', 12, 1.1e6],
    ['larger than a chunk', 3, 9e6],
  ];
  for (const [what, count, size] of cases) {
    test(what, async () => {
      const path = join(folder, 'log.jsonl');
      const texts = Array.from(
        { length: count },
        (_, i) => `${i} \\"${'é"{ '.repeat(3)}${'y'.repeat(size - (i % 97))}`,
      );
      writeFileSync(path, texts.map((text) => JSON.stringify({ doc_id: 1, text })).join('\n'));
      const read: string[] = [];
      const bad = new BadRecords();
      const take: OnRecord = (bytes, { offsets: places }) => {
        read.push(readText(bytes, places[6]!, places[7]!));
      };
      const records = await readRecords(path, false, take, bad);
      assert.equal(bad.count, 0);
      assert.equal(records, count);
      assert.deepEqual(read, texts);
    });
  }
});
