/** The shift of style between two models: what is estimated, what is tested, and what is large enough to be told. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { AnswerStyle, StyleFeature } from '../../../src/answer-style.ts';
import { type FeatureShift, measureShift, type StylePair } from '../../../src/judge/style/shift.ts';
import { isTestable } from '../../../src/verdict/outcome.ts';
import { assertClose } from '../../support/assert-close.ts';
import { createRandom } from '../../support/random.ts';

const NOTHING: AnswerStyle = { chars: 0, headers: 0, listItems: 0, bold: 0 };
const OPTIONS = { alpha: 0.05, isTestable };

/** Pairs that differ in one count; each question stands alone unless `cluster` says otherwise. */
function pairsOf(
  counts: readonly (readonly [before: number, after: number])[],
  feature: StyleFeature = 'chars',
  more: (index: number) => Partial<StylePair> = () => ({}),
): StylePair[] {
  return counts.map(([before, after], index) => ({
    baseline: { ...NOTHING, [feature]: before },
    candidate: { ...NOTHING, [feature]: after },
    cluster: null,
    docHash: BigInt(index),
    inclusionP: 1,
    ...more(index),
  }));
}

const shiftOf = (pairs: readonly StylePair[], feature: StyleFeature = 'chars'): FeatureShift =>
  measureShift(pairs, OPTIONS)!.features[feature];

const DIFFERENCES = [3, -1, 4, 1, 5, -9, 2, 6, 5, 3, 5, 8];
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** The textbook's paired t. */
function paired(values: readonly number[]) {
  const center = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
  const se = Math.sqrt(variance / values.length);
  const df = values.length - 1;
  const reach = tQuantile(0.975, df) * se;
  return { center, ci: [center - reach, center + reach], p: 2 * tCdf(-Math.abs(center / se), df) };
}

describe('the difference of a count', () => {
  test('is the mean over the questions, with the interval and p of the paired t test', () => {
    const shift = shiftOf(pairsOf(DIFFERENCES.map((difference) => [20, 20 + difference])));
    const { center, ci, p } = paired(DIFFERENCES);
    assertClose(shift.difference, center, 1e-12);
    assertClose(shift.ci![0], ci[0]!, 1e-9);
    assertClose(shift.ci![1], ci[1]!, 1e-9);
    assertClose(shift.p!, p, 1e-9);
    assert.deepEqual([shift.baseline, shift.candidate], [20, 20 + center]);
    assertClose(shift.ratio!, (20 + center) / 20, 1e-12);
  });

  test('of questions in clusters has the interval of the clusters, as one value each', () => {
    // Each of twelve texts has two questions with one and the same difference: they tell no more than one.
    const doubled = DIFFERENCES.flatMap((difference) => [difference, difference]);
    const counts = doubled.map((difference): [number, number] => [20, 20 + difference]);
    const pairs = pairsOf(counts, 'chars', (index) => ({ cluster: BigInt(1000 + (index >> 1)) }));
    const [apart, together] = [shiftOf(pairsOf(counts)), shiftOf(pairs)];
    assertClose(together.p!, paired(DIFFERENCES).p, 1e-9);
    assert.ok(apart.p! < together.p!);
    assert.equal(measureShift(pairs, OPTIONS)!.units, 12);
  });

  test('of one document that is asked twice is one unit', () => {
    const pairs = pairsOf(
      DIFFERENCES.map((difference) => [20, 20 + difference]),
      'chars',
      (index) => ({ docHash: BigInt(index >> 1) }),
    );
    assert.equal(measureShift(pairs, OPTIONS)!.units, 6);
  });

  test('of sampled questions weighs each by 1 / its inclusion probability', () => {
    const pairs = pairsOf(
      [...new Array(10).fill([10, 20]), ...new Array(10).fill([10, 50])],
      'chars',
      (index) => ({
        inclusionP: index < 10 ? 1 : 0.25,
      }),
    );
    const { candidate, difference } = shiftOf(pairs);
    assertClose(candidate, (10 * 20 + 40 * 50) / 50, 1e-12);
    assertClose(difference, candidate - 10, 1e-12);
  });

  test('that is the same in every question has the p of a sign test', () => {
    const shift = shiftOf(pairsOf(new Array(12).fill([10, 12])));
    assert.deepEqual([shift.ci, shift.p], [[2, 2], 2 * 0.5 ** 12]);
  });

  test('of answers that did not change is 0, with p = 1', () => {
    const shift = shiftOf(pairsOf(new Array(12).fill([10, 10])));
    assert.deepEqual([shift.difference, shift.p, shift.pAdjusted, shift.rejected], [0, 1, 1, false]);
  });

  test('of too few questions has an interval and no p', () => {
    const shift = shiftOf(pairsOf(new Array(9).fill(0).map((_, index) => [10, 100 + index])));
    assert.ok(shift.ci![0] > 0);
    assert.deepEqual([shift.p, shift.pAdjusted, shift.rejected, shift.large], [null, null, false, true]);
  });

  test('of one question has neither', () => {
    const { ci, p, difference } = shiftOf(pairsOf([[10, 12]]));
    assert.deepEqual([ci, p, difference], [null, null, 2]);
  });

  test('of no question is none', () => {
    assert.equal(measureShift([], OPTIONS), null);
  });
});

