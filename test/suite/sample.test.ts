import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listAlternatives } from '../../src/suite/plan/alternatives.ts';
import type { Plan } from '../../src/suite/plan/plan.ts';
import { previewPlan } from '../../src/suite/plan/preview.ts';
import { planSample, type SampleDesign } from '../../src/suite/plan/sample.ts';
import { design } from '../support/designs.ts';
import { fullInventory, taskInventory } from '../support/inventories.ts';
import { rejectsWith } from '../support/reject.ts';
import { countCommon, isWithin } from '../support/sets.ts';

const SEED = 1234;
const inventory = fullInventory();
const preview = (plan: Plan, asked: SampleDesign = design()) =>
  previewPlan(plan, { ...asked, leastItems: 10 });
const plans = new Map([0.015, 0.02, 0.03].map((drop) => [drop, planSample(SEED, inventory, design(drop))]));
const plan = plans.get(0.02)!;
const shown = preview(plan);

function chosen({ benchmarks }: Plan): Set<string> {
  return new Set(
    benchmarks.flatMap(({ tasks }) =>
      tasks.flatMap(({ task, docIds }) => docIds.map((docId) => `${task} ${docId}`)),
    ),
  );
}

const itemsOf = (id: string, made = shown) => made.benchmarks.find((row) => row.id === id)!;
const factorOf = (id: string, made = shown) => made.factors.find((row) => row.id === id)!;

for (const id of ['wk', 'safety']) {
  for (const [drop, made] of plans) {
    test(`a plan for ${100 * drop} points in ${id} shows them, and not much more than that`, () => {
      const seen = factorOf(id, preview(made)).detectable!;
      assert.ok(seen <= drop && seen > 0.95 * drop, String(seen));
    });
  }
}

test('two points take less than a tenth of the items there are', () => {
  assert.ok(shown.cost.items < 0.1 * 112_170, String(shown.cost.items));
});

test('instruction following takes all its items, and says what it cannot show and how many would', () => {
  const { items, available, detectable, detect, needed } = factorOf('if');
  assert.deepEqual([items, available, detect], [541, 541, 0.02]);
  assert.ok(detectable! > 0.04);
  assert.ok(needed! > 2000);
});

test('benchmarks of up to 500 items are taken whole, of longer ones at least 200', () => {
  for (const { id, items, available } of shown.benchmarks) {
    if (available <= 500) assert.equal(items, available, id);
    else assert.ok(items >= 200 && items <= available, `${id}: ${items}`);
  }
  assert.deepEqual([itemsOf('xstest').items, itemsOf('strongreject').items], [450, 313]);
});

test('the floors hold however large the drop is', () => {
  const coarse = preview(planSample(SEED, inventory, design(0.5)));
  for (const { id, items, available } of coarse.benchmarks) assert.ok(items >= Math.min(available, 200), id);
  assert.equal(itemsOf('ifeval', coarse).items, 541);
});

test('every task of a benchmark has two items at least, and never more than there are', () => {
  const tasks = Array.from({ length: 300 }, (_, index) => taskInventory(`t${index}`, { count: 20 }));
  tasks.push(taskInventory('tiny', { count: 1 }));
  const made = planSample(SEED, [{ id: 'bbh', reason: null, tasks }], design(0.5));
  const sizes = made.benchmarks[0]!.tasks.map(({ docIds }) => docIds.length);
  assert.deepEqual([Math.min(...sizes.slice(0, -1)), sizes.at(-1)], [2, 1]);
});

test('a plan for 3 points is part of one for 2 points, and that of one for 1.5 points', () => {
  const [large, middle, small] = [0.015, 0.02, 0.03].map((drop) => chosen(plans.get(drop)!));
  assert.ok(isWithin(small!, middle!) && isWithin(middle!, large!));
  assert.ok(small!.size < middle!.size && middle!.size < large!.size);
});

test('a limit of items is kept to, used up, and nests', () => {
  const [small, large] = [5000, 20_000].map((items) =>
    planSample(SEED, inventory, design(0.02, { limit: { items } })),
  );
  const sizes = [chosen(small!).size, chosen(large!).size];
  assert.ok(sizes[0]! <= 5000 && sizes[0]! > 4950 && sizes[1]! <= 20_000 && sizes[1]! > 19_900, sizes.join());
  assert.ok(isWithin(chosen(small!), chosen(large!)));
});

test('a budget of seconds is kept to, and a slow benchmark gets fewer items than at an even pace', () => {
  const budget = (slow: number) => {
    const pace = { load: 60, perCost: new Map([[null, 3e-6] as const, ['mmlu-pro', slow]]), perItem: null };
    const asked = design(0.02, { pace: pace as NonNullable<SampleDesign['pace']>, limit: { seconds: 600 } });
    return preview(planSample(SEED, inventory, asked), asked);
  };
  const [even, slow] = [budget(3e-6), budget(27e-6)];
  assert.ok(even.cost.minutes! <= 10.1 && even.cost.minutes! > 9.5, String(even.cost.minutes));
  assert.ok(itemsOf('mmlu-pro', slow).items < itemsOf('mmlu-pro', even).items);
});

