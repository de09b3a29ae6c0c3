import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadedRecord } from '../../../src/record/schema.ts';
import { renderComment } from '../../../src/report/comment/comment.ts';
import { writeHeadline } from '../../../src/report/comment/headline.ts';
import { renderCompareTable } from '../../../src/report/tables/table.ts';
import type { Factor } from '../../../src/suite/benchmark.ts';
import { findBenchmark } from '../../../src/suite/catalogue.ts';
import { designFactor } from '../../../src/suite/plan/looks/looks.ts';
import { planThrough } from '../../../src/suite/plan/looks/through-look.ts';
import { planSample } from '../../../src/suite/plan/sample.ts';
import { type CompareOptions, compare } from '../../../src/verdict/compare.ts';
import { DEFAULT_POLICY } from '../../../src/verdict/policy.ts';
import type { Verdict } from '../../../src/verdict/schema.ts';
import { design } from '../../support/designs.ts';
import { fullInventory } from '../../support/inventories.ts';
import { answersOfTwo, recordOfPlan } from '../../support/planned-records.ts';
import { createRandom } from '../../support/random.ts';

const plan = planSample(1234, fullInventory(), design(0.02, { looks: { count: 5, collapse: 0.4 } }));
const template = recordOfPlan(plan);
const pairs = new Map<string, [LoadedRecord, LoadedRecord]>();

/** Made once for all tests that take the same one: nobody changes it. */
function pair(drops: Partial<Record<Factor, number>>, seed: number): [LoadedRecord, LoadedRecord] {
  const key = JSON.stringify([drops, seed]);
  const made = pairs.get(key) ?? answersOfTwo(template, drops, createRandom(seed));
  pairs.set(key, made);
  return made;
}

/** Verdicts with the usual options, by the candidate of their pair. */
const verdicts = new Map<LoadedRecord, Verdict>();

function judged(
  [baseline, candidate]: [LoadedRecord, LoadedRecord],
  options: CompareOptions & { stopOn?: 'decided' | 'regressed' } = {},
): Verdict {
  const judge = () =>
    compare(baseline, candidate, { looks: { plan, stopOn: options.stopOn ?? 'decided' }, ...options });
  const isWhole = [...pairs.values()].some((own) => own[0] === baseline && own[1] === candidate);
  if (!isWhole || Object.keys(options).length > 0) return judge();
  const verdict = verdicts.get(candidate) ?? judge();
  verdicts.set(candidate, verdict);
  return verdict;
}
const factorOf = ({ factors }: Verdict, id: Factor) => factors.find((factor) => factor.id === id)!;

/** The first of these pairs whose verdict is as wished; to judge one takes long. */
function firstOf(
  seeds: readonly number[],
  drops: Partial<Record<Factor, number>>,
  isWished: (verdict: Verdict) => boolean,
) {
  for (const seed of seeds) {
    const records = pair(drops, seed);
    const verdict = judged(records);
    if (isWished(verdict)) return { records, verdict };
  }
  throw new Error('no pair has the verdict that is wished for');
}

/** The record as it is where each factor was asked up to a look. */
function stopped({ record, items, path }: LoadedRecord, lookOf: (factor: Factor) => number): LoadedRecord {
  const part = planThrough(plan, (id) => lookOf(findBenchmark(id)!.factor!));
  const asked = new Set(
    part.benchmarks.flatMap(({ tasks }) =>
      tasks.flatMap(({ task, docIds }) => docIds.map((id) => `${task} ${id}`)),
    ),
  );
  const left = items.filter(({ task, docId }) => asked.has(`${task} ${docId}`));
  const countOf = (task: string) => left.reduce((sum, item) => sum + Number(item.task === task), 0);
  const benchmarks = record.benchmarks.map((benchmark) => {
    const tasks = benchmark.tasks.map((task) => ({ ...task, n: countOf(task.task) }));
    const n = tasks.reduce((sum, task) => sum + task.n, 0);
    return { ...benchmark, tasks, n, planned: n };
  });
  return { path, record: { ...record, benchmarks }, items: left };
}

test('a collapse of one factor is decided at the first look, and its later questions change nothing', () => {
  const [baseline, candidate] = pair({ safety: 0.12 }, 3);
  const verdict = judged([baseline, candidate]);
  const { looks, outcome, delta } = factorOf(verdict, 'safety');
  assert.equal(outcome, 'regressed');
  assert.deepEqual([looks!.done, looks!.decided], [1, 'regressed']);
  assert.ok(delta.estimate! < -0.06 && delta.ci![0] < delta.estimate! && delta.ci![1] > delta.estimate!);
  // What lies beyond the look that decided enters nothing: here it is all right again.
  const others = candidate.items.map((item, index) => {
    const look = plan.chunks.find(({ task, docIds }) => task === item.task && docIds.includes(item.docId))!
      .look!;
    return look > 1 && findBenchmark(item.benchmark)!.factor === 'safety'
      ? { ...item, score: 1 }
      : { ...item, index };
  });
  const mended = judged([baseline, { ...candidate, items: others }]);
  assert.deepEqual(factorOf(mended, 'safety'), factorOf(verdict, 'safety'));
});

