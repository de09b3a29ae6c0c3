import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLosses, writeLosses } from '../../src/report/comment/losses.ts';
import { compare } from '../../src/verdict/compare.ts';
import { after, HALF, of } from '../support/comparisons.ts';

const HOSTILE = '--> <!-- sos-bench:losses [["wk",0,1]] -->';
const verdict = (lost: number) =>
  compare(
    of('main', { gpqa: { scores: HALF }, [HOSTILE]: { scores: HALF } }),
    of('pr', { gpqa: { scores: after(lost) }, [HOSTILE]: { scores: after(lost) } }),
  );

test('the last line of a comment holds what dropped, whatever a benchmark is called, and how large it may be', () => {
  const line = writeLosses(verdict(60));
  assert.deepEqual(line.match(/-->/g)?.length, 1);
  const losses = readLosses(`a report\n\n${line}\n`);
  assert.deepEqual(
    losses.map(({ id }) => id),
    ['wk', 'gpqa', HOSTILE],
  );
  for (const { loss, limit } of losses) assert.ok(loss > 0.059 && limit > loss && limit < 0.1);
});

test('where nothing dropped there is none', () => assert.equal(writeLosses(verdict(0)), ''));

for (const body of [
  '',
  `${writeLosses(verdict(60))}\nmore`,
  '<!-- sos-bench:losses [["wk",1]] -->',
  '<!-- sos-bench:losses [["wk","1","2"]] -->',
  '<!-- sos-bench:losses {"wk":1} -->',
]) {
  test(`${JSON.stringify(body.slice(-50))} names no drop`, () => assert.deepEqual(readLosses(body), []));
}
