import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlan } from '../../src/suite/plan/parse-plan.ts';
import { restrictPlan } from '../../src/suite/plan/plan.ts';
import { planSample } from '../../src/suite/plan/sample.ts';
import { design } from '../support/designs.ts';
import { taskInventory } from '../support/inventories.ts';

const plan = planSample(
  1,
  [
    { id: 'cdna', reason: null, tasks: [taskInventory('sosb_cdna', { count: 900 })] },
    { id: 'xstest', reason: null, tasks: [taskInventory('sosb_xstest', { count: 450 })] },
  ],
  design(0.08),
);

test('a part of a plan has the same items of its benchmarks, and is whole by itself', () => {
  const part = restrictPlan(plan, new Set(['cdna', 'bbq']));
  assert.deepEqual(part.benchmarks, [plan.benchmarks[0]]);
  assert.deepEqual(
    part.chunks,
    plan.chunks.filter(({ benchmark }) => benchmark === 'cdna'),
  );
  assert.notEqual(part.planHash, plan.planHash);
  assert.deepEqual(parsePlan(JSON.stringify(part), 'part'), part);
});

test('all of it is the plan itself', () => {
  assert.equal(restrictPlan(plan, new Set(['xstest', 'cdna'])), plan);
});
