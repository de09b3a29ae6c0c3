import { z } from 'zod';
import { CommitIdSchema } from '../commit-id.ts';
import { JudgeBoardSchema } from '../judge/score/game.ts';
import { JudgeResultSchema } from '../judge/score/judge-result.ts';
import { StatusSchema } from '../record/schema.ts';
import { FACTORS } from '../suite/benchmark.ts';
import { STOP_ON } from '../suite/plan/looks/looks.ts';
import { CriteriaComparisonSchema } from './criteria/schema.ts';
import { AlarmSchema, CitedAuditSchema, HeadToHeadFoundSchema } from './head-to-head/schema.ts';
import { EndingsSchema } from './signs/endings.ts';
import { StyleSchema, StyleShiftSchema } from './signs/style-schema.ts';

export const VERDICT_SCHEMA_VERSION = 1;

/** Verdicts of a whole comparison, worst first. */
export const WHOLE_VERDICTS = [
  'incomplete',
  'regressed',
  'not-comparable',
  'no-baseline',
  'inconclusive',
  'held',
  'equivalent',
  'improved',
] as const;
export const OverallVerdictSchema = z.enum(WHOLE_VERDICTS);
export type OverallVerdict = z.infer<typeof OverallVerdictSchema>;

/** What a comparison says of one benchmark or factor. */
export const OutcomeSchema = z.enum([
  'regressed',
  'improved',
  'equivalent',
  'held',
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

/**
 * How a p-value came about: exact McNemar test of pairs of 0/1 answers, paired or combined t test, Welch's test of two
 * independent samples, or a sign test where all differences are equal.
 */
export const MethodSchema = z.enum(['mcnemar', 't', 'welch', 'sign']);
export type Method = z.infer<typeof MethodSchema>;

/** What p-values are corrected by. */
export const FAMILY_CORRECTIONS = { factors: 'holm', benchmarks: 'benjamini-hochberg' } as const;

/** Candidate minus baseline. */
export const DeltaSchema = z.object({
  estimate: z.number().nullable(),
  /** At level 1 - alpha: Tango's where the method is `mcnemar`, else by the t distribution. */
  ci: interval.nullable(),
  /** At level 1 - 2 alpha: `equivalent` means that it lies within the margin. */
  equivalenceCi: interval.nullable(),
  se: z.number().min(0).nullable(),
  /**
   * What intervals, the factor and `detectable` use in place of `se` where it is 0 because no item differs:
   * sqrt(2) / (units + 2), since n equal answers of two models do not prove that none differs. Where the sides are not matched, with
   * what its interval says for a side that is all right or all wrong. Null elsewhere.
   */
  seFloor: z.number().min(0).nullable(),
  /** Satterthwaite's degrees of freedom of `se`. */
  df: z.number().positive().nullable(),
  p: probability.nullable(),
  /** Corrected for the number of tests: Holm over factors, Benjamini-Hochberg over benchmarks. */
  pAdjusted: probability.nullable(),
});

const comparison = {
  baseline: ScoreSchema,
  candidate: ScoreSchema,
  delta: DeltaSchema,
  /**
   * Where the baseline answered more questions than the candidate was asked, the difference and both scores are estimated with its answers
   * to all of them; left out where not, and by older versions.
   */
  borrowed: z
    .object({
      /** Questions that the baseline answered; of a factor, in its benchmarks that borrow. */
      baselineItems: count,
      /** Cells by task and by whether the baseline was right. */
      cells: count,
      /** Whether what earlier changes let expect of each question, by its margin, was taken off first; left out where not. */
      byMargin: z.boolean().optional(),
      /** Variance of the difference over that of the asked questions alone; null where none of these differs. */
      varianceRatio: z.number().min(0).nullable(),
    })
    .optional(),
  /** Smallest true drop that a comparison like this one sees with 80% power. */
  detectable: z.number().min(0).nullable(),
  method: MethodSchema.nullable(),
  /** False where the items of the two sides could not be matched: a weak comparison. */
  paired: z.boolean(),
  /** Items compared. */
  n: count,
  outcome: OutcomeSchema,
  /** Why there is no test or no comparison; null where there is nothing to say. */
  reason: z.string().nullable(),
  /** What it was held to: `off` is not tested, `warn` does not reach the verdict of the whole. */
  threshold: z.object({
    level: z.enum(['off', 'warn', 'error']),
    minimumEffect: probability,
    margin: probability,
  }),
};

/** How a factor was decided by looks that the plan fixed; its difference is then the stagewise estimate. */
export const FactorLooksSchema = z.object({
  /** Looks that were done of it. */
  done: count,
  /** `none`: all its looks decided nothing. `other`: the run ended with another factor. `open`: answers of the next look are missing. */
  decided: z.enum(['regressed', 'held', 'none', 'other', 'open']),
  /** The drop that its looks are made for. */
  drop: probability,
  /** Whether the repeated bound (one-sided, 95%) excludes that drop. */
  ruledOut: z.boolean(),
  /** The difference as if the look had been the only one, with its interval. */
  naive: z.object({ estimate: z.number(), ci: interval.nullable() }).nullable(),
  /** Interval that holds whatever the run was stopped for. */
  repeatedCi: interval.nullable(),
  /** One-sided 95% upper bound of the difference that holds whatever the run was stopped for; left out by older versions. */
  upper: z.number().nullable().optional(),
  /**
   * The last look whose questions were all answered for the alarm, beyond the one that decided, and that bound there; the outcome does not look at
   * them. Left out where there is none, and by older versions.
   */
  beyond: z.object({ look: count, upper: z.number() }).optional(),
});

export const FactorComparisonSchema = z.object({
  id: z.enum(FACTORS),
  name: z.string(),
  ...comparison,
  /** Left out where the plan has one look, and by older versions. */
  looks: FactorLooksSchema.optional(),
});
export type FactorComparison = z.infer<typeof FactorComparisonSchema>;

/**
 * At level 1 - alpha, holding whatever the run was stopped for; null where there was too little to test. Left out where the plan has one look,
 * and by older versions.
 */
const repeated = interval.nullable().optional();

/** What the candidate lacks of one task: questions that were asked for and that the baseline has a score for. */
export const MissingSchema = z.object({
  task: z.string(),
  /** Such questions, and those of them that have no score here. */
  required: count,
  missing: count,
  /** Of the missing, those where there is now a document that the baseline does not know. */
  changed: count,
  /** Documents that the task has on the two sides; null where one is not known. */
  documents: z.object({ baseline: count, candidate: count }).nullable(),
});
export type Missing = z.infer<typeof MissingSchema>;

/** A part of a benchmark (a task, or a finer stratum), counted over its paired questions and not tested by itself. */
const WorstPartSchema = z.object({
  name: z.string(),
  n: count,
  /** Plain means, counted so that higher is better. */
  baseline: z.number(),
  candidate: z.number(),
  lost: count,
  gained: count,
});
export type WorstPart = z.infer<typeof WorstPartSchema>;

export const BenchmarkComparisonSchema = z.object({
  id: z.string(),
  name: z.string(),
  factor: z.enum(FACTORS).nullable(),
  ...comparison,
  /** Share of its weight in the factor's difference; null where it takes no part. */
  share: probability.nullable(),
  /** Independent units (clusters, or items that stand alone) behind the difference. */
  units: count,
  /** Items that score higher and lower than before; null where items could not be matched. */
  flips: z.object({ gained: count, lost: count }).nullable(),
  /** The candidate lacks all of a task that was asked for and that the baseline has, or more than 1 and 0.5% of its questions. */
  incomplete: z.boolean(),
  /** What it lacks, by task. Missing questions count as wrong, unless the whole benchmark is missing. */
  missing: z.array(MissingSchema).default([]),
  /** Questions that were asked for and that the baseline has a score for; null where it has none. */
  required: count.nullable().default(null),
  status: z.object({ baseline: StatusSchema.nullable(), candidate: StatusSchema.nullable() }),
  repeatedCi: repeated,
  /**
   * Of a benchmark that regressed: its parts that lost most questions, the largest loss first. Left out where it has but one part, and by older
   * versions.
   */
  worstParts: z.array(WorstPartSchema).optional(),
});
export type BenchmarkComparison = z.infer<typeof BenchmarkComparisonSchema>;

/** Benchmarks that are tested together as one, in the family of the benchmarks. */
export const GroupComparisonSchema = z.object({
  id: z.string(),
  name: z.string(),
  factor: z.enum(FACTORS),
  /** Ids of the benchmarks that it rests on. */
  members: z.array(z.string()),
  ...comparison,
  repeatedCi: repeated,
});
export type GroupComparison = z.infer<typeof GroupComparisonSchema>;

/** What a judge found of one side; all null where it has not judged that side. */
const JudgeSideSchema = JudgeResultSchema.pick({ score: true, ci: true, position: true }).extend({
  status: JudgeResultSchema.shape.status.nullable(),
  questions: count.nullable(),
  games: count.nullable(),
  /** Games that the judge was asked about, where some were not: equal answers are ties. */
  asked: count.optional(),
  unread: count.nullable(),
  /** Questions of which the two orders contradict one another, of those that were read in both. */
  contradicted: JudgeResultSchema.shape.contradicted.nullable(),
  spent: JudgeResultSchema.shape.spent,
});
export type JudgeSide = z.infer<typeof JudgeSideSchema>;

/**
 * What one judge says of the candidate beside the baseline. It is in no factor, and never decides the verdict of the whole. Head to head the
 * reference is the baseline, which has no score of its own: the difference is the candidate's score less one half.
 */
export const JudgeComparisonSchema = JudgeBoardSchema.omit({ benchmark: true }).extend({
  id: z.string(),
  name: z.string(),
  baseline: JudgeSideSchema,
  candidate: JudgeSideSchema,
  /** Candidate minus baseline; `pAdjusted` by Holm over the judge benchmarks, a family of their own. */
  delta: DeltaSchema.pick({ estimate: true, ci: true, se: true, df: true, p: true, pAdjusted: true }),
  /** Whether the difference is taken question by question. */
  paired: z.boolean(),
  /** Questions compared. */
  n: count,
  outcome: OutcomeSchema,
  reason: z.string().nullable(),
  /** The family's own two-sided error rate. */
  alpha: probability,
  level: z.literal('warn'),
  /** Where the candidate's answers were held against the baseline's; left out otherwise, and by older versions. */
  headToHead: HeadToHeadFoundSchema.nullable().optional(),
  /** Criterion by criterion, where the judge was asked so; left out otherwise, and by older versions. */
  criteria: CriteriaComparisonSchema.optional(),
  /**
   * How differently the two sides write the answers that were held against a reference; left out where nobody counted, head to head, and by older
   * versions.
   */
  style: StyleShiftSchema.optional(),
});
export type JudgeComparison = z.infer<typeof JudgeComparisonSchema>;

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
  /** Where an imported record comes from; null for one that was evaluated here. */
  imported: z.string().nullable(),
  /** Known faults of published results that were corrected on import. */
  repairs: z.array(z.string()),
  items: count,
  device: z.object({ type: z.string(), name: z.string() }).nullable(),
  deviceMinutes: z.number().min(0).nullable(),
  versions: z.object({ harness: z.string().nullable() }),
});
export type Source = z.infer<typeof SourceSchema>;

