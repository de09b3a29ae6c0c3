/** Answers that are too long for a judge: both are cut to one length, and it is said. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cutAnswers, nextCut } from '../../../src/judge/ask/cut-answers.ts';

const long = 'x'.repeat(1000);
const short = 'short';

describe('answers that do not fit', () => {
  test('the longer one is cut, and what is missing is said in its place', () => {
    const [a, b] = cutAnswers([long, short], 300);
    assert.ok(a.startsWith('x'.repeat(300)) && !a.startsWith('x'.repeat(301)));
    assert.match(a, /cut here for want of room; characters that are not shown: 700/);
    assert.equal(b, short);
  });

  test('both are cut to one length where both are longer', () => {
    const [a, b] = cutAnswers([long, 'y'.repeat(2000)], 300);
    assert.equal(/^x+/.exec(a)![0].length, 300);
    assert.equal(/^y+/.exec(b)![0].length, 300);
  });

  test('nothing is cut where there is room', () => {
    assert.deepEqual(cutAnswers([long, short], Infinity), [long, short]);
    assert.deepEqual(cutAnswers([long, short], 1000), [long, short]);
  });

  test('no character is cut in two', () => {
    const [a] = cutAnswers(['😀'.repeat(100), short], 51);
    assert.equal(a.split('\n')[0], '😀'.repeat(25));
  });

  test('the length does not depend on which answer stands first', () => {
    for (const excess of [1, 50, 400, 900])
      assert.equal(nextCut([long, short], Infinity, excess), nextCut([short, long], Infinity, excess));
  });

  test('at least what is in excess goes, and each try takes more', () => {
    const first = nextCut([long, long], Infinity, 500)!;
    assert.ok(2 * first <= 1500 && first > 600, `${first}`);
    const second = nextCut([long, long], first, 1)!;
    assert.ok(second < first && second > 0.85 * first);
  });

  test('where nothing of an answer would be left there is no cut', () => {
    assert.equal(nextCut([short, short], Infinity, 1), null);
    assert.equal(nextCut([long, short], Infinity, 990), null);
  });
});
