import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastWords } from '../../src/system/process/last-words.ts';

const cases: [title: string, log: string, words: string][] = [
  ['the last line', 'one\ntwo\n\n', 'two'],
  ['an error rather than what is said after it', 'ValueError: no\nclosing\n', 'ValueError: no'],
  ['not a progress bar', 'Loading\n 10%|# | 1/10\r 20%|## | 2/10', 'Loading'],
  [
    "vLLM's first cause rather than its remark about it",
    '(EngineCore pid=7) ValueError: No memory for the cache\n' +
      'RuntimeError: Engine core initialization failed. See root cause above.\n',
    '(EngineCore pid=7) ValueError: No memory for the cache',
  ],
  ['nothing of an empty log', '', ''],
];
for (const [title, log, words] of cases) test(title, () => assert.equal(lastWords(log), words));
