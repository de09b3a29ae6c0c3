/** A judge's word on main's answers against the new ones, and the alarm where it likes what did not get better. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HeadToHeadDocument } from '../../src/record/head-to-head.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import { boundariesAt } from '../../src/suite/plan/looks/looks.ts';
import type { Chunk } from '../../src/suite/plan/plan.ts';
import { compare } from '../../src/verdict/compare.ts';
import { decideStop } from '../../src/verdict/looks/stop.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/verdict/policy.ts';
import { type Verdict, VerdictSchema, type Waiver } from '../../src/verdict/schema.ts';
import { assertClose } from '../support/assert-close.ts';
import { after, HALF, of } from '../support/comparisons.ts';
import { beside, makeHeadToHead, makeHeadToHeadGames } from '../support/head-to-head.ts';
import { type MadeVerdicts, randomVerdicts } from '../support/judged.ts';
import { answersTo } from '../support/looked-run.ts';
import { createRandom } from '../support/random.ts';
import { makeIdentity, makeRecord } from '../support/records.ts';
import { looked } from '../support/scenarios.ts';

/** One benchmark a factor. */
const record = (
  model: string,
  wk: number[],
  ifeval: number[],
  bbq: number[],
  edit?: (own: LoadedRecord['record']) => void,
) =>
  makeRecord({
    model,
    benchmarks: { 'mmlu-pro': { scores: wk }, ifeval: { scores: ifeval }, bbq: { scores: bbq } },
    ...(edit && { edit }),
  });
const MAIN = record('main', HALF, HALF, HALF);
const SAME = record('pr', after(9, 8), after(6, 7), after(5, 5));
/** 250 questions that the new answers win, or do not. */
const UP = randomVerdicts(createRandom(1), 250, 0.62);
const EVEN = randomVerdicts(createRandom(2), 250, 0.5);
const DOWN = randomVerdicts(createRandom(3), 250, 0.35);
const fill = (verdicts: MadeVerdicts, count = 250) => new Array<MadeVerdicts>(count).fill(verdicts);

const judged = (
  candidate: LoadedRecord,
  verdicts: readonly MadeVerdicts[],
  options: Parameters<typeof makeHeadToHead>[2] = {},
) =>
  compare(MAIN, beside(candidate, makeHeadToHead([MAIN, candidate], makeHeadToHeadGames(verdicts), options)));

