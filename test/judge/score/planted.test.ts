/** A fake judge with planted faults is asked, once over HTTP, and every estimator finds what was planted. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JUDGE_LABELS, type JudgeGame, type JudgeLabel } from '../../../src/judge/score/game.ts';
import { summariseGames } from '../../../src/judge/score/judge-result.ts';
import {
  labelProbabilities,
  likingOf,
  type MarkedAnswer,
  markAnswer,
  type PlantedJudge,
  sayOfGame,
  startFakeJudge,
} from '../../support/fake-judge.ts';
import { makeBoard } from '../../support/judged.ts';
import { createRandom } from '../../support/random.ts';

const QUESTIONS = 250;

interface Answers {
  model: MarkedAnswer;
  reference: MarkedAnswer;
}

/** Answers of two models of which the second is a little better on the whole, twice as long and with markup. */
function makeAnswers(random: ReturnType<typeof createRandom>): Answers[] {
  const words = (count: number) => 'word '.repeat(count).trim();
  return Array.from({ length: QUESTIONS }, (_, question) => {
    const quality = (mean: number) => Number((mean + 0.8 * random.normal()).toFixed(3));
    return {
      model: {
        by: 'model',
        question,
        quality: quality(0.2),
        text: `## Answer\n- ${words(40)}\n- **${words(40)}**`,
      },
      reference: { by: 'reference', question, quality: quality(0), text: words(40) },
    };
  });
}

/** What the estimators would find with endlessly many games of these very questions. */
function planted(judge: PlantedJudge, answers: readonly Answers[]) {
  let [won, weight, firstWins, contradicted] = [0, 0, 0, 0];
  for (const { model, reference } of answers) {
    const orders = [
      {
        probabilities: labelProbabilities(judge, likingOf(judge, reference, model)),
        modelWins: (label: JudgeLabel) => label.startsWith('B'),
      },
      {
        probabilities: labelProbabilities(judge, likingOf(judge, model, reference)),
        modelWins: (label: JudgeLabel) => label.startsWith('A>'),
      },
    ];
    const chances = orders.map(({ probabilities, modelWins }) => {
      let [wins, losses] = [0, 0];
      probabilities.forEach((chance, index) => {
        const label = JUDGE_LABELS[index]!;
        const w = label.includes('>>') ? 3 : 1;
        const win = label === 'A=B' ? 0.5 : Number(modelWins(label));
        won += chance * w * win;
        weight += chance * w;
        firstWins += chance * (label === 'A=B' ? 0.5 : Number(label.startsWith('A')));
        if (win === 1) wins += chance;
        if (win === 0) losses += chance;
      });
      return { wins, losses };
    });
    const [first, second] = chances as [(typeof chances)[0], (typeof chances)[0]];
    contradicted += first.wins * second.losses + first.losses * second.wins;
  }
  return {
    score: won / weight,
    position: firstWins / (2 * answers.length) - 0.5,
    contradicted: contradicted / answers.length,
    unread: judge.unread ?? 0,
  };
}

const VERDICT = /\[\[([AB<>=]+)\]\]/g;

/** What a judge says to a prompt. */
type Say = (prompt: string) => string | Promise<string>;

const overHttp =
  (url: string): Say =>
  async (content) => {
    const response = await fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'fake-judge', messages: [{ role: 'user', content }], temperature: 0 }),
    });
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
    return choices[0]!.message.content;
  };

async function askAll(say: Say, answers: readonly Answers[]): Promise<JudgeGame[]> {
  const ask = async (first: MarkedAnswer, second: MarkedAnswer): Promise<JudgeLabel | null> => {
    const said = await say(`Which is better?\nA:\n${markAnswer(first)}\nB:\n${markAnswer(second)}`);
    const label = [...said.matchAll(VERDICT)].at(-1)?.[1];
    return JUDGE_LABELS.find((one) => one === label) ?? null;
  };
  const games = await Promise.all(
    answers.map(async ({ model, reference }): Promise<JudgeGame[]> => {
      const common = { question: `q${model.question}`, answers: { model: null, reference: null } };
      return [
        { ...common, first: 'reference', verdict: await ask(reference, model) },
        { ...common, first: 'model', verdict: await ask(model, reference) },
      ];
    }),
  );
  return games.flat();
}

