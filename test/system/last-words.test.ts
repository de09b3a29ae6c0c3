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
const ROUTINE =
  'model loaded\n(EngineCore pid=7) INFO 11-30 03:59:42 [block_pool.py:861] Successfully reset prefix cache\n';
test('what an engine says as long as all is well is the last word of one that runs, and none of one that ended', () => {
  assert.match(lastWords(ROUTINE), /reset prefix cache$/);
  assert.equal(lastWords(ROUTINE, { isOver: true }), 'model loaded');
  assert.equal(lastWords('INFO 11-30 03:59:42 [core.py:1] done\n', { isOver: true }), '');
});

for (const [title, log, words] of cases) test(title, () => assert.equal(lastWords(log), words));
