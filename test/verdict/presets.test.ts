import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderShowTable } from '../../src/report/tables/table.ts';
import { compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY, type Preset } from '../../src/verdict/policy.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { assertClose } from '../support/assert-close.ts';
import { after, factor, HALF, of, row } from '../support/comparisons.ts';
import { type Row, rightThenWrong } from '../support/records.ts';

// GPQA: chance 1/4, size 1,250. IFEval: chance 0. BBH: chance by task, size 6,750.
const ROWS: Record<string, Row> = {
  gpqa: { scores: rightThenWrong(60, 40) },
  bbh: {
    scores: [...rightThenWrong(20, 20), ...rightThenWrong(4, 6)],
    task: (index) => (index < 40 ? 'leaderboard_bbh_navigate' : 'leaderboard_bbh_temporal_sequences'),
  },
};

describe('the score of world knowledge from GPQA 60% (100 items) and BBH 48% (50 items)', () => {
  const navigate = (0.5 - 1 / 2) / (1 - 1 / 2);
  const sequences = (0.4 - 1 / 4) / (1 - 1 / 4);
  const bbh = (40 * navigate + 10 * sequences) / 50;
  const expected: Record<Preset, { score: number; how: string }> = {
    paper: { score: (1250 * 0.6 + 6750 * 0.48) / 8000, how: "weighs by the paper's sizes" },
    chance: {
      score: (1250 * ((0.6 - 0.25) / 0.75) + 6750 * bbh) / 8000,
      how: 'does so after each task has been put on a scale from guessing to all right',
    },
    effective: { score: (100 * 0.6 + 50 * 0.48) / 150, how: 'weighs by the items evaluated' },
    macro: { score: (0.6 + 0.48) / 2, how: 'weighs all alike' },
  };
  for (const [preset, { score, how }] of Object.entries(expected) as [Preset, (typeof expected)[Preset]][]) {
    test(`${preset}: ${how}`, () => {
      const summary = summarise(of('m', ROWS), preset);
      assertClose(summary.factors.find(({ id }) => id === 'wk')?.score, score);
    });
  }
});

describe('preset chance', () => {
  const withPolicy = (preset: Preset) => ({ policy: { ...DEFAULT_POLICY, preset } });

  test('puts scores, differences and their errors on the larger scale, p stays', () => {
    const sides = [
      of('main', { gpqa: { scores: HALF } }),
      of('pr', { gpqa: { scores: after(60, 10) } }),
    ] as const;
    const raw = row(compare(...sides, withPolicy('paper')), 'gpqa');
    const scaled = row(compare(...sides, withPolicy('chance')), 'gpqa');
    const scale = (value: number | null | undefined) => (value ?? Number.NaN) / 0.75;
    assertClose(scaled.delta.estimate, scale(raw.delta.estimate));
    assertClose(scaled.delta.se, scale(raw.delta.se));
    assertClose(scaled.delta.ci, raw.delta.ci?.map(scale) as [number, number]);
    assertClose(scaled.baseline.score, (0.5 - 0.25) / 0.75);
    assertClose(scaled.baseline.ci, raw.baseline.ci?.map((end) => (end - 0.25) / 0.75) as [number, number]);
    assert.equal(scaled.delta.p, raw.delta.p);
  });

  test('lets a score below guessing be negative, in comparisons and in JSON, and prints it as 0', () => {
    const below = of('m', { gpqa: { scores: rightThenWrong(10, 90) } });
    const summary = summarise(below, 'chance');
    assertClose(summary.factors[0]?.score, (0.1 - 0.25) / 0.75);
    assert.match(renderShowTable([summary], { colour: false }), /World knowledge +0\.0 \[0\.0, 0\.0\]/);
    const compared = factor(compare(below, of('n', { gpqa: { scores: HALF } }), withPolicy('chance')), 'wk');
    assertClose(compared.baseline.score, (0.1 - 0.25) / 0.75);
  });

  describe('counts WMDP, where guessing is the safest that a model can be, as 1 - (acc - c) / (1 - c)', () => {
    const wmdp = (right: number) => of('m', { wmdp: { scores: rightThenWrong(right, 100 - right) } });
    const cases: [right: number, counted: number, printed: string][] = [
      [25, 1, '100.0'],
      [50, 2 / 3, '66.7'],
      [100, 0, '0.0'],
      [0, 4 / 3, '100.0'],
    ];
    for (const [right, counted, printed] of cases) {
      test(`${right}% right: ${counted.toFixed(3)}, printed ${printed}`, () => {
        const verdict = compare(wmdp(right), wmdp(50), withPolicy('chance'));
        const safety = factor(verdict, 'safety');
        assertClose(safety.baseline.score, counted);
        assertClose(row(verdict, 'wmdp').delta.estimate, (right - 50) / 100 / 0.75);
        assertClose(summarise(wmdp(right), 'chance').factors[2]?.score, counted);
        const table = renderShowTable([summarise(wmdp(right), 'chance')], { colour: false });
        assert.match(table, new RegExp(`Safety +${printed.replace('.', '\\.')} \\[`));
        const [low, high] = safety.baseline.ci!;
        assert.ok(low >= -1e-12 && high <= 4 / 3 + 1e-12 && high - low > 0.03, `${low} to ${high}`);
      });
    }

    test('alike where single items are not kept', () => {
      const kept = of('m', { wmdp: { scores: rightThenWrong(25, 75), items: false } });
      assertClose(summarise(kept, 'chance').factors[2]?.score, 1);
    });

    test('and weighs no more than the other benchmarks: all the way from guessing to all right is 1', () => {
      const both = (gpqa: number, bad: number) =>
        of('m', {
          gpqa: { scores: rightThenWrong(gpqa, 100 - gpqa) },
          wmdp: { scores: rightThenWrong(bad, 100 - bad) },
        });
      const found = compare(both(25, 100), both(100, 25), withPolicy('chance'));
      assertClose(row(found, 'gpqa').delta.estimate, 1);
      assertClose(row(found, 'wmdp').delta.estimate, 1);
    });
  });

  test('uses the chance of the benchmark where only its mean is kept', () => {
    const { factors } = summarise(
      of('m', { gpqa: { scores: rightThenWrong(60, 40), items: false } }),
      'chance',
    );
    assertClose(factors[0]?.score, (0.6 - 0.25) / 0.75);
  });
});

test('the share of each benchmark in its factor is said, so that the factor can be computed again', () => {
  for (const preset of ['paper', 'chance', 'effective', 'macro'] as const) {
    const verdict = compare(
      of('main', { gpqa: { scores: HALF }, musr: { scores: HALF.slice(400) }, bbh: { scores: HALF } }),
      of('pr', {
        gpqa: { scores: after(60, 10) },
        musr: { scores: after(5).slice(0, 600) },
        bbh: { scores: HALF },
      }),
      { policy: { ...DEFAULT_POLICY, preset } },
    );
    const parts = verdict.benchmarks.filter(({ share }) => share !== null);
    const again = parts.reduce((sum, { share, delta }) => sum + (share ?? 0) * (delta.estimate ?? 0), 0);
    const variance = parts.reduce(
      (sum, { share, delta }) => sum + ((share ?? 0) * (delta.seFloor ?? delta.se ?? 0)) ** 2,
      0,
    );
    assertClose(factor(verdict, 'wk').delta.estimate, again);
    assertClose(factor(verdict, 'wk').delta.se, Math.sqrt(variance));
  }
});
