/** What a comparison with looks is given too little of: it is judged without looks or without what is missing, and says so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadedRecord } from '../../../src/record/schema.ts';
import { planAllItems } from '../../../src/suite/plan/assemble.ts';
import { planSample } from '../../../src/suite/plan/sample.ts';
import { compare } from '../../../src/verdict/compare.ts';
import { decideStop } from '../../../src/verdict/looks/stop.ts';
import { learnChanges } from '../../../src/verdict/measure/borrowing/expected-change.ts';
import { DEFAULT_POLICY } from '../../../src/verdict/policy.ts';
import { design } from '../../support/designs.ts';
import { taskInventory } from '../../support/inventories.ts';
import { answersOfTwo, recordOfPlan } from '../../support/planned-records.ts';
import { createRandom } from '../../support/random.ts';

const inventory = [{ id: 'toxigen', reason: null, tasks: [taskInventory('toxigen', { count: 9000 })] }];
const plan = planSample(1234, inventory, design(0.03, { looks: { count: 5, collapse: 0.4 } }));
const looks = { plan, stopOn: 'decided' as const };
const whole = recordOfPlan(planAllItems('full', 1234, inventory));
const withMargins = (items: LoadedRecord['items']) =>
  items.map((item, index) => ({ ...item, margin: ((index % 17) - 8.5) / 4 }));
const planned = new Set(plan.benchmarks.flatMap(({ tasks }) => tasks.flatMap(({ docIds }) => docIds)));
const ofPlan = (record: LoadedRecord): LoadedRecord => ({
  ...record,
  items: record.items.filter(({ docId }) => planned.has(docId)),
  record: { ...record.record, planHash: plan.planHash },
});
/** A baseline of all questions, with margins, and a change that was asked the plan's. */
function pair(seed: number, drop: number): [LoadedRecord, LoadedRecord] {
  const [main, change] = answersOfTwo(whole, { safety: drop }, createRandom(seed));
  return [{ ...main, items: withMargins(main.items) }, ofPlan(change)];
}
const SEEDS: readonly [seed: number, drop: number][] = [
  [2, 0],
  [3, 0.06],
];

test('a baseline without margins is looked at as one with them: no look takes any', () => {
  for (const [seed, drop] of SEEDS) {
    const [main, change] = pair(seed, drop);
    const bare = { ...main, items: main.items.map((item) => ({ ...item, margin: null })) };
    const verdict = compare(bare, change, { looks });
    assert.deepEqual(verdict.factors, compare(main, change, { looks }).factors);
    assert.ok(verdict.looks!.done < 5);
    assert.notEqual(verdict.benchmarks.find(({ id }) => id === 'toxigen')!.borrowed!.byMargin, true);
  }
});

test('one earlier pair of main in the history changes no look, though it teaches something', () => {
  for (const [seed, drop] of SEEDS) {
    const [main, change] = pair(seed, drop);
    const [earlier] = answersOfTwo(whole, {}, createRandom(seed + 100));
    const learned = learnChanges([{ ...earlier, items: withMargins(earlier.items) }, main]);
    assert.equal(learned?.coefficient, 0.5);
    assert.deepEqual(compare(main, change, { looks, learned }), compare(main, change, { looks }));
  }
});

test('a baseline whose questions of later looks are missing: a run asks all that is planned, and its report tests once', () => {
  const [main, change] = pair(2, 0);
  const first = new Set(plan.chunks.flatMap(({ look, docIds }) => (look === 1 ? docIds : [])));
  const less = { ...main, items: main.items.filter(({ docId }) => first.has(docId)) };
  const stop = decideStop(less, change, looks, { policy: DEFAULT_POLICY, through: 1 });
  assert.match(stop.obstacle!, /the baseline has answered \d+ of the [\d,]+ questions of toxigen/);
  assert.deepEqual([stop.decided.size, stop.isOver], [0, false]);
  const verdict = compare(less, change, { looks });
  assert.equal(verdict.looks, undefined);
  assert.match(verdict.warnings.join(), /Not judged look by look.*the baseline has answered/);
});

test('a baseline whose items the store has pruned: a run asks all that is planned, and its report compares means', () => {
  const [main, change] = pair(2, 0);
  const means = { ...main, items: [] };
  const stop = decideStop(means, change, looks, { policy: DEFAULT_POLICY, through: 5 });
  assert.match(stop.obstacle!, /the baseline has answered 0 of the [\d,]+ questions of toxigen/);
  const verdict = compare(means, change, { looks });
  assert.equal(verdict.looks, undefined);
  assert.match(verdict.warnings.join(), /Not judged look by look/);
  const toxigen = verdict.benchmarks.find(({ id }) => id === 'toxigen')!;
  assert.equal(toxigen.paired, false);
  assert.match(toxigen.reason!, /unpaired/);
});

test('a run that ended early, where the store has pruned the items of its baseline since: incomplete', () => {
  const [main, change] = pair(3, 0.06);
  const stopped = compare(main, change, { looks });
  const done = stopped.looks!.done;
  const asked = new Set(plan.chunks.flatMap(({ look, docIds }) => (look! <= done ? docIds : [])));
  const left = { ...change, items: change.items.filter(({ docId }) => asked.has(docId)) };
  assert.equal(compare(main, left, { looks }).verdict, 'regressed');
  const found = compare({ ...main, items: [] }, left, { looks, requested: { plan } });
  assert.deepEqual([found.verdict, found.passed], ['incomplete', false]);
});
