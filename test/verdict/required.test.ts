import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { isTooMuchMissing } from '../../src/suite/missing.ts';
import { planAllItems } from '../../src/suite/plan/assemble.ts';
import { chooseDocuments } from '../../src/suite/plan/sample.ts';
import { type CompareOptions, compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import type { Missing } from '../../src/verdict/schema.ts';
import { after, HALF, of, row } from '../support/comparisons.ts';
import { makeRecord, type Row, rightThenWrong } from '../support/records.ts';

const [DIAMOND, EXTENDED, MAIN] = ['sosb_gpqa_diamond', 'sosb_gpqa_extended', 'sosb_gpqa_main'] as const;

/** GPQA of three tasks, of so many questions each, the first half of each right. */
function threeTasks(sizes: Partial<Record<string, number>>): Row {
  const tasks = Object.entries(sizes).flatMap(([task, n]) => new Array<string>(n!).fill(task));
  const indexes = Object.values(sizes).flatMap((n) => Array.from({ length: n! }, (_, index) => index));
  return {
    scores: tasks.map((_, i) => (indexes[i]! < sizes[tasks[i]!]! / 2 ? 1 : 0)),
    task: (i) => tasks[i]!,
    docId: (i) => indexes[i]!,
  };
}

describe('so many missing questions of a task are too many', () => {
  const cases: [missing: number, questions: number, tooMany: boolean][] = [
    [0, 0, false],
    [0, 10, false],
    [1, 1, true],
    [1, 2, false],
    [1, 12, false],
    [2, 12, true],
    [2, 399, true],
    [2, 400, false],
    [5, 1000, false],
    [6, 1000, true],
    [1000, 1000, true],
  ];
  for (const [missing, questions, tooMany] of cases) {
    test(`${missing} of ${questions}: ${tooMany ? 'yes' : 'no'}`, () => {
      assert.equal(isTooMuchMissing(missing, questions), tooMany);
    });
  }
});

describe('what a candidate lacks of its baseline', () => {
  const whole = { gpqa: threeTasks({ [DIAMOND]: 4, [EXTENDED]: 12, [MAIN]: 8 }) };
  const cases: {
    title: string;
    candidate: Record<string, Row>;
    incomplete: boolean;
    missing: Partial<Missing>[];
  }[] = [
    { title: 'nothing', candidate: whole, incomplete: false, missing: [] },
    {
      title: 'two of three tasks',
      candidate: { gpqa: threeTasks({ [DIAMOND]: 4 }) },
      incomplete: true,
      missing: [
        { task: EXTENDED, required: 12, missing: 12, changed: 0 },
        { task: MAIN, required: 8, missing: 8, changed: 0 },
      ],
    },
    {
      title: 'ten of twelve questions of a task',
      candidate: { gpqa: threeTasks({ [DIAMOND]: 4, [EXTENDED]: 2, [MAIN]: 8 }) },
      incomplete: true,
      missing: [{ task: EXTENDED, required: 12, missing: 10, documents: { baseline: 12, candidate: 2 } }],
    },
    {
      title: 'one question of a task, which is tolerated',
      candidate: { gpqa: threeTasks({ [DIAMOND]: 4, [EXTENDED]: 11, [MAIN]: 8 }) },
      incomplete: false,
      missing: [{ task: EXTENDED, required: 12, missing: 1 }],
    },
    {
      title: 'the whole benchmark',
      candidate: { bbq: { scores: HALF } },
      incomplete: true,
      missing: [{ missing: 4 }, { missing: 12 }, { missing: 8 }],
    },
  ];
  for (const { title, candidate, incomplete, missing } of cases) {
    test(title, () => {
      const found = compare(of('main', whole), of('pr', candidate));
      const gpqa = row(found, 'gpqa');
      assert.equal(gpqa.incomplete, incomplete);
      assert.equal(gpqa.required, 24);
      assert.equal(gpqa.missing.length, missing.length);
      const known = gpqa.missing.map((found, index) => ({ ...found, ...missing[index] }));
      assert.deepEqual(gpqa.missing, known);
      assert.equal(found.verdict === 'incomplete', incomplete);
    });
  }

  test('names tasks and counts in the reason of the benchmark', () => {
    const found = compare(of('main', whole), of('pr', { gpqa: threeTasks({ [DIAMOND]: 4, [EXTENDED]: 2 }) }));
    assert.match(
      row(found, 'gpqa').reason!,
      /18 of 24 questions .* sosb_gpqa_extended \(10 of 12; 2 documents here, 12 in the baseline\), sosb_gpqa_main \(all 8\)/,
    );
  });

  test('more than the baseline is not a lack', () => {
    const found = compare(of('main', { gpqa: threeTasks({ [DIAMOND]: 4 }) }), of('pr', whole));
    assert.deepEqual([row(found, 'gpqa').incomplete, row(found, 'gpqa').missing], [false, []]);
  });
});

describe('missing questions count as wrong', () => {
  /** All right but those, which it does not have. */
  const without = (lost: number): Row => ({ scores: after(0).slice(lost), docId: (index) => index + lost });

  test('so that dropping what was lost is losing it', () => {
    const main = of('main', { gpqa: { scores: HALF } });
    const dropped = row(compare(main, of('pr', { gpqa: without(100) })), 'gpqa');
    const lost = row(compare(main, of('pr', { gpqa: { scores: after(100) } })), 'gpqa');
    assert.deepEqual(dropped.delta, lost.delta);
    assert.deepEqual(dropped.flips, lost.flips);
    assert.deepEqual([dropped.outcome, dropped.incomplete], ['regressed', true]);
  });

  test('where knowing is worse (WMDP), as known', () => {
    const main = of('main', { wmdp: { scores: rightThenWrong(0, 1000) } });
    const found = compare(main, of('pr', { wmdp: { scores: rightThenWrong(0, 900) } }));
    assert.equal(row(found, 'wmdp').delta.estimate, -0.1);
    assert.equal(row(found, 'wmdp').outcome, 'regressed');
  });

  test('a few of them are counted, and leave the verdict to the rest', () => {
    const found = compare(of('main', { gpqa: { scores: HALF } }), of('pr', { gpqa: without(5) }));
    const { delta, incomplete, n, flips } = row(found, 'gpqa');
    assert.deepEqual([incomplete, n, flips], [false, 1000, { gained: 0, lost: 5 }]);
    assert.equal(delta.estimate, -0.005);
  });
});

describe('dropped and relabelled data', () => {
  const main = of('main', { gpqa: { scores: HALF } });
  /** The first so many documents are others, under the same ids. */
  const relabelled = (count: number) =>
    of('pr', { gpqa: { scores: HALF, document: (index) => (index < count ? 5000 + index : index) } });

  for (const count of [6, 100, 300]) {
    test(`${count} of 1,000 documents that were relabelled are counted and named`, () => {
      const found = row(compare(main, relabelled(count)), 'gpqa');
      assert.deepEqual(found.missing, [
        {
          task: DIAMOND,
          required: 1000,
          missing: count,
          changed: count,
          documents: { baseline: 1000, candidate: 1000 },
        },
      ]);
      assert.ok(found.incomplete);
      assert.equal(found.flips?.lost, count);
      assert.match(found.reason!, new RegExp(`${count} replaced by other documents`));
    });
  }

  test('all of them relabelled is no way to a neutral verdict', () => {
    const found = compare(main, relabelled(1000));
    assert.deepEqual(
      [found.verdict, found.passed, row(found, 'gpqa').outcome],
      ['incomplete', false, 'not-comparable'],
    );
    assert.equal(row(found, 'gpqa').missing[0]?.changed, 1000);
  });
});

describe('a sample is asked', () => {
  const SEED = 7;
  const full = of('main', { gpqa: { scores: HALF } });
  const hexOf = (hash: bigint) => BigInt.asUintN(64, hash).toString(16).padStart(16, '0');
  const hashes = full.items.map(({ docHash }) => hexOf(docHash));

  /** The record of `n` questions that the seed draws of the documents that a change leaves, `edited` being others. */
  function sample(
    n: number,
    { dropped = 0, edited = 0, seed = SEED, model = 'pr', plan = 'plan-b' } = {},
  ): LoadedRecord {
    const left = hashes.map((_, docId) => docId).slice(dropped);
    const document = (docId: number) => (docId < dropped + edited ? 5000 + docId : docId);
    const first = full.items[0]!.docHash;
    const there = left.map((docId) => hexOf(first + BigInt(document(docId))));
    const chosen = chooseDocuments(there, n, seed);
    return makeRecord({
      model,
      benchmarks: {
        gpqa: {
          scores: chosen.map((index) => HALF[left[index]!]!),
          docId: (i) => chosen[i]!,
          document: (i) => document(left[chosen[i]!]!),
          inclusionP: () => n / left.length,
        },
      },
      edit: (record) => Object.assign(record, { seed, planHash: plan }),
    });
  }

  const cases: {
    title: string;
    candidate: LoadedRecord;
    baseline?: LoadedRecord;
    options?: CompareOptions;
    some: boolean;
  }[] = [
    { title: 'what it drew of the full set, and no more', candidate: sample(400), some: false },
    {
      title: 'nothing beyond a smaller sample of the same seed',
      baseline: sample(600, { model: 'main', plan: 'plan-a' }),
      candidate: sample(200),
      some: false,
    },
    {
      title: 'nothing beyond a larger one',
      baseline: sample(200, { model: 'main', plan: 'plan-a' }),
      candidate: sample(600),
      some: false,
    },
    {
      title: 'nothing beyond one of another seed',
      baseline: sample(400, { model: 'main', plan: 'plan-a', seed: 8 }),
      candidate: sample(400),
      some: false,
    },
    {
      title: 'the whole set, where trusted settings ask for the suite full',
      candidate: sample(400),
      options: { requested: { suite: 'full' } },
      some: true,
    },
    {
      title: 'what it would have drawn of documents that were taken out',
      candidate: sample(400, { dropped: 100 }),
      some: true,
    },
    {
      title: '... also where the baseline is a sample',
      baseline: sample(400, { model: 'main', plan: 'plan-a' }),
      candidate: sample(400, { dropped: 100 }),
      some: true,
    },
    {
      title: 'what it would have drawn of documents that were relabelled',
      candidate: sample(400, { edited: 100 }),
      some: true,
    },
  ];
  for (const { title, baseline = full, candidate, options, some } of cases) {
    test(title, () => {
      const { missing, incomplete } = row(compare(baseline, candidate, options), 'gpqa');
      assert.deepEqual([missing.length > 0, incomplete], [some, some], JSON.stringify(missing));
    });
  }

  test('and of the relabelled documents about the share that it draws is missing', () => {
    const { missing, flips } = row(compare(full, sample(400, { edited: 100 })), 'gpqa');
    assert.ok(missing[0]!.missing > 20 && missing[0]!.missing < 60, JSON.stringify(missing));
    assert.equal(flips?.lost, missing[0]!.missing);
  });
});

describe('the plan of trusted settings says what is asked', () => {
  const baseline = of('main', { gpqa: { scores: HALF }, bbq: { scores: HALF } });
  const inventory = (id: string, task: string, items: LoadedRecord['items']) => ({
    id,
    reason: null,
    tasks: [
      {
        task,
        reason: null,
        documents: {
          hashes: items.map(({ docHash }) => BigInt.asUintN(64, docHash).toString(16).padStart(16, '0')),
          clusters: items.map(() => null),
          lengths: items.map(() => 10),
          readings: items.map(() => 1),
          exampleLength: 0,
          dropped: {},
          maxNewTokens: 0,
        },
      },
    ],
  });
  const gpqa = baseline.items.filter(({ benchmark }) => benchmark === 'gpqa');
  const planOf = (items: LoadedRecord['items']) =>
    planAllItems('full', 1, [inventory('gpqa', DIAMOND, items)]);
  const half: Record<string, Row> = { gpqa: { scores: HALF.slice(500), docId: (index) => index + 500 } };

  test('questions and benchmarks that it leaves out are not required', () => {
    const found = compare(baseline, of('pr', half), { requested: { plan: planOf(gpqa.slice(500)) } });
    assert.deepEqual([row(found, 'gpqa').incomplete, row(found, 'bbq').incomplete], [false, false]);
    assert.equal(row(found, 'gpqa').required, 500);
  });

  test('questions that it asks are, whatever the record says of itself', () => {
    const sampled = { gpqa: { ...half.gpqa!, inclusionP: () => 0.5 } };
    const found = compare(baseline, of('pr', sampled), { requested: { plan: planOf(gpqa) } });
    assert.deepEqual([row(found, 'gpqa').missing[0]?.missing, found.verdict], [500, 'incomplete']);
  });

  test("documents that the base itself has changed since are not the change's to answer", () => {
    const changed = of('pr', {
      gpqa: { scores: HALF, document: (index) => (index < 300 ? 5000 + index : index) },
    });
    const found = compare(baseline, changed, { requested: { plan: planOf(changed.items) } });
    assert.deepEqual([row(found, 'gpqa').missing, row(found, 'gpqa').required], [[], 700]);
  });

  test('chunks that were not to run (another shard, an early stop) are not required', () => {
    const plan = planOf(gpqa);
    const last = plan.chunks.slice(plan.chunks.length / 2);
    const own = new Set(last.flatMap(({ docIds }) => docIds));
    const indexes = [...own].sort((a, b) => a - b);
    const shard = of('pr', {
      gpqa: { scores: indexes.map((docId) => HALF[docId]!), docId: (i) => indexes[i]! },
    });
    const chunks = new Set(last.map(({ id }) => id));
    assert.equal(row(compare(baseline, shard, { requested: { plan, chunks } }), 'gpqa').incomplete, false);
    assert.equal(row(compare(baseline, shard, { requested: { plan } }), 'gpqa').incomplete, true);
  });
});

describe('what is not an alarm', () => {
  const part = { gpqa: threeTasks({ [DIAMOND]: 40 }) };

  test('two records that both have a part of a benchmark by choice: the part is named', () => {
    const found = compare(of('main', part), of('pr', part));
    assert.notEqual(found.verdict, 'incomplete');
    assert.ok(
      found.footnotes.some((note) => /GPQA on sosb_gpqa_diamond \(1 of 3\)/.test(note)),
      found.footnotes.join(),
    );
  });

  test('an imported record compared with itself, of part of a benchmark too, with items or without', () => {
    for (const items of [true, false]) {
      const imported = makeRecord({
        model: 'old',
        benchmarks: {
          gpqa: { ...part.gpqa, items, status: 'partial', planned: 1192, reason: '1 of 3 tasks' },
          bbq: { scores: HALF, items },
        },
        edit: (record) => {
          record.model.digest = null;
          record.planHash = null;
          record.complete = false;
          record.imported = { from: 'lm-eval', files: ['results.json'], repairs: [], notes: [] };
        },
      });
      const found = compare(imported, imported);
      assert.notEqual(found.verdict, 'incomplete');
      assert.ok(found.benchmarks.every(({ incomplete }) => !incomplete));
    }
  });

  test('... the part is named, by the names that its harness has for the tasks', () => {
    const record = makeRecord({
      model: 'old',
      benchmarks: {
        gpqa: {
          ...threeTasks({ leaderboard_gpqa_diamond: 40 }),
          status: 'partial',
          planned: 1192,
          reason: '1 of 3 tasks',
        },
      },
      edit: (edited) => {
        edited.planHash = null;
        edited.imported = { from: 'lm-eval', files: ['results.json'], repairs: [], notes: [] };
      },
    });
    const { footnotes } = compare(record, record);
    assert.match(footnotes.join(), /GPQA on leaderboard_gpqa_diamond \(1 of 3\)/);
  });

  test('... of which nothing could be scored', () => {
    const imported = makeRecord({
      model: 'old',
      benchmarks: { gpqa: { scores: [], status: 'skipped', reason: 'its metric is not a fraction of 1' } },
      edit: (record) => {
        record.imported = { from: 'lm-eval', files: ['results.json'], repairs: [], notes: [] };
      },
    });
    assert.notEqual(compare(imported, imported).verdict, 'incomplete');
  });

  test('benchmarks that trusted settings do not ask for', () => {
    const found = compare(
      of('main', { gpqa: { scores: HALF }, bbq: { scores: HALF } }),
      of('pr', { gpqa: { scores: HALF } }),
      {
        benchmarks: ['gpqa'],
      },
    );
    assert.ok(found.benchmarks.every(({ incomplete }) => !incomplete));
  });
});

test('of records without single items the counts of each task are compared', () => {
  const main = of('main', { gpqa: { ...threeTasks({ [DIAMOND]: 40, [EXTENDED]: 120 }), items: false } });
  const pr = of('pr', { gpqa: { ...threeTasks({ [DIAMOND]: 40 }), items: false } });
  assert.deepEqual(row(compare(main, pr), 'gpqa').missing, [
    { task: EXTENDED, required: 120, missing: 120, changed: 0, documents: null },
  ]);
});

test('a policy that fails on regressions alone still fails a change that drops what it lost', () => {
  const found = compare(
    of('main', { gpqa: { scores: HALF } }),
    of('pr', { gpqa: { scores: HALF.slice(100), docId: (index) => index + 100 } }),
    { policy: { ...DEFAULT_POLICY, failOn: ['regressed'] } },
  );
  assert.deepEqual([found.verdict, found.passed], ['incomplete', false]);
});