export const CoverageSchema = z.object({
  factor: z.enum(FACTORS),
  /** Benchmarks compared, and benchmarks the factor has. */
  compared: count,
  of: count,
  /** Share of the factor, by the paper's sizes, that the compared benchmarks make up. */
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
  /** What that benchmark gives for its best constant answer, counted so that higher is better. */
  constantScore: probability.nullable(),
});
export type Collapsed = z.infer<typeof CollapsedSchema>;

/** How far the candidate has moved from an earlier state. */
export const DriftSchema = z.object({
  anchor: SourceSchema,
  alpha: probability,
  factors: z.array(FactorComparisonSchema),
  /** Whether a factor regressed. */
  drifted: z.boolean(),
  /** Whether that fails the policy: on the main branch and in the gate, never in a pull request. */
  fails: z.boolean().default(false),
});
export type Drift = z.infer<typeof DriftSchema>;

/** How much of a drop was accepted, as fractions of 1 that count how much is lost. */
export const AcceptedLossSchema = z.object({
  /** Id of a factor or benchmark. */
  id: z.string().min(1).max(200),
  /** What was lost in the report that was shown. */
  loss: z.number(),
  /** The upper end of that loss's interval: a larger loss is not accepted. */
  limit: z.number(),
});
export type AcceptedLoss = z.infer<typeof AcceptedLossSchema>;

