import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorText } from '../../src/serving/error-text.ts';

const KEY = 'sk-very-secret-1234567890';
const PROMPT = 'Translate this private line.\nThen name "every" river of it.';
const sent = { key: KEY, prompts: [PROMPT] };

const CASES: [what: string, status: number, body: unknown, said: string][] = [
  ['an OpenAI error', 404, { error: { message: 'no model x', type: 'NotFound' } }, 'status 404: no model x'],
  ['an error that is a text', 500, { error: 'out of\n memory' }, 'status 500: out of memory'],
  ['a detail', 503, { detail: 'loading' }, 'status 503: loading'],
  ['a message', 400, { object: 'error', message: 'too long' }, 'status 400: too long'],
  [
    'what a validator found, without what it was given',
    422,
    { detail: [{ loc: ['body'], msg: 'Extra inputs are not permitted', input: { messages: [PROMPT] } }] },
    'status 422: Extra inputs are not permitted',
  ],
  [
    'a validator in one text: up to where it repeats its input',
    400,
    { error: { message: `1 validation error: {'type': 'extra', 'input': {'content': 'something else'}}` } },
    "status 400: 1 validation error: {'type': 'extra'",
  ],
  [
    'a refused key that is repeated',
    401,
    { error: { message: `Incorrect API key provided: ${KEY}.` } },
    'status 401: Incorrect API key provided: (key).',
  ],
  ['the whole prompt', 400, { message: `cannot read: ${PROMPT}` }, 'status 400: cannot read: (prompt)'],
  [
    'a line of it, quoted as JSON',
    400,
    { message: `at 3: ${JSON.stringify('Then name "every" river of it.')}` },
    'status 400: at 3: "(prompt)"',
  ],
  ['another object', 500, { trace: PROMPT }, 'status 500'],
  ['a page', 502, '<html>bad gateway</html>', 'status 502'],
  ['a line that is not JSON', 401, `bad key ${KEY}`, 'status 401'],
  ['nothing', 500, '', 'status 500'],
];
for (const [what, status, body, said] of CASES) {
  test(`${what}: ${said}`, () => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    assert.equal(errorText({ status, text }, sent), said);
  });
}

test('a server that takes no key hides nothing', () => {
  assert.equal(
    errorText({ status: 500, text: '{"error":"x"}' }, { key: null, prompts: [] }),
    'status 500: x',
  );
});
