/** A fake judge rests its verdict on planted weights, is asked, in part over HTTP, and what was planted is found. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { planGames } from '../../../src/judge/ask/head-to-head.ts';
import { serverJudge } from '../../../src/judge/ask/server-judge.ts';
import { summariseCriteria } from '../../../src/judge/criteria/criteria-result.ts';
import type { JudgeGame } from '../../../src/judge/score/game.ts';
import { correlationMatrix } from '../../../src/stats/importance/correlation-matrix.ts';
import { shapleyValues } from '../../../src/stats/importance/shapley-values.ts';
import { subsetFits } from '../../../src/stats/importance/subset-fits.ts';
import { CRITERIA } from '../../../src/suite/judge-criteria.ts';
import { readDocsTable } from '../../support/docs-table.ts';
import {
  type CriteriaAnswer,
  makeCriteriaAnswers,
  markCriteria,
  type PlantedCriteria,
  sayByCriterion,
  sayOfCriteriaGame,
  startFakeCriteriaJudge,
} from '../../support/fake-criteria-judge.ts';
import { createRandom } from '../../support/random.ts';

const QUESTIONS = 150;
const MANY = 4000;
type Pair = { model: CriteriaAnswer; reference: CriteriaAnswer };
const page = readFileSync('docs/judge.md', 'utf8');

/** R² and shares with so many questions that chance is out of it. */
function planted(judge: PlantedCriteria): { r2: number; shares: number[] } {
  const known = truths.get(judge) ?? playMany(judge);
  truths.set(judge, known);
  return known;
}

const truths = new Map<PlantedCriteria, ReturnType<typeof playMany>>();

function playMany(judge: PlantedCriteria): { r2: number; shares: number[] } {
  const random = createRandom(3);
  const columns = [...CRITERIA, 'overall' as const].map(() => new Float64Array(MANY));
  const value = { 'A>>B': 2, 'A>B': 1, 'A=B': 0, 'B>A': -1, 'B>>A': -2 };
  for (const [at, { model, reference }] of makeCriteriaAnswers(createRandom(4), MANY).entries()) {
    const whole = { ...judge, forgets: {} };
    const one = sayByCriterion(whole, [model, reference], random);
    const other = sayByCriterion(whole, [reference, model], random);
    for (const [index, name] of [...CRITERIA, 'overall' as const].entries())
      columns[index]![at] = (value[one[name]!] - value[other[name]!]) / 2;
  }
  const fits = subsetFits(correlationMatrix(columns, null), CRITERIA.length);
  const r2 = fits.at(-1)!;
  return { r2, shares: [...shapleyValues(fits, CRITERIA.length)].map((share) => share / r2) };
}

async function askAll(url: string, answers: readonly Pair[]): Promise<JudgeGame[]> {
  const { open } = planGames(
    answers.map(({ model, reference }) => ({
      ...{ id: `q${model.question}`, question: 'Well?' },
      ...{ model: markCriteria(model), reference: markCriteria(reference) },
    })),
    CRITERIA,
  );
  const judge = serverJudge({
    endpoint: { url, key: null, model: 'fake-judge' },
    manner: {
      ...{ system: 'Judge.', maxTokens: 100, reasoningEnd: '</think>' },
      criteria: { names: CRITERIA, seed: 1 },
    },
    retryPolicy: { requestTimeout: 60_000, backoff: [1] },
  });
  const { signal } = new AbortController();
  return await Promise.all(
    open.map(async (one) => {
      const { verdict, criteria } = await judge.judge(one, signal);
      return { ...one.game, verdict, criteria: criteria! };
    }),
  );
}

/** What the same judge says without a server. */
function hearAll(judge: PlantedCriteria, seed: number, answers: readonly Pair[]): JudgeGame[] {
  return answers.flatMap(({ model, reference }) =>
    (['reference', 'model'] as const).map((first): JudgeGame => {
      const pair = first === 'model' ? ([model, reference] as const) : ([reference, model] as const);
      const { overall, ...criteria } = sayOfCriteriaGame(judge, seed, pair);
      return {
        ...{ question: `q${model.question}`, first, verdict: overall, criteria },
        answers: { model: null, reference: null },
      };
    }),
  );
}

