import { z } from 'zod';
import { CRITERIA } from '../../suite/judge-criteria.ts';
import { MAX_GAMES } from '../score/game.ts';

const count = z.number().int().min(0).max(MAX_GAMES);
const fraction = z.number().min(0).max(1);
const interval = z.tuple([fraction, fraction]);
const criterion = z.enum(CRITERIA);

/** Of one criterion: how often the model's answer is the better one. */
export const CriterionShareSchema = z.object({
  criterion,
  /** Weighted share of games that the model wins by it, as the score; null where there is none, and why. */
  share: fraction.nullable(),
  ci: interval.nullable(),
  /** Games that were asked about it, and those whose verdict on it could not be read: neither ties nor losses. */
  games: count,
  unread: count,
  reason: z.string().nullable(),
});
export type CriterionShare = z.infer<typeof CriterionShareSchema>;

/** What a judge's verdict on the whole rests on, as far as its own verdicts by criterion show it. */
export const CriteriaWeightsSchema = z.object({
  /** Questions that a judge was asked about, and those of them of which every verdict that counts here was read in both orders. */
  questions: count,
  complete: count,
  /** The part of the overall verdict's variance that its criteria explain, with its 95% interval; null where it is not given. */
  r2: z.object({ estimate: fraction, adjusted: fraction, ci: interval }).nullable(),
  /**
   * What each has of that part, beside what it ought to weigh, which is as much as each other where nobody said it (`alike`); empty where it is
   * not given. Criteria that move as one are one.
   */
  shares: z.array(
    z.object({ criteria: z.array(criterion).min(1), share: fraction, ci: interval, stated: fraction }),
  ),
  alike: z.boolean(),
  /** Criteria that move as one, and how closely. */
  merged: z.array(z.object({ criteria: z.array(criterion).min(2), correlation: z.number().min(-1).max(1) })),
  /** Criteria that cannot be weighed, and why. */
  left: z.array(z.object({ criterion, reason: z.string() })),
  /** Why there is no `r2`, or else no `shares`; null where there are both. */
  reason: z.string().nullable(),
});
export type CriteriaWeights = z.infer<typeof CriteriaWeightsSchema>;

/** What a judge found criterion by criterion. Fractions of 1. */
export const CriteriaResultSchema = z.object({
  shares: z.array(CriterionShareSchema),
  weights: CriteriaWeightsSchema,
});
export type CriteriaResult = z.infer<typeof CriteriaResultSchema>;
