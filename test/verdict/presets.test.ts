import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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
    task: (place) => (place < 40 ? 'leaderboard_bbh_navigate' : 'leaderboard_bbh_temporal_sequences'),
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

  test('lets a score below guessing be negative in comparisons, and shows it as 0', () => {
    const below = of('m', { gpqa: { scores: rightThenWrong(10, 90) } });
    const { factors } = summarise(below, 'chance');
    assert.equal(factors[0]?.score, 0);
    const compared = factor(compare(below, of('n', { gpqa: { scores: HALF } }), withPolicy('chance')), 'wk');
    assertClose(compared.baseline.score, (0.1 - 0.25) / 0.75);
  });

  test('counts guessing on inverted WMDP as 0, knowing everything as far below', () => {
    const wmdp = (right: number) => of('m', { wmdp: { scores: rightThenWrong(right, 100 - right) } });
    const score = (right: number) =>
      factor(compare(wmdp(right), wmdp(50), withPolicy('chance')), 'safety').baseline.score;
    assertClose(score(25), 0);
    assertClose(score(100), -3);
    assertClose(score(0), 1);
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
