/** What the demonstration says of mild damage: what pairs of answers show, and what the means of the same answers do not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeEnd, describeTwoWays, findUnseenByMeans } from '../../src/demo/means-alone.ts';
import { compare } from '../../src/verdict/compare.ts';
import { makeRecord } from '../support/records.ts';

/** Of 66 questions main answers 54; the copy loses so many of these and gains so many others. */
function compareCopy(lost: number, gained: number) {
  const main = Array.from({ length: 66 }, (_, index) => Number(index < 54));
  const copy = main.map((right, index) => (index < lost ? 0 : index >= 66 - gained ? 1 : right));
  const record = (model: string, scores: number[]) => makeRecord({ model, benchmarks: { gpqa: { scores } } });
  const [before, after] = [record('main', main), record('copy', copy)];
  const bare = [before, after].map((loaded) => ({ ...loaded, items: [] }));
  return { pairs: compare(before, after), means: compare(bare[0]!, bare[1]!) };
}

describe('a factor is one that means alone do not see', () => {
  const CASES: [what: string, lost: number, gained: number, isUnseen: boolean][] = [
    ['where few answers changed, all for the worse', 8, 0, true],
    ['not where as many got better', 10, 10, false],
    ['not where the drop is so gross that the intervals lie apart', 50, 0, false],
    ['not where nothing changed', 0, 0, false],
  ];
  for (const [what, lost, gained, isUnseen] of CASES)
    test(what, () =>
      assert.deepEqual(
        findUnseenByMeans(compareCopy(lost, gained)).map(({ id }) => id),
        isUnseen ? ['wk'] : [],
      ),
    );
});

test('the two ways are told in words, with both scores, both tests and the questions', () => {
  const [scores = '', means = '', pairs = ''] = describeTwoWays(compareCopy(10, 1));
  assert.match(scores, /^World knowledge, main 81\.8 \[\d.*\], the copy 68\.2 \[\d.*\]\.$/);
  assert.match(means, /^ {2}By the means alone: cannot tell\. The two intervals overlap, .* p 0\.\d+\.$/);
  assert.match(
    pairs,
    /^ {2}Question by question: worse\. The copy lost 10 questions and gained 1; .* p 0\.0\d+\.$/,
  );
});

test('the end is told in words for readers, not as it is stored', () => {
  assert.equal(describeEnd(compareCopy(10, 1).pairs), 'worse, failed');
  assert.equal(describeEnd({ verdict: 'inconclusive', passed: true }), 'cannot tell, passed');
});