test('without a change factors are held, most before the last look', () => {
  const outcomes = [1, 2, 3].map((seed) => judged(pair({}, seed)));
  const factors = outcomes.flatMap((verdict) => verdict.factors);
  const held = factors.filter(({ outcome }) => outcome === 'held' || outcome === 'equivalent');
  assert.ok(held.length >= 6, factors.map(({ outcome }) => outcome).join());
  assert.ok(factors.filter(({ looks }) => looks!.done < 5).length >= 4);
  for (const verdict of outcomes) {
    assert.ok(verdict.looks!.share <= 1 && verdict.looks!.share > 0.2);
    if (verdict.verdict === 'held') assert.equal(verdict.passed, true);
  }
});

test('improved and equivalent are said only where all looks were done', () => {
  for (const [seed, drops] of [
    [1, {}],
    [2, { wk: -0.08, safety: -0.08 }],
    [5, { wk: -0.01 }],
  ] as const) {
    for (const { outcome, looks } of judged(pair(drops, seed)).factors) {
      if (outcome === 'improved' || outcome === 'equivalent') assert.equal(looks!.done, 5);
    }
  }
});

test('a run that stopped is judged as the same run that went on', async (t) => {
  for (const [name, drops, seed] of [
    ['a collapse', { wk: 0.15, if: 0.3, safety: 0.15 }, 11],
    ['no change', {}, 1],
    ['a small drop', { safety: 0.02 }, 13],
  ] as const) {
    await t.test(name, () => {
      const [baseline, candidate] = pair(drops, seed);
      const whole = judged([baseline, candidate]);
      const part = stopped(candidate, (factor) => factorOf(whole, factor).looks!.done);
      const found = judged([baseline, part]);
      assert.deepEqual(found.factors, whole.factors);
      assert.deepEqual(
        found.benchmarks.map(({ id, delta, outcome }) => ({ id, delta, outcome })),
        whole.benchmarks.map(({ id, delta, outcome }) => ({ id, delta, outcome })),
      );
      assert.equal(found.verdict, whole.verdict);
    });
  }
});

test('a stop that the items do not support is incomplete', async (t) => {
  // A model that has lost a little: no look but a late one decides.
  const isLate = (verdict: Verdict) => factorOf(verdict, 'safety').looks!.done >= 3;
  const found = firstOf([21, 22, 23, 24, 25, 26], { safety: 0.015 }, isLate);
  const [baseline, candidate] = found.records;
  const doneOf = (factor: Factor) => factorOf(found.verdict, factor).looks!.done;
  await t.test('one look before the decision', () => {
    const early = stopped(candidate, (factor) => doneOf(factor) - Number(factor === 'safety'));
    const verdict = judged([baseline, early]);
    assert.equal(verdict.verdict, 'incomplete');
    assert.equal(verdict.passed, false);
    assert.equal(factorOf(verdict, 'safety').looks!.decided, 'open');
  });
  await t.test('some questions of the deciding look', () => {
    const last = doneOf('safety');
    const chunk = plan.chunks.find(({ benchmark, look }) => benchmark === 'bbq' && look === last)!;
    const dropped = new Set(chunk.docIds);
    const items = candidate.items.filter(({ task, docId }) => task !== chunk.task || !dropped.has(docId));
    assert.equal(judged([baseline, { ...candidate, items }]).verdict, 'incomplete');
  });
  await t.test('two questions of the first look, few of the whole', () => {
    const tasks = plan.benchmarks.find(({ id }) => id === 'bbq')!.tasks;
    const { task } = tasks.reduce((most, one) => (one.docIds.length > most.docIds.length ? one : most));
    const [first] = plan.chunks.filter((chunk) => chunk.task === task && chunk.look === 1);
    const items = candidate.items.filter(
      (item) => item.task !== task || !first!.docIds.slice(0, 2).includes(item.docId),
    );
    assert.equal(
      compare(baseline, { ...candidate, items }, { requested: { plan } }).verdict === 'incomplete',
      false,
    );
    assert.equal(judged([baseline, { ...candidate, items }]).verdict, 'incomplete');
  });
  await t.test('a benchmark that its record says failed', () => {
    const record = structuredClone(candidate.record);
    record.benchmarks.find(({ id }) => id === 'bbq')!.status = 'failed';
    assert.equal(judged([baseline, { ...candidate, record }]).verdict, 'incomplete');
  });
  await t.test('a record that says of itself that all was done', () => {
    const early = stopped(candidate, () => 1);
    const claims = {
      ...early,
      record: { ...early.record, complete: true, benchmarks: candidate.record.benchmarks },
    };
    const verdict = judged([baseline, claims]);
    assert.equal(verdict.verdict, 'incomplete');
  });
  await t.test('without looks: the whole plan is asked', () => {
    const whole = judged(pair({}, 2));
    const [before, after] = pair({}, 2);
    const part = stopped(after, (factor) => factorOf(whole, factor).looks!.done);
    assert.equal(judged([before, part]).verdict, whole.verdict);
    assert.equal(compare(before, part, { requested: { plan } }).verdict, 'incomplete');
    assert.equal(compare(before, part).verdict, 'incomplete');
  });
});

