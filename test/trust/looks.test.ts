/** A change may not say by which looks it is judged, nor that it was decided. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { findLooks } from '../../src/action/steps/compare/looks.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { writeRecord } from '../../src/record/write.ts';
import { designFactor } from '../../src/suite/plan/looks/looks.ts';
import { hashPlan, type Plan } from '../../src/suite/plan/plan.ts';
import { planSample } from '../../src/suite/plan/sample.ts';
import { compare } from '../../src/verdict/compare.ts';
import { refuseCandidate } from '../../src/verdict/release/gate-evidence.ts';
import type { Verdict } from '../../src/verdict/schema.ts';
import { design } from '../support/designs.ts';
import { temporaryFolder } from '../support/folder.ts';
import { taskInventory } from '../support/inventories.ts';
import { answersTo } from '../support/looked-run.ts';
import { answersOfTwo, recordOfPlan } from '../support/planned-records.ts';
import { createRandom } from '../support/random.ts';
import { runMain } from '../support/runtime.ts';

const inventory = [{ id: 'toxigen', reason: null, tasks: [taskInventory('toxigen', { count: 940 })] }];
const plan = planSample(1234, inventory, design(0.03, { looks: { count: 5, collapse: 0.4 } }));
const without = planSample(1234, inventory, design(0.03));
const settings = { 'stop-on': 'decided' } as const;

/** A plan by which nearly everything is held at once: its hash is right, and its boundaries are those of its fractions. */
function lenient(): Plan {
  const own = structuredClone(plan);
  const fractions = [0.96, 0.97, 0.98, 0.99, 1];
  own.sequential!.factors.safety = {
    drop: 1,
    ...designFactor(fractions, { alpha: 0.025, missed: 0.2, familySize: 1 }),
  };
  return { ...own, planHash: hashPlan(own) };
}

function kept(record: LoadedRecord, own: Plan, planHash = own.planHash): LoadedRecord {
  const path = temporaryFolder();
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'plan.json'), JSON.stringify(own));
  return { ...record, path, record: { ...record.record, planHash } };
}

const isEarly = (pair: [LoadedRecord, LoadedRecord]) =>
  compare(...pair, { looks: { plan, stopOn: 'decided' } }).factors.some(({ looks }) => looks?.done === 1);
/** Two models of which one look says nothing. */
const [main, change] = Array.from({ length: 20 }, (_, seed) =>
  answersOfTwo(recordOfPlan(plan), { safety: 0.015 }, createRandom(seed)),
).find((pair) => !isEarly(pair))!;

test('looks are those of the baseline’s plan, and of no plan that the candidate brings', async () => {
  const baseline = kept(main, plan);
  const found = await findLooks(kept(change, plan), {}, { baseline }, settings);
  assert.equal(found!.plan.planHash, plan.planHash);
  assert.equal(await findLooks(kept(change, lenient()), {}, { baseline }, settings), null);
  // Its record claims the baseline's hash: what is read is the baseline's plan all the same.
  const claims = await findLooks(kept(change, lenient(), plan.planHash), {}, { baseline }, settings);
  assert.deepEqual(claims!.plan.sequential, plan.sequential);
});

test('there are no looks where the baseline’s plan has none, or is not the one of its record', async () => {
  const candidate = kept(change, plan);
  assert.equal(await findLooks(candidate, {}, { baseline: kept(main, without) }, settings), null);
  assert.equal(
    await findLooks(candidate, {}, { baseline: kept(main, lenient(), plan.planHash) }, settings),
    null,
  );
  assert.equal(await findLooks(candidate, {}, { baseline: null }, settings), null);
});

test('the job that evaluates by a plan of its own, beside a baseline of all questions, has its looks; a report on another job’s record has not', async () => {
  const candidate = kept(change, plan);
  const baseline = kept(main, without);
  const own = await findLooks(candidate, {}, { baseline }, settings, { isEvaluatedHere: true });
  assert.equal(own!.plan.planHash, plan.planHash);
  assert.equal(await findLooks(candidate, {}, { baseline }, settings), null);
  // The file beside the record was changed after the evaluation: it is not the plan that was made.
  const changed = kept(change, lenient(), plan.planHash);
  assert.equal(await findLooks(changed, {}, { baseline }, settings, { isEvaluatedHere: true }), null);
});

test('a plan that trusted settings name goes before', async () => {
  const found = await findLooks(kept(change, without), { plan }, { baseline: kept(main, without) }, settings);
  assert.equal(found!.plan, plan);
});

