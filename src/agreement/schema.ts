import { z } from 'zod';
import { PRESETS } from '../verdict/policy.ts';

export const AGREEMENT_SCHEMA_VERSION = 1;

const correlation = z.number().min(-1).max(1);
const count = z.number().int().min(0);
const interval = z.tuple([correlation, correlation]);

/** A correlation with its 95% interval; the interval is null where it cannot be given. */
const CorrelationSchema = z.object({ estimate: correlation, ci: interval.nullable() });
export type Correlation = z.infer<typeof CorrelationSchema>;

const SpreadSchema = z.object({ sd: z.number().min(0), min: z.number(), max: z.number() });

export const AgreementBoardSchema = z.object({
  /** What `--board` and `--reference` call it. */
  id: z.string(),
  kind: z.enum(['factor', 'benchmark', 'judge', 'table']),
  /** Name of the file it is from; null where it is from records. */
  file: z.string().nullable(),
});
export type AgreementBoard = z.infer<typeof AgreementBoardSchema>;

export const AgreementViewSchema = z.object({
  /** All models; the half that is best on the reference. */
  view: z.enum(['all', 'top-half']),
  /** Models that both sides have. */
  n: count,
  /** Why nothing is said; null where something is. */
  refused: z.string().nullable(),
  spearman: CorrelationSchema.nullable(),
  kendall: CorrelationSchema.nullable(),
  /** Two-sided permutation p of Spearman's; null where models of one family depend on one another. */
  p: z.number().min(0).max(1).nullable(),
  /** Families behind the intervals, which are then of a bootstrap by family; null where every model stands alone. */
  families: count.nullable(),
  /** Null where a side has no standard errors. */
  noise: z.object({ ceiling: correlation, ci: interval }).nullable(),
  /** How far the scores reach on each side: over a short range any correlation is small. */
  spread: z.object({ tested: SpreadSchema, reference: SpreadSchema }).nullable(),
});
export type AgreementView = z.infer<typeof AgreementViewSchema>;

export const AgreementPairSchema = z.object({
  tested: z.string(),
  reference: z.string(),
  views: z.array(AgreementViewSchema),
  /** Pairs of models at most 5 points apart on the reference, of which the tested side sees the same one ahead; null where its unit is not points. */
  adjacent: z
    .object({
      pairs: count,
      /** Models in those pairs. */
      n: count,
      refused: z.string().nullable(),
      /** Pairs of the same order less pairs of the opposite one, a share of all. */
      agreement: CorrelationSchema.nullable(),
    })
    .nullable(),
});
export type AgreementPair = z.infer<typeof AgreementPairSchema>;

export const AggregateAgreementSchema = z.object({
  tested: z.string(),
  /** Whose mean win rate it is held against: the tested one is not among them. */
  references: z.array(z.string()),
  n: count,
  refused: z.string().nullable(),
  kendall: CorrelationSchema.nullable(),
  /** BenchBench's figure: standard deviations from the mean of the references' own agreement with the rest of them. */
  z: z.object({ estimate: z.number(), ci: z.tuple([z.number(), z.number()]).nullable() }).nullable(),
});
export type AggregateAgreement = z.infer<typeof AggregateAgreementSchema>;

export const ChangesAgreementSchema = z.object({
  tested: z.string(),
  reference: z.string(),
  /** Differences between consecutive records. */
  n: count,
  /** How many independent ones they count as. */
  effective: z.number().min(0).nullable(),
  refused: z.string().nullable(),
  spearman: CorrelationSchema.nullable(),
  kendall: CorrelationSchema.nullable(),
});
export type ChangesAgreement = z.infer<typeof ChangesAgreementSchema>;

/** `agree --json`. Correlations are from -1 to 1, scores in the unit of their board. */
export const AgreementSchema = z.object({
  schemaVersion: z.literal(AGREEMENT_SCHEMA_VERSION),
  /** How benchmarks of records make a factor; null where there are no records. */
  preset: z.enum(PRESETS).nullable(),
  seed: z.number().int(),
  permutations: count,
  boards: z.array(
    AgreementBoardSchema.extend({
      models: count,
      /** Whether it has a standard error of each. */
      errors: z.boolean(),
    }),
  ),
  pairs: z.array(AgreementPairSchema),
  aggregate: z.array(AggregateAgreementSchema),
  /** Over consecutive records of one history (`--changes`), in place of pairs. */
  changes: z.array(ChangesAgreementSchema),
  /** Models that the records alone have (`file` is null), or one file alone. */
  unmatched: z.array(z.object({ model: z.string(), file: z.string().nullable() })),
  /** What was left out or guessed on the way. */
  notes: z.array(z.string()),
});
export type Agreement = z.infer<typeof AgreementSchema>;
