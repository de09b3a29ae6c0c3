import { JUDGE_LABELS, type JudgeGame, type JudgeLabel } from '../../src/judge/score/game.ts';
import { CRITERIA, type Criterion } from '../../src/suite/judge-criteria.ts';
import { type Asked, type FakeChatServer, startFakeChatServer } from './fake-chat-server.ts';
import { createRandom, type Random } from './random.ts';

/** What a fake judge is made to rest its verdict on. What it sees of each criterion is a number; each verdict is where a number falls. */
export interface PlantedCriteria {
  /** What a difference in each criterion adds to its liking. */
  weights: Partial<Record<Criterion, number>>;
  /** Added for each doubling of an answer's length over the other's, which no criterion shows. */
  length?: number;
  /** Added where the answer is shown first, in every criterion and on the whole. */
  position?: number;
  /** Standard deviation of what it adds at random, in every verdict. */
  noise: number;
  /** Criteria that it forgets in so many of its games. */
  forgets?: Partial<Record<Criterion, number>>;
}

/** An answer as this judge sees it. */
export interface CriteriaAnswer {
  by: 'model' | 'reference';
  question: number;
  qualities: readonly number[];
  text: string;
}

export type CriteriaSaid = Record<Criterion, JudgeLabel | null> & { overall: JudgeLabel };

const MARKED = /⟦(model|reference) (\d+) ([-\d. ]+)⟧(.*?)⟦end⟧/gs;
const [TIE, STRONG] = [0.25, 1.25];

/** The text of an answer, with marks that tell the fake judge whose it is and how good. */
export function markCriteria({ by, question, qualities, text }: CriteriaAnswer): string {
  return `⟦${by} ${question} ${qualities.map((quality) => quality.toFixed(3)).join(' ')}⟧${text}⟦end⟧`;
}

/**
 * Answers of two models to so many questions, each as good as chance has it in each criterion by itself and of any length.
 *
 * @param alike turns qualities that do not go together into others, which may.
 */
export function makeCriteriaAnswers(
  random: Random,
  count: number,
  alike: (own: number[]) => number[] = (own) => own,
): { model: CriteriaAnswer; reference: CriteriaAnswer }[] {
  const answer = (by: CriteriaAnswer['by'], question: number): CriteriaAnswer => ({
    ...{ by, question, qualities: alike(CRITERIA.map(() => Number(random.normal().toFixed(3)))) },
    text: 'x'.repeat(Math.round(200 * 2 ** random.normal())),
  });
  return Array.from({ length: count }, (_, n) => ({
    model: answer('model', n),
    reference: answer('reference', n),
  }));
}

/** What it says of a game. */
export function sayByCriterion(
  { weights, length = 0, position = 0, noise, forgets = {} }: PlantedCriteria,
  [first, second]: readonly [CriteriaAnswer, CriteriaAnswer],
  random: Random,
): CriteriaSaid {
  let liking =
    position + length * Math.log2(first.text.length / second.text.length) + noise * random.normal();
  const said = CRITERIA.map((criterion, index) => {
    const difference = first.qualities[index]! - second.qualities[index]!;
    liking += (weights[criterion] ?? 0) * difference;
    const label = labelAt(difference + position + noise * random.normal());
    return [criterion, random.uniform() < (forgets[criterion] ?? 0) ? null : label];
  });
  return { ...Object.fromEntries(said), overall: labelAt(liking) };
}

function labelAt(liking: number): JudgeLabel {
  const size = Math.abs(liking) <= TIE ? 0 : Math.abs(liking) <= STRONG ? 1 : 2;
  return JUDGE_LABELS[2 - size * Math.sign(liking)]!;
}

/** What it says of one game, whatever it is asked beside it. */
export function sayOfCriteriaGame(
  judge: PlantedCriteria,
  seed: number,
  answers: readonly [CriteriaAnswer, CriteriaAnswer],
): CriteriaSaid {
  const [{ question, by }] = answers;
  const random = createRandom(seed * 1_000_003 + 2 * question + Number(by === 'model'));
  return sayByCriterion(judge, answers, random);
}

/** The same behind an OpenAI-compatible server on loopback: the same game has the same verdicts whenever it is asked. */
export async function startFakeCriteriaJudge(
  judge: PlantedCriteria,
  { seed, schema = true }: { seed: number; schema?: boolean },
): Promise<FakeChatServer> {
  return await startFakeChatServer(
    ({ prompt, body }: Asked) => {
      if (!schema && body.response_format !== undefined)
        return { status: 400, body: { error: { message: 'response_format is not supported' } } };
      const [first, second] = [...prompt.matchAll(MARKED)].map(
        ([, by, question, qualities, text]): CriteriaAnswer => ({
          by: by as CriteriaAnswer['by'],
          question: Number(question),
          qualities: qualities!.split(' ').map(Number),
          text: text!,
        }),
      ) as [CriteriaAnswer, CriteriaAnswer];
      const said = Object.entries(sayOfCriteriaGame(judge, seed, [first, second])).filter(
        ([, label]) => label !== null,
      );
      if (schema) return { says: JSON.stringify({ reason: 'So it seems.', ...Object.fromEntries(said) }) };
      return { says: said.map(([name, label]) => `**${name}**: [[${label}]]`).join('\n') };
    },
    { models: ['fake-judge'] },
  );
}

/** The games of such a judge without a server, of as many answers. */
export function playByCriterion(judge: PlantedCriteria, questions: number, seed: number): JudgeGame[] {
  const random = createRandom(seed);
  return makeCriteriaAnswers(createRandom(seed + 1), questions).flatMap(({ model, reference }) =>
    (['reference', 'model'] as const).map((first): JudgeGame => {
      const pair = first === 'model' ? ([model, reference] as const) : ([reference, model] as const);
      const { overall, ...criteria } = sayByCriterion(judge, pair, random);
      return {
        ...{ question: `q${model.question}`, first, verdict: overall, criteria },
        answers: { model: null, reference: null },
      };
    }),
  );
}
