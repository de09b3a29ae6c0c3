/** LiveBench's five benchmarks of world knowledge are also tested together as one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { renderComment } from '../../src/report/comment/comment.ts';
import { writeHeadline } from '../../src/report/comment/headline.ts';
import { renderCompareCsv } from '../../src/report/tables/csv.ts';
import { renderPlan } from '../../src/report/tables/plan.ts';
import { renderCompareTable } from '../../src/report/tables/table.ts';
import { findGroup } from '../../src/suite/groups.ts';
import { groupFractions } from '../../src/suite/plan/looks/group-looks.ts';
import { previewPlan } from '../../src/suite/plan/preview.ts';
import { planSample } from '../../src/suite/plan/sample.ts';
import { type CompareOptions, compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import type { Verdict, Waiver } from '../../src/verdict/schema.ts';
import { findLosses } from '../../src/verdict/waiver.ts';
import { design } from '../support/designs.ts';
import { fullInventory, liveBenchInventory } from '../support/inventories.ts';
import { answersOfTwo, recordOfPlan } from '../support/planned-records.ts';
import { createRandom } from '../support/random.ts';

const GROUP = findGroup('livebench-wk')!;
const inventory = [...fullInventory(), ...liveBenchInventory()];
const plan = planSample(1234, inventory, design(0.02, { looks: { count: 5, collapse: 0.4 } }));
const template = recordOfPlan(plan);
const isMember = (id: string) => GROUP.members.includes(id);

/** Two models of which the second loses such a share of LiveBench's answers of world knowledge that were right. */
function pair(seed: number, lost: number): [LoadedRecord, LoadedRecord] {
  const random = createRandom(seed);
  const [baseline, candidate] = answersOfTwo(template, {}, random, 0.04);
  const items = candidate.items.map((item) =>
    isMember(item.benchmark) && random.uniform() < lost ? { ...item, score: 0 } : item,
  );
  return [baseline, { ...candidate, items }];
}

const judged = ([baseline, candidate]: [LoadedRecord, LoadedRecord], options: CompareOptions = {}): Verdict =>
  compare(baseline, candidate, { looks: { plan, stopOn: 'decided' }, ...options });
const groupOf = ({ groups }: Verdict) => groups!.find(({ id }) => id === GROUP.id)!;
const membersOf = ({ benchmarks }: Verdict) => benchmarks.filter(({ id }) => isMember(id));

/** A drop that the five show together, and none by itself. */
function findFallen(): [[LoadedRecord, LoadedRecord], Verdict] {
  for (let seed = 0; seed < 100; seed++) {
    const records = pair(seed, 0.2);
    const found = judged(records);
    const single = [...membersOf(found), ...found.factors];
    if (groupOf(found).outcome === 'regressed' && single.every(({ outcome }) => outcome !== 'regressed'))
      return [records, found];
  }
  throw new Error('no such drop');
}
const [fallen, verdict] = findFallen();

test('a drop that five benchmarks show together, and none by itself, fails', () => {
  const group = groupOf(verdict);
  assert.deepEqual(group.members, GROUP.members);
  assert.equal(verdict.verdict, 'regressed');
  assert.equal(verdict.passed, false);
  assert.equal(
    group.n,
    membersOf(verdict).reduce((sum, { n }) => sum + n, 0),
  );
  assert.ok(group.repeatedCi![0] <= group.delta.ci![0] && group.repeatedCi![1] >= group.delta.ci![1]);
});

test('it is one more of the benchmarks’ family, whose correction it widens by one', () => {
  const alone = compare(...fallen);
  const tested = [...alone.benchmarks, ...alone.groups!].filter(({ delta }) => delta.p !== null);
  assert.equal(tested.length, 25);
  const pValues = tested.map(({ delta }) => delta.p!).sort((a, b) => a - b);
  const rank = pValues.indexOf(groupOf(alone).delta.p!) + 1;
  const bound = Math.min(...pValues.slice(rank - 1).map((p, i) => (p * 25) / (rank + i)));
  assert.ok(Math.abs(groupOf(alone).delta.pAdjusted! - Math.min(1, bound)) < 1e-12);
});

test('who reads the comment, the table or the CSV is told what fell', () => {
  const { text } = writeHeadline(verdict, (name) => name);
  assert.match(text, /LiveBench as one fell by \d+\.\d points/);
  const comment = renderComment(verdict, { now: new Date('2026-03-02'), reproduce: null });
  assert.match(comment, /🔴\u00a0worse: LiveBench as one \(its 5 benchmarks tested together\): −\d/);
  assert.match(renderCompareTable(verdict, { colour: false }), /^worse +LiveBench as one /m);
  assert.match(renderCompareCsv(verdict), /\ngroup,livebench-wk,LiveBench as one,wk,regressed,/);
});

test('a comment says nothing of it where it has not dropped', () => {
  const same = judged(pair(3, 0));
  assert.notEqual(groupOf(same).outcome, 'regressed');
  assert.doesNotMatch(
    renderComment(same, { now: new Date('2026-03-02'), reproduce: null }),
    /LiveBench as one/,
  );
});

