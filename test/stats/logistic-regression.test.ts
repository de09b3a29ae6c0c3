import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type LogisticIntercept, logisticIntercept } from '../../src/stats/logistic-regression.ts';
import { assertClose } from '../support/assert-close.ts';
import { createRandom } from '../support/random.ts';

const fill = (values: readonly number[]) => Float64Array.from(values);
const each = (length: number) => Int32Array.from({ length }, (_, i) => i);
const logit = (p: number) => Math.log(p / (1 - p));
const fitted = (found: ReturnType<typeof logisticIntercept>): LogisticIntercept => {
  assert.ok(typeof found === 'object', String(found));
  return found;
};

test('without columns it is the weighted mean, with the sandwich error over clusters', () => {
  const outcomes = fill([1, 0, 0.5, 1, 1, 0]);
  const weights = fill([3, 1, 1, 1, 3, 1]);
  const clusters = Int32Array.of(0, 0, 1, 1, 2, 2);
  const { intercept, se, df } = fitted(logisticIntercept({ outcomes, columns: [], weights, clusters }));
  const mean = 7.5 / 10;
  assertClose(intercept, logit(mean), 1e-9);
  // By hand: sums of w (y - mean) by cluster, over sum of w mean (1 - mean).
  const sums = [3 * 0.25 - 0.75, 0.5 - mean + 0.25, 3 * 0.25 - 0.75];
  const squares = sums.reduce((sum, one) => sum + one ** 2, 0);
  assertClose(se, Math.sqrt((squares * 3) / 2) / (10 * mean * (1 - mean)), 1e-9);
  assert.equal(df, 2);
});

test('with a column of 0 and 1 the intercept is of the rows at 0 alone', () => {
  const outcomes = fill([1, 0, 0, 0, 1, 1, 1, 0]);
  const column = fill([0, 0, 0, 0, 1, 1, 1, 1]);
  const data = { outcomes, columns: [column], weights: fill(new Array(8).fill(1)), clusters: each(8) };
  const { intercept, se, df } = fitted(logisticIntercept(data));
  assertClose(intercept, logit(0.25), 1e-9);
  const squares = 0.75 ** 2 + 3 * 0.25 ** 2;
  assertClose(se, Math.sqrt((squares * 8) / 6) / (4 * 0.25 * 0.75), 1e-9);
  assert.equal(df, 6);
});

test('the scale of a column changes nothing, nor does the order of rows', () => {
  const random = createRandom(7);
  const x = fill(Array.from({ length: 60 }, () => random.normal()));
  const outcomes = x.map((value) => Number(random.uniform() < 1 / (1 + Math.exp(-0.4 - value))));
  const fit = (column: Float64Array, y = outcomes) =>
    fitted(
      logisticIntercept({
        ...{ outcomes: y, columns: [column], weights: fill(new Array(60).fill(1)) },
        clusters: each(60),
      }),
    );
  const plain = fit(x);
  assertClose(fit(x.map((value) => 1000 * value)).intercept, plain.intercept, 1e-6);
  assertClose(fit(x.toReversed(), outcomes.toReversed()).se, plain.se, 1e-9);
});

test('what was planted is found, and the interval holds it in about 95% of samples', () => {
  const random = createRandom(11);
  const PLANTED = 0.3;
  let [held, sum] = [0, 0];
  const ROUNDS = 300;
  for (let round = 0; round < ROUNDS; round++) {
    const length = 400;
    const clusters = Int32Array.from({ length }, (_, i) => Math.floor(i / 2));
    const columns = [0, 1].map(() => {
      const own = Array.from({ length: length / 2 }, () => random.normal());
      return Float64Array.from({ length }, (_, i) => own[Math.floor(i / 2)]!);
    });
    const outcomes = Float64Array.from({ length }, (_, i) =>
      Number(random.uniform() < 1 / (1 + Math.exp(-PLANTED - columns[0]![i]! + 0.5 * columns[1]![i]!))),
    );
    const { intercept, se } = fitted(
      logisticIntercept({ outcomes, columns, weights: fill(new Array(length).fill(1)), clusters }),
    );
    sum += intercept;
    held += Number(Math.abs(intercept - PLANTED) < 1.97 * se);
  }
  assertClose(sum / ROUNDS, PLANTED, 0.03);
  assert.ok(held / ROUNDS > 0.915 && held / ROUNDS < 0.985, `${held} of ${ROUNDS}`);
});

describe('what has no answer is named', () => {
  const weights = fill(new Array(40).fill(1));
  const half = Float64Array.from({ length: 40 }, (_, i) => Number(i < 20));
  const some = Float64Array.from({ length: 40 }, (_, i) => Number(i % 3 === 0));
  const CASES: [what: string, outcomes: Float64Array, columns: Float64Array[], found: string][] = [
    ['a column that tells all outcomes apart', half, [half.map((x) => x - 0.5)], 'separated'],
    ['one that tells a part of them apart', half, [half.map((x, i) => x * (i % 2))], 'separated'],
    ['only wins', fill(new Array(40).fill(1)), [some], 'separated'],
    ['two columns that are one', some, [half, half.map((x) => 2 * x)], 'singular'],
    ['a column that is the same everywhere', some, [fill(new Array(40).fill(0.7))], 'singular'],
  ];
  for (const [what, outcomes, columns, found] of CASES)
    test(what, () =>
      assert.equal(logisticIntercept({ outcomes, columns, weights, clusters: each(40) }), found),
    );

  test('no more clusters than coefficients', () => {
    const clusters = Int32Array.from({ length: 40 }, (_, i) => i % 2);
    assert.equal(logisticIntercept({ outcomes: some, columns: [half], weights, clusters }), 'singular');
  });
});
