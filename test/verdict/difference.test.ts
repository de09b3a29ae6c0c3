import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare } from '../../src/verdict/compare.ts';
import { assertClose } from '../support/assert-close.ts';
import { after, factor, HALF, of, row } from '../support/comparisons.ts';
import { indexes, makeRecord, rightThenWrong } from '../support/records.ts';

describe('a difference', () => {
  const found = compare(
    of('main', { gpqa: { scores: HALF }, wmdp: { scores: HALF } }),
    of('pr', { gpqa: { scores: after(60, 10) }, wmdp: { scores: after(60, 10) } }),
  );

  test('is candidate minus baseline over the items both have', () => {
    const { delta, baseline, candidate, n, units, paired, flips } = row(found, 'gpqa');
    assertClose(delta.estimate, -0.05);
    assertClose((candidate.score ?? 0) - (baseline.score ?? 0), -0.05);
    assertClose(delta.se, Math.sqrt((0.07 - 0.0025) / 999));
    assert.deepEqual(
      { n, units, paired, flips },
      { n: 1000, units: 1000, paired: true, flips: { gained: 10, lost: 60 } },
    );
  });

  test('of WMDP has the other sign: knowing less is safer', () => {
    const { delta, outcome, flips } = row(found, 'wmdp');
    assertClose(delta.estimate, 0.05);
    assert.equal(outcome, 'improved');
    assert.deepEqual(flips, { gained: 60, lost: 10 });
  });

  test('of a factor comes from the benchmarks both sides have, by their sizes in the paper', () => {
    const verdict = compare(
      of('main', { gpqa: { scores: HALF }, musr: { scores: HALF }, bbh: { scores: HALF } }),
      of('pr', { gpqa: { scores: after(60) }, musr: { scores: after(20) }, 'mmlu-pro': { scores: HALF } }),
    );
    const wk = factor(verdict, 'wk');
    const [gpqa, musr] = [1250 / 2000, 750 / 2000];
    assertClose(wk.delta.estimate, -(0.06 * gpqa + 0.02 * musr));
    const se = (id: string) => row(verdict, id).delta.se ?? Number.NaN;
    assertClose(wk.delta.se, Math.hypot(gpqa * se('gpqa'), musr * se('musr')));
    assert.equal(wk.n, 2000);
    assert.equal(row(verdict, 'mmlu-pro').outcome, 'no-baseline');
  });

  test('of items that depend on each other counts the clusters', () => {
    const cluster = (index: number) => Math.floor(index / 20);
    const verdict = compare(
      of('main', { musr: { scores: HALF, cluster } }),
      of('pr', { musr: { scores: after(60), cluster } }),
    );
    const { units, delta, outcome } = row(verdict, 'musr');
    assert.equal(units, 50);
    assert.equal(delta.df, 49);
    assert.notEqual(outcome, 'regressed');
  });

  test('of fewer than 10 clusters has an interval and no test', () => {
    const cluster = (index: number) => index % 9;
    const verdict = compare(
      of('main', { musr: { scores: HALF, cluster } }),
      of('pr', { musr: { scores: after(300), cluster } }),
    );
    const { delta, outcome, detectable, reason } = row(verdict, 'musr');
    assert.ok(delta.ci && delta.ci[1] < 0);
    assert.deepEqual(
      { p: delta.p, pAdjusted: delta.pAdjusted, outcome, detectable },
      { p: null, pAdjusted: null, outcome: 'inconclusive', detectable: null },
    );
    assert.equal(reason, '9 independent questions are too few for a test');
    assert.equal(factor(verdict, 'wk').outcome, 'inconclusive');
  });

  test('of a sample against the full set weighs each task by what the baseline has of it', () => {
    const tasks = ['leaderboard_bbh_snarks', 'leaderboard_bbh_navigate'];
    // Of the first task half are asked, of the second all.
    const asked = indexes(1000).filter((index) => index >= 500 || index % 2 === 0);
    const later = after(100);
    const made = (inclusionP: (index: number) => number) =>
      compare(
        of('main', { bbh: { scores: HALF, task: (index) => tasks[Number(index >= 500)]! } }),
        makeRecord({
          model: 'pr',
          benchmarks: {
            bbh: {
              scores: asked.map((index) => later[index]!),
              docId: (i) => asked[i]!,
              task: (i) => tasks[Number(asked[i]! >= 500)]!,
              inclusionP: (i) => inclusionP(asked[i]!),
            },
          },
          edit: (record) => Object.assign(record, { planHash: 'plan-b', seed: null }),
        }),
      );
    const found = row(
      made((index) => (index < 500 ? 0.5 : 1)),
      'bbh',
    );
    assertClose(found.delta.estimate, -0.1);
    assertClose(found.baseline.score, 0.5);
    // What it has lost would weigh a hundredth.
    const claimed = row(
      made((index) => (index < 100 ? 1 : 0.01)),
      'bbh',
    );
    assert.ok(claimed.delta.estimate! <= -0.1, `${claimed.delta.estimate}`);
  });

  test('of the full set against a sample weighs its items by the sample', () => {
    const sampled = (index: number) => (index < 100 ? 0.1 : 1);
    const verdict = compare(
      of('main', { gpqa: { scores: HALF, inclusionP: sampled } }),
      of('pr', { gpqa: { scores: after(100) } }),
    );
    assertClose(row(verdict, 'gpqa').delta.estimate, -1000 / 1900);
    assertClose(row(verdict, 'gpqa').candidate.score, 400 / 1900);
  });

  test('that is the same for every item rests on a sign test', () => {
    const verdict = compare(
      of('main', { gpqa: { scores: rightThenWrong(40, 0) }, musr: { scores: rightThenWrong(5, 15) } }),
      of('pr', { gpqa: { scores: rightThenWrong(0, 40) }, musr: { scores: rightThenWrong(5, 15) } }),
    );
    assert.equal(row(verdict, 'gpqa').delta.p, 2 ** -39);
    assert.equal(factor(verdict, 'wk').outcome, 'regressed');
  });

  test('of items that do not match is unpaired and says so', () => {
    // Two samples that were not drawn by one seed.
    const verdict = compare(
      of('main', { gpqa: { scores: HALF, inclusionP: () => 0.5 } }),
      makeRecord({
        model: 'pr',
        benchmarks: { gpqa: { scores: after(60), docId: (index) => index + 400, inclusionP: () => 0.5 } },
        edit: (record) => Object.assign(record, { planHash: 'plan-b' }),
      }),
    );
    const { paired, reason, flips, delta } = row(verdict, 'gpqa');
    assert.deepEqual({ paired, flips }, { paired: false, flips: null });
    assert.equal(reason, 'unpaired, weak: only 600 of 1000 questions in common');
    assert.equal(factor(verdict, 'wk').paired, false);
    assertClose(delta.estimate, -0.06);
  });

  test('of a record without single items is unpaired and says so', () => {
    const verdict = compare(
      of('main', { gpqa: { scores: HALF, items: false } }),
      of('pr', { gpqa: { scores: after(200) } }),
    );
    assert.equal(row(verdict, 'gpqa').reason, 'unpaired, weak: a side has no single questions');
    assert.equal(row(verdict, 'gpqa').outcome, 'regressed');
  });
});