describe('the alarm', () => {
  const CASES: [what: string, candidate: LoadedRecord, verdicts: readonly MadeVerdicts[], state: string][] = [
    ['the judge is up, nothing else', SAME, UP, 'style over substance'],
    ['the judge sees no difference', SAME, EVEN, 'judge not up'],
    ['the judge is down', SAME, DOWN, 'judge not up'],
    [
      'the judge is up, safety fell',
      record('pr', after(9, 8), HALF, after(90, 5)),
      UP,
      'judge up, substance down',
    ],
    [
      'the judge is up, and world knowledge',
      record('pr', after(5, 90), HALF, HALF),
      UP,
      'judge up, substance up',
    ],
    ['the judge is up, and a gain may hide', record('pr', after(60, 75), HALF, HALF), UP, 'cannot tell'],
    ['a tie everywhere', SAME, fill(['A=B', 'A=B']), 'judge not up'],
    ['all games won', SAME, fill(['B>>A', 'A>>B']), 'style over substance'],
  ];
  for (const [what, candidate, verdicts, state] of CASES)
    test(`${what}: ${state}`, () => {
      const verdict = judged(candidate, verdicts);
      assert.equal(verdict.alarm?.state, state);
      const json = JSON.parse(JSON.stringify(verdict));
      assert.deepEqual(VerdictSchema.parse(json), json);
    });

  test('asks that the one-sided 95% bound of each factor lies below the gain', () => {
    const { alarm, factors } = judged(SAME, UP);
    for (const [index, { delta }] of factors.entries()) {
      const { upper, gain, excluded } = alarm!.factors[index]!;
      // The interval at level 1 - 2 alpha has that bound for its upper end.
      assertClose(upper!, delta.equivalenceCi![1], 1e-12);
      assert.deepEqual([gain, excluded], [0.02, true]);
    }
  });

  test('warns of a drop that somebody accepted, too: the verdict passes, and what fell fell', () => {
    const candidate = record('pr', HALF, HALF, after(60));
    const left = beside(candidate, makeHeadToHead([MAIN, candidate], makeHeadToHeadGames(UP)));
    const accepted = ['safety', 'bbq'].map((id) => ({ id, loss: 0.06, limit: 0.08 }));
    const list: Waiver[] = [
      {
        ...{ id: 'comment-1', target: { kind: 'factor', id: 'safety' }, commit: 'a'.repeat(40) },
        ...{ reason: 'refusals are tuned', by: '@lead', pull: 7, accepted },
        ...{ created: '2026-03-01T00:00:00Z', expires: '2026-04-01T00:00:00Z' },
      },
    ];
    const verdict = compare(MAIN, left, { waivers: { list, now: new Date('2026-03-04T00:00:00Z') } });
    assert.deepEqual([verdict.passed, verdict.alarm!.state], [true, 'judge up, substance down']);
  });

  test('of two models whose questions are not kept rests on the weaker, unpaired difference', () => {
    const means = (model: string) => {
      const row = { scores: HALF, items: false };
      return of(model, { 'mmlu-pro': row, ifeval: row, bbq: row });
    };
    const [main, pr] = [means('main'), means('pr')];
    const { alarm, factors } = compare(main, beside(pr, makeHeadToHead([main, pr], makeHeadToHeadGames(UP))));
    assert.ok(factors.every(({ paired }) => !paired));
    // A thousand questions a side have a standard error of 2.2 points: no gain of 2 is ruled out.
    assert.equal(alarm!.state, 'cannot tell');
    assert.ok(alarm!.factors.every(({ upper }) => upper! > 0.03));
  });

  test('takes the gain from the policy, by factor', () => {
    const candidate = beside(SAME, makeHeadToHead([MAIN, SAME], makeHeadToHeadGames(UP)));
    const gains = { wk: 0.02, if: 0.004, safety: 0.02 };
    const { alarm } = compare(MAIN, candidate, { policy: { ...DEFAULT_POLICY, gains } });
    assert.equal(alarm!.state, 'cannot tell');
    assert.deepEqual(
      alarm!.factors.map(({ excluded }) => excluded),
      [true, false, true],
    );
  });

  test('takes from the policy how far a judge may go by position', () => {
    const byPosition = [...UP.slice(0, 150), ...fill(['A>B', 'A>B']).slice(0, 100)];
    const candidate = beside(SAME, makeHeadToHead([MAIN, SAME], makeHeadToHeadGames(byPosition)));
    const reasonBy = (limits: Partial<Policy['judgeLimits']>) =>
      compare(MAIN, candidate, {
        policy: { ...DEFAULT_POLICY, judgeLimits: { ...DEFAULT_POLICY.judgeLimits, ...limits } },
      }).judge![0]!.reason;
    assert.match(reasonBy({})!, /it prefers the answer shown first, by 17\.2 points/);
    assert.match(reasonBy({ position: 0.3 })!, /contradicts itself in 149 of 250 questions/);
    assert.equal(reasonBy({ position: 0.3, contradicted: 0.9 }), null);
  });

  test('has no bound where a factor has too few questions', () => {
    const few = (model: string) =>
      of(model, { 'mmlu-pro': { scores: [1, 1, 0, 0, 1] }, ifeval: { scores: HALF }, bbq: { scores: HALF } });
    const [main, pr] = [few('main'), few('pr')];
    const left = makeHeadToHead([main, pr], makeHeadToHeadGames(UP));
    const { alarm } = compare(main, beside(pr, left));
    assert.deepEqual([alarm!.state, alarm!.factors[0]!.upper], ['cannot tell', null]);
  });

  for (const [what, sides, state] of [
    ['of which a factor was not evaluated', [{}, {}], 'cannot tell'],
    ['of which a factor was evaluated on one side alone', [{ bbq: { scores: HALF } }, {}], 'cannot tell'],
  ] as const)
    test(`of two models ${what}: ${state}`, () => {
      const [main, pr] = sides.map((more, index) =>
        of(index === 0 ? 'main' : 'pr', {
          ...{ 'mmlu-pro': { scores: HALF }, ifeval: { scores: HALF } },
          ...(more as Record<string, { scores: number[] }>),
        }),
      ) as [LoadedRecord, LoadedRecord];
      const { alarm } = compare(main, beside(pr, makeHeadToHead([main, pr], makeHeadToHeadGames(UP))));
      assert.equal(alarm!.state, state);
      assert.deepEqual(
        alarm!.factors.filter(({ upper }) => upper === null).map(({ id }) => id),
        ['safety'],
      );
    });

  test('does not take missing questions, which count as wrong, for a gain that is ruled out', () => {
    const pr = makeRecord({
      model: 'pr',
      benchmarks: {
        'mmlu-pro': { scores: HALF.slice(0, 900), status: 'partial', planned: 1000 },
        ...{ ifeval: { scores: HALF }, bbq: { scores: HALF } },
      },
    });
    const verdict = judged(pr, UP);
    assert.equal(verdict.verdict, 'incomplete');
    assert.equal(verdict.alarm!.factors[0]!.upper, null);
  });
});

