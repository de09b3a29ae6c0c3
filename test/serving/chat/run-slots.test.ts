import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runSlots } from '../../../src/serving/chat/run-slots.ts';

describe('slots that run side by side', () => {
  test('all run, and all are waited for', async () => {
    let done = 0;
    await runSlots(
      3,
      async () => {
        await null;
        done++;
      },
      new AbortController(),
    );
    assert.equal(done, 3);
  });

  test('what one throws ends the others, and is thrown once they have ended', async () => {
    const end = new AbortController();
    let number = 0;
    let ended = false;
    const run = runSlots(
      2,
      async () => {
        if (number++ === 0) throw new Error('a full disk');
        await new Promise((resolve) => end.signal.addEventListener('abort', resolve));
        ended = true;
      },
      end,
    );
    await assert.rejects(run, /a full disk/);
    assert.ok(end.signal.aborted && ended);
  });
});