test('a candidate that leaves out questions gains nothing', async (t) => {
  const [baseline, candidate] = fallen;
  const isLost = new Set(
    candidate.items
      .filter((item, index) => isMember(item.benchmark) && item.score < baseline.items[index]!.score)
      .map(({ task, docId }) => `${task} ${docId}`),
  );
  const without = (keep: (item: LoadedRecord['items'][number]) => boolean) => ({
    ...candidate,
    items: candidate.items.filter(keep),
  });
  await t.test('those that it lost', () => {
    const found = judged([baseline, without(({ task, docId }) => !isLost.has(`${task} ${docId}`))]);
    assert.equal(found.verdict, 'incomplete');
    assert.equal(found.passed, false);
  });
  await t.test('one of them, which counts as wrong', () => {
    const [first] = isLost;
    const found = judged([baseline, without(({ task, docId }) => `${task} ${docId}` !== first)]);
    assert.equal(groupOf(found).delta.estimate, groupOf(verdict).delta.estimate);
    assert.equal(groupOf(found).outcome, 'regressed');
  });
  await t.test('a whole benchmark', () => {
    const found = judged([baseline, without(({ benchmark }) => benchmark !== 'livebench-math')]);
    assert.equal(found.verdict, 'incomplete');
  });
});

test('it is held to what its benchmarks are held to', async (t) => {
  const withLevels = (thresholds: Record<string, { level: 'off' | 'warn' | 'error' }>) =>
    judged(fallen, { policy: { ...DEFAULT_POLICY, thresholds } });
  await t.test('one of them is a warning: so is the group', () => {
    const found = withLevels({ 'livebench-math': { level: 'warn' } });
    assert.equal(groupOf(found).threshold.level, 'warn');
    assert.equal(found.passed, true);
  });
  await t.test('one of them is off: it is not in the group', () => {
    const group = groupOf(withLevels({ 'livebench-math': { level: 'off' } }));
    assert.equal(group.members.length, 4);
    assert.equal(group.members.includes('livebench-math'), false);
  });
  await t.test('the group is off: it is not tested, and leaves the family', () => {
    const found = withLevels({ 'livebench-wk': { level: 'off' } });
    assert.equal(groupOf(found).outcome, 'inconclusive');
    assert.equal(groupOf(found).delta.pAdjusted, null);
  });
});

test('its drop can be accepted by its name, and goes with its factor’s', () => {
  const losses = findLosses(verdict);
  const own = losses.find(({ id }) => id === GROUP.id)!;
  const { repeatedCi, delta } = groupOf(verdict);
  assert.deepEqual([own.loss, own.limit], [-delta.estimate!, -repeatedCi![0]]);
  const waiver = (target: Waiver['target']): Waiver => ({
    id: 'comment-1',
    target,
    reason: 'known',
    by: 'someone',
    created: '2026-03-01T00:00:00.000Z',
    expires: '2026-04-01T00:00:00.000Z',
    commit: '0'.repeat(40),
    accepted: losses,
  });
  for (const target of [
    { kind: 'benchmark', id: GROUP.id },
    { kind: 'factor', id: 'wk' },
  ] as const) {
    const waivers = { list: [waiver(target)], now: new Date('2026-03-02') };
    assert.equal(judged(fallen, { waivers }).passed, true);
  }
  const other = waiver({ kind: 'benchmark', id: 'livebench-math' });
  assert.equal(judged(fallen, { waivers: { list: [other], now: new Date('2026-03-02') } }).passed, false);
});

test('with a spread between training runs there is no group: nobody knows how much its benchmarks vary together', () => {
  const spread = {
    sd: 0.01,
    ci: [0.005, 0.02] as [number, number],
    variance: 1e-4,
    noise: 0,
    df: 2,
    mean: 0.5,
  };
  const calibration = {
    schemaVersion: 1 as const,
    preset: 'paper' as const,
    models: ['a', 'b', 'c'],
    factors: [],
    benchmarks: [{ id: 'livebench-math', ...spread }],
  };
  assert.equal(judged(fallen, { calibration }).groups, undefined);
});

test('a plan says which drop of it each look shows, and at what cost', () => {
  const { test: planned } = design();
  const preview = previewPlan(plan, { test: planned, spreads: new Map(), pace: null, leastItems: 10 });
  const seen = preview.looks!.steps.map((step) => step.seen[GROUP.id]!);
  // "which shows 15 to 20 points", and less later.
  assert.ok(seen[0]! > 0.14 && seen[0]! < 0.21, seen.join());
  assert.ok(seen.every((drop, look) => look === 0 || drop <= seen[look - 1]!));
  const single = preview.looks!.steps[0]!.seen;
  assert.ok(GROUP.members.every((id) => single[id]! > 1.7 * seen[0]!));
  assert.match(renderPlan(preview, []), /LiveBench as one +1\d\.\d/);
});

test('its information fractions rise to 1, between those of its benchmarks, and need nothing that the hash does not cover', () => {
  const fractions = groupFractions(plan, GROUP)!;
  assert.equal(fractions.at(-1), 1);
  fractions.forEach((fraction, look) => {
    const own = GROUP.members.map((id) => plan.sequential!.benchmarks[id]![look]!);
    assert.ok(fraction >= Math.min(...own) - 1e-12 && fraction <= Math.max(...own) + 1e-12);
  });
  const claims = structuredClone(plan);
  for (const id of GROUP.members) claims.sample!.spreads[id]!.variance = Math.random();
  assert.deepEqual(groupFractions(claims, GROUP), fractions);
  assert.equal(groupFractions({ ...plan, sequential: undefined }, GROUP), null);
});
