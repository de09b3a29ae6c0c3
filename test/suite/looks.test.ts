import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SosBenchError } from '../../src/error.ts';
import { FACTORS } from '../../src/suite/benchmark.ts';
import { MINIMUM_UNITS } from '../../src/suite/minimum-units.ts';
import { listAlternatives } from '../../src/suite/plan/alternatives.ts';
import { boundariesAt, designFactor } from '../../src/suite/plan/looks/looks.ts';
import { parsePlan } from '../../src/suite/plan/parse-plan.ts';
import { hashPlan, type Plan, restrictPlan } from '../../src/suite/plan/plan.ts';
import { previewPlan } from '../../src/suite/plan/preview.ts';
import { planSample } from '../../src/suite/plan/sample.ts';
import { design } from '../support/designs.ts';
import { fullInventory, liveBenchInventory, taskInventory } from '../support/inventories.ts';

const inventory = [...fullInventory(), ...liveBenchInventory()];
const wanted = design(0.02, { looks: { count: 5, collapse: 0.4 } });
const plan = planSample(1234, inventory, wanted);
const fixed = planSample(1234, inventory, design());
const { sequential } = plan;
const costOf = (chunks: Plan['chunks']) => chunks.reduce((sum, { cost }) => sum + cost, 0);

test('a plan with looks', async (t) => {
  await t.test('has every chunk in one look, and all its items in a chunk', () => {
    assert.deepEqual([...new Set(plan.chunks.map(({ look }) => look))].sort(), [1, 2, 3, 4, 5]);
    assert.deepEqual(parsePlan(JSON.stringify(plan), 'plan'), plan);
  });
  await t.test('asks at a look what a sample of that size would: looks are nested', () => {
    const smaller = planSample(1234, inventory, design(0.05));
    const first = new Map<string, Set<number>>();
    for (const { task, docIds, look } of plan.chunks) {
      if (look !== 1) continue;
      first.set(task, new Set([...(first.get(task) ?? []), ...docIds]));
    }
    for (const { task, docIds } of smaller.benchmarks.flatMap(({ tasks }) => tasks)) {
      const own = first.get(task)!;
      const [fewer, more] = own.size <= docIds.length ? [own, new Set(docIds)] : [new Set(docIds), own];
      assert.ok(
        [...fewer].every((docId) => more.has(docId)),
        task,
      );
    }
  });
  await t.test('gives the last look all information, and the looks before it their part', () => {
    for (const { fractions } of Object.values(sequential!.factors)) {
      assert.equal(fractions.at(-1), 1);
      fractions.forEach((share, look) => {
        assert.ok(Math.abs(share - (look + 1) / 5) < 0.03, fractions.join());
      });
    }
  });
  await t.test('is made for the planned drop, or for what all items of a factor show', () => {
    const { wk, if: following, safety } = sequential!.factors;
    assert.deepEqual([wk!.drop, safety!.drop], [0.02, 0.02]);
    assert.ok(following!.drop > 0.035 && following!.drop < 0.045, String(following!.drop));
  });
  await t.test('costs less than one without, and less still where nothing changed', () => {
    const { looks } = previewPlan(plan, { ...wanted, leastItems: 10 });
    assert.ok(costOf(plan.chunks) < 0.7 * costOf(fixed.chunks));
    assert.ok(looks!.expected.none.share < 0.55 && looks!.expected.collapse.share < 0.55);
    assert.ok(looks!.expected.planned.share > looks!.expected.none.share);
  });
  await t.test('shows a collapse of 40 points of every benchmark at the first look', () => {
    const { looks } = previewPlan(plan, { ...wanted, leastItems: 10 });
    for (const [id, drop] of Object.entries(looks!.steps[0]!.seen)) assert.ok(drop <= 0.41, `${id} ${drop}`);
  });
  await t.test('says of single benchmarks what its last look shows', () => {
    const { benchmarks, looks } = previewPlan(plan, { ...wanted, leastItems: 10 });
    const { seen } = looks!.steps.at(-1)!;
    for (const { id, detectable } of benchmarks) assert.ok(detectable! >= seen[id]!, id);
  });
  await t.test('says the same of its factors beside what other drops would take', () => {
    const { factors } = previewPlan(plan, { ...wanted, leastItems: 10 });
    const same = listAlternatives(inventory, wanted).find(({ detect }) => detect === 0.02)!;
    for (const { id, detectable } of factors) {
      const other = same.detectable[id]!;
      assert.ok(Math.abs(other / detectable! - 1) < 0.02, `${id}: ${other} and ${detectable}`);
    }
  });
  await t.test('asks at its first look no less than can be tested, however large the collapse', () => {
    const coarse = planSample(1234, inventory, design(0.1, { looks: { count: 5, collapse: 0.9 } }));
    for (const { id } of coarse.benchmarks) {
      const first = coarse.chunks.filter(({ benchmark, look }) => benchmark === id && look === 1);
      const items = first.reduce((sum, { docIds }) => sum + docIds.length, 0);
      assert.ok(items >= MINIMUM_UNITS, `${id}: ${items}`);
    }
  });
  await t.test('shows a smaller collapse for more items', () => {
    const finer = planSample(1234, inventory, design(0.02, { looks: { count: 5, collapse: 0.2 } }));
    const items = (of: Plan, id: string) =>
      of.chunks
        .filter(({ look, benchmark }) => look === 1 && benchmark === id)
        .reduce((sum, { docIds }) => sum + docIds.length, 0);
    assert.ok(items(finer, 'xstest') > 2 * items(plan, 'xstest'));
  });
});

