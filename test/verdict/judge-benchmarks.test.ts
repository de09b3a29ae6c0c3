import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JudgedGames } from '../../src/judge/score/game.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { describeJudging } from '../../src/report/tables/judged.ts';
import { compare } from '../../src/verdict/compare.ts';
import { type JudgeComparison, VerdictSchema } from '../../src/verdict/schema.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { assertClose } from '../support/assert-close.ts';
import { makeHeadToHead } from '../support/head-to-head.ts';
import {
  type MadeVerdicts,
  makeBoard,
  makeGames,
  makeJudgedRecord,
  randomVerdicts,
} from '../support/judged.ts';
import { createRandom } from '../support/random.ts';

const random = createRandom(21);
const weak = randomVerdicts(random, 200, 0.3);
const strong = randomVerdicts(random, 200, 0.6);
const benchmarks = { gpqa: { scores: Array.from({ length: 100 }, (_, i) => i % 2) } };

const side = (
  model: string,
  verdicts: readonly MadeVerdicts[],
  board: Partial<JudgedGames> = {},
  keepGames = true,
) => makeJudgedRecord(model, [makeBoard(makeGames(verdicts), board)], { keepGames, benchmarks });
const judged = (baseline: LoadedRecord, candidate: LoadedRecord): JudgeComparison[] =>
  compare(baseline, candidate).judge ?? [];
const only = (baseline: LoadedRecord, candidate: LoadedRecord): JudgeComparison => {
  const rows = judged(baseline, candidate);
  assert.equal(rows.length, 1);
  return rows[0]!;
};

describe('a judge’s score of the candidate beside the baseline', () => {
  test('is compared question by question', () => {
    const row = only(side('main', weak), side('pr', strong));
    assert.deepEqual([row.outcome, row.paired, row.n, row.reason], ['improved', true, 200, null]);
    assertClose(row.delta.estimate, row.candidate.score! - row.baseline.score!);
    const [low, high] = row.delta.ci!;
    assert.ok(low > 0 && low < row.delta.estimate! && row.delta.estimate! < high);
  });

  test('regresses the other way round', () => {
    assert.equal(only(side('main', strong), side('pr', weak)).outcome, 'regressed');
  });

  test('is inconclusive, with an interval that has width, where no verdict differs', () => {
    const row = only(side('main', weak), side('pr', weak));
    assert.equal(row.delta.estimate, 0);
    assert.ok(row.delta.ci![1] > 0);
    assert.notEqual(row.outcome, 'improved');
  });

  test('is compared by the scores alone where games are not kept, with a wider interval', () => {
    const row = only(side('main', weak), side('pr', strong, {}, false));
    const paired = only(side('main', weak), side('pr', strong));
    assert.deepEqual([row.paired, row.outcome], [false, 'improved']);
    assert.match(row.reason!, /unpaired: games of a side are not kept/);
    assertClose(row.delta.estimate, paired.delta.estimate!);
  });

  test('is corrected for the number of judge benchmarks alone', () => {
    const two = (model: string, verdicts: readonly MadeVerdicts[]) =>
      makeJudgedRecord(
        model,
        [makeBoard(makeGames(verdicts)), makeBoard(makeGames(verdicts), { benchmark: 'arena-hard-v2' })],
        { benchmarks },
      );
    const near = randomVerdicts(createRandom(5), 200, 0.34);
    const [row] = judged(two('main', weak), two('pr', near));
    assertClose(row!.delta.pAdjusted, Math.min(1, 2 * row!.delta.p!));
  });

  test('has a note where the weight of "much better" turns its sign', () => {
    const fill = (count: number, verdicts: MadeVerdicts) => new Array<MadeVerdicts>(count).fill(verdicts);
    const before = [...fill(30, ['B>A', 'A>B']), ...fill(20, ['A>B', 'B>A'])];
    const after = [...fill(24, ['B>>A', 'A>>B']), ...fill(26, ['A>B', 'B>A'])] as MadeVerdicts[];
    assert.match(only(side('main', before), side('pr', after)).reason!, /its sign is the other/);
  });

  test('with fewer than ten questions has an interval and no test', () => {
    const row = only(side('main', weak.slice(0, 8)), side('pr', strong.slice(0, 8)));
    assert.deepEqual([row.outcome, row.delta.p], ['inconclusive', null]);
    assert.match(row.reason!, /too few questions for a test/);
  });
});

