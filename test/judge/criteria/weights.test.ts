/** What a judge's verdict rests on: how it is computed, and when it is refused, each with its sentence. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type StatedWeights, weighCriteria } from '../../../src/judge/criteria/weights.ts';
import { JUDGE_LABELS, type JudgeGame, type JudgeLabel } from '../../../src/judge/score/game.ts';
import { describeWeights } from '../../../src/report/criteria/weights.ts';
import { CRITERIA, type Criterion } from '../../../src/suite/judge-criteria.ts';
import { createRandom } from '../../support/random.ts';

/** A verdict for the model's answer, -2 to 2, as a label: with the reference first, better is `B`. */
const label = (value: number, first: JudgeGame['first']): JudgeLabel =>
  JUDGE_LABELS[2 - (first === 'model' ? 1 : -1) * Math.max(-2, Math.min(2, Math.round(value)))]!;

type Made = Partial<Record<Criterion, number | null>> & { overall: number | null };

/** Both games of each question, alike. */
function gamesOf(
  questions: readonly Made[],
  edit: (game: JudgeGame, index: number) => JudgeGame = (game) => game,
) {
  return questions
    .flatMap((made, index) =>
      (['reference', 'model'] as const).map((first): JudgeGame => {
        const told = (value: number | null) => (value === null ? null : label(value, first));
        const names = CRITERIA.filter((name) => made[name] !== undefined);
        return {
          ...{ question: `q${index}`, first, verdict: told(made.overall) },
          criteria: Object.fromEntries(names.map((name) => [name, told(made[name]!)])),
          answers: { model: null, reference: null },
        };
      }),
    )
    .map(edit);
}

/** Five verdicts by chance, of which the first makes the whole. */
function draw(count: number, seed = 1): (Record<Criterion, number> & { overall: number })[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const own = Object.fromEntries(CRITERIA.map((name) => [name, random.integer(5) - 2])) as Record<
      Criterion,
      number
    >;
    return { ...own, overall: Math.round(0.7 * own.correctness + 0.3 * own.style + 0.5 * random.normal()) };
  });
}

const told = (games: readonly JudgeGame[], stated: StatedWeights = {}) =>
  describeWeights(weighCriteria(games, stated));

describe('the weights', () => {
  test('come after R², beside what they ought to be', () => {
    const lines = told(gamesOf(draw(200)), { correctness: 1, style: 3 });
    assert.match(
      lines[0]!,
      /^The criteria explain \d\d\.\d% \[\d\d\.\d, \d\d\.\d\] of the overall verdict \(R², 200 questions\)\./,
    );
    assert.match(
      lines[1]!,
      /^Of that: correctness [78]\d\.\d% \[.*\], more than the 25\.0% stated; completeness 0\.\d% \[0\.0, .*\] \(0\.0% stated\); /,
    );
    assert.match(lines[1]!, /style 1\d\.\d% \[.*\], less than the 75\.0% stated\.$/);
  });

  test('ought to be alike where nobody says what they ought to be', () => {
    assert.match(
      told(gamesOf(draw(200)))[1]!,
      /^Of that: correctness .*, more than the 20\.0% of equal weights; /,
    );
    assert.deepEqual(
      weighCriteria(gamesOf(draw(200)), {}).shares.map(({ stated }) => stated),
      [0.2, 0.2, 0.2, 0.2, 0.2],
    );
  });

  test('are those of a linear fit: by hand, of two criteria that do not go together', () => {
    const grid = [-1, 1].flatMap((correctness) => [-1, 1].map((style) => ({ correctness, style })));
    const overall = ({ correctness, style }: { correctness: number; style: number }) =>
      correctness === style ? 2 * correctness : correctness;
    const games = gamesOf(
      Array.from({ length: 120 }, (_, n) => ({ ...grid[n % 4]!, overall: overall(grid[n % 4]!) })),
    );
    const { r2, shares } = weighCriteria(games, {});
    // Slopes 1.5 and 0.5, variance 2.25 + 0.25 of 2.5.
    assert.ok(Math.abs(r2!.estimate - 1) < 1e-9);
    assert.deepEqual(
      shares.map(({ share }) => Number(share.toFixed(6))),
      [0.9, 0.1],
    );
  });

  test('are the same whatever order the answers came in: verdicts are turned before they are averaged', () => {
    const games = gamesOf(draw(150));
    // The judge that always likes A more by one step says the same of the answers.
    const shift = (verdict: JudgeLabel | null) =>
      JUDGE_LABELS[Math.max(0, JUDGE_LABELS.indexOf(verdict!) - 1)]!;
    const narrow = draw(150, 2).map((one) => {
      const small = (value: number) => Math.max(-1, Math.min(1, value));
      return Object.fromEntries(Object.entries(one).map(([name, value]) => [name, small(value)])) as Made;
    });
    const shifted = gamesOf(narrow, (game) => ({
      ...game,
      verdict: shift(game.verdict),
      criteria: Object.fromEntries(
        Object.entries(game.criteria!).map(([name, verdict]) => [name, shift(verdict)]),
      ),
    }));
    assert.deepEqual(weighCriteria(shifted, {}), weighCriteria(gamesOf(narrow), {}));
    const turned = games.map((_, index) => games[index % 2 === 0 ? index + 1 : index - 1]!);
    assert.deepEqual(weighCriteria(turned, {}), weighCriteria(games, {}));
  });

  test('a missing verdict takes its question out, and is no tie', () => {
    const made: Made[] = draw(150).map((one, index) => (index < 7 ? { ...one, safety: null } : one));
    const games = gamesOf(made);
    const found = weighCriteria(games, {});
    assert.deepEqual([found.questions, found.complete], [150, 143]);
    assert.deepEqual({ ...found, questions: 143 }, weighCriteria(games.slice(14), {}));
    assert.ok(told(games).includes('Left out: 7 questions without every verdict in both orders.'));
  });

  test('one order is not enough', () => {
    const games = gamesOf(draw(150)).filter(({ question, first }) => question !== 'q3' || first === 'model');
    assert.equal(weighCriteria(games, {}).complete, 149);
  });

  test('equal answers, which nobody was asked about, do not count', () => {
    const digest = 'ab'.repeat(32);
    const games = gamesOf(draw(150), (game, index) =>
      index < 20 ? { ...game, verdict: 'A=B', answers: { model: digest, reference: digest } } : game,
    );
    assert.deepEqual([weighCriteria(games, {}).questions, weighCriteria(games, {}).complete], [140, 140]);
  });
});