const CASES: [what: string, judge: PlantedJudge, status: 'done' | 'failed'][] = [
  ['nothing but noise of its own', { noise: 1 }, 'done'],
  ['a liking of the first answer', { noise: 1, position: 0.3 }, 'done'],
  ['a liking of the second answer', { noise: 1, position: -0.3 }, 'done'],
  ['a liking of length', { noise: 1, length: 0.6 }, 'done'],
  ['a liking of markup', { noise: 1, markup: 0.2 }, 'done'],
  ['length, markup and position together', { noise: 0.8, length: 0.3, markup: 0.1, position: 0.2 }, 'done'],
  ['3% of its verdicts unreadable', { noise: 1, unread: 0.03 }, 'done'],
  ['12% of its verdicts unreadable', { noise: 1, unread: 0.12 }, 'failed'],
  ['hardly anything but the position', { noise: 0.5, position: 1.5 }, 'failed'],
  ['no ties', { noise: 1, tie: 0 }, 'done'],
];

describe('what was planted in a judge is found', () => {
  for (const [index, [what, judge, status]] of CASES.entries()) {
    test(what, async (t) => {
      const answers = makeAnswers(createRandom(100 + index));
      const result = summariseGames(
        makeBoard(await askAll((prompt) => sayOfGame(judge, 40 + index, prompt), answers)),
      );
      const truth = planted(judge, answers);
      const { position, contradicted, unread, games } = result;
      assert.equal(result.status, status, result.reason ?? '');
      assert.equal(games, 2 * QUESTIONS);
      const within = (name: string, found: number, wanted: number, reach: number) => {
        const said = `${name} planted ${(100 * wanted).toFixed(1)}, found ${(100 * found).toFixed(1)} -+ ${(100 * reach).toFixed(1)}`;
        t.diagnostic(said);
        assert.ok(Math.abs(found - wanted) <= reach, said);
      };
      // Three standard errors of each, since there are 30 of them.
      const spread = (share: number, n: number) => 3 * Math.sqrt((share * (1 - share)) / n) + 1e-9;
      within('position', position!.effect, truth.position, spread(0.5, games));
      within(
        'contradicted',
        contradicted.questions / contradicted.of,
        truth.contradicted,
        spread(truth.contradicted, contradicted.of),
      );
      within('unread', unread / games, truth.unread, spread(truth.unread, games));
      if (status === 'failed') return;
      within('score', result.score!, truth.score, 3 * result.stderr!);
      assert.ok(
        result.ci![0] - result.stderr! <= truth.score && truth.score <= result.ci![1] + result.stderr!,
      );
    });
  }
});

test('over HTTP the same judge says the same of every game, whatever is asked beside it', async (t) => {
  const [, judge] = CASES[5]!;
  const answers = makeAnswers(createRandom(105)).slice(0, 60);
  const server = await startFakeJudge(judge, { seed: 45 });
  t.after(() => server.close());
  const told = await askAll(overHttp(server.url), answers);
  assert.equal(server.asked.length, 120);
  assert.deepEqual(told, await askAll((prompt) => sayOfGame(judge, 45, prompt), answers));
});

test('length and markup move the score though the answers are as good as before', () => {
  const answers = makeAnswers(createRandom(5));
  const fair = planted({ noise: 1 }, answers).score;
  assert.ok(planted({ noise: 1, length: 0.6 }, answers).score > fair + 0.05);
  assert.ok(planted({ noise: 1, markup: 0.2 }, answers).score > fair + 0.05);
});