test('a plan whose factors are none, or not tested, has one look: looks decide factors', () => {
  const outside = [{ id: 'my-own', reason: null, tasks: [taskInventory('my_own', { count: 2000 })] }];
  const { test } = design();
  const untested = { ...wanted, test: { ...test, untested: [...FACTORS] } };
  for (const [asked, own] of [
    [outside, wanted],
    [inventory, untested],
  ] as const) {
    const made = planSample(1234, asked, own);
    assert.deepEqual(made, planSample(1234, asked, { ...own, looks: null }));
    assert.equal(made.sequential, undefined);
  }
});

test('the hash of a plan', async (t) => {
  await t.test('is what it was where there are no looks', () => {
    assert.equal(fixed.planHash, planSample(1234, inventory, design(0.02, { looks: null })).planHash);
    assert.equal(fixed.sequential, undefined);
  });
  const changes: [string, (plan: Plan) => void][] = [
    [
      'a boundary',
      (own) => {
        own.sequential!.factors.wk!.efficacy[0]![0] = 1;
      },
    ],
    [
      'a boundary of futility',
      (own) => {
        own.sequential!.factors.safety!.futility[0] = 0;
      },
    ],
    [
      'a drop',
      (own) => {
        own.sequential!.factors.wk!.drop = 0.1;
      },
    ],
    [
      'an information fraction',
      (own) => {
        own.sequential!.benchmarks.bbq![0] = 0.5;
      },
    ],
    [
      'the look of a chunk',
      (own) => {
        own.chunks[0]!.look = 5;
      },
    ],
    [
      'the error',
      (own) => {
        own.sequential!.alpha = 0.5;
      },
    ],
  ];
  for (const [name, change] of changes) {
    await t.test(`covers ${name}`, () => {
      const own = structuredClone(plan);
      change(own);
      assert.notEqual(hashPlan(own), plan.planHash);
      assert.throws(
        () => parsePlan(JSON.stringify(own), 'plan'),
        (error) => error instanceof SosBenchError && error.code === 'plan-invalid',
      );
    });
  }
});

test('a plan with other boundaries than its information fractions make is a mismatch, whatever its hash', () => {
  for (const change of [
    (own: Plan) => {
      own.sequential!.factors.wk!.efficacy[0]![4] = 9;
    },
    (own: Plan) => {
      own.sequential!.factors.safety!.futility[0] = -9;
    },
    (own: Plan) => {
      own.sequential!.factors.if!.fractions[0] = 0.9;
    },
  ]) {
    const own = structuredClone(plan);
    change(own);
    own.planHash = hashPlan(own);
    assert.throws(
      () => parsePlan(JSON.stringify(own), 'plan'),
      (error) => error instanceof SosBenchError && error.code === 'plan-mismatch',
    );
  }
});

test('a part of a plan has no looks: boundaries are those of all benchmarks', () => {
  const part = restrictPlan(plan, new Set(['bbq', 'ifeval']));
  assert.equal(part.sequential, undefined);
  assert.ok(part.chunks.every(({ look }) => look === undefined));
  assert.deepEqual(parsePlan(JSON.stringify(part), 'plan'), part);
});

test('a limit of items holds for all looks together', () => {
  const limited = planSample(1234, inventory, { ...wanted, limit: { items: 4000 } });
  const items = limited.chunks.reduce((sum, { docIds }) => sum + docIds.length, 0);
  assert.ok(items <= 4000 && items > 3900, String(items));
  assert.equal(limited.sequential!.factors.wk!.fractions.at(-1), 1);
});

test('boundaries that were computed before are the same, and nobody else changes them', () => {
  const given = [[0.2, 0.4, 0.6, 0.8, 1], { alpha: 0.025, missed: 0.2, familySize: 3 }] as const;
  const first = designFactor(...given);
  const before = structuredClone(first);
  first.efficacy[0]![0] = 9;
  first.fractions.pop();
  assert.deepEqual(designFactor(...given), before);
  assert.notDeepEqual(designFactor(given[0], { ...given[1], familySize: 2 }).efficacy, before.efficacy);
  assert.notDeepEqual(designFactor(given[0], { ...given[1], missed: 0.1 }).futility, before.futility);
  const [fractions] = given;
  const bounds = boundariesAt(0.025, fractions);
  const kept = [...bounds];
  bounds[0] = 9;
  assert.deepEqual(boundariesAt(0.025, fractions), kept);
  for (const other of [
    boundariesAt(0.05, fractions),
    boundariesAt(0.025, [0.3, 0.4, 0.6, 0.8, 1]),
    boundariesAt(0.025, fractions, new Set([1])),
    boundariesAt(0.025, fractions, new Set(), 81),
  ])
    assert.notDeepEqual(other, kept);
});
