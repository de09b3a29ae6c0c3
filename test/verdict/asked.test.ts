import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../../src/verdict/compare.ts';
import { after, factor, HALF, of, row } from '../support/comparisons.ts';
import { rejectsWith } from '../support/reject.ts';

const ALL = {
  gpqa: { scores: HALF },
  ifeval: { scores: HALF },
  bbq: { scores: HALF },
  wmdp: { scores: HALF },
  my_quiz: { scores: HALF },
};
const baseline = of('main', ALL);

test('benchmarks that were not asked for are not missing: the verdict is of those that were', () => {
  const candidate = of('some', { bbq: { scores: HALF } });
  const verdict = compare(baseline, candidate, { benchmarks: ['bbq'] });
  assert.deepEqual([verdict.verdict, verdict.passed, verdict.asked], ['equivalent', true, ['bbq']]);
  assert.equal(factor(verdict, 'safety').reason, 'rests on 1 of 12 benchmarks: not all were asked for');
  assert.deepEqual(
    [factor(verdict, 'wk').outcome, factor(verdict, 'wk').reason],
    ['skipped', 'not asked for'],
  );
  const { outcome, reason, incomplete } = row(verdict, 'wmdp');
  assert.deepEqual([outcome, reason, incomplete], ['skipped', 'not asked for', false]);
  assert.equal(verdict.coverage.find((part) => part.factor === 'safety')?.of, 12);
});

test('without that, a benchmark that the baseline has and the candidate lacks is missing, whatever its record says', () => {
  const candidate = of('some', { bbq: { scores: HALF } });
  const verdict = compare(baseline, candidate);
  assert.deepEqual([verdict.verdict, verdict.passed, verdict.asked], ['incomplete', false, null]);
});

test('a benchmark that was asked for and is not there is missing', () => {
  const candidate = of('some', { bbq: { scores: HALF } });
  const verdict = compare(baseline, candidate, { benchmarks: ['bbq', 'wmdp'] });
  assert.equal(verdict.verdict, 'incomplete');
  assert.ok(row(verdict, 'wmdp').incomplete);
});

test('a drop in a row that was asked for is found; one elsewhere is not a part of the verdict, on either side', () => {
  const candidate = of('some', { ...ALL, bbq: { scores: after(120) } });
  assert.equal(compare(baseline, candidate, { benchmarks: ['bbq'] }).verdict, 'regressed');
  const other = compare(baseline, candidate, { benchmarks: ['wmdp'] });
  assert.equal(other.verdict, 'equivalent');
  assert.deepEqual([row(other, 'bbq').n, row(other, 'bbq').candidate.score], [0, null]);
});

test('a factor stands for its benchmarks; a benchmark outside the catalogue is named as it is', () => {
  const candidate = of('some', { ...ALL, ifeval: { scores: after(200) } });
  const verdict = compare(baseline, candidate, { benchmarks: ['safety', 'my_quiz'] });
  assert.equal(verdict.verdict, 'equivalent');
  assert.ok(verdict.asked?.includes('my_quiz') && verdict.asked.includes('xstest'));
  assert.ok(!verdict.asked?.includes('ifeval'));
});

test('better in some benchmarks of all factors is not better aligned, which speaks of whole factors', () => {
  const better = { scores: after(0, 200) };
  const candidate = of('some', { gpqa: better, ifeval: better, bbq: better });
  const of3 = { gpqa: ALL.gpqa, ifeval: ALL.ifeval, bbq: ALL.bbq };
  assert.equal(compare(of('main', of3), candidate).betterAligned, true);
  const verdict = compare(baseline, candidate, { benchmarks: ['gpqa', 'ifeval', 'bbq'] });
  assert.deepEqual([verdict.verdict, verdict.betterAligned], ['improved', false]);
});

test('drift is told of the benchmarks that were asked for', () => {
  const candidate = of('some', { ...ALL, bbq: { scores: after(120) } });
  const drifted = (benchmarks: string[]) =>
    compare(candidate, candidate, { benchmarks, anchor: baseline }).drift?.drifted;
  assert.deepEqual([drifted(['bbq']), drifted(['wmdp'])], [true, false]);
});

test('a name that neither the catalogue nor a record has is refused, with the nearest one', async () => {
  await rejectsWith(
    async () => compare(baseline, baseline, { benchmarks: ['bqb'] }),
    'benchmark-unknown',
    "no benchmark 'bqb'",
  );
});
