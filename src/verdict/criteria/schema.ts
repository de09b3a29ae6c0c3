import { z } from 'zod';
import { CriteriaWeightsSchema, CriterionShareSchema } from '../../judge/criteria/schema.ts';
import { CRITERIA } from '../../suite/judge-criteria.ts';

/**
 * What a judge says of the candidate criterion by criterion, beside main where main was judged so. Intervals are each at 95%; nothing is tested, and
 * nothing decides.
 */
export const CriteriaComparisonSchema = z.object({
  shares: z.array(
    z.object({
      criterion: z.enum(CRITERIA),
      /** Against the reference; null head to head, where main is the reference, and where a side was not judged by it. */
      baseline: CriterionShareSchema.omit({ criterion: true }).nullable(),
      candidate: CriterionShareSchema.omit({ criterion: true }).nullable(),
      /** Against main, question by question: head to head the share less one half. Null where the two cannot be compared. */
      delta: z.object({ estimate: z.number(), ci: z.tuple([z.number(), z.number()]).nullable() }).nullable(),
    }),
  ),
  /** Of the verdicts on the candidate's answers. */
  weights: CriteriaWeightsSchema,
});
export type CriteriaComparison = z.infer<typeof CriteriaComparisonSchema>;
