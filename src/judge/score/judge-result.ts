import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Sha256Schema } from '../../sha256.ts';
import { findJudgeBenchmark } from '../../suite/judge-benchmarks.ts';
import {
  boardKey,
  isUnasked,
  isUnread,
  JudgeBoardSchema,
  type JudgedGames,
  MAX_BOARDS,
  MAX_GAMES,
} from './game.ts';
import { findJudgeFault, JUDGE_LIMITS, type JudgeLimits } from './judge-fault.ts';
import { orderEffects, positionFigures } from './order-effects.ts';
import { pairOrders } from './pair-orders.ts';
import { STRONG_WEIGHT, shareOfWins } from './share.ts';

/** Level of the interval of a score. */
const LEVEL = 0.95;
const ROUNDING = 1e-9;

const count = z.number().int().min(0).max(MAX_GAMES);
const fraction = z.number().min(0).max(1);
const effect = z.number().min(-0.5).max(0.5);

/** What asking came to; the cost is in the currency of the prices that were given, null without them. */
const SpentSchema = z.object({
  requests: z.number().int().min(0),
  tokens: z.object({ input: z.number().int().min(0), output: z.number().int().min(0) }),
  cost: z.number().min(0).nullable(),
});

/** What one judge found of one model on one benchmark: all that is left where the games are not kept. Fractions of 1. */
export const JudgeResultSchema = JudgeBoardSchema.extend({
  /** `failed`: its verdicts are no measurement, so that it has no score. */
  status: z.enum(['done', 'failed']),
  reason: z.string().max(500).nullable(),
  questions: count,
  games: count,
  /** Games that the judge was asked about; left out where it was asked about all: equal answers are ties unasked. */
  asked: count.optional(),
  /** Games whose verdict could not be read. */
  unread: count,
  /** Weighted share of games that the model wins: 0.5 is as good as the reference. */
  score: fraction.nullable(),
  ci: z.tuple([fraction, fraction]).nullable(),
  stderr: z.number().min(0).max(1).nullable(),
  df: z.number().positive().nullable(),
  /** How much more often than in half of the games the answer shown first wins, with exact one-sided 95% bounds. */
  position: z.object({ effect, low: effect, high: effect }).nullable(),
  /** Questions of which the two orders contradict one another, of those that were read in both. */
  contradicted: z.object({ questions: count, of: count }),
  /**
   * All that decides a verdict beside the game (`judgeProtocol`), and whether the judge's name says which version of it judged; left out in
   * imports.
   */
  protocol: Sha256Schema.optional(),
  pinned: z.boolean().optional(),
  /** What its games came to, whichever run asked them; left out in imports and by older versions. */
  spent: SpentSchema.optional(),
  /** SHA-256 over the sorted ids of its questions. */
  questionSet: Sha256Schema,
});
export type JudgeResult = z.infer<typeof JudgeResultSchema>;

/** All that a record has of them: one for each board, none of which contradicts itself. */
export const JudgeResultsSchema = z
  .array(JudgeResultSchema)
  .max(MAX_BOARDS)
  .superRefine((results, context) => {
    const seen = new Set<string>();
    for (const [index, result] of results.entries()) {
      const fault = contradiction(result) ?? (seen.has(boardKey(result)) ? 'is there twice' : null);
      seen.add(boardKey(result));
      if (fault !== null) context.addIssue({ code: 'custom', path: [index], message: fault });
    }
  });

function contradiction(result: JudgeResult): string | null {
  const { status, score, ci, position, contradicted, unread, games, questions, asked = games } = result;
  if (
    asked > games ||
    unread > asked ||
    questions > games ||
    contradicted.questions > contradicted.of ||
    contradicted.of > questions
  )
    return 'has counts that contradict one another';
  if ((score === null) !== (status === 'failed'))
    return `is ${status} ${score === null ? 'without' : 'with'} a score`;
  if (score !== null && ci !== null && !isWithin(score, ci)) return 'has a score outside of its interval';
  if (position !== null && !isWithin(position.effect, [position.low, position.high]))
    return 'has a position effect outside of its bounds';
  return null;
}

function isWithin(value: number, [low, high]: readonly [number, number]): boolean {
  return low - ROUNDING <= value && value <= high + ROUNDING;
}

/**
 * Sums up the games of one board. Equal answers are ties that count for the score; what is said of the judge rests on the games that it was
 * asked about.
 */
export function summariseGames(judged: JudgedGames, limits: JudgeLimits = JUDGE_LIMITS): JudgeResult {
  const { games, benchmark, category, judge, reference } = judged;
  const questions = pairOrders(games);
  const asked = games.filter((game) => !isUnasked(game));
  const effects = orderEffects(asked.length === games.length ? questions : pairOrders(asked));
  const unread = asked.filter(isUnread).length;
  const { estimate, ci } = shareOfWins(questions, {
    counted: countedGames(benchmark),
    strongWeight: STRONG_WEIGHT,
    level: LEVEL,
  });
  const reason =
    games.length === 0
      ? 'there are no games'
      : findJudgeFault({ games: asked.length, unread, effects }, limits);
  const usable = reason === null ? estimate : null;
  return {
    ...{ benchmark, category, judge, reference },
    status: usable === null ? 'failed' : 'done',
    reason: usable === null ? (reason ?? 'no verdict could be read') : null,
    questions: questions.length,
    games: games.length,
    ...(asked.length < games.length && { asked: asked.length }),
    unread,
    score: usable?.estimate ?? null,
    ci: usable && ci,
    stderr: usable?.se ?? null,
    df: usable?.df ?? null,
    position: positionFigures(effects),
    contradicted: { questions: effects.contradicted, of: effects.questions },
    questionSet: digestIds(questions.map(({ question }) => question)),
  };
}

/**
 * What a judge found, by its games where they are kept: what a record claims of them counts for nothing. A failure by stricter limits than
 * these stays one.
 */
export function resultOfGames(
  stored: JudgeResult,
  games: JudgedGames['games'] | null,
  limits: JudgeLimits = JUDGE_LIMITS,
): JudgeResult {
  if (games === null) return stored;
  const found = summariseGames({ ...stored, games }, limits);
  if (stored.status === 'failed' && found.status === 'done') return stored;
  const { protocol, pinned, spent } = stored;
  return {
    ...found,
    ...(protocol !== undefined && { protocol }),
    ...(pinned !== undefined && { pinned }),
    ...(spent !== undefined && { spent }),
  };
}

/** Which games of a benchmark count; of one that is not known, all that were read. */
export function countedGames(benchmark: string) {
  return findJudgeBenchmark(benchmark)?.counted ?? 'game';
}

export function digestIds(ids: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([...ids].sort()))
    .digest('hex');
}
