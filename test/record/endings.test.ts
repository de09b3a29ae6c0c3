import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WorkerItem } from '../../src/harness/lm-eval/messages.ts';
import { summariseBenchmark } from '../../src/record/results/summarise.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';

type Ending = Pick<WorkerItem, 'cut' | 'unended' | 'margin'>;

const answer = (ending: Ending, docId: number): WorkerItem => ({
  docId,
  docHash: '0'.repeat(16),
  promptHash: '0'.repeat(16),
  scores: { exact_match: 1 },
  target: '',
  tokens: 1,
  prediction: '0',
  ...ending,
});

const CASES: [
  title: string,
  answers: Ending[],
  counted: { cutAnswers?: number; unendedReasoning?: number },
][] = [
  ['answers of which some were cut', [{ cut: true }, { cut: false }, { cut: true }], { cutAnswers: 2 }],
  ['answers of which none was cut', [{ cut: false }], { cutAnswers: 0 }],
  [
    'reasoning without an end',
    [
      { cut: true, unended: true },
      { cut: true, unended: false },
    ],
    { cutAnswers: 2, unendedReasoning: 1 },
  ],
  ['answers of which one was kept by an older version', [{ cut: true }, {}], {}],
  ['answers of an older version', [{}, {}], {}],
  ['options that were scored', [{ margin: 1 }, { margin: null }], {}],
  ['no answers', [], {}],
];

describe('how the answers of a benchmark ended', () => {
  for (const [title, answers, counted] of CASES)
    test(`${title}: ${JSON.stringify(counted)}`, () => {
      const { cutAnswers, unendedReasoning } = summariseBenchmark(findBenchmark('math')!, {
        planned: { id: 'math', status: 'planned', reason: null, tasks: [] },
        items: [],
        answers: answers.map(answer),
        unscored: new Map(),
        failure: null,
      });
      const found = {
        ...(cutAnswers !== undefined && { cutAnswers }),
        ...(unendedReasoning !== undefined && { unendedReasoning }),
      };
      assert.deepEqual(found, counted);
    });
});