test('a record that claims to be decided is incomplete where its answers decide nothing', () => {
  const first = answersTo(
    change,
    plan.chunks.filter(({ look }) => look === 1),
  );
  const claim = { ...first.record, complete: true, looks: { count: 5, decided: { safety: 1 } } };
  const found = compare(main, { ...first, record: claim }, { looks: { plan, stopOn: 'decided' } });
  assert.equal(found.verdict, 'incomplete');
  assert.equal(found.passed, false);
});

describe('what a record leaves out, or sends too much of, does not decide a look', () => {
  const [before, dropped] = answersOfTwo(recordOfPlan(plan), { safety: 0.08 }, createRandom(7));
  const judged = (candidate: LoadedRecord) =>
    compare(before, candidate, { looks: { plan, stopOn: 'decided' } });
  const chunksAt = (isAt: (look: number) => boolean) => plan.chunks.filter(({ look }) => isAt(look ?? 1));
  const isFirst = (() => {
    const first = answersTo(
      dropped,
      chunksAt((look) => look === 1),
    );
    const ids = new Set(first.items.map(({ docId }) => docId));
    return ({ docId }: { docId: number }) => ids.has(docId);
  })();
  const withItems = (items: LoadedRecord['items']): LoadedRecord => {
    const { record } = dropped;
    const benchmarks = record.benchmarks.map((own) => ({
      ...own,
      n: items.length,
      tasks: own.tasks.map((task) => ({ ...task, n: items.length })),
    }));
    return { ...dropped, record: { ...record, benchmarks }, items };
  };
  const whole = judged(dropped);

  test('the first look alone, which decides nothing and says nothing of a stop', () => {
    const first = answersTo(
      change,
      chunksAt((look) => look === 1),
    );
    const { verdict, passed } = compare(main, first, { looks: { plan, stopOn: 'decided' } });
    assert.deepEqual([verdict, passed], ['incomplete', false]);
  });

  test('all of it there, it has regressed', () => {
    assert.deepEqual([whole.verdict, whole.passed], ['regressed', false]);
    assert.ok(whole.looks!.done < 5);
  });

  const cases: [string, LoadedRecord, string][] = [
    [
      'later looks alone',
      answersTo(
        dropped,
        chunksAt((look) => look > 1),
      ),
      'incomplete',
    ],
    [
      'all that is right, and nothing else of the first look',
      withItems(dropped.items.filter((item) => item.score === 1 || !isFirst(item))),
      'incomplete',
    ],
    [
      'right answers of the last look, too: it was decided before',
      withItems(dropped.items.map((item) => (isFirst(item) ? item : { ...item, score: 1 }))),
      'regressed',
    ],
    [
      'right answers to questions that nobody asked',
      withItems([
        ...dropped.items,
        ...dropped.items.map((item, index) => ({
          ...item,
          docId: 100_000 + index,
          docHash: item.docHash + 1n,
          score: 1,
        })),
      ]),
      'regressed',
    ],
    [
      'its right answers twice',
      withItems([
        ...dropped.items,
        ...dropped.items
          .filter(({ score }) => score === 1)
          .map((item, index) => ({ ...item, docId: 100_000 + index })),
      ]),
      'regressed',
    ],
    [
      'inclusion probabilities of its own',
      withItems(dropped.items.map((item) => ({ ...item, inclusionP: item.score === 1 ? 0.01 : 1 }))),
      'regressed',
    ],
  ];
  for (const [what, candidate, wanted] of cases)
    test(what, () => {
      const { verdict, passed, looks } = judged(candidate);
      assert.deepEqual([verdict, passed], [wanted, false]);
      if (wanted === 'regressed') assert.deepEqual(looks, whole.looks);
    });
});

test('a record that ended early is incomplete where nobody asked for looks, and no evidence for a release', () => {
  const first = answersTo(
    change,
    plan.chunks.filter(({ look }) => look === 1),
  );
  const record = { ...first.record, looks: { count: 5, decided: { safety: 1 } } };
  assert.equal(compare(main, { ...first, record }).verdict, 'incomplete');
  assert.match(refuseCandidate({ ...first, record }).join(), /ended early, by the looks of its plan/);
});