describe('is refused', () => {
  const whole = draw(150);
  const CASES: [what: string, games: JudgeGame[], says: RegExp, keepsR2: boolean][] = [
    [
      'of fewer than 100 questions',
      gamesOf(whole.slice(0, 99)),
      /^What the verdict rests on is not known: 99 questions with every verdict read in both orders, fewer than 100\.$/,
      false,
    ],
    [
      'of an overall verdict that hardly varies',
      gamesOf(whole.map((one, index) => ({ ...one, overall: index === 0 ? 1 : 0 }))),
      /^What the verdict rests on is not known: the overall verdict hardly varies \(standard deviation 0\.08, below 0\.15\)\.$/,
      false,
    ],
    [
      'of a criterion that hardly varies, alone',
      gamesOf(whole.map((one, index) => ({ ...one, safety: index === 0 ? 1 : 0 }))),
      /^No weight for safety: it hardly varies \(standard deviation 0\.08, below 0\.15\)\.$/,
      true,
    ],
    [
      'of criteria that the others give',
      gamesOf(
        whole.map(({ correctness, completeness, safety, overall }) => {
          const small = (value: number) => Math.max(-1, Math.min(1, value));
          const [a, b] = [small(correctness), small(completeness)];
          return { correctness: a, completeness: b, conciseness: a + b, safety, overall };
        }),
      ),
      /^What each of them weighs is not known: \w+ cannot be told apart from the others \(variance inflation without bound, above 10\)\.$/,
      true,
    ],
    [
      'of one criterion',
      gamesOf(whole.map(({ correctness, overall }) => ({ correctness, overall }))),
      /^What each of them weighs is not known: correctness alone can be weighed\.$/,
      true,
    ],
    [
      'of a criterion that could not be read',
      gamesOf(whole.map((one, index) => ({ ...one, style: index < 10 ? null : one.style }))),
      /^No weight for style: it could not be read in 20 of 300 games\.$/,
      true,
    ],
  ];
  for (const [what, games, says, keepsR2] of CASES)
    test(what, () => {
      const lines = told(games);
      assert.ok(
        lines.some((line) => says.test(line)),
        lines.join('\n'),
      );
      assert.equal(weighCriteria(games, {}).r2 !== null, keepsR2);
    });

  test('criteria that move as one are weighed together, and that is said', () => {
    const random = createRandom(8);
    const games = gamesOf(
      whole.map((one) => ({ ...one, completeness: random.uniform() < 0.03 ? -one.style : one.style })),
    );
    const { shares, merged } = weighCriteria(games, { completeness: 1, style: 1, safety: 2 });
    assert.deepEqual(
      shares.map(({ criteria, stated }) => [criteria.join(), stated]),
      [
        ['correctness', 0],
        ['completeness,style', 0.5],
        ['safety', 0.5],
        ['conciseness', 0],
      ],
    );
    assert.ok(merged[0]!.correlation > 0.9);
    assert.ok(
      told(games).some((line) =>
        /^Completeness and style move as one \(correlation 0\.9\d or more\) and are weighed together\.$/.test(
          line,
        ),
      ),
    );
  });
});
