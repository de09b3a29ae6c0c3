import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { correlationMatrix } from '../../../src/stats/importance/correlation-matrix.ts';
import { measureImportance } from '../../../src/stats/importance/importance.ts';
import { shapleyValues } from '../../../src/stats/importance/shapley-values.ts';
import { subsetFits } from '../../../src/stats/importance/subset-fits.ts';
import { varianceInflation } from '../../../src/stats/importance/variance-inflation.ts';
import { assertClose } from '../../support/assert-close.ts';
import { createRandom, type Random } from '../../support/random.ts';

/** So many columns of n values that go together, and an outcome of them. */
function draw(random: Random, n: number, slopes: readonly number[], { together = 0.5, noise = 1 } = {}) {
  const predictors = slopes.map(() => new Float64Array(n));
  const outcome = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const common = Math.sqrt(together) * random.normal();
    for (const [j, slope] of slopes.entries()) {
      const value = common + Math.sqrt(1 - together) * random.normal();
      predictors[j]![i] = value;
      outcome[i]! += slope * value;
    }
    outcome[i]! += noise * random.normal();
  }
  return { outcome, predictors };
}

/** R² by the normal equations, solved by elimination: another way to the same number. */
function fitByElimination(outcome: Float64Array, predictors: readonly Float64Array[]): number {
  const n = outcome.length;
  const columns = [new Float64Array(n).fill(1), ...predictors];
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const rows = columns.map((a) => [...columns.map((b) => dot(a, b)), dot(a, outcome)]);
  for (let k = 0; k < rows.length; k++)
    for (let i = 0; i < rows.length; i++) {
      if (i === k) continue;
      const factor = rows[i]![k]! / rows[k]![k]!;
      rows[i] = rows[i]!.map((value, j) => value - factor * rows[k]![j]!);
    }
  const slopes = rows.map((row, k) => row.at(-1)! / row[k]!);
  const mean = outcome.reduce((sum, value) => sum + value, 0) / n;
  let [left, total] = [0, 0];
  for (let i = 0; i < n; i++) {
    const fitted = columns.reduce((sum, column, k) => sum + slopes[k]! * column[i]!, 0);
    left += (outcome[i]! - fitted) ** 2;
    total += (outcome[i]! - mean) ** 2;
  }
  return 1 - left / total;
}

describe('the fit on each subset', () => {
  test('has the R² of a least-squares fit', () => {
    const { outcome, predictors } = draw(createRandom(1), 80, [1, -0.5, 0.2, 0]);
    const fits = subsetFits(correlationMatrix([...predictors, outcome], null), 4);
    for (let mask = 1; mask < 16; mask++) {
      const chosen = predictors.filter((_, j) => mask & (1 << j));
      assertClose(fits[mask], fitByElimination(outcome, chosen), 1e-8);
    }
    assert.equal(fits[0], 0);
  });

  test('gains nothing by a predictor that is there already, or has no spread', () => {
    const { outcome, predictors } = draw(createRandom(2), 50, [1, 0.5]);
    const [one, other] = predictors as [Float64Array, Float64Array];
    const columns = [one, other, one.map((value) => 3 * value - 1), new Float64Array(50).fill(7), outcome];
    const fits = subsetFits(correlationMatrix(columns, null), 4);
    assertClose(fits[0b1111], fits[0b0011]!, 1e-8);
    assertClose(fits[0b0101], fits[0b0001]!, 1e-8);
    assert.equal(fits[0b1000], 0);
  });

  test('counts an observation as often as it is told', () => {
    const { outcome, predictors } = draw(createRandom(3), 30, [1, 1]);
    const counts = Float64Array.from({ length: 30 }, (_, i) => i % 3);
    const repeat = (column: Float64Array) =>
      Float64Array.from([...column].flatMap((value, i) => new Array<number>(i % 3).fill(value)));
    const columns = [...predictors, outcome];
    assertClose(
      [...correlationMatrix(columns, counts)],
      [...correlationMatrix(columns.map(repeat), null)],
      1e-9,
    );
  });
});

