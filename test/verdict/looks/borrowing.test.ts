/** Looks at a sample of what a full baseline answered: cells of the first look hold for all, and no margin enters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadedRecord } from '../../../src/record/schema.ts';
import { planAllItems } from '../../../src/suite/plan/assemble.ts';
import { planSample } from '../../../src/suite/plan/sample.ts';
import { compare } from '../../../src/verdict/compare.ts';
import type { ChangeModel } from '../../../src/verdict/measure/borrowing/expected-change.ts';
import { design } from '../../support/designs.ts';
import { taskInventory } from '../../support/inventories.ts';
import { answersOfTwo, recordOfPlan } from '../../support/planned-records.ts';
import { createRandom } from '../../support/random.ts';

const inventory = [
  { id: 'toxigen', reason: null, tasks: [taskInventory('toxigen', { count: 9000 })] },
  { id: 'mmlu-pro', reason: null, tasks: [taskInventory('leaderboard_mmlu_pro', { count: 12000 })] },
];
const plan = planSample(1234, inventory, design(0.03, { looks: { count: 5, collapse: 0.4 } }));
const looks = { plan, stopOn: 'decided' as const };
const planned = new Set(
  plan.benchmarks.flatMap(({ tasks }) =>
    tasks.flatMap(({ task, docIds }) => docIds.map((id) => `${task} ${id}`)),
  ),
);
const template = recordOfPlan(planAllItems('full', 1234, inventory));
const withMargins: LoadedRecord = {
  ...template,
  items: template.items.map((item, index) => ({ ...item, margin: ((index % 17) - 8.5) / 4 })),
};

function pair(seed: number, drop: number): [LoadedRecord, LoadedRecord] {
  const [main, change] = answersOfTwo(withMargins, { safety: drop }, createRandom(seed));
  const items = change.items.filter(({ task, docId }) => planned.has(`${task} ${docId}`));
  return [main, { ...change, items, record: { ...change.record, planHash: plan.planHash } }];
}

test('each look borrows from all that the baseline answered', () => {
  const { benchmarks, factors } = compare(...pair(1, 0), { looks });
  for (const { id, borrowed, n } of benchmarks.filter(({ delta }) => delta.estimate !== null)) {
    assert.ok(borrowed!.baselineItems > 4 * n, id);
  }
  assert.ok(factors.some((factor) => factor.looks !== undefined && factor.looks.done < 5));
});

test('what earlier changes teach does not enter: the job that evaluates decides by the same answers, and may not know them', () => {
  const flips = [-2, -1, 0, 0] as const;
  const learned: ChangeModel = {
    own: new Map([['toxigen', flips]]),
    all: flips,
    coefficient: 1,
    pairs: [{ earlier: 'a', later: 'b' }],
  };
  // It would count in one test of the whole.
  assert.deepEqual(compare(...pair(2, 0), { requested: { plan }, learned }).learned?.coefficient, 1);
  for (const [seed, drop] of [
    [2, 0],
    [3, 0.05],
  ] as const) {
    const records = pair(seed, drop);
    assert.deepEqual(compare(...records, { looks, learned }), compare(...records, { looks }));
  }
});