test('what the judge has cost on both sides, all runs together, is in the comparison, in `show` and in words', () => {
  const spent = { requests: 400, tokens: { input: 180_000, output: 24_000 }, cost: 0.9 };
  const paid = (loaded: LoadedRecord): LoadedRecord => ({
    ...loaded,
    record: { ...loaded.record, judge: loaded.record.judge!.map((result) => ({ ...result, spent })) },
  });
  const [main, pr] = [paid(side('main', weak)), paid(side('pr', strong))];
  const row = only(main, pr);
  assert.deepEqual([row.baseline.spent, row.candidate.spent], [spent, spent]);
  assert.deepEqual(summarise(pr).judge![0]!.spent, spent);
  assert.match(
    describeJudging(row.candidate)!,
    /; 400 requests, 180,000 tokens read and 24,000 written, which cost 0\.90$/,
  );
  assert.equal(only(side('main', weak), pr).baseline.spent, undefined);
});

describe('what cannot be compared says why', () => {
  const digest = (text: string) => text.repeat(64).slice(0, 64);
  const against = (reference: string) =>
    makeJudgedRecord(
      'm',
      [makeBoard(makeGames(weak).map((game) => ({ ...game, answers: { model: null, reference } })))],
      { benchmarks },
    );
  /** As a run leaves it, which records how the judge was asked. */
  const asked = (loaded: LoadedRecord, how: { protocol: string; pinned: boolean }): LoadedRecord => ({
    ...loaded,
    record: { ...loaded.record, judge: loaded.record.judge!.map((result) => ({ ...result, ...how })) },
  });
  describe('of a judge behind an alias, where main was judged once more in the same run', () => {
    const alias = { protocol: digest('a'), pinned: false };
    const main = makeJudgedRecord('main', [makeBoard(makeGames(strong))], { benchmarks });
    const pr = (how: typeof alias) => asked(side('pr', strong), how);
    const again = makeBoard(makeGames(weak));
    const listed = [{ judge: 'a-judge', reference: 'a-reference', protocol: digest('a') }];
    const beside = (candidate: LoadedRecord, baseline: LoadedRecord = main): LoadedRecord => {
      const left = makeHeadToHead([baseline, candidate], makeGames(strong), {
        document: { rejudged: listed },
      });
      return { ...candidate, headToHead: { ...left, rejudged: [again] } };
    };
    const against = (candidate: LoadedRecord, baseline = main) =>
      judged(baseline, candidate).find(({ headToHead }) => headToHead === undefined)!;

    test('counts, and not what an earlier run kept', () => {
      const row = against(beside(pr(alias)), asked(main, alias));
      assert.deepEqual([row.outcome, row.paired, row.n], ['improved', true, 200]);
      assert.equal(row.reason, 'the baseline was judged again in the same run');
      assertClose(row.baseline.score!, summarise(side('x', weak)).judge![0]!.score!);
    });

    test('counts where main was never held against that reference', () => {
      const never = makeJudgedRecord('main', [], { benchmarks });
      assert.equal(against(beside(pr(alias), never), never).outcome, 'improved');
    });

    const NONE: [what: string, candidate: LoadedRecord, outcome: string][] = [
      ['a judge whose name has its date', beside(pr({ ...alias, pinned: true })), 'inconclusive'],
      [
        'a judge that was asked in another way',
        beside(pr({ ...alias, protocol: digest('b') })),
        'not-comparable',
      ],
      ['other models', beside(pr(alias), side('another', weak)), 'not-comparable'],
    ];
    for (const [what, candidate, outcome] of NONE) {
      test(`does not count of ${what}`, () => {
        const baseline = asked(main, { protocol: digest('a'), pinned: outcome === 'inconclusive' });
        assert.equal(against(candidate, baseline).outcome, outcome);
      });
    }
  });

  const CASES: [
    what: string,
    baseline: LoadedRecord,
    candidate: LoadedRecord,
    outcome: string,
    reason: RegExp,
  ][] = [
    [
      'another judge',
      side('main', weak),
      side('pr', strong, { judge: 'another' }),
      'not-comparable',
      /^the baseline was judged by a-judge$/,
    ],
    [
      'a judge of that name that was asked in another way',
      asked(side('main', weak), { protocol: digest('a'), pinned: true }),
      asked(side('pr', strong), { protocol: digest('b'), pinned: true }),
      'not-comparable',
      /^the judge was asked in another way, or is another model$/,
    ],
    [
      'a judge behind an alias',
      asked(side('main', weak), { protocol: digest('a'), pinned: false }),
      asked(side('pr', strong), { protocol: digest('a'), pinned: false }),
      'not-comparable',
      /^a-judge does not say which version of it judged: it may be another one by now$/,
    ],
    [
      'another reference',
      side('main', weak),
      side('pr', strong, { reference: 'another' }),
      'not-comparable',
      /^the baseline was held against a-reference$/,
    ],
    [
      'a reference that is not known',
      side('main', weak, { reference: null }),
      side('pr', strong),
      'not-comparable',
      /^the baseline was held against a reference that is not known$/,
    ],
    [
      'other answers of the reference',
      against(digest('a')),
      against(digest('b')),
      'not-comparable',
      /have 0 of 200 questions in common, 200 of them against another answer of the reference$/,
    ],
    [
      'other questions',
      side('main', weak),
      makeJudgedRecord('pr', [makeBoard(makeGames(strong, 100))], { benchmarks }),
      'not-comparable',
      /^the two sides have 100 of 200 questions in common$/,
    ],
    [
      'other questions, without games',
      side('main', weak, {}, false),
      makeJudgedRecord('pr', [makeBoard(makeGames(strong, 100))], { benchmarks }),
      'not-comparable',
      /^the two sides were judged on different questions$/,
    ],
    [
      'a candidate that was not judged',
      side('main', weak),
      makeJudgedRecord('pr', [], { benchmarks }),
      'skipped',
      /^the candidate was not judged$/,
    ],
    [
      'a baseline that was not judged',
      makeJudgedRecord('main', [], { benchmarks }),
      side('pr', strong),
      'no-baseline',
      /^the baseline was not judged$/,
    ],
    [
      'a judge that decides by position',
      side('main', weak),
      side('pr', new Array<MadeVerdicts>(200).fill(['A>B', 'A>B'])),
      'failed',
      /^candidate: judge decides by position/,
    ],
    [
      'verdicts that could not be read',
      side('main', new Array<MadeVerdicts>(200).fill([null, null])),
      side('pr', strong),
      'failed',
      /^baseline: 400 of 400 verdicts could not be read/,
    ],
  ];
  for (const [what, baseline, candidate, outcome, reason] of CASES) {
    test(what, () => {
      const row = judged(baseline, candidate).at(-1)!;
      assert.deepEqual([row.outcome, row.delta.estimate], [outcome, null]);
      assert.match(row.reason!, reason);
    });
  }
});