test('there are no looks', async (t) => {
  const [baseline, candidate] = pair({}, 3);
  const reasonOf = (verdict: Verdict) =>
    verdict.warnings.find((text) => text.startsWith('Not judged look by look'));
  await t.test('where the baseline lacks the later looks', () => {
    const verdict = judged([stopped(baseline, () => 2), candidate]);
    assert.match(reasonOf(verdict)!, /the baseline has answered \d+ of the [\d,]+ questions/);
    assert.equal(verdict.looks, undefined);
  });
  await t.test('where the boundaries are made for another alpha', () => {
    const verdict = judged([baseline, candidate], { policy: { ...DEFAULT_POLICY, alpha: 0.01 } });
    assert.match(reasonOf(verdict)!, /made for alpha 0.05, not 0.01/);
  });
  await t.test('where only some benchmarks of the plan are asked for', () => {
    assert.match(
      reasonOf(judged([baseline, candidate], { benchmarks: ['wk', 'if'] }))!,
      /the plan has benchmarks that are not asked for \(beavertails, /,
    );
  });
  await t.test('where another protocol was followed', () => {
    const [task] = Object.keys(candidate.record.protocol.tasks);
    const other = structuredClone(candidate.record);
    other.protocol.tasks[task!]!.fewshot = 3;
    assert.match(reasonOf(judged([baseline, { ...candidate, record: other }]))!, /different ways/);
  });
});

test('a plan of the benchmarks that are asked for has looks: they are named one by one, or by their factors', () => {
  const records = pair({ safety: 0.12 }, 3);
  const named = judged(records, { benchmarks: ['wk', 'if', 'safety'] });
  assert.deepEqual(named.looks, judged(records).looks);
  assert.equal(factorOf(named, 'safety').looks!.done, 1);
});

test('a factor whose level is off since the plan was made decides nothing, ends nothing, and leaves its family', () => {
  const records = pair({ if: 0.3 }, 52);
  const policy = { ...DEFAULT_POLICY, thresholds: { if: { level: 'off' as const } } };
  const tested = judged(records, { stopOn: 'regressed' });
  assert.deepEqual([tested.verdict, tested.looks!.done], ['regressed', 1]);
  const verdict = judged(records, { policy, stopOn: 'regressed' });
  const [wk, following, safety] = (['wk', 'if', 'safety'] as const).map((id) => factorOf(verdict, id));
  assert.deepEqual([following!.outcome, following!.looks!.decided], ['inconclusive', 'other']);
  for (const { looks } of [wk!, safety!])
    assert.ok(['held', 'none'].includes(looks!.decided), looks!.decided);
  // It goes on as long as one that is tested does.
  assert.equal(following!.looks!.done, Math.max(wk!.looks!.done, safety!.looks!.done));
  // Two factors are left, as in a plan of these alone.
  const { fractions, efficacy } = plan.sequential!.factors.wk!;
  const pairs = designFactor(fractions, { alpha: 0.025, missed: 0.2, familySize: 2 }).efficacy[0]!;
  assert.deepEqual(efficacy[1], pairs);
  const none = {
    ...policy,
    thresholds: { ...policy.thresholds, wk: { level: 'off' as const }, safety: { level: 'off' as const } },
  };
  assert.match(
    judged(records, { policy: none }).warnings.join(),
    /it has boundaries for no factor that is tested/,
  );
});

test('what a benchmark shows at an early look is what its boundary there lets it show', () => {
  const verdict = judged(pair({ wk: 0.15, if: 0.3, safety: 0.15 }, 11));
  const early = verdict.benchmarks.filter(({ id, detectable, delta }) => {
    const { done } = factorOf(verdict, findBenchmark(id)!.factor!).looks!;
    if (detectable === null || done !== 1) return false;
    const fraction = plan.sequential!.benchmarks[id]![0]!;
    const se = delta.seFloor ?? delta.se!;
    const once = (2.77 + 0.84) * se;
    // With all of its information a look is one test; with less, the boundary is farther away.
    assert.ok(fraction < 0.9 ? detectable > 1.05 * once : detectable > 0.99 * once, `${id} ${fraction}`);
    return true;
  });
  assert.ok(early.length > 10);
});

test('with stop-on: regressed the others are inconclusive, with the repeated interval', () => {
  const verdict = judged(pair({ safety: 0.12 }, 3), { stopOn: 'regressed' });
  const [wk, safety] = [factorOf(verdict, 'wk'), factorOf(verdict, 'safety')];
  assert.equal(safety.outcome, 'regressed');
  if (wk.looks!.decided === 'other') {
    assert.equal(wk.outcome, 'inconclusive');
    assert.deepEqual(wk.delta.ci, wk.looks!.repeatedCi);
    assert.ok(wk.looks!.repeatedCi![0] < wk.looks!.naive!.ci![0]);
  } else assert.equal(wk.looks!.done, 1);
  assert.equal(verdict.looks!.done, 1);
});

test('where a look brings a factor nothing new, the repeated interval is that of the look before', () => {
  const own = structuredClone(plan);
  const { fractions, drop } = own.sequential!.factors.wk!;
  const flat = fractions.map((t, look) => (look === 1 ? fractions[0]! : t));
  own.sequential!.factors.wk = {
    drop,
    ...designFactor(flat, { alpha: 0.025, missed: 0.2, familySize: 3 }),
  };
  // Of these, another factor ended the run at the second look.
  const found = [53, 54].map((seed) =>
    compare(...pair({ safety: 0.03, wk: 0.01 }, seed), { looks: { plan: own, stopOn: 'regressed' } }),
  );
  const looks = found
    .map((verdict) => factorOf(verdict, 'wk').looks!)
    .filter(({ decided, done }) => decided === 'other' && done === 2);
  assert.equal(looks.length, 2);
  for (const { repeatedCi, naive } of looks) {
    assert.ok(repeatedCi);
    assert.ok(repeatedCi[0] < naive!.ci![0] && repeatedCi[1] > naive!.ci![1]);
  }
});

test('a missing answer counts as wrong at its look', () => {
  const [baseline, candidate] = pair({}, 1);
  const [first] = plan.chunks.filter(({ benchmark, look }) => benchmark === 'mmlu-pro' && look === 1);
  const items = candidate.items.filter(
    ({ task, docId }) => task !== first!.task || docId !== first!.docIds[0],
  );
  const verdict = judged([baseline, { ...candidate, items }]);
  assert.equal(verdict.benchmarks.find(({ id }) => id === 'mmlu-pro')!.missing[0]!.missing, 1);
  assert.notEqual(verdict.verdict, 'incomplete');
});

test('what a reader is told', async (t) => {
  const { verdict: found, records } = firstOf(
    [71, 72, 73, 74, 75, 76],
    {},
    ({ verdict }) => verdict === 'held',
  );
  await t.test('names the drop of each factor, and how often it is missed', () => {
    const { title, text } = writeHeadline(found, (name) => name);
    assert.equal(title, 'No sign of a drop');
    assert.match(text, /is ruled out|\(a drop of that size is missed once in five\)/);
    assert.match(text, /4\.\d points in instruction following/);
  });
  const isSaid = (verdict: Verdict, line: RegExp) => {
    assert.match(renderComment(verdict, { now: new Date('2026-03-02'), reproduce: null }), line);
    assert.match(renderCompareTable(verdict, { colour: false }), line);
  };
  await t.test('says in comment and table after how many looks it was decided', () => {
    const part = stopped(records[1], (factor) => factorOf(found, factor).looks!.done);
    const { length: items } = part.items;
    const ended = { ...part, record: { ...part.record, totals: { ...part.record.totals, items } } };
    const line = /Decided after [1-5] of 5 looks, \d+(\.\d)?% of the plan, \d+\.\d GPU minutes\./;
    isSaid(judged([records[0], ended]), line);
  });
  await t.test('says so where the run asked more than that: its minutes are of all of it', () => {
    const asked = records[1].items.length.toLocaleString('en');
    isSaid(
      found,
      new RegExp(
        `Decided after [1-5] of 5 looks, \\d+% of the plan\\. The run asked more, ${asked} questions in place of [\\d,]+: \\d+\\.\\d GPU minutes\\.`,
      ),
    );
  });
  for (const [decided, line] of [
    ['none', /^All 5 looks done, /m],
    ['open', /^Not decided by its 5 looks: answers are missing\.$/m],
  ] as const)
    await t.test(`says that nothing was decided where a factor is '${decided}'`, () => {
      const [first, ...others] = found.factors;
      const verdict = { ...found, factors: [{ ...first!, looks: { ...first!.looks!, decided } }, ...others] };
      assert.match(renderComment(verdict, { now: new Date('2026-03-02'), reproduce: null }), line);
    });
});
