import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunRecord } from '../../src/record/schema.ts';
import { compareProtocols } from '../../src/verdict/protocol/protocol.ts';
import { readingWarnings } from '../../src/verdict/protocol/reading.ts';
import { makeRecord } from '../support/records.ts';

type Reading = Pick<NonNullable<RunRecord['environment']>, 'batchSize' | 'batchTokens' | 'engine'>;

const OLD: Reading = { batchSize: '8' };
const HARNESS: Reading = { batchSize: '8', engine: 'harness' };
const SHARED: Reading = { batchSize: 'tokens', batchTokens: 8192, engine: 'shared' };

/** Four questions with these margins; null for generated answers. */
function read(
  reading: Reading,
  {
    margins = [0.5, -0.5, 0.05, 0.0005],
    dtype = 'float32',
    quantisation = null,
    outputType = 'multiple_choice',
    backend = 'hf',
  }: {
    margins?: (number | null)[];
    dtype?: string;
    quantisation?: unknown;
    outputType?: string;
    backend?: string;
  } = {},
) {
  const record = makeRecord({
    model: 'a',
    benchmarks: { xstest: { scores: [1, 0, 1, 1] } },
    edit: (made) => {
      Object.assign(made.environment!, reading);
      Object.assign(made.subject, { dtype, quantisation });
      made.protocol.backend = backend;
      for (const task of Object.values(made.protocol.tasks)) task.outputType = outputType;
    },
  });
  for (const [index, item] of record.items.entries()) item.margin = margins[index]!;
  return record;
}

const warned = (before: Reading, after: Reading, more = {}) =>
  readingWarnings(read(before, more), read(after, more));

const TAIL = 'That changes the last digits of log-probabilities: ';

describe('questions that went through the two models in different ways', () => {
  const CASES: [what: string, before: Reading, after: Reading, expected: string[]][] = [
    ['the same way', SHARED, SHARED, []],
    ["a record that does not say went the harness's way", OLD, HARNESS, []],
    [
      'shared and not',
      OLD,
      SHARED,
      [
        `The two read their questions in different ways: each question by itself and what questions share once. ${TAIL}1 question is so close (margin below 0.001) that this could change the answer.`,
      ],
    ],
    [
      'batches of other sizes',
      SHARED,
      { ...SHARED, batchTokens: 4096 },
      [
        `The two read their questions in batches of different sizes: 8,192 tokens and 4,096 tokens. ${TAIL}1 question is so close (margin below 0.001) that this could change the answer.`,
      ],
    ],
    [
      'a way that a record made up',
      { ...SHARED, engine: 'toString' },
      { ...SHARED, engine: 'harness + shared' },
      [
        `The two read their questions in different ways: in a way that is not known here and partly the one way, partly the other. ${TAIL}1 question is so close (margin below 0.001) that this could change the answer.`,
      ],
    ],
  ];
  for (const [what, before, after, expected] of CASES) {
    test(what, () => assert.deepEqual(warned(before, after), expected));
  }

  test('in half precision more questions are close', () => {
    assert.match(
      warned(OLD, SHARED, { dtype: 'bfloat16' })[0]!,
      /2 questions are so close \(margin below 0\.1\)/,
    );
  });

  test('a question that is close on one side alone counts once', () => {
    const [found] = readingWarnings(
      read(OLD, { margins: [0.0001, 0.0001, 1, 1] }),
      read(SHARED, { margins: [0.0001, 1, 1, -0.0001] }),
    );
    assert.match(found!, /3 questions are so close/);
  });

  test('with none that is close it is told all the same', () => {
    assert.match(warned(OLD, SHARED, { margins: [1, 1, 1, 1] })[0]!, /0 questions are so close/);
  });

  test('of answers without a margin it is told that nobody can tell', () => {
    const NONE = { margins: [null, null, null, null] };
    const SAME_BATCHES = { ...HARNESS, batchSize: 'tokens', batchTokens: 8192 };
    const CASES: [
      what: string,
      before: Reading,
      after: Reading,
      outputType: string,
      expected: RegExp | null,
    ][] = [
      [
        'scored as the likeliest',
        SAME_BATCHES,
        SHARED,
        'loglikelihood',
        /log-probabilities: 4 answers have no margin/,
      ],
      ['generated', OLD, SHARED, 'generate_until', /log-probabilities: 4 answers have no margin/],
      ['generated in the same batches', SAME_BATCHES, SHARED, 'generate_until', null],
      [
        'whole texts',
        { batchSize: '4' },
        OLD,
        'loglikelihood_rolling',
        /sizes: 4 and 8.*log-probabilities: 4 answers have/,
      ],
      ['by a server, asked in eights', { batchSize: 'tokens' }, OLD, 'generate_until', null],
      ['of LiveBench', OLD, SHARED, 'chat', null],
    ];
    for (const [what, before, after, outputType, expected] of CASES) {
      const [found, ...more] = warned(before, after, { ...NONE, outputType });
      assert.deepEqual(more, []);
      if (expected === null) assert.equal(found, undefined, what);
      else assert.match(found!, expected, what);
    }
    assert.match(
      warned(OLD, SHARED, { margins: [0.5, 0.0001, null, null], outputType: 'generate_until' })[0]!,
      /1 question is so close \(margin below 0\.001\) that this could change the answer; 2 answers have no margin that would show it\.$/,
    );
  });

  test('what vLLM writes as many at a time as it takes is not what it writes in eights', () => {
    const tokens: Reading = { batchSize: 'tokens', engine: 'shared' };
    const more = { margins: [null, null, null, null], outputType: 'generate_until', backend: 'vllm' };
    assert.match(warned(HARNESS, tokens, more)[0] ?? '', /log-probabilities: 4 answers have no margin/);
    assert.deepEqual(warned(tokens, tokens, more), []);
  });

  test('batches that were halved on one side are not of the same size', () => {
    const made = (retries: Record<string, number>) => {
      const loaded = read(SHARED);
      loaded.record.totals.retries = retries;
      return loaded;
    };
    for (const kind of ['oom', 'host-oom', 'stalled'])
      assert.deepEqual(readingWarnings(read(SHARED), made({ [kind]: 1 })), [
        `The two read their questions in batches of different sizes: 8,192 tokens and 8,192 tokens (halved after a fault). ${TAIL}1 question is so close (margin below 0.001) that this could change the answer.`,
      ]);
    for (const retries of [{}, { died: 1 }, { internal: 2 }, { oom: 0 }])
      assert.deepEqual(readingWarnings(read(SHARED), made(retries)), []);
  });

  test('quantised weights are computed with in half precision, whatever their type is', () => {
    assert.match(
      warned(OLD, SHARED, { quantisation: { bits: '4' } })[0]!,
      /2 questions are so close \(margin below 0\.1\)/,
    );
  });

  test('it is a warning of the comparison, and forbids nothing', () => {
    const found = compareProtocols(read(OLD), read(SHARED));
    assert.equal(found.warnings.length, 1);
    assert.deepEqual([found.run, [...found.tasks]], [[], []]);
  });
});
