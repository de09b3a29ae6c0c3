import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../../src/verdict/compare.ts';
import { FlipsSchema, listFlips } from '../../src/verdict/signs/flips.ts';
import { after, HALF, of, row } from '../support/comparisons.ts';

const one = (scores: readonly number[], more = {}) => ({ gpqa: { scores, ...more } });

function flipsOf(baseline: ReturnType<typeof of>, candidate: ReturnType<typeof of>) {
  const verdict = compare(baseline, candidate);
  return {
    verdict,
    flips: FlipsSchema.parse(JSON.parse(JSON.stringify(listFlips(baseline, candidate, verdict)))),
  };
}

test('the items listed are those that the verdict counts', () => {
  const baseline = of('main', one(HALF));
  const candidate = of('pr', one(after(3, 2)));
  const { verdict, flips } = flipsOf(baseline, candidate);
  const [gpqa] = flips.benchmarks;
  assert.deepEqual(row(verdict, 'gpqa').flips, { gained: gpqa!.gained.length, lost: gpqa!.lost.length });
  const changed = candidate.items.filter(({ score }, index) => score < baseline.items[index]!.score);
  assert.deepEqual(
    gpqa!.lost.map(({ docId, docHash }) => [docId, BigInt.asIntN(64, BigInt(`0x${docHash}`))]),
    changed.map(({ docId, docHash }) => [docId, docHash]),
  );
  assert.deepEqual([flips.baseline, flips.candidate], [baseline.record.commit, candidate.record.commit]);
});

test('documents at other indexes are matched by their hash, and named as the candidate has them', () => {
  const baseline = of('main', one([1, 1, 0, 1], { document: (index: number) => index }));
  const candidate = of('pr', one([1, 0, 1, 1], { document: (index: number) => 3 - index }));
  const { flips } = flipsOf(baseline, candidate);
  // Documents 3, 2, 1, 0: the second is the baseline's third, which was wrong there too.
  assert.deepEqual(
    [flips.benchmarks[0]!.lost, flips.benchmarks[0]!.gained].map((list) => list.length),
    [0, 0],
  );
});

test('an inverted benchmark counts knowing less as gained', () => {
  const { flips } = flipsOf(
    of('main', { wmdp: { scores: [1, 1, 1] } }),
    of('pr', { wmdp: { scores: [1, 0, 1] } }),
  );
  assert.deepEqual(
    flips.benchmarks.map(({ id, gained, lost }) => [id, gained.map(({ docId }) => docId), lost]),
    [['wmdp', [1], []]],
  );
});

test('those that changed most come first', () => {
  const { flips } = flipsOf(of('main', one([1, 1, 1])), of('pr', one([0.75, 0, 0.5])));
  assert.deepEqual(
    flips.benchmarks[0]!.lost.map(({ docId }) => docId),
    [1, 2, 0],
  );
});

test('a benchmark without items to match is not listed', () => {
  const { verdict, flips } = flipsOf(of('main', one(HALF, { items: false })), of('pr', one(HALF)));
  assert.equal(row(verdict, 'gpqa').flips, null);
  assert.deepEqual(flips.benchmarks, []);
});