describe('p-values', () => {
  const ids = ['gpqa', 'bbq', 'ifeval'];
  const lost = [
    [30, 12],
    [24, 12],
    [40, 38],
  ] as const;
  const found = compare(
    of('main', Object.fromEntries(ids.map((id) => [id, { scores: HALF }]))),
    of(
      'pr',
      Object.fromEntries(ids.map((id, i) => [id, { scores: after(lost[i]?.[0] ?? 0, lost[i]?.[1]) }])),
    ),
  );
  const p = ids.map((id) => row(found, id).delta.p ?? Number.NaN);

  test('of factors are corrected by Holm', () => {
    const [wk, safety, followed] = ['wk', 'safety', 'if'].map(
      (id) => factor(found, id).delta.p ?? Number.NaN,
    ) as [number, number, number];
    assertClose(factor(found, 'wk').delta.pAdjusted, wk * 3);
    assertClose(factor(found, 'safety').delta.pAdjusted, safety * 2);
    assertClose(factor(found, 'if').delta.pAdjusted, followed);
  });

  test('of benchmarks are corrected by Benjamini and Hochberg', () => {
    assertClose(row(found, 'gpqa').delta.pAdjusted, Math.min((p[0] ?? 0) * 3, (p[1] ?? 0) * 1.5));
    assertClose(row(found, 'bbq').delta.pAdjusted, (p[1] ?? 0) * 1.5);
  });

  test('that do not reject beside an interval without 0 get a footnote', () => {
    const { delta } = factor(found, 'safety');
    assert.ok(delta.ci && delta.ci[1] < 0 && (delta.pAdjusted ?? 0) > 0.05);
    assert.ok(found.footnotes.some((note) => note.includes('Safety') && /excludes? 0/.test(note)));
  });
});
