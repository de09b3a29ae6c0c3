/** A judge with planted likings: what it prefers at equal style is found, whatever it likes beside that. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AnswerStyle } from '../../../src/answer-style.ts';
import { preferAtEqualStyle } from '../../../src/judge/alarm/equal-style.ts';
import type { JudgeGame } from '../../../src/judge/score/game.ts';
import { pairOrders } from '../../../src/judge/score/pair-orders.ts';
import { STRONG_WEIGHT, shareOfWins } from '../../../src/judge/score/share.ts';
import { measureStyle } from '../../../src/judge/style/measure-style.ts';
import { decideFakeGame, type MarkedAnswer, type PlantedJudge } from '../../support/fake-judge.ts';
import { makeHeadToHeadGames } from '../../support/head-to-head.ts';
import { createRandom, type Random } from '../../support/random.ts';

const OPTIONS = { counted: 'game', strongWeight: STRONG_WEIGHT, level: 0.95 } as const;
const QUESTIONS = 250;

interface Planted {
  judge: PlantedJudge;
  /** How much better the new answers are. */
  quality: number;
  /** How many times as long they are, and how many marks they have more, of the typical question. */
  longer: number;
  marks: number;
}

/** Games in both orders of a judge that sees the answers as they are. */
function play({ judge, quality, longer, marks }: Planted, random: Random): JudgeGame[] {
  return Array.from({ length: QUESTIONS }, (_, question) => {
    // Short words: what counts is how many times as long an answer is.
    const words = (n: number) => 'w '.repeat(Math.max(1, Math.round(n))).trim();
    const answer = (by: MarkedAnswer['by'], n: number, lines: number, own: number): MarkedAnswer => ({
      ...{ by, question, quality: own + 0.6 * random.normal() },
      text: `${words(n)}${`\n- ${words(3)}`.repeat(lines)}`,
    });
    const length = 40 * Math.exp(0.4 * random.normal());
    const model = answer(
      'model',
      length * longer * Math.exp(0.4 * random.normal()),
      Math.max(0, Math.round(3 + marks + 1.5 * random.normal())),
      quality,
    );
    const reference = answer('reference', length, Math.max(0, Math.round(3 + 1.5 * random.normal())), 0);
    const common = {
      question: `q${question}`,
      answers: { model: null, reference: null },
      styles: { model: measureStyle([model.text]), reference: measureStyle([reference.text]) },
    };
    return [
      { ...common, first: 'reference' as const, verdict: decideFakeGame(judge, [reference, model], random) },
      { ...common, first: 'model' as const, verdict: decideFakeGame(judge, [model, reference], random) },
    ];
  }).flat();
}

const truths = new Map<string, number>();

/** The share where both answers are alike in style, by endlessly many games: answers as good, without any style, and a judge without likings. */
function truth({ judge, quality }: Planted): number {
  const fair = { ...judge, length: 0, markup: 0 };
  const key = JSON.stringify([fair, quality]);
  const known = truths.get(key) ?? shareOfFair(fair, quality);
  truths.set(key, known);
  return known;
}

function shareOfFair(judge: PlantedJudge, quality: number): number {
  const random = createRandom(999);
  const games = Array.from({ length: 20_000 }, (_, question): JudgeGame[] => {
    const answer = (by: MarkedAnswer['by'], own: number): MarkedAnswer => ({
      ...{ by, question, text: '' },
      quality: own + 0.6 * random.normal(),
    });
    const [model, reference] = [answer('model', quality), answer('reference', 0)];
    const common = { question: `q${question}`, answers: { model: null, reference: null } };
    return [
      { ...common, first: 'reference', verdict: decideFakeGame(judge, [reference, model], random) },
      { ...common, first: 'model', verdict: decideFakeGame(judge, [model, reference], random) },
    ];
  });
  return shareOfWins(pairOrders(games.flat()), OPTIONS).estimate!.estimate;
}

