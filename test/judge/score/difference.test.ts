import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareDifference } from '../../../src/judge/score/difference.ts';
import { pairOrders, type QuestionGames } from '../../../src/judge/score/pair-orders.ts';
import { shareOfWins } from '../../../src/judge/score/share.ts';
import { assertClose } from '../../support/assert-close.ts';
import { makeGames, randomVerdicts } from '../../support/judged.ts';
import { createRandom } from '../../support/random.ts';

const OPTIONS = { counted: 'game', strongWeight: 3 } as const;
const shareOf = (questions: readonly QuestionGames[]) =>
  shareOfWins(questions, { ...OPTIONS, level: 0.95 }).estimate!.estimate;

const random = createRandom(11);
const first = pairOrders(makeGames(randomVerdicts(random, 200, 0.4)));
/** The same questions; every third was answered in the same way. */
const second = pairOrders(makeGames(randomVerdicts(random, 200, 0.55))).map((own, i) =>
  i % 3 === 0 ? first[i]! : own,
);

test('the difference is that of the two scores', () => {
  const { delta, n } = shareDifference(first, second, OPTIONS);
  assert.equal(n, 200);
  assertClose(delta!.estimate, shareOf(second) - shareOf(first));
  assert.equal(delta!.df, 199);
});

test('its standard error is that of a bootstrap of whole questions to 5%', () => {
  const differences = Array.from({ length: 3000 }, () => {
    const drawn = first.map(() => random.integer(first.length));
    return shareOf(drawn.map((i) => second[i]!)) - shareOf(drawn.map((i) => first[i]!));
  });
  const mean = differences.reduce((sum, own) => sum + own, 0) / differences.length;
  const spread = Math.sqrt(differences.reduce((sum, own) => sum + (own - mean) ** 2, 0) / differences.length);
  assertClose(shareDifference(first, second, OPTIONS).delta!.se! / spread, 1, 0.05);
});

test('paired is narrower than two scores apart where answers agree', () => {
  const apart = [first, second].map((own) => shareOfWins(own, { ...OPTIONS, level: 0.95 }).estimate!.se!);
  assert.ok(shareDifference(first, second, OPTIONS).delta!.se! < Math.hypot(...apart));
});

test('only common questions count', () => {
  const fewer = second.slice(50).map((own, i) => (i < 10 ? { ...own, question: `other${i}` } : own));
  const { delta, n } = shareDifference(first, fewer, OPTIONS);
  assert.equal(n, 140);
  assertClose(delta!.estimate, shareOf(second.slice(60)) - shareOf(first.slice(60)));
});

test('the same verdicts differ by 0, without spread', () => {
  const { delta } = shareDifference(first, first, OPTIONS);
  assert.equal(delta!.estimate, 0);
  assert.equal(delta!.se, 0);
});

test('without a common question there is no difference', () => {
  const other = first.map((own) => ({ ...own, question: `other ${own.question}` }));
  assert.deepEqual(shareDifference(first, other, OPTIONS), { delta: null, n: 0 });
});
