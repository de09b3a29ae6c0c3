import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocate } from '../../src/suite/plan/allocate.ts';
import { type BenchmarkModel, modelVariance } from '../../src/suite/plan/variance.ts';
import { taskInventory } from '../support/inventories.ts';

function row(
  id: string,
  changes: Partial<BenchmarkModel> & { reducible?: number; cost?: number } = {},
): BenchmarkModel {
  const { reducible = 0.1, cost = 1, ...rest } = changes;
  const strata = [{ task: id, documents: 1e6, reducible, cost }];
  return { id, factor: 'wk', share: 0.5, rate: 1, by: 't', irreducible: 0, strata, ...rest };
}

/** Items of b for each of a, at a variance well above what floors give. */
const ratio = (a: BenchmarkModel, b: BenchmarkModel) => {
  const { sizes } = allocate([a, b], { wk: 1e-6 });
  return sizes.get('b')! / sizes.get('a')!;
};

const RATIOS: [string, BenchmarkModel, number][] = [
  ['equal benchmarks share equally', row('b'), 1],
  ['three times the weight takes three times the items', row('b', { share: 1.5 }), 3],
  ['four times the variance takes twice the items', row('b', { reducible: 0.4 }), 2],
  ['four times the cost takes half the items', row('b', { cost: 4 }), 0.5],
  ['a machine that is four times as slow on a benchmark takes half its items', row('b', { rate: 4 }), 0.5],
];
for (const [what, other, expected] of RATIOS) {
  test(what, () => {
    assert.ok(Math.abs(ratio(row('a'), other) - expected) < 1e-3);
  });
}

test('the target is met, by no item too many', () => {
  const rows = [row('a'), row('b', { cost: 3 })];
  const target = 1e-5;
  const { sizes, factors } = allocate(rows, { wk: target });
  assert.ok(factors.get('wk')! <= target);
  const fewer = rows.reduce(
    (sum, { id, share, strata }) => sum + (share ** 2 * strata[0]!.reducible) / (sizes.get(id)! - 1),
    0,
  );
  assert.ok(fewer > target);
});

test('no other allocation of the same cost has a smaller variance', () => {
  const rows = [row('a', { share: 0.7 }), row('b', { share: 0.3, cost: 5, reducible: 0.2 })];
  const { sizes, factors } = allocate(rows, { wk: 1e-5 });
  for (const shift of [-500, -100, 100, 500]) {
    const [a, b] = [sizes.get('a')! + 5 * shift, sizes.get('b')! - shift];
    assert.ok((0.49 * 0.1) / a + (0.09 * 0.2) / b > factors.get('wk')!);
  }
});

test('a target out of reach takes everything, and reports what is reached', () => {
  const { sizes, factors } = allocate([row('a', { share: 1, irreducible: 0.01 })], { wk: 0.001 });
  assert.equal(sizes.get('a'), 1e6);
  assert.ok(factors.get('wk')! > 0.01);
});

const MODELS: [string, ReturnType<typeof taskInventory>[], number, number][] = [
  ['documents that stand alone', [taskInventory('t', { count: 100 })], 0.1, 0],
  // k = 50 * 2 / (100 * 99)
  ['pairs', [taskInventory('t', { count: 100, cluster: (i) => i >> 1 })], 0.1 * (1 - 0.5 / 99), 0.05 / 99],
  ['one cluster of all', [taskInventory('t', { count: 100, cluster: () => 0 })], 0.05, 0.05],
];
for (const [what, tasks, reducible, irreducible] of MODELS) {
  test(`variance of ${what}, correlated by half`, () => {
    const spread = { variance: 0.1, dependence: 0.5, source: 'assumed' as const };
    const model = modelVariance(
      tasks.map(({ task, documents }) => ({ task, documents: documents!, cost: 1 })),
      spread,
    );
    assert.ok(Math.abs(model.strata[0]!.reducible - reducible) < 1e-12);
    assert.ok(Math.abs(model.irreducible - irreducible) < 1e-12);
  });
}

test('with all items taken, the variance is that of the clusters, those across tasks included', () => {
  // 60 questions, all in one task and 40 of them in another: (20 clusters of 1, 40 of 2).
  const tasks = ['a', 'b'].map((task, index) =>
    taskInventory(task, { count: index === 0 ? 60 : 40, cluster: (i) => i }),
  );
  const { strata, irreducible } = modelVariance(
    tasks.map(({ task, documents }) => ({ task, documents: documents!, cost: 1 })),
    { variance: 0.1, dependence: 0.5, source: 'assumed' },
  );
  const whole = strata.reduce((sum, { reducible, documents }) => sum + reducible / documents, irreducible);
  const squares = 20 * 1 + 40 * 4;
  assert.ok(Math.abs(whole - (0.1 * (0.5 * 100 + 0.5 * squares)) / 100 ** 2) < 1e-12);
});