const ALIKE = { correctness: 0.45, completeness: 0.45, safety: 0.45, conciseness: 0.45, style: 0.45 };
const CASES: [what: string, judge: PlantedCriteria][] = [
  ['all alike', { weights: ALIKE, noise: 0.3 }],
  ['correctness most of all', { weights: { correctness: 0.9, completeness: 0.4, style: 0.2 }, noise: 0.3 }],
  ['all alike, and the answer that comes first', { weights: ALIKE, noise: 0.3, position: 0.6 }],
  ['all alike, and length, which it does not say', { weights: ALIKE, noise: 0.3, length: 0.7 }],
  ['length, which it does not say, most of all', { weights: { correctness: 0.4 }, noise: 0.3, length: 0.9 }],
];

describe('what a judge was made to rest its verdict on is found', () => {
  const table = readDocsTable(page, 'criteria-planted');
  for (const [index, [what, judge]] of CASES.entries()) {
    test(what, (t) => {
      const answers = makeCriteriaAnswers(createRandom(60 + index), QUESTIONS);
      const { weights } = summariseCriteria(
        { benchmark: 'q', games: hearAll(judge, 70 + index, answers) },
        {},
      )!;
      assert.deepEqual(
        [weights.complete, weights.reason, weights.left, weights.merged],
        [QUESTIONS, null, [], []],
      );
      const truth = planted(judge);
      const within = (name: string, found: number, wanted: number, [low, high]: [number, number]) =>
        assert.ok(
          Math.abs(found - wanted) <= (3 * (high - low)) / (2 * 1.96) + 0.01,
          `${name}: planted ${wanted.toFixed(3)}, found ${found.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`,
        );
      within('R²', weights.r2!.adjusted, truth.r2, weights.r2!.ci);
      for (const [at, { criteria, share, ci }] of weights.shares.entries())
        within(criteria[0]!, share, truth.shares[at]!, ci);
      const whole = (share: number) => (100 * share).toFixed(0);
      const row = [
        what,
        `${whole(truth.r2)}, ${whole(weights.r2!.estimate)} [${weights.r2!.ci.map(whole).join(', ')}]`,
        ...weights.shares.map(
          ({ share, ci }, at) => `${whole(truth.shares[at]!)}, ${whole(share)} [${ci.map(whole).join(', ')}]`,
        ),
      ];
      t.diagnostic(`| ${row.join(' | ')} |`);
      assert.deepEqual(table[index], row);
    });
  }

  test('a bias that no criterion names shows in R², and not in the shares', () => {
    const [fair, biased] = [planted(CASES[0]![1]), planted(CASES[3]![1])];
    assert.ok(biased.r2 < fair.r2 - 0.15, `${fair.r2} ${biased.r2}`);
    for (const [at, share] of fair.shares.entries()) assert.ok(Math.abs(share - biased.shares[at]!) < 0.03);
  });
});

test('over HTTP the same judge says the same of every game', async (t) => {
  const [, judge] = CASES[1]!;
  const answers = makeCriteriaAnswers(createRandom(61), 40);
  const server = await startFakeCriteriaJudge(judge, { seed: 71 });
  t.after(() => server.close());
  const said = (games: readonly JudgeGame[]) =>
    games.map(({ question, first, verdict, criteria }) => ({ question, first, verdict, criteria }));
  assert.deepEqual(said(await askAll(server.url, answers)), said(hearAll(judge, 71, answers)));
});

test('a server that takes no schema is read line by line, and what it forgets is missing and counted', async (t) => {
  const judge: PlantedCriteria = { weights: ALIKE, noise: 0.3, forgets: { safety: 0.03, style: 0.4 } };
  const server = await startFakeCriteriaJudge(judge, { seed: 9, schema: false });
  t.after(() => server.close());
  const answers = makeCriteriaAnswers(createRandom(9), QUESTIONS);
  const { shares, weights } = summariseCriteria(
    { benchmark: 'q', games: await askAll(server.url, answers) },
    {},
  )!;
  const [correctness, , safety, , style] = shares;
  assert.equal(correctness!.unread, 0);
  assert.ok(safety!.unread > 0 && safety!.share !== null && safety!.reason === null);
  assert.equal(style!.share, null);
  assert.match(style!.reason!, /^could not be read in 1\d\d of 300 games$/);
  assert.deepEqual(weights.left, [{ criterion: 'style', reason: `it ${style!.reason}` }]);
  assert.ok(weights.complete < QUESTIONS && weights.complete > QUESTIONS - 2 * safety!.unread - 1);
  assert.equal(weights.reason, null);
});
