import { z } from 'zod';
import { ALARM_STATES } from '../../judge/alarm/alarm.ts';
import { JudgeAuditSchema } from '../../judge/audit/schema.ts';
import { FACTORS } from '../../suite/benchmark.ts';
import { StyleShiftSchema } from '../signs/style-schema.ts';

const count = z.number().int().min(0);
const probability = z.number().min(0).max(1);
const cost = z.number().min(0).nullable();

/** What one judge found of the new answers, held against main's question by question. */
export const HeadToHeadFoundSchema = z.object({
  /** One-sided p-value of a share of wins of one half or less, and after Holm over the judges; null where it was not tested. */
  p: probability.nullable(),
  pAdjusted: probability.nullable(),
  /** Share of wins where both answers are equally long and have as much markup, with its 95% interval; else why that is not told. */
  equalStyle: z.object({
    share: probability.nullable(),
    ci: z.tuple([probability, probability]).nullable(),
    questions: count,
    reason: z.string().nullable(),
  }),
  /** Questions that were to be judged, and games that nobody was asked about since both answers are equal: ties. */
  planned: count,
  ties: count,
  /** How differently the judged answers are written; null where nobody counted. */
  style: StyleShiftSchema.nullable(),
  /** Whether the judge's name says which version it is. */
  pinned: z.boolean(),
  /** What its server called the models that judged; left out where that is its own name, and by older versions. */
  servedBy: z.array(z.string()).optional(),
  /** Of all runs that asked, in the currency of the prices that were given; null without them. */
  requests: count,
  tokens: z.object({ input: count, output: count }),
  cost,
});

/**
 * What preference and substance together say. It is a warning: no outcome, factor, verdict, check or exit code looks at it. What the judge found
 * is a claim of the job that evaluated.
 */
export const AlarmSchema = z.object({
  state: z.enum(ALARM_STATES),
  /** Of `no alarm`: why. */
  reason: z.string().nullable(),
  /** Index in `judge` of what it rests on; null where there is nothing. */
  judge: count.nullable(),
  /** By factor: the one-sided 95% upper bound of its change, the gain that it has to exclude, and whether it does. */
  factors: z.array(
    z.object({
      id: z.enum(FACTORS),
      upper: z.number().nullable(),
      gain: probability,
      excluded: z.boolean(),
    }),
  ),
});
export type Alarm = z.infer<typeof AlarmSchema>;

const audited = JudgeAuditSchema.shape;

/** What an audit found of the judge that was asked; the audit is trusted, and says nothing of these answers. */
export const CitedAuditSchema = z.object({
  judge: audited.judge.shape.name,
  protocol: audited.judge.shape.protocol,
  date: audited.date,
  questions: audited.questions,
  status: audited.status,
  styleJudge: audited.styleJudge,
  /** By intervention, what an altered answer loses: the share of verdicts that prefer the original, minus one half; with its 95% interval. */
  lost: z.array(
    z.object({
      id: audited.interventions.element.shape.id,
      lost: z.number().min(-0.5).max(0.5),
      ci: z.tuple([z.number(), z.number()]).nullable(),
    }),
  ),
  /** The same as reports say it. */
  said: z.string(),
});
export type CitedAudit = z.infer<typeof CitedAuditSchema>;
