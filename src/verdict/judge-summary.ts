import { z } from 'zod';
import { boardKey, JudgeBoardSchema, type JudgedGames } from '../judge/score/game.ts';
import { countedGames, JudgeResultSchema } from '../judge/score/judge-result.ts';
import { pairOrders } from '../judge/score/pair-orders.ts';
import { upstreamInterval } from '../judge/score/upstream-interval.ts';
import type { LoadedRecord } from '../record/schema.ts';
import { findJudgeBenchmark } from '../suite/judge-benchmarks.ts';
import { judgeBenchmarkName } from './judge-benchmarks.ts';

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
  unread: ResultShape.unread,
  position: ResultShape.position,
  contradicted: ResultShape.contradicted,
  /** The interval that Arena-Hard itself prints, which resamples games and is too narrow; left out unless it was asked for. */
  upstreamCi: z.tuple([z.number(), z.number()]).optional(),
});
export type JudgeSummary = z.infer<typeof JudgeSummarySchema>;

/** What judges found of one record. */
export function summariseJudged(
  { record, games }: Pick<LoadedRecord, 'record' | 'games'>,
  { upstream }: { upstream: boolean },
): JudgeSummary[] {
  const boards = new Map(games?.map((board) => [boardKey(board), board]));
  return (record.judge ?? []).map((result) => {
    const board = boards.get(boardKey(result));
    const upstreamCi = upstream && board !== undefined && result.score !== null ? intervalOf(board) : null;
    const { category, judge, reference, score, ci, questions, status, reason } = result;
    const { position, contradicted } = result;
    return {
      id: result.benchmark,
      name: judgeBenchmarkName(result),
      ...{ category, judge, reference, score, ci, n: questions, status, reason },
      ...{ games: result.games, unread: result.unread, position, contradicted },
      ...(upstreamCi !== null && { upstreamCi }),
    };
  });
}

function intervalOf({ benchmark, games }: JudgedGames): [number, number] | null {
  const level = findJudgeBenchmark(benchmark)?.upstreamLevel ?? 0.95;
  return upstreamInterval(pairOrders(games), { counted: countedGames(benchmark), level });
}