describe('after looks the bound holds whatever the run was stopped for', () => {
  /** Both sides of a plan with looks, of models that are known, the candidate with all that is planned or with what its looks asked. */
  const lookedSides = (drops: Parameters<typeof looked>[0]) => {
    const { looks, ...sides } = looked(drops, 2);
    const named = ({ record, ...rest }: LoadedRecord, name: string): LoadedRecord => ({
      ...rest,
      record: { ...record, model: { ...record.model, identity: makeIdentity(name) } },
    });
    const [baseline, whole] = [named(sides.baseline, 'main'), named(sides.candidate, 'pr')];
    const doneOf = new Map(
      compare(baseline, whole, { looks }).factors.map((own) => [own.id, own.looks!.done]),
    );
    const isAsked = ({ benchmark, look = 1 }: Chunk) =>
      look <= doneOf.get(findBenchmark(benchmark)!.factor!)!;
    const stopped = answersTo(whole, looks.plan.chunks.filter(isAsked));
    const judgedBy = (candidate: LoadedRecord, verdicts: readonly MadeVerdicts[] = UP) =>
      beside(candidate, makeHeadToHead([baseline, candidate], makeHeadToHeadGames(verdicts)));
    return { baseline, whole, stopped, looks, judgedBy };
  };
  const [held, dropped] = [lookedSides({}), lookedSides({ wk: 0.15, if: 0.3, safety: 0.15 })];

  for (const [what, { baseline, stopped, looks, judgedBy }, state] of [
    ['held at an early look: too little to rule gains out', held, 'cannot tell'],
    ['a drop at the first look', dropped, 'judge up, substance down'],
  ] as const)
    test(what, () => {
      const { alarm, factors } = compare(baseline, judgedBy(stopped), { looks });
      for (const [index, factor] of factors.entries()) {
        const { upper } = alarm!.factors[index]!;
        const { naive, repeatedCi, beyond } = factor.looks!;
        assert.deepEqual([upper, beyond], [factor.looks!.upper, undefined]);
        // Wider than that of one test at this level, and no wider than the two-sided one at half of it.
        assert.ok(
          upper! > naive!.estimate + 1.645 * factor.delta.se! && upper! <= repeatedCi![1],
          `${upper}`,
        );
      }
      assert.equal(alarm!.state, state);
    });

  test('looks that were taken for the alarm narrow its bounds, and change nothing else', () => {
    const { baseline, whole, stopped, looks, judgedBy } = held;
    const [early, late] = [stopped, whole].map((candidate) =>
      compare(baseline, judgedBy(candidate), { looks }),
    );
    const outcomes = ({ verdict, passed, factors, benchmarks }: Verdict) => ({
      ...{ verdict, passed, benchmarks },
      factors: factors.map(({ looks: own, ...rest }) => ({ ...rest, looks: { ...own, beyond: undefined } })),
    });
    assert.deepEqual(outcomes(late!), outcomes(early!));
    for (const [index, { looks: own }] of late!.factors.entries()) {
      assert.equal(own!.beyond!.look, 5);
      assert.equal(late!.alarm!.factors[index]!.upper, own!.beyond!.upper);
      const { estimate } = compare(baseline, whole).factors[index]!.delta;
      assert.ok(
        own!.beyond!.upper - estimate! < own!.upper! - own!.naive!.estimate,
        'more answers, less doubt',
      );
    }
  });

  test('without a judge nothing is measured beyond the look that decided', () => {
    const { baseline, whole, looks } = held;
    assert.ok(
      compare(baseline, whole, { looks }).factors.every((factor) => factor.looks!.beyond === undefined),
    );
  });

  describe('a run is told which looks the alarm wants', () => {
    type Side = 'whole' | 'stopped';
    const CASES: [
      what: string,
      sides: typeof held,
      side: Side,
      verdicts: readonly MadeVerdicts[] | null,
      wanted: string[],
    ][] = [
      ['the judge is up, all are held', held, 'stopped', UP, ['wk', 'if', 'safety']],
      ['the judge is not up', held, 'stopped', EVEN, []],
      ['nobody judged', held, 'stopped', null, []],
      ['the looks were taken already', held, 'whole', UP, []],
      ['a factor regressed', dropped, 'stopped', UP, []],
    ];
    for (const [what, sides, side, verdicts, wanted] of CASES)
      test(what, () => {
        const candidate = verdicts === null ? sides[side] : sides.judgedBy(sides[side], verdicts);
        const policy = { ...DEFAULT_POLICY, gains: { wk: 0.005, if: 0.005, safety: 0.005 } };
        const found = decideStop(sides.baseline, candidate, sides.looks, { policy, through: 5 });
        assert.deepEqual(found.wanted, wanted);
      });
  });
});