const CASES: [what: string, planted: Planted][] = [
  ['nothing liked but quality', { judge: { noise: 1 }, quality: 0.3, longer: 1.7, marks: 2 }],
  ['length', { judge: { noise: 1, length: 0.6 }, quality: 0, longer: 1.7, marks: 0 }],
  ['markup', { judge: { noise: 1, markup: 0.2 }, quality: 0, longer: 1, marks: 2 }],
  [
    'both, and quality',
    { judge: { noise: 1, length: 0.4, markup: 0.1 }, quality: 0.3, longer: 1.5, marks: 2 },
  ],
  ['length, and worse answers', { judge: { noise: 1, length: 0.8 }, quality: -0.3, longer: 1.7, marks: 0 }],
  [
    'position beside length',
    { judge: { noise: 1, length: 0.6, position: 0.3 }, quality: 0, longer: 1.7, marks: 0 },
  ],
];

describe('the preference at equal style is that of a judge without the liking', () => {
  for (const [index, [what, planted]] of CASES.entries())
    test(what, (t) => {
      const wanted = truth(planted);
      const random = createRandom(300 + index);
      const ROUNDS = 40;
      let [sum, raw, held] = [0, 0, 0];
      for (let round = 0; round < ROUNDS; round++) {
        const games = play(planted, random);
        const { share, ci, reason } = preferAtEqualStyle(games, OPTIONS);
        assert.equal(reason, null);
        sum += share!;
        raw += shareOfWins(pairOrders(games), OPTIONS).estimate!.estimate;
        held += Number(ci![0] <= wanted && wanted <= ci![1]);
      }
      t.diagnostic(
        `raw ${((100 * raw) / ROUNDS).toFixed(1)}, at equal style planted ${(100 * wanted).toFixed(1)}, found ${((100 * sum) / ROUNDS).toFixed(1)}; held in ${held} of ${ROUNDS}`,
      );
      assert.ok(Math.abs(sum / ROUNDS - wanted) < 0.02, `${sum / ROUNDS} for ${wanted}`);
      assert.ok(held >= 0.85 * ROUNDS, `${held} of ${ROUNDS}`);
    });
});

const style = (chars: number, headers = 0, listItems = 0, bold = 0): AnswerStyle => ({
  ...{ chars, headers, listItems, bold },
});
const wins = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    i % 3 === 0 ? (['A>B', 'B>A'] as const) : (['B>A', 'A>B'] as const),
  );

describe('where it cannot be told, it says why', () => {
  type Styles = Parameters<typeof makeHeadToHeadGames>[1];
  const CASES: [what: string, count: number, styles: Styles, reason: RegExp][] = [
    ['nobody counted', 60, undefined, /not counted how/],
    [
      '29 questions',
      29,
      (i) => ({ model: style(90 + i), reference: style(70) }),
      /29 questions, fewer than 30/,
    ],
    ['the same style', 60, () => ({ model: style(90), reference: style(90) }), /as long as before/],
    [
      'nine longer answers',
      60,
      (i) => ({ model: style(i < 9 ? 200 : 90), reference: style(90) }),
      /as long as before/,
    ],
    [
      'all twice as long',
      60,
      (i) => ({ model: style(2 * (50 + i)), reference: style(50 + i) }),
      /differ alike/,
    ],
    [
      'the longer one always wins',
      60,
      (i) => ({ model: style(i % 3 === 0 ? 50 : 300), reference: style(100) }),
      /alone decide/,
    ],
  ];
  for (const [what, count, styles, reason] of CASES)
    test(what, () => {
      const found = preferAtEqualStyle(
        makeHeadToHeadGames(
          wins(count).map(([a, b]) => [a, b]),
          styles,
        ),
        OPTIONS,
      );
      assert.equal(found.share, null);
      assert.match(found.reason!, reason);
    });

  test('30 questions are enough, empty answers among them', () => {
    const games = makeHeadToHeadGames(
      wins(30).map(([a, b]) => [a, b]),
      (i) => ({ model: style(i % 7 === 0 ? 0 : 80 + ((i * 37) % 50)), reference: style(100) }),
    );
    const { share, ci, questions } = preferAtEqualStyle(games, OPTIONS);
    assert.ok(share !== null && ci![0] < share && share < ci![1]);
    assert.equal(questions, 30);
  });
});
