import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JudgeResultsSchema, summariseGames } from '../../../src/judge/score/judge-result.ts';
import { assertClose } from '../../support/assert-close.ts';
import { type MadeVerdicts, makeBoard, makeGames } from '../../support/judged.ts';

const times = (count: number, verdicts: MadeVerdicts) => new Array<MadeVerdicts>(count).fill(verdicts);
const judge = (...verdicts: MadeVerdicts[]) => summariseGames(makeBoard(makeGames(verdicts)));

const FIRST: MadeVerdicts = ['A>B', 'A>B'];
const SECOND: MadeVerdicts = ['B>A', 'B>A'];
const GOOD: MadeVerdicts = ['B>A', 'A>B'];
const BAD: MadeVerdicts = ['A>B', 'B>A'];
const TIE: MadeVerdicts = ['A=B', 'A=B'];

describe('a judge is no measurement', () => {
  const CASES: [what: string, verdicts: MadeVerdicts[], reason: RegExp | null][] = [
    [
      'not where it says which answer is better, in both orders',
      [...times(30, GOOD), ...times(20, BAD)],
      null,
    ],
    [
      'where 6% of its verdicts could not be read',
      [...times(6, [null, null]), ...times(94, GOOD)],
      /^12 of 200 verdicts could not be read$/,
    ],
    ['not where 5% could not be read', [...times(5, [null, null]), ...times(95, GOOD)], null],
    ['where none could be read', times(3, [null, null]), /^6 of 6 verdicts could not be read$/],
    [
      'where five questions are all won by the answer shown first',
      times(5, FIRST),
      /^judge decides by position: it prefers the answer shown first, by 24\.1 points or more$/,
    ],
    [
      'where five questions are all won by the answer shown second',
      times(5, SECOND),
      /^judge decides by position: it prefers the answer shown second, by 24\.1 points/,
    ],
    ['not where three questions are: too few to say so', times(3, FIRST), null],
    [
      'not where a third of many questions goes by position',
      [...times(60, FIRST), ...times(140, GOOD)],
      null,
    ],
    [
      'where half of many questions goes by position',
      [...times(100, FIRST), ...times(100, GOOD)],
      /by \d+\.\d points or more$/,
    ],
    [
      'where it contradicts itself, whichever answer is first',
      [...times(40, FIRST), ...times(40, SECOND), ...times(20, GOOD)],
      /^judge decides by position: with the answers in the other order it contradicts itself in 80 of 100 questions$/,
    ],
    [
      'not where it contradicts itself in half of the questions',
      [...times(25, FIRST), ...times(25, SECOND), ...times(50, GOOD)],
      null,
    ],
    ['not where it hardly ever decides, if then by position', [...times(4, FIRST), ...times(96, TIE)], null],
  ];
  for (const [what, verdicts, reason] of CASES) {
    test(what, () => {
      const result = judge(...verdicts);
      if (reason === null) {
        assert.deepEqual([result.status, result.reason], ['done', null]);
        assert.notEqual(result.score, null);
      } else {
        assert.match(result.reason ?? '', reason);
        assert.deepEqual(
          [result.status, result.score, result.ci, result.stderr],
          ['failed', null, null, null],
        );
      }
    });
  }

  const SAME = { model: 'a'.repeat(64), reference: 'a'.repeat(64) };
  /** Questions with equal answers, of which nobody was asked. */
  const unasked = (count: number) =>
    makeGames(times(count, TIE), 1000).map((game) => ({ ...game, answers: SAME }));
  const besideEqual: [what: string, asked: MadeVerdicts[], reason: RegExp | null][] = [
    [
      'that decides by position where the answers differ, however many are equal',
      times(5, FIRST),
      /^judge decides by position: it prefers the answer shown first, by 24\.1 points or more$/,
    ],
    [
      'that contradicts itself there',
      [...times(20, FIRST), ...times(20, SECOND)],
      /contradicts itself in 40 of 40 questions$/,
    ],
    [
      'whose verdicts could not be read there',
      [...times(5, [null, null]), ...times(20, GOOD)],
      /^10 of 50 verdicts could not be read$/,
    ],
    ['but not where all answers are equal', [], null],
  ];
  for (const [what, asked, reason] of besideEqual) {
    test(`beside ties that it was not asked about: one ${what}`, () => {
      const result = summariseGames(makeBoard([...unasked(245), ...makeGames(asked)]));
      assert.equal(result.games, 490 + 2 * asked.length);
      assert.equal(result.asked, 2 * asked.length);
      if (reason === null) assert.deepEqual([result.reason, result.score], [null, 0.5]);
      else assert.match(result.reason ?? '', reason);
      assert.deepEqual(JudgeResultsSchema.parse([result]), [result]);
    });
  }

  test('what it did is said all the same', () => {
    const { position, contradicted, unread, games } = judge(...times(5, FIRST), [null, 'A>B']);
    assert.deepEqual([games, unread, contradicted], [12, 1, { questions: 5, of: 5 }]);
    assert.equal(position!.effect, 0.5);
    assertClose(position!.low, 0.05 ** (1 / 10) - 0.5);
  });
});

test('unread verdicts are neither ties nor losses', () => {
  const without = judge(...times(60, GOOD), ...times(40, BAD));
  const withUnread = judge(...times(60, GOOD), ...times(40, BAD), ...times(4, [null, null]));
  assert.equal(withUnread.score, without.score);
  assert.equal(withUnread.unread, 8);
});

test('ties count as half of the position effect, and questions of one order not at all', () => {
  const { position } = judge(FIRST, TIE, ['A>B', null]);
  assert.equal(position!.effect, (1 + 1 + 0.5 + 0.5) / 4 - 0.5);
});

test('a tie in one order is no contradiction', () => {
  assert.deepEqual(judge(['A=B', 'A>B'], GOOD).contradicted, { questions: 0, of: 2 });
});

test('the question set is the same in whatever order the games come', () => {
  const games = makeGames([GOOD, BAD, TIE]);
  const of = (list: typeof games) => summariseGames(makeBoard(list)).questionSet;
  assert.equal(of(games), of([...games].reverse()));
  assert.notEqual(of(games), of(games.slice(2)));
});
