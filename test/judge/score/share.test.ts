import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JudgeLabel } from '../../../src/judge/score/game.ts';
import { summariseGames } from '../../../src/judge/score/judge-result.ts';
import { pairOrders, type QuestionGames } from '../../../src/judge/score/pair-orders.ts';
import { STRONG_WEIGHT, shareOfWins, testShare, weighGames } from '../../../src/judge/score/share.ts';
import { upstreamInterval } from '../../../src/judge/score/upstream-interval.ts';
import { assertClose } from '../../support/assert-close.ts';
import { type MadeVerdicts, makeBoard, makeGames, randomVerdicts } from '../../support/judged.ts';
import { createRandom } from '../../support/random.ts';

const OPTIONS = { counted: 'game', strongWeight: STRONG_WEIGHT, level: 0.95 } as const;
const scoreOf = (verdicts: readonly MadeVerdicts[]) =>
  shareOfWins(pairOrders(makeGames(verdicts)), OPTIONS).estimate?.estimate ?? null;

const SWAPPED: Record<JudgeLabel, JudgeLabel> = {
  ...{ 'A>>B': 'B>>A', 'A>B': 'B>A', 'A=B': 'A=B' },
  ...{ 'B>A': 'A>B', 'B>>A': 'A>>B' },
};

describe('a verdict counts for the model', () => {
  const CASES: [what: string, verdicts: MadeVerdicts, score: number | null][] = [
    ['better in both orders: all', ['B>A', 'A>B'], 1],
    ['worse in both orders: nothing', ['A>B', 'B>A'], 0],
    ['a tie in both orders: half', ['A=B', 'A=B'], 0.5],
    ['shown first, better both times: half', ['A>B', 'A>B'], 0.5],
    ['much better once, worse once: three quarters', ['B>>A', 'B>A'], 0.75],
    ['much better once, a tie once: 3.5 of 4', ['A=B', 'A>>B'], 3.5 / 4],
    ['one verdict unread: by the other alone', [null, 'A>B'], 1],
    ['none read: no score', [null, null], null],
  ];
  for (const [what, verdicts, score] of CASES) test(what, () => assert.equal(scoreOf([verdicts]), score));

  test('with the weight 1 "much better" is as good as "better"', () => {
    const { estimate } = shareOfWins(pairOrders(makeGames([['B>>A', 'B>A']])), {
      ...OPTIONS,
      strongWeight: 1,
    });
    assert.equal(estimate?.estimate, 0.5);
  });

  test('of Arena-Hard v2 a question counts only where both orders were read', () => {
    const games = makeGames([
      [null, 'A>B'],
      ['A>B', 'B>A'],
    ]);
    const { estimate } = shareOfWins(pairOrders(games), { ...OPTIONS, counted: 'question' });
    assert.equal(estimate?.estimate, 0);
  });

  test('twice in one order is refused: it would count twice', () => {
    const [game] = makeGames([['A>B', 'A>B']]);
    assert.throws(() => pairOrders([game!, game!]), /question q0 is there twice with the reference first/);
  });
});

/** The Bradley-Terry model of one model against one reference, fitted as upstream does: logistic regression on repeated rows. */
function fitBradleyTerry(questions: readonly QuestionGames[]): number {
  const { wins, weights } = weighGames(questions, OPTIONS);
  let rating = 0;
  for (let step = 0; step < 50; step++) {
    const chance = 1 / (1 + Math.exp(-rating));
    let [slope, curve] = [0, 0];
    wins.forEach((win, i) => {
      for (let row = 0; row < weights[i]!; row++) {
        slope += win - chance;
        curve += chance * (1 - chance);
      }
    });
    rating += slope / curve;
  }
  return 1 / (1 + Math.exp(-rating));
}

for (const wins of [0.1, 0.3, 0.5, 0.85]) {
  const random = createRandom(100 * wins);
  const questions = pairOrders(makeGames(randomVerdicts(random, 300, wins)));

  test(`the share is what a Bradley-Terry fit of repeated rows predicts (${wins} of games won)`, () => {
    assertClose(shareOfWins(questions, OPTIONS).estimate!.estimate, fitBradleyTerry(questions), 1e-9);
  });

  test(`its standard error is that of a bootstrap of questions to 5% (${wins} of games won)`, () => {
    const shares = Array.from({ length: 3000 }, () => {
      const drawn = questions.map(() => questions[random.integer(questions.length)]!);
      const { wins: won, weights } = weighGames(drawn, OPTIONS);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.reduce((sum, weight, i) => sum + weight * won[i]!, 0) / total;
    });
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const spread = Math.sqrt(shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length);
    assertClose(shareOfWins(questions, OPTIONS).estimate!.se! / spread, 1, 0.05);
  });
}