test('a record that was not judged has no key `judge`, in verdict or summary', () => {
  const plain = () => {
    const made = makeJudgedRecord('m', [], { benchmarks });
    delete made.record.judge;
    return made;
  };
  assert.ok(!('judge' in compare(plain(), plain())));
  assert.ok(!('judge' in summarise(plain())));
});

test('the verdict fits its schema', () => {
  const verdict = compare(side('main', weak), side('pr', strong));
  assert.deepEqual(VerdictSchema.parse(JSON.parse(JSON.stringify(verdict))).judge, verdict.judge);
});

describe('criterion by criterion', () => {
  const by = (verdicts: readonly MadeVerdicts[], style: readonly MadeVerdicts[]) =>
    makeGames(verdicts).map((game, index) => ({
      ...game,
      criteria: { correctness: game.verdict, style: makeGames(style)[index]!.verdict },
    }));
  const record = (model: string, games: ReturnType<typeof makeGames>, keepGames = true) =>
    makeJudgedRecord(model, [makeBoard(games)], { keepGames, benchmarks });
  const main = record('main', by(weak, strong));
  const pr = record('pr', by(strong, weak));

  test('the share of each is the score of its verdicts, and the change is taken question by question', () => {
    const { criteria, ...row } = only(main, pr);
    const [correctness, style] = criteria!.shares;
    assert.deepEqual([correctness!.criterion, style!.criterion], ['correctness', 'style']);
    assertClose(correctness!.candidate!.share, row.candidate.score!);
    assertClose(correctness!.candidate!.ci, row.candidate.ci!);
    assertClose(correctness!.baseline!.share, row.baseline.score!);
    assertClose(correctness!.delta!.estimate, row.delta.estimate!);
    assertClose(correctness!.delta!.ci, row.delta.ci!);
    assertClose(style!.delta!.estimate, -row.delta.estimate!);
  });

  test('without it on main there is a share and no change', () => {
    const { criteria } = only(side('main', weak), pr);
    const [correctness] = criteria!.shares;
    assert.deepEqual([correctness!.baseline, correctness!.delta], [null, null]);
    assert.ok(correctness!.candidate!.share! > 0.5);
  });

  test('is not there where nobody asked, where games are not kept, and of a judge that is no measurement', () => {
    assert.equal(only(main, side('pr', strong)).criteria, undefined);
    assert.equal(only(main, record('pr', by(strong, weak), false)).criteria, undefined);
    const first = new Array<MadeVerdicts>(200).fill(['A>>B', 'A>>B']);
    assert.equal(only(main, record('pr', by(first, weak))).criteria, undefined);
  });

  test('changes nothing else of the comparison, and stays in the schema', () => {
    const verdict = compare(main, pr);
    const { criteria: _, ...row } = verdict.judge![0]!;
    assert.deepEqual(row, only(side('main', weak), side('pr', strong)));
    assert.deepEqual(
      VerdictSchema.parse(JSON.parse(JSON.stringify(verdict))),
      JSON.parse(JSON.stringify(verdict)),
    );
    const [shown] = summarise(pr).judge!;
    assert.equal(shown!.criteria!.shares.length, 2);
    assert.equal(summarise(side('pr', strong)).judge![0]!.criteria, undefined);
  });
});
