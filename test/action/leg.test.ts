/** What tells a job of a matrix from the others that share its report. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readLeg } from '../../src/action/leg.ts';
import { rejectsWith } from '../support/reject.ts';

function read(matrix: string, total: string, report = 'sos-bench') {
  return readLeg(report, { matrix, total });
}

const CASES: [string, string, string, string | null, ReturnType<typeof readLeg>][] = [
  ['a job of its own', 'null', '1', null, null],
  ['as other runners write that', '{}', '1', null, null],
  ['an action that has no such inputs', '', '', null, null],
  ['one of two', '{"model":"small"}', '2', null, { name: 'model: small', of: 2 }],
  [
    'several keys, in no order',
    '{"seed":3,"model":"a/b"}',
    '6',
    null,
    { name: 'model: a/b, seed: 3', of: 6 },
  ],
  ['a matrix of one', '{"model":"small"}', '1', null, null],
  ['a total that is not told', '{"model":"small"}', '', null, { name: 'model: small', of: 0 }],
  ['told that it shares nothing', '{"model":"small"}', '1', null, null],
  ['a report of its own', '{"model":"small"}', '2', 'sos-bench-small', null],
  ['a report of its own, by several words', '{"model":"org/small-1.5"}', '2', 'nightly org/small-1.5', null],
  [
    'a report that names the model: jobs with other seeds share it',
    '{"model":"small","seed":3}',
    '6',
    'sos-bench-small',
    { name: 'model: small, seed: 3', of: 0 },
  ],
  ['a report that names both', '{"model":"small","seed":3}', '6', 'small, seed 3', null],
  [
    'a report that names a part of a value',
    '{"model":{"id":"small","path":"/models/1"}}',
    '2',
    'small',
    { name: 'model: {"id":"small","path":"/models/1"} (DIGEST)', of: 0 },
  ],
  ['a report that names all parts of a value', '{"model":{"id":"small","size":7}}', '2', 'small 7', null],
  ['another name for all', '{"model":"small"}', '2', 'nightly', { name: 'model: small', of: 2 }],
  ['a name that only begins so', '{"model":"small"}', '2', 'smaller', { name: 'model: small', of: 2 }],
  [
    'the usual name is not a job, whatever the matrix has',
    '{"suite":"bench"}',
    '2',
    null,
    { name: 'suite: bench', of: 2 },
  ],
];
for (const [title, matrix, total, report, expected] of CASES) {
  test(`${title}: ${expected === null ? 'none' : `${expected.name}, of ${expected.of}`}`, () => {
    const leg = read(matrix, total, report ?? undefined);
    const plain = leg && { ...leg, name: leg.name.replace(/\([0-9a-f]{10}\)$/, '(DIGEST)') };
    assert.deepEqual(plain, expected);
  });
}

describe('jobs whose names would look alike are told apart', () => {
  const PAIRS: [string, string, string][] = [
    ['a comma in a value', '{"a":"x, b: y"}', '{"a":"x","b":"y"}'],
    ['a number and its text', '{"a":1}', '{"a":"1"}'],
    ['nothing and its word', '{"a":null}', '{"a":"null"}'],
    ['lists', '{"a":["x","y"]}', '{"a":"[\\"x\\",\\"y\\"]"}'],
    ['blanks', '{"a":"x y"}', '{"a":"x  y"}'],
    ['an empty text', '{"a":""}', '{"a":" "}'],
    ['long ones', JSON.stringify({ a: `${'x'.repeat(200)}1` }), JSON.stringify({ a: `${'x'.repeat(200)}2` })],
  ];
  for (const [title, a, b] of PAIRS) {
    test(title, () => {
      const [one, two] = [read(a, '2')!, read(b, '2')!];
      assert.notEqual(one.name, two.name);
      for (const { name } of [one, two]) assert.ok(name.length > 0 && name.length <= 100, name);
    });
  }
});

for (const [title, matrix, total, text] of [
  ['a matrix that is not JSON', 'small', '2', "matrix is 'small'"],
  ['one that is a list', '[1]', '2', "matrix is '[1]'"],
  ['a total of none', '{"a":1}', '0', "job-total is '0'"],
  ['a total that is not a number', '{"a":1}', 'two', "job-total is 'two'"],
] as const) {
  test(`${title} is refused`, async () => {
    await rejectsWith(() => read(matrix, total), 'usage', text);
  });
}
