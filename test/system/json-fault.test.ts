import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeJsonFault } from '../../src/system/json-fault.ts';

const SECRET = 'ghp_Secret0Secret1';
const CASES: [string, string, string][] = [
  ['a token file', SECRET, 'Unexpected character at line 1, column 1'],
  ['a token in an assignment', `{\n  "a": ${SECRET}\n}`, 'Unexpected character at line 2, column 8'],
  [
    'words after a value',
    `["a"] ${SECRET}`,
    'Unexpected non-whitespace character after JSON at line 1, column 7',
  ],
  ['a key without a value', `{"${SECRET}" 1}`, "Expected ':' after property name at line 1, column 23"],
  ['a bare key', `{"a": 1,\n ${SECRET}: 1}`, 'Expected double-quoted property name at line 2, column 2'],
  [
    'a line feed in a text',
    `{"a": "${SECRET}\n"}`,
    'Bad control character in string literal at line 1, column 26',
  ],
  ['a text that is not ended', `{"a": "${SECRET}`, 'Unterminated string at line 1, column 26'],
  ['what is cut short', `{"a": ["${SECRET}"`, "Expected ',' or ']' after array element at line 1, column 28"],
  ['nothing', '', 'Unexpected end'],
];
for (const [what, text, told] of CASES) {
  test(`${what}: kind and place, and none of its text`, () => {
    let said = '';
    try {
      JSON.parse(text);
    } catch (error) {
      said = describeJsonFault(text, error);
    }
    // Engines differ in what they say of what is cut short.
    if (!said.startsWith('Unexpected end')) assert.equal(said, told);
    assert.doesNotMatch(said, /Secret/);
  });
}

test('the place is found in a text of megabytes', () => {
  const text = `[${'"some words",\n'.repeat(300_000)}oops]`;
  assert.throws(
    () => JSON.parse(text),
    (error) => describeJsonFault(text, error) === 'Unexpected character at line 300001, column 1',
  );
});