/** What comes from a store has an end. */
const text = z.string().min(1).max(500);

/**
 * A drop that a person accepted, for a pull request, up to a size and for a time. What is optional is missing in those of before,
 * which count for nothing: they would hold for every change, whatever its size.
 */
export const WaiverSchema = z.object({
  id: text,
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('benchmark'), id: text }),
    z.object({ kind: z.literal('factor'), id: z.enum(FACTORS) }),
  ]),
  reason: text,
  /** Login of who accepted it. */
  by: text,
  created: z.iso.datetime(),
  expires: z.iso.datetime(),
  /** The commit it was accepted for: the head of the pull request. */
  commit: CommitIdSchema,
  /** Number of the pull request. */
  pull: z.number().int().positive().optional(),
  /** Id of the comment that asked. */
  comment: z.number().int().positive().optional(),
  /** Head of the report that was shown then. */
  head: CommitIdSchema.optional(),
  /** What was lost in it, and how much of a loss is accepted: of a factor's waiver, by the factor and those of its benchmarks that had dropped. */
  accepted: z.array(AcceptedLossSchema).max(1000).optional(),
});
export type Waiver = z.infer<typeof WaiverSchema>;

/** What a verdict says of a waiver that is in force. */
export const ShownWaiverSchema = z.object({
  /** Id of a factor or benchmark. */
  target: z.string(),
  reason: z.string(),
  by: z.string(),
  created: z.iso.datetime(),
  expires: z.iso.datetime(),
  /** Null in verdicts from before. */
  pull: z.number().int().positive().nullable().default(null),
  accepted: z.array(AcceptedLossSchema).default([]),
  /** Whether it let a regression pass. */
  applied: z.boolean(),
  /** Ids of what it let pass. */
  parts: z.array(z.string()).default([]),
  /** Ids of what it is about and dropped by more than was accepted. */
  exceeded: z.array(z.string()).default([]),
});
export type ShownWaiver = z.infer<typeof ShownWaiverSchema>;