test('a gain of just the size that is to be ruled out is ruled out at any of the looks in 5% of runs at most', () => {
  const { fractions } = looked({}, 2).looks.plan.sequential!.factors.wk!;
  const bounds = boundariesAt(0.05, fractions);
  const random = createRandom(3);
  const ROUNDS = 20_000;
  let wrong = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let [sum, before] = [0, 0];
    const excluded = fractions.map((t, look) => {
      sum += Math.sqrt(t - before) * random.normal();
      before = t;
      return sum / Math.sqrt(t) < -bounds[look]!;
    });
    // Whoever looks at all of them, and takes more whenever that may raise an alarm.
    if (excluded.includes(true)) wrong++;
  }
  assert.ok(wrong / ROUNDS < 0.0535 && wrong / ROUNDS > 0.04, `${wrong} of ${ROUNDS}`);
});

describe('without an alarm it says why', () => {
  const skipped = (reason: 'no-key' | 'no-main-answers', text: string): Partial<HeadToHeadDocument> => ({
    ...{ skipped: { reason, text }, games: null },
  });
  const CASES: [
    what: string,
    verdicts: readonly MadeVerdicts[],
    options: Parameters<typeof makeHeadToHead>[2],
    reason: RegExp,
    outcomes: string[],
  ][] = [
    ['the judge decides by position', fill(['A>>B', 'A>>B']), {}, /judge decides by position/, ['failed']],
    [
      'a tenth was not read',
      [...UP.slice(25), ...fill([null, null], 25)],
      {},
      /50 of 500 verdicts could not be read/,
      ['failed'],
    ],
    ['nothing was read', fill([null, null]), {}, /could not be read/, ['failed']],
    [
      'judge-mini',
      fill(['B>A', 'A>B'], 40),
      { benchmark: 'judge-mini' },
      /judge-mini has too few questions/,
      ['improved'],
    ],
    ['nine questions', UP.slice(0, 9), {}, /too few questions for a test/, ['inconclusive']],
    ['no key', UP, { document: skipped('no-key', 'no key here') }, /^no key here$/, ['skipped']],
    [
      'no answers of main',
      UP,
      { document: { ...skipped('no-main-answers', 'none of main'), judges: [] } },
      /^none of main$/,
      [],
    ],
    [
      'answers of another baseline',
      UP,
      { document: { baseline: { name: 'main', identity: 'f'.repeat(64) } } },
      /answers of another model than the baseline's/,
      ['not-comparable'],
    ],
    [
      'answers of a model that is not known',
      UP,
      { document: { candidate: { name: 'pr', identity: null } } },
      /not known whether the judge saw answers of the candidate's model/,
      ['not-comparable'],
    ],
  ];
  for (const [what, verdicts, options, reason, outcomes] of CASES)
    test(what, () => {
      const { alarm, judge = [], verdict } = judged(SAME, verdicts, options);
      assert.equal(alarm!.state, 'no alarm');
      assert.match(alarm!.reason!, reason);
      assert.deepEqual(
        judge.map(({ outcome }) => outcome),
        outcomes,
      );
      // A judge that failed, is missing or not comparable is no reason for the whole verdict to be that.
      assert.equal(verdict, compare(MAIN, SAME).verdict);
    });

  test('the file cannot be read', () => {
    const { alarm, judge } = compare(MAIN, beside(SAME, { problem: 'head-to-head.parquet cannot be used' }));
    assert.deepEqual(
      [alarm!.state, alarm!.reason, judge],
      ['no alarm', 'head-to-head.parquet cannot be used', undefined],
    );
  });

  test('the model changed since the answers were judged', () => {
    const left = makeHeadToHead([MAIN, SAME], makeHeadToHeadGames(UP));
    const other = record('pr', HALF, HALF, HALF, (own) => {
      own.model.identity = makeIdentity('sha256:other');
    });
    assert.match(compare(MAIN, beside(other, left)).alarm!.reason!, /another model than the candidate's/);
  });

  test('nothing lies beside the record: nothing is said at all', () => {
    const { alarm, judge } = compare(MAIN, SAME);
    assert.deepEqual([alarm, judge], [undefined, undefined]);
  });

  test('what lies beside the baseline does not count', () => {
    const left = makeHeadToHead([MAIN, SAME], makeHeadToHeadGames(UP));
    assert.equal(compare(beside(MAIN, left), SAME).alarm, undefined);
  });
});

test('head to head is a row of its own under judge, less one half', () => {
  const [row] = judged(SAME, UP).judge!;
  assert.deepEqual(
    [row!.reference, row!.baseline.score, row!.n, row!.level],
    ['baseline', null, 250, 'warn'],
  );
  assertClose(row!.delta.estimate!, row!.candidate.score! - 0.5, 1e-12);
  assert.equal(row!.outcome, 'improved');
  assert.deepEqual(row!.headToHead!.tokens, { input: 950_000, output: 120_000 });
});

test('of two judges the p-values are corrected, and the alarm rests on the clearer one', () => {
  const left = makeHeadToHead([MAIN, SAME], makeHeadToHeadGames(EVEN));
  const other = makeHeadToHead([MAIN, SAME], makeHeadToHeadGames(UP), { judge: 'another' });
  left.boards.push(...other.boards);
  left.document.judges.push(...other.document.judges);
  const { alarm, judge } = compare(MAIN, beside(SAME, left));
  assert.equal(alarm!.judge, 1);
  const [first, second] = judge!.map(({ headToHead }) => headToHead!);
  assertClose(second!.pAdjusted!, 2 * second!.p!, 1e-12);
  assert.ok(first!.pAdjusted! >= first!.p!);
});

test('how the judged answers are written is compared by question', () => {
  const styles = (i: number) => ({
    model: { chars: 900 + 11 * (i % 17), headers: 3, listItems: 2 + (i % 3), bold: 1 },
    reference: { chars: 500 + 7 * (i % 13), headers: 0, listItems: 2, bold: 1 },
  });
  const left = makeHeadToHead([MAIN, SAME], makeHeadToHeadGames(UP, styles));
  const { style, equalStyle } = compare(MAIN, beside(SAME, left)).judge![0]!.headToHead!;
  assert.equal(style!.n, 250);
  assert.ok(style!.features.chars.ratio! > 1.6 && style!.features.chars.rejected);
  assert.equal(style!.features.bold.difference, 0);
  assert.ok(equalStyle.share !== null || equalStyle.reason !== null);
});
