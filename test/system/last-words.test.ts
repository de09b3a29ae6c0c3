import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastWords, saysWhy } from '../../src/system/process/last-words.ts';

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
  const warned = '(EngineCore pid=7) WARNING 11-30 09:34:17 [cpu.py:224] Triton is not installed.\n';
  assert.equal(lastWords(`model loaded\n${warned}`, { isOver: true }), 'model loaded');
});

test('what was said before somebody sent a signal is no reason, an error aside', () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const) {
    assert.equal(saysWhy('UserWarning: this will be removed', signal), false, signal);
    assert.equal(saysWhy('slurmstepd: error: Detected 1 oom_kill event', signal), true, signal);
  }
  for (const signal of [null, 'SIGABRT', 'SIGSEGV'] as const)
    assert.equal(saysWhy('terminate called after throwing', signal), true, String(signal));
});

for (const [title, log, words] of cases) test(title, () => assert.equal(lastWords(log), words));
