import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { choosePlan, followPlan, plannedIds } from '../../src/evaluate/planning/choose-plan.ts';
import { readPlan } from '../../src/evaluate/planning/read-plan.ts';
import type { BenchmarkInventory } from '../../src/suite/plan/inventory.ts';
import { hashPlan } from '../../src/suite/plan/plan.ts';
import { design } from '../support/designs.ts';
import { temporaryFolder } from '../support/folder.ts';
import { taskInventory } from '../support/inventories.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
const inventory: BenchmarkInventory[] = [
  { id: 'cdna', reason: null, tasks: [taskInventory('sosb_cdna', { count: 900 })] },
  { id: 'gpqa', reason: 'gated', tasks: [] },
];
const request = {
  suite: 'pr' as const,
  benchmarks: [],
  datasetsDir: null,
  includePaths: [],
  python: 'managed',
  maxGenToks: null,
  seed: 5,
  stallTimeout: 60,
};
const choose = (suite: 'pr' | 'full') =>
  choosePlan({ suite, seed: 5, design: design(0.08) }, inventory, null);
const plan = choose('pr');

test('suite pr takes a sample, full takes all', () => {
  const sizes = (['pr', 'full'] as const).map(
    (suite) => choose(suite).benchmarks[0]!.tasks[0]!.docIds.length,
  );
  assert.ok(sizes[0]! < 900);
  assert.equal(sizes[1], 900);
});

test('a stored plan is run as it is, whatever the design', () => {
  assert.deepEqual(choosePlan({ suite: 'full', seed: 9, design: null }, inventory, plan), plan);
});

test('which documents of a stored plan depend on each other, and how many were left out, is said by the documents', () => {
  const forged = structuredClone(plan);
  const task = forged.benchmarks[0]!.tasks[0]!;
  Object.assign(task, { clusters: task.docIds.map(() => 'f'.repeat(16)), dropped: { mine: 7 } });
  assert.equal(hashPlan(forged), plan.planHash);
  assert.deepEqual(choosePlan({ suite: 'full', seed: 9, design: null }, inventory, forged), plan);
});

test('nothing to run is an error, with the reason', async () => {
  const none = [{ id: 'gpqa', reason: 'gated', tasks: [] }];
  await rejectsWith(
    () => choosePlan({ suite: 'full', seed: 5, design: null }, none, null),
    'data-missing',
    'gated',
  );
});

test('suite, seed and benchmarks are what the stored plan says', () => {
  const { suite, seed, benchmarks } = followPlan({ ...request, suite: 'full', seed: 9 }, plan);
  assert.deepEqual([suite, seed, benchmarks], ['pr', 5, ['cdna', 'gpqa']]);
  assert.deepEqual([...plannedIds(plan)], ['cdna']);
});

test("benchmarks that are the plan's may be named beside it, others not", async () => {
  followPlan({ ...request, benchmarks: ['gpqa', 'cdna'] }, plan);
  await rejectsWith(() => followPlan({ ...request, benchmarks: ['cdna'] }, plan), 'usage', '--benchmarks');
});

test('a plan is read from its file', async () => {
  const path = join(folder, 'plan.json');
  writeFileSync(path, JSON.stringify(plan));
  assert.deepEqual(await readPlan(path), plan);
});

test('a plan that is not there, or a folder, is named with what to give', async () => {
  for (const path of [join(folder, 'absent.json'), folder]) {
    await rejectsWith(() => readPlan(path), 'plan-invalid', path, 'sos-bench plan --output');
  }
});