test('the same inventory, design and seed give the same plan, hash included', () => {
  assert.deepEqual(planSample(SEED, inventory, design()), plan);
});

test('another seed chooses other items, as many of each benchmark', () => {
  const other = planSample(SEED + 1, inventory, design());
  assert.notEqual(other.planHash, plan.planHash);
  const mmlu = (made: Plan) => chosen({ ...made, benchmarks: made.benchmarks.slice(0, 1) });
  const [ours, theirs] = [mmlu(plan), mmlu(other)];
  assert.equal(ours.size, theirs.size);
  const expected = ours.size ** 2 / 12_032;
  assert.ok(Math.abs(countCommon(ours, theirs) - expected) < 4 * Math.sqrt(expected));
});

test('inclusion probabilities are items taken over items there, so that weights sum to the task', () => {
  for (const { tasks } of plan.benchmarks) {
    for (const { task, docIds, inclusionP, available } of tasks) {
      assert.ok(
        inclusionP.every((p) => p === docIds.length / available),
        task,
      );
      const total = inclusionP.reduce((sum, p) => sum + 1 / p, 0);
      assert.ok(Math.abs(total - available) < 1e-6 * available, task);
    }
  }
});

test('chunks hold the chosen items, each once and in order', () => {
  const inChunks = plan.chunks.flatMap(({ task, docIds }) => docIds.map((docId) => `${task} ${docId}`));
  assert.equal(inChunks.length, new Set(inChunks).size);
  assert.deepEqual(new Set(inChunks), chosen(plan));
  for (const { docIds } of plan.chunks) {
    assert.deepEqual(
      docIds,
      [...docIds].sort((a, b) => a - b),
    );
    assert.ok(docIds.length <= 128);
  }
});

test('clusters are thinned, not taken whole: BBQ needs few of its items, from nearly all templates', () => {
  const bbq = plan.benchmarks.find(({ id }) => id === 'bbq')!;
  const clusters = new Set(bbq.tasks.flatMap((task) => task.clusters));
  assert.ok(itemsOf('bbq').items < 2500);
  assert.ok(clusters.size > 240, String(clusters.size));
});

test('a measured variance takes the place of the assumed one', () => {
  const spreads = new Map([['bbq', { variance: 0.025, dependence: 0.1, source: 'records' as const }]]);
  const asked = design(0.02, { spreads });
  const made = planSample(SEED, inventory, asked);
  assert.ok(itemsOf('bbq', preview(made, asked)).items < 0.75 * itemsOf('bbq').items);
  assert.deepEqual(made.sample!.spreads.bbq, spreads.get('bbq'));
});

test('a task from outside the catalogue gets its floor', () => {
  const own = { id: 'own', reason: null, tasks: [taskInventory('own', { count: 3000 })] };
  assert.equal(itemsOf('own', preview(planSample(SEED, [...inventory, own], design()))).items, 200);
});

test('a benchmark that cannot be had is skipped, and its weight goes to the others of its factor', () => {
  const without = inventory.map((row) => (row.id === 'bbq' ? { ...row, reason: 'gated', tasks: [] } : row));
  const made = preview(planSample(SEED, without, design()));
  assert.deepEqual([itemsOf('bbq', made).items, itemsOf('bbq', made).reason], [0, 'gated']);
  assert.ok(itemsOf('saladbench', made).items > itemsOf('saladbench').items);
  assert.ok(factorOf('safety', made).detectable! <= 0.02);
});

const REFUSED: [string, Partial<SampleDesign>, number, string[]][] = [
  ['a drop of exactly the minimum effect', {}, 0.005, ['0.5 points', 'minimum effect', '--minimum-effect']],
  ['a drop below the minimum effect', {}, 0.003, ['0.3 points']],
  [
    'fewer items than the floors',
    { limit: { items: 1000 } },
    0.02,
    ['1000 items are too few', '--benchmarks'],
  ],
];
for (const [what, changes, drop, texts] of REFUSED) {
  test(`${what} is refused`, async () => {
    await rejectsWith(() => planSample(SEED, inventory, design(drop, changes)), 'usage', ...texts);
  });
}

test('other plans cost less the larger the drop, and all items show the most', () => {
  const list = listAlternatives(inventory, design());
  assert.deepEqual(
    list.map(({ detect }) => detect),
    [null, 0.01, 0.015, 0.02, 0.03, 0.05],
  );
  const items = list.map((one) => one.items);
  assert.deepEqual(
    items,
    [...items].sort((a, b) => b - a),
  );
  assert.equal(items[0], 112_170);
  assert.ok(list[0]!.detectable.safety! < list[3]!.detectable.safety!);
});
