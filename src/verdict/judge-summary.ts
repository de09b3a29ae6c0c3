import { z } from 'zod';
import { summariseCriteria } from '../judge/criteria/criteria-result.ts';
import { CriteriaResultSchema } from '../judge/criteria/schema.ts';
import type { StatedWeights } from '../judge/criteria/weights.ts';
import { JudgeBoardSchema, type JudgeGame } from '../judge/score/game.ts';
import { countedGames, JudgeResultSchema } from '../judge/score/judge-result.ts';
import { pairOrders } from '../judge/score/pair-orders.ts';
import { upstreamInterval } from '../judge/score/upstream-interval.ts';
import type { LoadedRecord } from '../record/schema.ts';
import { findJudgeBenchmark } from '../suite/judge-benchmarks.ts';
import { judgeBenchmarkName, judgedSides } from './judge-benchmarks.ts';

const ResultShape = JudgeResultSchema.shape;

/** What a judge found of one record, as `show --json` prints it. */
export const JudgeSummarySchema = JudgeBoardSchema.omit({ benchmark: true }).extend({
  id: z.string(),
  name: z.string(),
  score: ResultShape.score,
  ci: ResultShape.ci,
  /** Questions judged. */
  n: z.number().int().min(0),
  status: ResultShape.status,
  /** Why its verdicts are no measurement; null where they are. */
  reason: ResultShape.reason,
  games: ResultShape.games,
  asked: ResultShape.asked,
  unread: ResultShape.unread,
  position: ResultShape.position,
  contradicted: ResultShape.contradicted,
  spent: ResultShape.spent,
  /** The interval that Arena-Hard itself prints, which resamples games and is too narrow; left out unless it was asked for. */
  upstreamCi: z.tuple([z.number(), z.number()]).optional(),
  /** Criterion by criterion, where the judge was asked so and its games are kept; left out otherwise. */
  criteria: CriteriaResultSchema.optional(),
});
export type JudgeSummary = z.infer<typeof JudgeSummarySchema>;

/** A judge's score of one record, as a history keeps it; fractions of 1. Scores of one line have all of its names, and the protocol, in common. */
export const JudgeScoreSchema = JudgeBoardSchema.extend({
  score: ResultShape.score.unwrap(),
  ci: ResultShape.ci,
  /** Questions judged; 0 of a score that a board publishes. */
  questions: ResultShape.questions,
  protocol: ResultShape.protocol,
});
export type JudgeScore = z.infer<typeof JudgeScoreSchema>;

/** The scores that judges gave a record; what failed has none. */
export function judgeScores(loaded: Pick<LoadedRecord, 'record' | 'games'>): JudgeScore[] {
  return judgedSides(loaded).flatMap(({ result }) => {
    const { benchmark, category, judge, reference, score, ci, questions, protocol } = result;
    if (score === null) return [];
    return [
      {
        ...{ benchmark, category, judge, reference, score, ci, questions },
        ...(protocol !== undefined && { protocol }),
      },
    ];
  });
}

/** One text for all scores that make one line. */
export function judgeLineOf({ benchmark, category, judge, reference, protocol }: JudgeScore): string {
  return JSON.stringify([benchmark, category, judge, reference, protocol ?? null]);
}

/** `Arena-Hard v2 (hard_prompt) by gpt-4.1 against o3-mini` */
export function judgeLineName(
  score: Pick<JudgeScore, 'benchmark' | 'category' | 'judge' | 'reference'>,
): string {
  const against = score.reference === null ? '' : ` against ${score.reference}`;
  return `${judgeBenchmarkName(score)} by ${score.judge}${against}`;
}

/** What judges found of one record. */
export function summariseJudged(
  loaded: Pick<LoadedRecord, 'record' | 'games'>,
  { upstream, weights }: { upstream: boolean; weights: StatedWeights },
): JudgeSummary[] {
  return judgedSides(loaded).map(({ result, games }) => {
    const { benchmark, category, judge, reference, score, ci, questions, status, reason } = result;
    const { position, contradicted } = result;
    const upstreamCi = upstream && games !== null && score !== null ? intervalOf(benchmark, games) : null;
    const criteria =
      games !== null && score !== null ? summariseCriteria({ benchmark, games }, weights) : null;
    return {
      id: benchmark,
      name: judgeBenchmarkName(result),
      ...{ category, judge, reference, score, ci, n: questions, status, reason },
      ...{ games: result.games, unread: result.unread, position, contradicted },
      ...(result.asked !== undefined && { asked: result.asked }),
      ...(result.spent !== undefined && { spent: result.spent }),
      ...(upstreamCi !== null && { upstreamCi }),
      ...(criteria && { criteria }),
    };
  });
}

function intervalOf(benchmark: string, games: readonly JudgeGame[]): [number, number] | null {
  const level = findJudgeBenchmark(benchmark)?.upstreamLevel ?? 0.95;
  return upstreamInterval(pairOrders(games), { counted: countedGames(benchmark), level });
}