describe('compare on a terminal', () => {
  const folder = temporaryFolder();
  const store = async (name: string, own: LoadedRecord, of: Plan, planHash = of.planHash) => {
    await writeRecord(join(folder, name), { ...own.record, planHash }, own.items);
    writeFileSync(join(folder, name, 'plan.json'), JSON.stringify(of));
  };
  const judge = async (baseline: string, candidate: string, ...more: string[]) => {
    const given = ['compare', '--baseline', baseline, '--candidate', candidate, '--json', ...more];
    const { stdout, stderr, exitCode } = await runMain(given, { cwd: folder });
    return { verdict: exitCode === 2 ? null : (JSON.parse(stdout) as Verdict), stderr, exitCode };
  };
  const reasonOf = ({ benchmarks }: Verdict) => benchmarks.find(({ id }) => id === 'toxigen')!.reason!;
  before(async () => {
    await store('main', main, without);
    await store('same', main, plan);
    await store('pr', change, plan);
    // Held by no plan but its own, and asked no more than the first look.
    const first = answersTo(
      change,
      plan.chunks.filter(({ look }) => look === 1),
    );
    const claim = { ...first.record, complete: true, looks: { count: 5, decided: { safety: 1 } } };
    await store('early', { ...first, record: claim }, lenient());
    writeFileSync(join(folder, 'lenient.json'), JSON.stringify(lenient()));
  });

  test('takes the looks of the plan that the baseline was asked, too', async () => {
    const { verdict } = await judge('same', 'pr');
    assert.equal(verdict!.looks!.count, 5);
    assert.doesNotMatch(verdict!.warnings.join(), /look by look/);
  });
  test('has no looks of a plan that the candidate alone has, and says what names it', async () => {
    const { verdict } = await judge('main', 'pr');
    assert.equal(verdict!.looks, undefined);
    assert.match(
      verdict!.warnings.join(),
      new RegExp(
        `Not judged look by look: the plan \\(hash ${plan.planHash}\\) is not the baseline's.*--plan FILE`,
      ),
    );
  });
  test('has no looks where the candidate was asked more than the baseline’s plan, and says that this is another comparison', async () => {
    const whole = { ...change, record: { ...change.record, suite: 'full' } };
    await store('whole', whole, without);
    const { verdict } = await judge('same', 'whole');
    assert.equal(verdict!.looks, undefined);
    assert.match(
      verdict!.warnings.join(),
      new RegExp(
        `Another comparison than that by the looks of the baseline's plan \\(hash ${plan.planHash}\\): the candidate was asked the full suite`,
      ),
    );
    assert.doesNotMatch((await judge('same', 'pr')).verdict!.warnings.join(), /Another comparison/);
    assert.doesNotMatch((await judge('main', 'pr')).verdict!.warnings.join(), /Another comparison/);
  });
  test('so a plan that holds anything lets nobody pass', async () => {
    const { verdict, exitCode } = await judge('main', 'early');
    assert.deepEqual([verdict!.verdict, exitCode], ['incomplete', 1]);
  });
  test('takes those of a plan that is named with --plan', async () => {
    const { verdict } = await judge('main', 'pr', '--plan', join('pr', 'plan.json'));
    assert.equal(verdict!.looks!.count, 5);
    assert.deepEqual(verdict!.factors, (await judge('same', 'pr')).verdict!.factors);
  });
  test('counts nothing beyond that plan, and says how many answers it left out', async () => {
    const sizes = [without, plan].map((of) => of.benchmarks[0]!.tasks[0]!.docIds.length);
    const [smaller, larger] = sizes[0]! < sizes[1]! ? [without, plan] : [plan, without];
    const [base, all] = answersOfTwo(recordOfPlan(larger), {}, createRandom(3));
    await store('all', base, larger);
    await store('greedy', all, smaller);
    const { verdict } = await judge('all', 'greedy', '--plan', join('greedy', 'plan.json'));
    const beyond = Math.abs(sizes[0]! - sizes[1]!);
    assert.match(
      reasonOf(verdict!),
      new RegExp(`${beyond} answers to questions that were not asked are left out`),
    );
  });
  test('says where a sample was drawn by no plan, so that its author may have chosen the questions', async () => {
    const items = change.items
      .slice(80)
      .map((item, index) => ({ ...item, inclusionP: index % 2 ? 0.5 : 0.7 }));
    await store('uneven', answersTo({ ...change, items }, plan.chunks), plan, 'feedfeedfeedfeed');
    const { verdict } = await judge('same', 'uneven');
    assert.match(
      verdict!.warnings.join(),
      /questions of \S+ claim different probabilities .* may have chosen them\. Name the plan .*--plan FILE/,
    );
    assert.doesNotMatch((await judge('main', 'pr')).verdict!.warnings.join(), /claim different/);
  });
  test('refuses a plan that the candidate was not evaluated by', async () => {
    const { exitCode, stderr } = await judge('main', 'pr', '--plan', 'lenient.json');
    assert.equal(exitCode, 2);
    assert.match(
      stderr,
      /pr was evaluated by plan [0-9a-f]{16}, and lenient\.json is plan .* \[plan-mismatch\]/,
    );
  });
});
