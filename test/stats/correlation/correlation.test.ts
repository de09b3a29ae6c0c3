/** Rank correlations: values of scipy 1.16, and what follows from the definitions. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { adjacentAgreement } from '../../../src/stats/correlation/adjacent-agreement.ts';
import { clusterBootstrap } from '../../../src/stats/correlation/cluster-bootstrap.ts';
import { kendallInterval, spearmanInterval } from '../../../src/stats/correlation/correlation-intervals.ts';
import { jackknife } from '../../../src/stats/correlation/jackknife.ts';
import { kendall } from '../../../src/stats/correlation/kendall.ts';
import { noiseCeiling } from '../../../src/stats/correlation/noise-ceiling.ts';
import { drawPermutations, spearmanPermutationP } from '../../../src/stats/correlation/permutations.ts';
import { midranks } from '../../../src/stats/correlation/ranks.ts';
import { serialSize } from '../../../src/stats/correlation/serial-size.ts';
import { spearman } from '../../../src/stats/correlation/spearman.ts';
import { orderOfScores, winRates } from '../../../src/stats/correlation/win-rates.ts';
import { assertClose } from '../../support/assert-close.ts';
import { createRandom } from '../../support/random.ts';

const indices = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('rank correlations', () => {
  test('equal values share their ranks', () => {
    assert.deepEqual(midranks([3, 1, 3, 2, 3]), [4, 1, 4, 2, 4]);
  });

  const CASES: { title: string; x: number[]; y: number[]; rho: number; tau: number }[] = [
    {
      title: 'no ties',
      x: [86, 97, 99, 100, 101, 103, 106, 110, 112, 113],
      y: [2, 20, 28, 27, 50, 29, 7, 17, 6, 12],
      rho: -0.17575757575757575,
      tau: -0.11111111111111112,
    },
    {
      title: 'ties on both sides',
      x: [1, 2, 2, 3, 3, 3, 4, 5, 5],
      y: [2, 1, 1, 3, 2, 5, 5, 4, 6],
      rho: 0.796603977981401,
      tau: 0.6565706694547586,
    },
    { title: 'the same order', x: [1, 5, 9], y: [10, 11, 400], rho: 1, tau: 1 },
    { title: 'the opposite order', x: [1, 5, 9], y: [3, 2, -8], rho: -1, tau: -1 },
  ];
  for (const { title, x, y, rho, tau } of CASES) {
    test(title, () => {
      assertClose(spearman(x, y)!, rho);
      assertClose(kendall(x, y)!, tau);
    });
  }

  test('a side without spread has none', () => {
    assert.equal(spearman([1, 1, 1], [1, 2, 3]), null);
    assert.equal(kendall([1, 2, 3], [7, 7, 7]), null);
  });
});

describe('intervals', () => {
  test('Bonett and Wright: tanh(atanh(r) -+ z sqrt((1 + r^2 / 2) / (n - 3)))', () => {
    const [low, high] = spearmanInterval(0.52, 32, 0.95);
    const reach = 1.959963984540054 * Math.sqrt((1 + 0.52 ** 2 / 2) / 29);
    assertClose(low, Math.tanh(Math.atanh(0.52) - reach));
    assertClose(high, Math.tanh(Math.atanh(0.52) + reach));
    // The width that the pages give for 8 models.
    assert.deepEqual(
      spearmanInterval(0.5, 8, 0.95).map((end) => end.toFixed(2)),
      ['-0.36', '0.90'],
    );
  });

  test('Fieller: tanh(atanh(tau) -+ z sqrt(0.437 / (n - 4)))', () => {
    const [low, high] = kendallInterval(-0.35, 32, 0.95);
    const reach = 1.959963984540054 * Math.sqrt(0.437 / 28);
    assertClose(low, Math.tanh(Math.atanh(-0.35) - reach));
    assertClose(high, Math.tanh(Math.atanh(-0.35) + reach));
  });

  for (const [name, interval] of [
    ['Spearman', spearmanInterval],
    ['Kendall', kendallInterval],
  ] as const) {
    test(`${name}: a perfect order of few has width, and ends at 1`, () => {
      const [low, high] = interval(1, 8, 0.95);
      assert.equal(high, 1);
      assert.ok(low > 0.4 && low < 0.97, String(low));
      assert.deepEqual(interval(-1, 8, 0.95), [-1, -low]);
    });
  }
});

describe('permutations', () => {
  /** All orders of so many things. */
  function allOrders(n: number): number[][] {
    if (n === 0) return [[]];
    return allOrders(n - 1).flatMap((order) =>
      indices(n).map((at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
    );
  }

  test('each order is drawn equally often', () => {
    const { orders, count } = drawPermutations(3, 60_000, createRandom(5).integer);
    const counts = new Map<string, number>();
    for (let i = 0; i < count; i++) {
      const key = orders.subarray(3 * i, 3 * i + 3).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assert.equal(counts.size, 6);
    for (const drawn of counts.values())
      assert.ok(Math.abs(drawn - 10_000) < 5 * Math.sqrt(10_000), String(drawn));
  });

  test('p is the share of all orders with a correlation as far from 0', () => {
    const x = [1, 2, 3, 4, 5, 6, 7];
    const y = [2, 1, 4, 3, 7, 6, 5];
    const observed = Math.abs(spearman(x, y)!);
    const orders = allOrders(7);
    const far = orders.filter(
      (order) =>
        Math.abs(
          spearman(
            x,
            order.map((i) => y[i]!),
          )!,
        ) >=
        observed - 1e-9,
    );
    const exact = far.length / orders.length;
    const p = spearmanPermutationP(x, y, drawPermutations(7, 20_000, createRandom(1).integer))!;
    assert.ok(Math.abs(p - exact) < 4 * Math.sqrt((exact * (1 - exact)) / 20_000), `${p}, exact ${exact}`);
  });

  test('p is never 0, and there is none without spread', () => {
    const many = indices(40);
    const drawn = drawPermutations(40, 100, createRandom(1).integer);
    assert.equal(spearmanPermutationP(many, many, drawn), 1 / 101);
    assert.equal(
      spearmanPermutationP(
        many,
        many.map(() => 1),
        drawn,
      ),
      null,
    );
  });
});

describe('what noise leaves', () => {
  const random = createRandom(11);
  const errors = (n: number, se: number) => indices(n).map(() => se);

  test('without errors the ceiling is 1, and measuring again changes nothing', () => {
    const x = [1, 5, 2, 8, 7, 3, 9, 4];
    const y = [2, 4, 1, 9, 5, 3, 8, 7];
    const sides = { x, y, xErrors: errors(8, 0), yErrors: errors(8, 0) };
    const { ceiling, ci } = noiseCeiling(sides, 50, random.normal)!;
    assertClose(ceiling, 1);
    for (const end of ci) assertClose(end, spearman(x, y)!);
  });

  test('with a fifth of the variance noise on both sides it is that of a true correlation of 0.8', () => {
    const n = 2000;
    const draw = () => indices(n).map(() => random.normal());
    const sides = {
      x: draw(),
      y: draw(),
      xErrors: errors(n, Math.sqrt(0.2)),
      yErrors: errors(n, Math.sqrt(0.2)),
    };
    const { ceiling } = noiseCeiling(sides, 20, random.normal)!;
    // Spearman's of normal pairs: 6 / pi asin(r / 2).
    assert.ok(Math.abs(ceiling - (6 / Math.PI) * Math.asin(0.4)) < 0.02, String(ceiling));
  });

  test('scores that are all noise leave nothing', () => {
    const x = indices(30).map(() => random.normal());
    const sides = { x, y: indices(30), xErrors: errors(30, 3), yErrors: errors(30, 0.1) };
    const { ceiling } = noiseCeiling(sides, 400, random.normal)!;
    assert.ok(Math.abs(ceiling) < 0.1, String(ceiling));
  });
});

describe('members left out and drawn again', () => {
  const values = [3, 7, 1, 9, 4, 4, 8, 2, 6, 5];
  const mean = (members: readonly number[]) =>
    members.reduce((sum, i) => sum + values[i]!, 0) / members.length;

  test('the jackknife of a mean is its standard error', () => {
    const sample = values.reduce((sum, value) => sum + (value - 4.9) ** 2, 0) / 9;
    const { estimate, se, df } = jackknife(
      indices(10).map((i) => [i]),
      mean,
    )!;
    assertClose(estimate, 4.9);
    assertClose(se!, Math.sqrt(sample / 10));
    assert.equal(df, 9);
  });

  test('members of a group leave together; of one group nothing is known', () => {
    const pairs = indices(5).map((i) => [2 * i, 2 * i + 1]);
    assert.equal(jackknife(pairs, mean)!.df, 4);
    assert.equal(jackknife([indices(10)], mean)!.se, null);
  });

  test('the bootstrap by group is wider where the members of a group are alike', () => {
    const random = createRandom(3);
    // Twenty models, each there three times: as much is known as of twenty.
    const base = indices(20).map(() => [random.normal(), random.normal()] as const);
    const x = indices(60).map((i) => base[i % 20]![0]);
    const y = indices(60).map((i) => base[i % 20]![0] + base[i % 20]![1]);
    const statistic = (members: readonly number[]) =>
      spearman(
        members.map((i) => x[i]!),
        members.map((i) => y[i]!),
      );
    const options = { draws: 1000, level: 0.95, integer: random.integer };
    const width = (groups: number[][]) => {
      const [low, high] = clusterBootstrap(groups, statistic, options)!;
      return high - low;
    };
    const ratio = width(indices(20).map((i) => [i, i + 20, i + 40])) / width(indices(60).map((i) => [i]));
    assert.ok(ratio > 1.3 && ratio < 2.3, String(ratio));
  });

  test('no interval where most redraws have no statistic', () => {
    const options = { draws: 100, level: 0.95, integer: createRandom(1).integer };
    assert.equal(
      clusterBootstrap([[0], [1]], () => null, options),
      null,
    );
  });
});

describe('win rates', () => {
  const scores = Float64Array.from([3, 1, 1, 9, Number.NaN, 5]);
  const order = orderOfScores(scores);
  const rates = (kept: number[]) => [...winRates(scores, order, Uint8Array.from(kept))];

  test('are the share of the other models that a model beats', () => {
    assert.deepEqual(rates([1, 1, 1, 1, 1, 1]), [0.5, 0, 0, 1, Number.NaN, 0.75]);
  });

  test('are among the models that are kept', () => {
    assert.deepEqual(rates([1, 0, 1, 0, 1, 1]), [0.5, Number.NaN, 0, Number.NaN, Number.NaN, 1]);
    assert.deepEqual(rates([1, 0, 0, 0, 1, 0]), Array(6).fill(Number.NaN));
  });
});

describe('models next to one another', () => {
  test('only pairs within the limit count, and ties on the reference never', () => {
    const reference = [10, 12, 15, 40, 40, 45];
    const tested = [1, 2, 1.5, 9, 8, 8.5];
    // Within 5: 10-12 +, 10-15 +, 12-15 -, 40-45 twice: -, +.
    assert.deepEqual(adjacentAgreement(tested, reference, 5, indices(6)), { agreement: 1 / 5, pairs: 5 });
  });

  test('a tie on the tested side is neither, and fractions count as they are written', () => {
    assert.deepEqual(adjacentAgreement([1, 1, 2], [0.1, 0.15, 0.3], 0.05, indices(3)), {
      agreement: 0,
      pairs: 1,
    });
    assert.equal(adjacentAgreement([1, 2], [0.1, 0.3], 0.05, indices(2)), null);
  });
});

describe('neighbours in time', () => {
  const random = createRandom(7);
  const differences = (values: number[]) => values.slice(1).map((value, i) => value - values[i]!);

  test('differences of scores that are all noise count as two thirds of as many', () => {
    const draw = () => differences(indices(4001).map(() => random.normal()));
    const share = serialSize(draw(), draw()) / 4000;
    assert.ok(Math.abs(share - 1 / 1.5) < 0.03, String(share));
  });

  test('steps that have nothing to do with one another count as they are', () => {
    const draw = () => indices(4000).map(() => random.normal());
    assert.ok(serialSize(draw(), draw()) > 3980);
  });
});