describe('shares', () => {
  test('are means over all orders of joining, and sum to the whole', () => {
    // Of the glove game: one left glove, two right ones; a pair is worth 1.
    const worth = Float64Array.from([0, 0, 0, 1, 0, 1, 0, 1]);
    assertClose([...shapleyValues(worth, 3)], [4 / 6, 1 / 6, 1 / 6]);
  });

  test('are alike for predictors that are the same', () => {
    const { outcome, predictors } = draw(createRandom(4), 100, [1]);
    const found = measureImportance(
      { outcome, predictors: [predictors[0]!, predictors[0]!] },
      { draws: 50, level: 0.95, integer: createRandom(1).integer },
    )!;
    assertClose(
      found.shares!.map(({ share }) => share),
      [0.5, 0.5],
    );
  });

  test('of predictors that do not go together are those of their squared correlations', () => {
    const sign = (bit: number) => Float64Array.from({ length: 64 }, (_, i) => (i & bit ? 1 : -1));
    const predictors = [sign(1), sign(2), sign(4)];
    const outcome = Float64Array.from({ length: 64 }, (_, i) =>
      [3, 2, 1, 1].reduce((sum, slope, bit) => sum + slope * (i & (1 << bit) ? 1 : -1), 0),
    );
    const { r2, shares } = measureImportance(
      { outcome, predictors },
      { draws: 200, level: 0.95, integer: createRandom(1).integer },
    )!;
    assertClose(r2.estimate, 14 / 15);
    assertClose(r2.adjusted, 1 - ((1 / 15) * 63) / 60);
    // Less what each adds by chance.
    const chance = 1 / 15 / 60;
    assertClose(
      shares!.map(({ share }) => share),
      [9, 4, 1].map((square) => (square / 15 - chance) / (14 / 15 - 3 * chance)),
    );
  });

  test('are not there where nothing is explained, and nothing is where the outcome has no spread', () => {
    const [x, y] = [Float64Array.from([0, 0, 1, 1, 0, 0, 1, 1]), Float64Array.from([0, 1, 0, 1, 0, 1, 0, 1])];
    const options = { draws: 20, level: 0.95, integer: createRandom(1).integer };
    assert.equal(measureImportance({ outcome: y, predictors: [x] }, options)!.shares, null);
    assert.equal(measureImportance({ outcome: new Float64Array(8), predictors: [x] }, options), null);
    assert.equal(
      measureImportance({ outcome: y.slice(0, 3), predictors: [x.slice(0, 3), y.slice(0, 3)] }, options),
      null,
    );
  });

  test('one seed gives one result', () => {
    const data = draw(createRandom(5), 100, [1, 0.3]);
    const once = () => measureImportance(data, { draws: 100, level: 0.95, integer: createRandom(7).integer });
    assert.deepEqual(once(), once());
  });
});

test('a predictor of no weight has none on average, also where little is explained', () => {
  const random = createRandom(12);
  const found = Array.from({ length: 60 }, () => {
    const data = draw(random, 100, [0.4, 0, 0, 0, 0], { together: 0, noise: 1 });
    return measureImportance(data, { draws: 100, level: 0.95, integer: random.integer })!.shares!;
  });
  const mean = (j: number) => found.reduce((sum, shares) => sum + shares[j]!.share, 0) / found.length;
  assert.ok(mean(0) > 0.8, `${mean(0)}`);
  for (const j of [1, 2, 3, 4]) assert.ok(mean(j) < 0.05, `${j}: ${mean(j)}`);
  const none = found.flatMap((shares) => shares.slice(1)).filter(({ ci }) => ci[0] > 0).length;
  assert.ok(none <= 0.05 * 4 * found.length, `${none} lower bounds above 0`);
});

describe('95% intervals', () => {
  // True R² of slopes s with correlation 0.5: s'Cs / (s'Cs + noise²).
  const CASES: [what: string, slopes: number[], noise: number][] = [
    ['of a large R²', [1, 0.6, 0.3, 0.3, 0], 0.7],
    ['of a small one', [0.5, 0.2, 0, 0, 0], 1.5],
  ];
  for (const [what, slopes, noise] of CASES)
    test(`${what} hold it in about 95 of 100 samples of 100`, () => {
      const explained = slopes.reduce(
        (sum, a, i) => sum + slopes.reduce((own, b, j) => own + a * b * (i === j ? 1 : 0.5), 0),
        0,
      );
      const truth = explained / (explained + noise ** 2);
      const random = createRandom(11);
      let held = 0;
      for (let round = 0; round < 100; round++) {
        const { ci } = measureImportance(draw(random, 100, slopes, { noise }), {
          ...{ draws: 200, level: 0.95, integer: random.integer },
        })!.r2;
        if (ci[0] <= truth && truth <= ci[1]) held++;
      }
      assert.ok(held >= 87, `${held} of 100`);
    });
});

describe('variance inflation', () => {
  test('of two predictors is 1 / (1 - r²)', () => {
    assertClose(varianceInflation(Float64Array.from([1, 0.6, 0.6, 1]), 2), [1 / 0.64, 1 / 0.64]);
  });

  test('is 1 of one alone, and without bound where others give a predictor', () => {
    assert.deepEqual(varianceInflation(Float64Array.from([1]), 1), [1]);
    const { predictors } = draw(createRandom(6), 60, [1, 1], { together: 0 });
    const sum = predictors[0]!.map((value, i) => value + predictors[1]![i]!);
    assert.ok(
      varianceInflation(correlationMatrix([...predictors, sum], null), 3).every((one) => one === Infinity),
    );
  });
});
