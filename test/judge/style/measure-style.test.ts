/** What counts as markup of an answer; the worker's own test goes through the same cases. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AnswerStyle, AnswerStyleSchema, MAX_ANSWER_CHARS } from '../../../src/answer-style.ts';
import { measureStyle } from '../../../src/judge/style/measure-style.ts';

interface Case {
  what: string;
  text: string;
  style: AnswerStyle;
}
const path = join(import.meta.dirname, '..', '..', 'fixtures', 'style', 'cases.json');
const CASES = JSON.parse(readFileSync(path, 'utf8')) as Case[];

for (const { what, text, style } of CASES) {
  test(`the style of ${what}`, () => {
    assert.deepEqual(measureStyle([text]), style);
  });
}

test('turns of one answer are summed; a code block ends with its turn', () => {
  assert.deepEqual(measureStyle(['# a\n```\n# b', '# c\n**d**']), {
    chars: 20,
    headers: 2,
    listItems: 0,
    bold: 1,
  });
});

const LONG: [string, string][] = [
  ['blank lines', '\n'.repeat(1e6)],
  ['blanks', ' '.repeat(1e6)],
  ['backticks, twice', `${'`'.repeat(5e5)} ${'`'.repeat(5e5)}`],
  ['open fences', '``` '.repeat(250_001)],
  ['tildes', '~~~\n'.repeat(250_001)],
  ['asterisks', '*'.repeat(1e6)],
  ['open bold text', '**a '.repeat(250_000)],
  ['number signs', '#'.repeat(1e6)],
];
for (const [what, text] of LONG) {
  test(`a million characters of ${what} are measured in one pass`, () => {
    const started = process.cpuUsage();
    measureStyle([text]);
    // Anything that looks at the rest of the text from each of its lines takes hours.
    const { user, system } = process.cpuUsage(started);
    assert.ok(user + system < 20_000_000);
  });
}

const STYLE: AnswerStyle = { chars: 100, headers: 1, listItems: 2, bold: 3 };
const IMPOSSIBLE: [string, Record<string, unknown>][] = [
  ['a negative length', { chars: -1 }],
  ['a length that is no whole number', { chars: 1.5 }],
  ['a length that is not a number', { chars: Number.NaN }],
  ['a length as text', { chars: '100' }],
  ['an answer longer than any', { chars: MAX_ANSWER_CHARS + 1 }],
  ['more headers than there are characters for', { headers: 51 }],
  ['a list of more items than there are characters for', { listItems: 1e6 }],
  ['no count of bold text', { bold: undefined }],
];
for (const [what, change] of IMPOSSIBLE) {
  test(`a style with ${what} is refused`, () => {
    assert.equal(AnswerStyleSchema.safeParse({ ...STYLE, ...change }).success, false);
  });
}
test('the largest style that can be is taken', () => {
  const half = MAX_ANSWER_CHARS / 2;
  const style = { chars: MAX_ANSWER_CHARS, headers: half, listItems: half, bold: half };
  assert.deepEqual(AnswerStyleSchema.parse(style), style);
});
