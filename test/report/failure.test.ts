import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderFailure } from '../../src/report/comment/failure.ts';
import { assertHarmless, HOSTILE } from '../support/hostile-record.ts';

test('what could not be done: what, its code, what to do', () => {
  assert.equal(
    renderFailure({ message: 'no record in ./record', code: 'record-missing', hint: 'run it first' }),
    '> [!CAUTION]\n> **Could not run.** no record in ./record (<code>record-missing</code>)\n\nWhat to do: run it first\n',
  );
});

test('a hint of several lines keeps them, and their indentation', () => {
  const hint = 'add to the job:\npermissions:\n  checks: write';
  assert.match(
    renderFailure({ message: 'refused', code: 'permission-missing', hint }),
    /What to do:\n\n<pre>add to the job&#58;\npermissions&#58;\n {2}checks&#58; write<\/pre>\n$/,
  );
});

test('outside text in it is shown as text', () => {
  for (const hint of [HOSTILE, 'in one line @octo', null])
    assertHarmless(renderFailure({ message: HOSTILE, code: 'record-invalid', hint }));
});
