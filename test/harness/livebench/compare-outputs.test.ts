import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { execaSync } from 'execa';
import { packageRoot } from '../../../src/system/paths.ts';
import { pack } from '../../support/honest-programs.ts';
import { machinePython } from '../../support/livebench.ts';

// The rules by which an answer's outputs are compared with what is expected: LiveBench's.

const PROGRAM = join(packageRoot(), 'worker', 'sosbench_graders', 'compare_outputs.py');

/** The program's replies to requests, one for each. */
function ask(...requests: object[]): Record<string, unknown>[] {
  const { stdout } = execaSync(machinePython, ['-I', PROGRAM], {
    input: requests.map((request) => `${JSON.stringify(request)}\n`).join(''),
  });
  return stdout.split('\n').map((line) => JSON.parse(line));
}

function testsOf(outputs: string[], method: string | null, hide: (text: string) => string = (text) => text) {
  const tests = outputs.map((output) => ({ input: 'in', output, testtype: method ? 'functional' : 'stdin' }));
  const metadata = JSON.stringify(method === null ? {} : { func_name: method });
  return { tests: { public: '[]', private: hide(JSON.stringify(tests)), metadata } };
}

function differenceOf(outputs: string, expected: string[], method: string | null): unknown {
  return ask(testsOf(expected, method), { outputs })[1]!.difference;
}

const line = (output: unknown, index = 0) => `${JSON.stringify({ index, output })}\n`;

const printed: Record<string, [output: unknown, expected: string, same: boolean]> = {
  'the same text': ['a b\n', 'a b\n', true],
  'other spaces around lines': ['  a b \n c\n\n', 'a b\nc', true],
  'other spaces inside a line of words': ['a  b', 'a b', false],
  'other spaces inside a line of numbers': ['1   2', '1 2', true],
  'numbers written in another way': ['1.50 2e1', '1.5 20', true],
  'numbers that differ in the last of many digits': ['0.30000000000000004', '0.3', false],
  'whole numbers beyond what a float holds': ['9007199254740993', '9007199254740992', false],
  'a line more': ['1\n2', '1', false],
  'a word more': ['1 2', '1', false],
  'no number for a number': ['nan', '0', false],
  'two that are no numbers': ['nan 1', 'NaN 1', false],
  'a signalling one': ['snan', '1', false],
  'no text': [1, '1', false],
  'truth for text': [true, '1', false],
};
for (const [name, [output, expected, same]] of Object.entries(printed)) {
  test(`printed: ${name} ${same ? 'is' : 'is not'} the same`, () => {
    assert.equal(differenceOf(line(output), [expected], null), same ? null : 'its output 1 of 1 is another');
  });
}

const returned: Record<string, [output: unknown, expected: string, same: boolean]> = {
  'a number': [3, '3', true],
  'a fraction for a whole number': [3.5, '3', false],
  'a truth value for 1, as Python has it': [true, '1', true],
  'text for a number': ['3', '3', false],
  'lists in lists': [[[1], ['a', null]], '[[1], ["a", null]]', true],
  'a list in another order': [[2, 1], '[1, 2]', false],
  'an object in another order': [{ b: 1, a: 2 }, '{"a": 2, "b": 1}', true],
  nothing: [null, 'null', true],
  'nothing for an empty list': [null, '[]', false],
};
for (const [name, [output, expected, same]] of Object.entries(returned)) {
  test(`returned: ${name} ${same ? 'is' : 'is not'} the same`, () => {
    assert.equal(
      differenceOf(line(output), [expected], 'solve'),
      same ? null : 'its output 1 of 1 is another',
    );
  });
}

const files: Record<string, [outputs: string, difference: string]> = {
  'nothing at all': ['', 'it gave 0 outputs for 2 tests'],
  'one for two tests': [line('1'), 'it gave 1 outputs for 2 tests'],
  'three for two tests': [line('1') + line('2', 1) + line('2', 2), 'it gave 3 outputs for 2 tests'],
  'the last line not whole': [line('1') + line('2', 1).trimEnd(), 'it gave 1 outputs for 2 tests'],
  'one under the index of another': [line('2', 1) + line('1'), 'its output 1 is none'],
  'the first one twice': [line('1') + line('1'), 'its output 2 is none'],
  'truth for an index': [`{"index": false, "output": "1"}\n${line('2', 1)}`, 'its output 1 is none'],
  'what is not JSON': [`{\n${line('2', 1)}`, 'its output 1 is none'],
  'no output': [`{"index": 0}\n${line('2', 1)}`, 'its output 1 is none'],
  'lists in lists without end': [
    `{"index": 0, "output": ${'['.repeat(200_000)}\n${line('2', 1)}`,
    'its output 1 is none',
  ],
};
for (const [name, [outputs, difference]] of Object.entries(files)) {
  test(`a file of outputs with ${name} confirms nothing`, () => {
    assert.equal(differenceOf(outputs, ['1', '2'], null), difference);
  });
}

test('private tests in plain text and packed; a pickle that names something to call is refused and not run', () => {
  const call = Buffer.from("cos\nsystem\n(S'touch /tmp/sos-bench-was-here'\ntR.").toString('latin1');
  const packed = (pickled: string) =>
    execaSync(
      machinePython,
      [
        '-c',
        'import base64, sys, zlib; print(base64.b64encode(zlib.compress(sys.stdin.buffer.read())).decode())',
      ],
      {
        input: Buffer.from(pickled, 'latin1'),
      },
    ).stdout;
  const [plain, hidden, hostile] = ask(
    testsOf(['1'], null),
    testsOf(['1'], 'solve', pack),
    testsOf(['1'], null, () => packed(call)),
  );
  assert.deepEqual(plain, { inputs: ['in'], method: null });
  assert.deepEqual(hidden, { inputs: ['in'], method: 'solve' });
  assert.deepEqual(hostile, { error: 'UnpicklingError' });
});