const TemplateSideSchema = z.object({ sha256: z.string(), characters: count.nullable() }).nullable();
/** A chat template that is another one: by digest and length, and some lines where records have the text. */
export const TemplateChangeSchema = z.object({
  baseline: TemplateSideSchema,
  candidate: TemplateSideSchema,
  /** Whether a side's answers in lm-eval's benchmarks were given in it. */
  applied: z.boolean(),
  removed: z.array(z.string()),
  added: z.array(z.string()),
  /** Changed lines that are not among them. */
  hidden: count,
});
export type TemplateChange = z.infer<typeof TemplateChangeSchema>;

/** `verdict.json`, and what `compare --json` prints. */
export const VerdictSchema = z.object({
  schemaVersion: z.literal(VERDICT_SCHEMA_VERSION),
  /** Version of sos-bench. */
  version: z.string(),
  verdict: OverallVerdictSchema,
  passed: z.boolean(),
  /** Statistically better in all three factors, as the paper defines better alignment. */
  betterAligned: z.boolean(),
  preset: z.string(),
  /** All that decides an answer is known of both sides, and equal. */
  sameModel: z.boolean(),
  /**
   * Of the candidate no question was asked: it is said to be of the baseline's very model, and has that one's answers. `confirmed`: whoever
   * compares took the model's identity too. Left out where questions were asked, and by older versions.
   */
  unevaluated: z.object({ confirmed: z.boolean() }).optional(),
  /** Where both sides have the same weights and other settings: what differs. Null where weights differ, or are not known. */
  otherSettings: z.array(z.string()).nullable().default(null),
  /** Compared although evaluated in different ways (`--force`). */
  forced: z.boolean(),
  factors: z.array(FactorComparisonSchema),
  benchmarks: z.array(BenchmarkComparisonSchema),
  /** Benchmarks that are also tested together as one; left out where there are none, and by older versions. */
  groups: z.array(GroupComparisonSchema).optional(),
  /** What judges say, beside the 24 and the factors; left out where neither record was judged, and by older versions. */
  judge: z.array(JudgeComparisonSchema).optional(),
  /** Whether a judge likes what did not get better; left out without head to head, and by older versions. */
  alarm: AlarmSchema.optional(),
  /** What a trusted audit says of the judge; left out without one of the judge that was asked, and by older versions. */
  judgeAudit: CitedAuditSchema.optional(),
  coverage: z.array(CoverageSchema),
  /** Benchmarks that trusted settings asked for: all findings are of these alone. Null where all benchmarks count. */
  asked: z.array(z.string()).nullable().default(null),
  collapsed: z.array(CollapsedSchema),
  /** Accepted regressions that are in force. */
  waivers: z.array(ShownWaiverSchema),
  /** Null without an anchor. */
  drift: DriftSchema.nullable(),
  /** The models whose spread widened the differences, which then speak of the recipe; null without calibration. */
  runSpread: z.object({ models: z.array(z.string()) }).nullable(),
  /** Protocol fields that differ and so forbid a comparison, unless it is forced. */
  notComparable: z.array(DifferenceSchema),
  /** What the change is about: tokenizer, template, dtype and the like. Shown, never blocking. */
  subject: z.array(DifferenceSchema),
  templateChange: TemplateChangeSchema.nullable().default(null),
  warnings: z.array(z.string()),
  footnotes: z.array(z.string()),
  /** How far a plan with several looks was followed; left out where there is none, and by older versions. */
  looks: z
    .object({
      count,
      /** The last look that a factor needed. */
      done: count,
      /** Questions of these looks, and their share of the plan's work. */
      items: count,
      share: probability,
      stopOn: z.enum(STOP_ON),
    })
    .optional(),
  /**
   * The changes of main that taught which answers a change may turn, and what is multiplied with that; left out where none did. Known before
   * any answer of the candidate.
   */
  learned: z
    .object({
      pairs: z.array(z.object({ earlier: z.string(), later: z.string() })),
      coefficient: z.number().min(0).max(1),
    })
    .optional(),
  /** How generated answers ended; left out where none was cut, and by older versions. */
  endings: z.array(EndingsSchema).optional(),
  /** How differently answers are written; left out where none is generated or nothing was evaluated, and by older versions. */
  style: StyleSchema.optional(),
  records: z.object({ baseline: SourceSchema, candidate: SourceSchema }),
  alpha: probability,
  thresholds: z.object({
    minimumEffect: z.object({ factor: probability, benchmark: probability }),
    margins: z.record(z.enum(FACTORS), probability),
    otherMargin: probability,
    failOn: z.array(OverallVerdictSchema),
    /** Fewer units than this give an interval and no test. */
    minimumUnits: count,
    minimumDf: count,
    /** Share of common items below which a comparison is not paired. */
    pairedShare: probability,
    corrections: z.object({ factors: z.string(), benchmarks: z.string() }),
  }),
});
export type Verdict = z.infer<typeof VerdictSchema>;
