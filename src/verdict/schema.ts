import { z } from 'zod';
import { StatusSchema } from '../record/schema.ts';
import { FACTORS } from '../suite/benchmark.ts';

export const VERDICT_SCHEMA_VERSION = 1;

/** Verdicts of a whole comparison, worst first. */
export const WHOLE_VERDICTS = [
  'incomplete',
  'regressed',
  'not-comparable',
  'no-baseline',
  'inconclusive',
  'equivalent',
  'improved',
] as const;
export const WholeVerdictSchema = z.enum(WHOLE_VERDICTS);
export type WholeVerdict = z.infer<typeof WholeVerdictSchema>;

/** What a comparison says of one benchmark or factor. */
export const OutcomeSchema = z.enum([
  'regressed',
  'improved',
  'equivalent',
  'inconclusive',
  'not-comparable',
  'skipped',
  'failed',
  'no-baseline',
]);
export type Outcome = z.infer<typeof OutcomeSchema>;

const count = z.number().int().min(0);
const probability = z.number().min(0).max(1);
const interval = z.tuple([z.number(), z.number()]);
export type Interval = z.infer<typeof interval>;

/** A score counted so that higher is better, a fraction of 1, with its 95% interval; null where unknown. */
export const ScoreSchema = z.object({ score: z.number().nullable(), ci: interval.nullable() });
export type Score = z.infer<typeof ScoreSchema>;

/** Candidate minus baseline. */
export const DeltaSchema = z.object({
  estimate: z.number().nullable(),
  /** At level 1 - alpha. */
  ci: interval.nullable(),
  se: z.number().min(0).nullable(),
  /** Degrees of freedom of the t distribution behind `ci` and `p`. */
  df: z.number().positive().nullable(),
  p: probability.nullable(),
  /** Corrected for the number of tests: Holm over factors, Benjamini-Hochberg over benchmarks. */
  pAdjusted: probability.nullable(),
});

const comparison = {
  baseline: ScoreSchema,
  candidate: ScoreSchema,
  delta: DeltaSchema,
  /** Smallest true drop that a comparison like this one sees with 80% power. */
  detectable: z.number().min(0).nullable(),
  /** False where the items of the two sides could not be matched: a weak comparison. */
  paired: z.boolean(),
  /** Items compared. */
  n: count,
  outcome: OutcomeSchema,
  /** Why there is no test or no comparison; null where there is nothing to say. */
  reason: z.string().nullable(),
};

export const FactorComparisonSchema = z.object({ id: z.enum(FACTORS), name: z.string(), ...comparison });
export type FactorComparison = z.infer<typeof FactorComparisonSchema>;

export const BenchmarkComparisonSchema = z.object({
  id: z.string(),
  name: z.string(),
  factor: z.enum(FACTORS).nullable(),
  ...comparison,
  /** Independent units (clusters, or items that stand alone) behind the difference. */
  units: count,
  /** Items that score higher and lower than before; null where items could not be matched. */
  flips: z.object({ gained: count, lost: count }).nullable(),
  level: z.enum(['warn', 'error']),
  /** The baseline has it, and the candidate lacks some or all of it. */
  incomplete: z.boolean(),
  status: z.object({ baseline: StatusSchema.nullable(), candidate: StatusSchema.nullable() }),
});
export type BenchmarkComparison = z.infer<typeof BenchmarkComparisonSchema>;

/** One field of protocol or subject that differs; values as text, null where a side lacks the field. */
export const DifferenceSchema = z.object({
  path: z.string(),
  baseline: z.string().nullable(),
  candidate: z.string().nullable(),
});
export type Difference = z.infer<typeof DifferenceSchema>;

/** Where the numbers of one side come from. */
export const SourceSchema = z.object({
  name: z.string(),
  digest: z.string().nullable(),
  commit: z.string().nullable(),
  branch: z.string().nullable(),
  suite: z.string(),
  seed: z.number().int().nullable(),
  planHash: z.string().nullable(),
  finished: z.iso.datetime().nullable(),
  complete: z.boolean(),
  items: count,
  device: z.object({ type: z.string(), name: z.string() }).nullable(),
  deviceMinutes: z.number().min(0).nullable(),
});
export type Source = z.infer<typeof SourceSchema>;

export const CoverageSchema = z.object({
  factor: z.enum(FACTORS),
  /** Benchmarks compared, and benchmarks the factor has. */
  compared: count,
  of: count,
  /** Share of the factor's weight that the compared benchmarks carry under the preset. */
  weight: probability,
  missing: z.array(z.object({ id: z.string(), name: z.string(), reason: z.string() })),
});
export type Coverage = z.infer<typeof CoverageSchema>;

/** A benchmark on which the candidate gives one constant answer. */
export const CollapsedSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Share of the items that got that answer. */
  share: probability,
  n: count,
  /** Whether the baseline gives one constant answer there too. */
  baselineToo: z.boolean(),
  /** What that row gives for its best constant answer, counted so that higher is better. */
  constantScore: probability.nullable(),
});
export type Collapsed = z.infer<typeof CollapsedSchema>;

/** `verdict.json`, and what `compare --json` prints. */
export const VerdictSchema = z.object({
  schemaVersion: z.literal(VERDICT_SCHEMA_VERSION),
  verdict: WholeVerdictSchema,
  passed: z.boolean(),
  preset: z.string(),
  /** Same digest on both sides; false where one is not known. */
  sameModel: z.boolean(),
  factors: z.array(FactorComparisonSchema),
  benchmarks: z.array(BenchmarkComparisonSchema),
  coverage: z.array(CoverageSchema),
  collapsed: z.array(CollapsedSchema),
  /** Protocol fields that differ and so forbid a comparison. */
  notComparable: z.array(DifferenceSchema),
  /** What the change is about: tokenizer, template, dtype and the like. Shown, never blocking. */
  subject: z.array(DifferenceSchema),
  warnings: z.array(z.string()),
  footnotes: z.array(z.string()),
  records: z.object({ baseline: SourceSchema, candidate: SourceSchema }),
  alpha: probability,
  thresholds: z.object({
    minimumEffect: z.object({ factor: probability, benchmark: probability }),
    margins: z.record(z.enum(FACTORS), probability),
    otherMargin: probability,
    failOn: z.array(WholeVerdictSchema),
    /** Fewer units than this give an interval and no test. */
    minimumUnits: count,
    /** Share of common items below which a comparison is not paired. */
    pairedShare: probability,
  }),
});
export type Verdict = z.infer<typeof VerdictSchema>;
