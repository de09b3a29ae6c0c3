import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress, formatDuration } from '../../src/system/progress.ts';

function stream(isTTY: boolean, columns?: number) {
  const written: string[] = [];
  const clock = { now: 1_000_000 };
  const progress = createProgress({ isTTY, columns, write: (text) => written.push(text) }, () => clock.now);
  return { progress, written, clock };
}

const state = (fraction: number, eta: number | null = 60) => ({ fraction, eta, label: 'bbq' });

test('a log gets a line every 30 s, not one an update', () => {
  const { progress, written, clock } = stream(false);
  for (let second = 0; second <= 60; second++) {
    clock.now += 1000;
    progress.update(state(second / 64));
  }
  assert.deepEqual(written, [' 45% bbq, 60 s left\n', ' 92% bbq, 60 s left\n']);
});

test('a terminal gets one line that redraws itself, no wider than the terminal', () => {
  const { progress, written, clock } = stream(true, 30);
  progress.update(state(0.5));
  clock.now += 10;
  progress.update(state(0.6));
  clock.now += 200;
  progress.update(state(0.7));
  assert.equal(written.length, 2, 'updates in quick succession are one');
  for (const text of written) {
    assert.ok(text.startsWith('\r\u001b[K'));
    assert.ok(text.slice(4).length < 30);
    assert.ok(!text.includes('\n'));
  }
});

test('a note does not mix with the bar', () => {
  const { progress, written } = stream(true);
  progress.update(state(0.5));
  progress.note('Loading the model');
  assert.deepEqual(written.slice(1), ['\r\u001b[K', 'Loading the model\n']);
});

test('with looks the end of this one is told, and the latest end of all', () => {
  const { progress, written, clock } = stream(false);
  clock.now += 30_000;
  progress.update({ ...state(0.1, 2400), lookEta: 300, label: 'look 2 of 5, bbq' });
  assert.deepEqual(written, [' 10% look 2 of 5, bbq, 5 min to the end of this look, at most 40 min left\n']);
});

test('an unknown end is not shown', () => {
  const { progress, written, clock } = stream(false);
  clock.now += 30_000;
  progress.update(state(0.1, null));
  assert.deepEqual(written, [' 10% bbq\n']);
});

const DURATIONS: [number, string][] = [
  [0, '0 s'],
  [-5, '0 s'],
  [45.4, '45 s'],
  [89, '89 s'],
  [90, '2 min'],
  [720, '12 min'],
  [5400, '1 h 30 min'],
  [11_100, '3 h 05 min'],
];
for (const [seconds, text] of DURATIONS) {
  test(`${seconds} s are '${text}'`, () => assert.equal(formatDuration(seconds), text));
}
