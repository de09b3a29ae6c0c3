import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { nearest, selectBenchmarks } from '../../src/suite/select.ts';
import { rejectsWith } from '../support/reject.ts';

const ids = (names: string[]) => selectBenchmarks(names).map(({ id }) => id);

test('nothing named means every benchmark', () => {
  assert.equal(ids([]).length, CATALOGUE.length);
});

test('benchmarks come in catalogue order, once, however they are named', () => {
  assert.deepEqual(ids(['xstest', 'bbq', 'xstest']), ['bbq', 'xstest']);
});

test('a factor stands for its benchmarks', () => {
  assert.deepEqual(ids(['if']), ['ifeval', 'livebench-instruction-following']);
  assert.equal(ids(['wk', 'ifeval']).length, 11);
  assert.equal(ids(['safety', 'bbq']).length, 12);
});

const TYPOS = [
  ['mmlu_pro', 'mmlu-pro'],
  ['ifevel', 'ifeval'],
  ['BBQ', 'bbq'],
  ['xs-test', 'xstest'],
  ['livebench-code', 'livebench-coding'],
  ['safty', 'safety'],
] as const;
for (const [typo, meant] of TYPOS) {
  test(`'${typo}' is unknown, and '${meant}' is suggested`, async () => {
    await rejectsWith(
      () => selectBenchmarks([typo]),
      'benchmark-unknown',
      `'${typo}'`,
      `did you mean '${meant}'?`,
    );
  });
}

test('one unknown name among known ones is refused', async () => {
  await rejectsWith(() => selectBenchmarks(['bbq', 'bqq']), 'benchmark-unknown', "'bqq'");
});

test('the nearest of several equally near ones is the first', () => {
  assert.equal(nearest('x', ['a', 'b']), 'a');
  assert.equal(nearest('x', []), '');
});