test('the interval covers 95% of the time, Arena-Hard’s own does not', () => {
  const random = createRandom(7);
  const population = randomVerdicts(random, 20_000, 0.6);
  const truth = scoreOf(population)!;
  let [covered, upstream] = [0, 0];
  const rounds = 1000;
  for (let round = 0; round < rounds; round++) {
    const drawn = Array.from({ length: 200 }, () => population[random.integer(population.length)]!);
    const questions = pairOrders(makeGames(drawn));
    const holds = ([low, high]: [number, number]) => low <= truth && truth <= high;
    if (holds(shareOfWins(questions, OPTIONS).ci!)) covered++;
    if (holds(upstreamInterval(questions, { counted: 'game', level: 0.95 })!)) upstream++;
  }
  assert.ok(covered / rounds > 0.93 && covered / rounds < 0.97, `${covered} of ${rounds}`);
  assert.ok(upstream < covered - 30, `${upstream} of ${rounds}`);
});

test('a model that always loses or always wins has an interval with width, inside the scale', () => {
  for (const [verdicts, score] of [
    [['A>>B', 'B>>A'], 0],
    [['B>>A', 'A>>B'], 1],
  ] as [MadeVerdicts, number][]) {
    const { ci } = summariseGames(makeBoard(makeGames(new Array<MadeVerdicts>(50).fill(verdicts))));
    assert.ok(ci![0] >= 0 && ci![1] <= 1 && ci![1] - ci![0] > 0.01, String(ci));
    assert.ok(ci!.includes(score));
  }
});

test('all five labels are known in both orders', () => {
  for (const label of Object.keys(SWAPPED) as JudgeLabel[]) {
    const [{ referenceFirst, modelFirst }] = pairOrders(makeGames([[SWAPPED[label], label]])) as [
      QuestionGames,
    ];
    assert.deepEqual(referenceFirst, modelFirst);
  }
});

describe('the one-sided test of a share above one half goes with the interval', () => {
  test('its p-value is the level at which the lower end is one half', () => {
    for (const [seed, wins] of [
      [11, 0.55],
      [12, 0.6],
      [13, 0.72],
    ] as const) {
      const questions = pairOrders(makeGames(randomVerdicts(createRandom(seed), 120, wins)));
      const p = testShare(questions, OPTIONS)!;
      assert.ok(p > 0 && p < 0.5, String(p));
      assertClose(shareOfWins(questions, { ...OPTIONS, level: 1 - 2 * p }).ci![0], 0.5, 1e-6);
    }
  });

  const CASES: [what: string, verdicts: MadeVerdicts, low: number, high: number][] = [
    ['ties alone: one half', ['A=B', 'A=B'], 0.5, 0.5],
    ['all games won: near 0, and no less than chance allows', ['B>>A', 'A>>B'], 1e-12, 1e-4],
    ['all games lost: near 1', ['A>>B', 'B>>A'], 0.9999, 1],
  ];
  for (const [what, verdicts, low, high] of CASES)
    test(what, () => {
      const p = testShare(pairOrders(makeGames(new Array<MadeVerdicts>(50).fill(verdicts))), OPTIONS)!;
      assert.ok(p >= low && p <= high, String(p));
    });

  test('with nothing preferred it is 5% or less in 5% of samples', () => {
    const random = createRandom(21);
    const swapped = (label: JudgeLabel | null) => (label === null ? null : SWAPPED[label]);
    const half = randomVerdicts(random, 10_000, 0.5);
    // With each question that the model wins there is one that it loses.
    const population = [...half, ...half.map(([a, b]): MadeVerdicts => [swapped(a), swapped(b)])];
    const rounds = 2000;
    let rejected = 0;
    for (let round = 0; round < rounds; round++) {
      const drawn = Array.from({ length: 100 }, () => population[random.integer(population.length)]!);
      if (testShare(pairOrders(makeGames(drawn)), OPTIONS)! <= 0.05) rejected++;
    }
    assert.ok(rejected / rounds > 0.035 && rejected / rounds < 0.065, `${rejected} of ${rounds}`);
  });
});