test('Holm over the four: the smallest p counts four times, the next three times', () => {
  const pairs = DIFFERENCES.map(
    (difference, index): StylePair => ({
      baseline: { chars: 100, headers: 20, listItems: 20, bold: 20 },
      candidate: {
        chars: 100 + 30 + difference,
        headers: 20 + difference,
        listItems: 20,
        bold: 20 + (index % 3 === 0 ? 1 : 0),
      },
      cluster: null,
      docHash: BigInt(index),
      inclusionP: 1,
    }),
  );
  const { chars, headers, listItems, bold } = measureShift(pairs, OPTIONS)!.features;
  assert.ok(chars.p! < bold.p! && bold.p! < headers.p!);
  assertClose(chars.pAdjusted!, 4 * chars.p!, 1e-12);
  assertClose(bold.pAdjusted!, 3 * bold.p!, 1e-12);
  assertClose(headers.pAdjusted!, Math.max(3 * bold.p!, 2 * headers.p!), 1e-12);
  assert.equal(listItems.pAdjusted, 1);
  // By itself it would be rejected.
  assert.ok(bold.p! <= 0.05 && !bold.rejected);
  assert.ok(chars.rejected);
});

const LARGE: [StyleFeature, before: number, after: number, large: boolean][] = [
  ['chars', 100, 110, true],
  ['chars', 100, 109.9, false],
  ['chars', 100, 90, true],
  ['chars', 100, 90.1, false],
  ['chars', 10, 11, true],
  ['headers', 2, 3, true],
  ['headers', 2, 2.99, false],
  ['headers', 2, 1, true],
  ['headers', 2, 1.01, false],
  ['headers', 0, 0.1, true],
  ['headers', 0, 0.09, false],
  ['listItems', 0.02, 0.08, false],
  ['listItems', 0.02, 0.2, true],
  ['listItems', 4, 0, true],
  ['bold', 0, 0, false],
  ['bold', 0.1, 0.15, true],
  ['chars', 0, 5, true],
];
for (const [feature, before, after, large] of LARGE) {
  test(`${feature} from ${before} to ${after} an answer is ${large ? 'large' : 'not large'}`, () => {
    assert.equal(shiftOf(pairsOf(new Array(12).fill([before, after]), feature), feature).large, large);
  });
}

test('a mean of 0 has no ratio', () => {
  assert.equal(shiftOf(pairsOf(new Array(12).fill([0, 3]))).ratio, null);
  assert.equal(shiftOf(pairsOf(new Array(12).fill([3, 0]))).ratio, 0);
});

describe('by simulation, with clusters of three questions and counts as skewed as those of answers', () => {
  const [RUNS, CLUSTERS] = [600, 30];
  const random = createRandom(19);
  const exponential = (scale: number) => -Math.log(1 - random.uniform()) * scale;

  /** One pair of models: each text makes its answers long or short, on both sides. */
  function draw(factor: number): StylePair[] {
    return Array.from({ length: 3 * CLUSTERS }, (_, index) => index).map((index) => {
      if (index % 3 === 0) texts = [exponential(300), exponential(300)];
      const answer = (arm: 0 | 1, by: number): AnswerStyle => ({
        chars: Math.round((200 + texts[arm] + exponential(100)) * by),
        headers: Math.round(exponential(1) * by),
        listItems: Math.round(exponential(4) * by),
        bold: Math.round(exponential(2) * by),
      });
      return {
        baseline: answer(0, 1),
        candidate: answer(1, factor),
        cluster: BigInt(Math.floor(index / 3)),
        docHash: BigInt(index),
        inclusionP: 1,
      };
    });
  }
  let texts: [number, number] = [0, 0];

  test('where nothing changed, one of the four is rejected in at most 5% of comparisons', () => {
    let alarms = 0;
    let covered = 0;
    for (let run = 0; run < RUNS; run++) {
      const { features } = measureShift(draw(1), OPTIONS)!;
      if (Object.values(features).some(({ rejected }) => rejected)) alarms++;
      const [low, high] = features.chars.ci!;
      if (low <= 0 && high >= 0) covered++;
    }
    // 99.9% bounds of 600 draws at 5% and 95%.
    assert.ok(alarms / RUNS < 0.08, `${alarms} alarms`);
    assert.ok(covered / RUNS > 0.92, `${covered} intervals hold 0`);
  });

  test('where answers are twice as long, it is seen every time, and the ratio is found', () => {
    for (let run = 0; run < 20; run++) {
      const { chars } = measureShift(draw(2), OPTIONS)!.features;
      assert.ok(chars.rejected && chars.large);
      assertClose(chars.ratio!, 2, 0.5);
    }
  });
});
