/** Fake judges that like the original more than each altered version by as much as a test plants. */
import type { AuditedName } from '../../src/judge/audit/catalogue.ts';
import type { AuditPlan } from '../../src/judge/audit/plan-audit.ts';
import { JUDGE_LABELS, type JudgeGame } from '../../src/judge/score/game.ts';
import {
  decideFakeGame,
  labelProbabilities,
  likingOf,
  type MarkedAnswer,
  type PlantedJudge,
} from './fake-judge.ts';
import { createRandom } from './random.ts';

export interface FakeAuditedJudge extends PlantedJudge {
  /** How much worse it finds a version, in the unit of its noise. */
  punishes: Partial<Record<AuditedName, number>>;
  /** Standard deviation of how much more than that it minds what is done to one question's answer. */
  spread?: number;
}

const marked = (by: 'reference' | 'model', quality: number): MarkedAnswer => ({
  by,
  question: 0,
  quality,
  text: 'x',
});

/** Its verdicts on all games of a plan. */
export function judgePlan(
  judge: FakeAuditedJudge,
  plan: Pick<AuditPlan, 'open' | 'pairs'>,
  seed: number,
): JudgeGame[] {
  const random = createRandom(seed);
  const own = new Map<string, number>();
  return plan.open.map(({ game }) => {
    const { intervention, question } = plan.pairs.get(game.question)!;
    if (!own.has(question)) own.set(question, (judge.spread ?? 0) * random.normal());
    const more = intervention === 'identical' ? 0 : own.get(question)!;
    const [original, altered] = [
      marked('reference', (judge.punishes[intervention] ?? 0) + more),
      marked('model', 0),
    ];
    const shown =
      game.first === 'reference' ? ([original, altered] as const) : ([altered, original] as const);
    return { ...game, verdict: decideFakeGame(judge, shown, random) };
  });
}

/** What endlessly many pairs would lose, where it minds all questions alike. */
export function plantedLoss(judge: FakeAuditedJudge, intervention: AuditedName): number {
  const { spread = 0, noise } = judge;
  const wider = { ...judge, noise: Math.hypot(noise, spread) };
  const [original, altered] = [marked('reference', judge.punishes[intervention] ?? 0), marked('model', 0)];
  const shareOfFirst = (first: MarkedAnswer, second: MarkedAnswer) =>
    labelProbabilities(wider, likingOf(wider, first, second)).reduce((sum, chance, index) => {
      const label = JUDGE_LABELS[index]!;
      return sum + chance * (label === 'A=B' ? 0.5 : Number(label.startsWith('A')));
    }, 0);
  return (shareOfFirst(original, altered) + 1 - shareOfFirst(altered, original)) / 2 - 0.5;
}

/** Substance weighs most with it. */
export const HONEST: FakeAuditedJudge = {
  noise: 1,
  punishes: {
    ...{ 'wrong-number': 2.5, negated: 2, truncated: 1.5, constant: 4, injection: 0.5 },
    ...{ padded: 0.2, repeated: 0.4, typos: 0.3 },
  },
};
/** Style does. */
export const OF_STYLE: FakeAuditedJudge = {
  noise: 1,
  punishes: {
    ...{ 'wrong-number': 0.1, negated: 0.2, truncated: 0.4, constant: 3, 'markdown-added': -0.8 },
    ...{ 'markdown-stripped': 2.5, padded: 1.2, repeated: 2, typos: 1.8 },
  },
};
