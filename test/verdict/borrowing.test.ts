import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { assemblePlan, planAllItems } from '../../src/suite/plan/assemble.ts';
import type { BenchmarkInventory } from '../../src/suite/plan/inventory.ts';
import { chooseDocuments, permanentRandom } from '../../src/suite/plan/sample.ts';
import { compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import { VerdictSchema } from '../../src/verdict/schema.ts';
import { assertClose } from '../support/assert-close.ts';
import { after, factor, HALF, of, row } from '../support/comparisons.ts';
import { firstTask, indexes, makeRecord, type Row, rightThenWrong } from '../support/records.ts';

const SEED = 5;

const hexOf = (docHash: bigint) => BigInt.asUintN(64, docHash).toString(16).padStart(16, '0');

/** Which of a benchmark's questions (all of one task) a sample of the seed asks. */
function drawn(id: string, total: number, n: number): number[] {
  const { items } = of('hashes', { [id]: { scores: new Array<number>(total).fill(0) } });
  return chooseDocuments(
    items.map(({ docHash }) => hexOf(docHash)),
    n,
    SEED,
  );
}

/** A candidate that was asked a sample of `n` questions, and would give these scores to all. */
function sampled(
  benchmarks: Record<string, { scores: readonly number[]; n: number; cluster?: Row['cluster'] }>,
  { without = () => false, seed = SEED }: { without?: (docId: number) => boolean; seed?: number | null } = {},
): LoadedRecord {
  return makeRecord({
    model: 'pr',
    benchmarks: Object.fromEntries(
      Object.entries(benchmarks).map(([id, { scores, n, cluster }]): [string, Row] => {
        const asked = drawn(id, scores.length, n).filter((docId) => !without(docId));
        return [
          id,
          {
            scores: asked.map((docId) => scores[docId]!),
            docId: (i) => asked[i]!,
            inclusionP: () => n / scores.length,
            ...(cluster && { cluster: (i: number) => cluster(asked[i]!) }),
          },
        ];
      }),
    ),
    edit: (record) => Object.assign(record, { seed, planHash: 'plan-b' }),
  });
}

/** By hand: the mean over right and wrong of the baseline, weighted by all that it answered. */
function byHand(before: readonly number[], later: readonly number[], asked: readonly number[]) {
  return [1, 0].reduce((sum, score) => {
    const own = asked.filter((docId) => before[docId] === score);
    const share = before.filter((other) => other === score).length / before.length;
    return sum + (share * own.reduce((total, docId) => total + later[docId]! - score, 0)) / own.length;
  }, 0);
}

describe('a candidate that was asked a sample of what the baseline answered', () => {
  const main = of('main', { gpqa: { scores: HALF }, wmdp: { scores: HALF }, musr: { scores: HALF } });
  const later = after(100, 30);
  const found = compare(
    main,
    sampled({
      gpqa: { scores: later, n: 300 },
      wmdp: { scores: later, n: 300 },
      musr: { scores: HALF, n: 1000 },
    }),
  );

  test('gets the difference with the answers to all of it, and a t test', () => {
    const { delta, borrowed, method, n, flips } = row(found, 'gpqa');
    assertClose(delta.estimate, byHand(HALF, later, drawn('gpqa', 1000, 300)));
    assert.deepEqual([borrowed?.baselineItems, borrowed?.cells, n, method], [1000, 2, 300, 't']);
    assert.ok(flips && flips.lost > flips.gained);
    assert.ok(borrowed?.varianceRatio && borrowed.varianceRatio < 1);
  });

  test('has scores that differ by that difference: of the baseline, its own', () => {
    const { delta, baseline, candidate } = row(found, 'gpqa');
    assertClose(baseline.score, 0.5);
    assertClose((candidate.score ?? 0) - (baseline.score ?? 0), delta.estimate ?? Number.NaN);
    assert.ok(candidate.ci && candidate.ci[0] < candidate.score! && candidate.score! < candidate.ci[1]);
  });

  test('of WMDP gets it inverted', () => {
    assertClose(row(found, 'wmdp').delta.estimate, -byHand(HALF, later, drawn('wmdp', 1000, 300)));
  });

  test('keeps the exact test where it was asked all of it', () => {
    assert.deepEqual([row(found, 'musr').method, row(found, 'musr').borrowed], ['mcnemar', undefined]);
  });

  test('has factors made of these differences', () => {
    const wk = factor(found, 'wk');
    const [gpqa, musr] = [1250 / 2000, 750 / 2000];
    const se = (id: string) => row(found, id).delta.se ?? row(found, id).delta.seFloor ?? 0;
    assertClose(wk.delta.estimate, gpqa * row(found, 'gpqa').delta.estimate!);
    assertClose(wk.delta.se, Math.hypot(gpqa * se('gpqa'), musr * row(found, 'musr').delta.seFloor!));
    assert.deepEqual([wk.borrowed?.baselineItems, wk.borrowed?.cells], [1000, 2]);
    assert.ok(wk.borrowed?.varianceRatio && wk.borrowed.varianceRatio < 1);
  });

  test('is told so, once, with what it is worth', () => {
    const notes = found.footnotes.filter((note) => note.includes('all answers of the baseline'));
    assert.equal(notes.length, 1);
    assert.match(
      notes[0]!,
      /^In 2 benchmarks the baseline answered 2,000 questions, and 600 of them, .* the variance of the difference is \d+% in world knowledge, \d+% in safety\.$/,
    );
  });

  test('has a verdict that can be stored and read', () => {
    assert.deepEqual(VerdictSchema.parse(JSON.parse(JSON.stringify(found))), found);
  });

  test('under preset `chance` gets it on that scale', () => {
    const policy = { ...DEFAULT_POLICY, preset: 'chance' as const };
    const scaled = compare(main, sampled({ gpqa: { scores: later, n: 300 } }), { policy });
    assertClose(row(scaled, 'gpqa').delta.estimate, byHand(HALF, later, drawn('gpqa', 1000, 300)) / 0.75);
  });

  test('that is the same model has no error', () => {
    const same = sampled({ gpqa: { scores: HALF, n: 300 } });
    same.record.model = { ...main.record.model };
    const { delta, borrowed } = row(compare(main, same), 'gpqa');
    assert.deepEqual([delta.estimate, delta.se, borrowed], [0, 0, undefined]);
  });

  test('without a flip has the error of a benchmark without one', () => {
    const { delta } = row(compare(main, sampled({ gpqa: { scores: HALF, n: 300 } })), 'gpqa');
    assert.deepEqual([delta.estimate, delta.se], [0, 0]);
    assertClose(delta.seFloor, Math.SQRT2 / 302);
  });
});

test('questions that depend on each other count by clusters', () => {
  const cluster = (docId: number) => Math.floor(docId / 20);
  const verdict = compare(
    of('main', { musr: { scores: HALF, cluster } }),
    sampled({ musr: { scores: after(100), n: 400, cluster } }),
  );
  const { units, delta, borrowed } = row(verdict, 'musr');
  assert.equal(units, 50);
  assert.ok(borrowed && delta.df! <= 49);
});

test('graded answers have a cell between right and wrong', () => {
  const graded = [0, 0.25, 0.75, 1].flatMap((score) => new Array<number>(200).fill(score));
  const verdict = compare(
    of('main', { ifeval: { scores: graded } }),
    sampled({ ifeval: { scores: graded.map((score) => score / 2), n: 200 } }),
  );
  assert.equal(row(verdict, 'ifeval').borrowed?.cells, 3);
});

test('a baseline that is a larger sample of the same seed lends what it has', () => {
  const baseline = sampled({ gpqa: { scores: HALF, n: 600 } });
  Object.assign(baseline.record, { planHash: 'plan-a' });
  Object.assign(baseline.record.model, { name: 'main', digest: 'other', identity: undefined });
  const { borrowed, n } = row(compare(baseline, sampled({ gpqa: { scores: after(100), n: 200 } })), 'gpqa');
  assert.deepEqual([borrowed?.baselineItems, n], [600, 200]);
});

describe('what the candidate was asked and has no score for is never borrowed over', () => {
  const main = of('main', { gpqa: { scores: HALF } });
  const later = after(200);
  const whole = { gpqa: { scores: later, n: 400 } };

  test('questions that it lost and dropped count as wrong, and the verdict is incomplete', () => {
    const honest = row(compare(main, sampled(whole)), 'gpqa');
    const cut = compare(main, sampled(whole, { without: (docId) => docId < 200 }));
    assert.equal(cut.verdict, 'incomplete');
    assertClose(row(cut, 'gpqa').delta.estimate, honest.delta.estimate!);
  });

  test('one that is tolerated counts as wrong, too', () => {
    const first = drawn('gpqa', 1000, 400)[0]!;
    const found = row(compare(main, sampled(whole, { without: (docId) => docId === first })), 'gpqa');
    const wrong = later.map((score, docId) => (docId === first ? 0 : score));
    assert.equal(found.incomplete, false);
    assertClose(found.delta.estimate, byHand(HALF, wrong, drawn('gpqa', 1000, 400)));
  });

  const asked = drawn('gpqa', 1000, 400);
  const inventory: BenchmarkInventory = {
    id: 'gpqa',
    reason: null,
    tasks: [
      {
        task: firstTask('gpqa'),
        reason: null,
        documents: {
          hashes: main.items.map(({ docHash }) => hexOf(docHash)),
          clusters: HALF.map(() => null),
          lengths: HALF.map(() => 100),
          exampleLength: 0,
          readings: HALF.map(() => 4),
          dropped: {},
          maxNewTokens: 0,
        },
      },
    ],
  };
  const plan = assemblePlan({ suite: 'pr', seed: SEED, sample: null }, [inventory], () => asked);

  test("a plan's sample is borrowed for, and what it asks and is not there is not", () => {
    const found = compare(main, sampled(whole, { seed: null }), { requested: { plan } });
    assert.ok(row(found, 'gpqa').borrowed);
    const cut = compare(main, sampled(whole, { without: (docId) => docId < 200 }), { requested: { plan } });
    assert.equal(cut.verdict, 'incomplete');
    assertClose(row(cut, 'gpqa').delta.estimate, row(found, 'gpqa').delta.estimate!);
  });

  describe('what a candidate says of its sample makes no verdict better', () => {
    const lost = (docId: number) => docId < 200;
    const others = indexes(1000).filter((docId) => !asked.includes(docId));
    const more = others.filter((docId) => docId >= 500).slice(0, 100);
    const claim = (docIds: readonly number[], inclusionP: (docId: number) => number) =>
      makeRecord({
        model: 'pr',
        benchmarks: {
          gpqa: {
            scores: docIds.map((docId) => (more.includes(docId) ? 1 : later[docId]!)),
            docId: (i) => docIds[i]!,
            inclusionP: (i) => inclusionP(docIds[i]!),
          },
        },
        edit: (record) => Object.assign(record, { seed: SEED, planHash: 'plan-b' }),
      });
    const honest = row(
      compare(
        main,
        claim(asked, () => 0.4),
        { requested: { plan } },
      ),
      'gpqa',
    );
    for (const [title, candidate] of [
      ['what it has lost weighs little', claim(asked, (docId) => (lost(docId) ? 1 : 0.01))],
      ['it was asked everything', claim(asked, () => 1)],
      ['questions that nobody asked, answered right', claim([...asked, ...more], () => 0.4)],
      ['the same, with weight', claim([...asked, ...more], (d) => (more.includes(d) ? 0.01 : 0.4))],
      ['its right answers twice', claim([...asked, ...asked.filter((d) => later[d] === 1)], () => 0.4)],
    ] as const) {
      test(title, () => {
        const { delta, n, outcome } = row(compare(main, candidate, { requested: { plan } }), 'gpqa');
        assert.deepEqual(
          { delta, n, outcome },
          { delta: honest.delta, n: honest.n, outcome: honest.outcome },
        );
      });
    }
    for (const status of ['failed', 'skipped'] as const) {
      test(`the benchmark ${status}, with its answers in the record`, () => {
        const candidate = claim(asked, () => 0.4);
        candidate.record.benchmarks[0]!.status = status;
        assert.equal(row(compare(main, candidate, { requested: { plan } }), 'gpqa').incomplete, true);
      });
    }
    test('answers beyond what its seed draws, where no plan is given', () => {
      const hash = (docId: number) => hexOf(main.items[docId]!.docHash);
      const beyond = more.filter((docId) => permanentRandom(SEED, hash(docId), 0) > 0.7).slice(0, 3);
      const found = row(
        compare(
          main,
          claim([...asked, ...beyond], () => 0.4),
        ),
        'gpqa',
      );
      assert.deepEqual([found.delta.estimate, found.n], [honest.delta.estimate, honest.n]);
    });
  });

  const refused: { title: string; candidate: LoadedRecord; requested?: Parameters<typeof compare>[2] }[] = [
    {
      title: 'questions that the candidate chose, with a claimed probability',
      candidate: makeRecord({
        model: 'pr',
        benchmarks: { gpqa: { scores: later.slice(200), docId: (i) => i + 200, inclusionP: () => 0.8 } },
        edit: (record) => Object.assign(record, { seed: SEED, planHash: 'plan-b' }),
      }),
    },
    { title: 'a sample of which no seed is known', candidate: sampled(whole, { seed: null }) },
    {
      title: 'a plan that takes all of fewer questions',
      candidate: sampled(whole),
      requested: {
        requested: {
          plan: planAllItems('full', 1, [
            {
              ...inventory,
              tasks: inventory.tasks.map((task) => ({
                ...task,
                documents: {
                  ...task.documents!,
                  hashes: task.documents!.hashes.slice(0, 500),
                  clusters: task.documents!.clusters.slice(0, 500),
                },
              })),
            },
          ]),
        },
      },
    },
    {
      title: 'some chunks of a plan',
      candidate: sampled(whole),
      requested: { requested: { plan, chunks: new Set(plan.chunks.slice(0, 2).map(({ id }) => id)) } },
    },
    {
      title: 'all questions, some of which are missing',
      candidate: sampled(whole),
      requested: { requested: { suite: 'full' } },
    },
  ];
  for (const { title, candidate, requested } of refused) {
    test(`not for ${title}`, () => {
      assert.equal(row(compare(main, candidate, requested), 'gpqa').borrowed, undefined);
    });
  }
});

test('one cell alone lends nothing: the exact test stays', () => {
  const verdict = compare(
    of('main', { gpqa: { scores: rightThenWrong(1000, 0) } }),
    sampled({ gpqa: { scores: rightThenWrong(900, 100), n: 300 } }),
  );
  assert.deepEqual([row(verdict, 'gpqa').method, row(verdict, 'gpqa').borrowed], ['mcnemar', undefined]);
});
