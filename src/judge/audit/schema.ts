import { z } from 'zod';
import { Sha256Schema } from '../../sha256.ts';
import { AUDITED_NAMES } from './catalogue.ts';

/** Questions that one audit may have. */
export const MAX_AUDIT_QUESTIONS = 10_000;
const name = z.string().min(1).max(300);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const fraction = z.number().min(0).max(1);
const lost = z.number().min(-0.5).max(0.5);
const intervention = z.enum(AUDITED_NAMES);
const effect = z.number().min(-0.5).max(0.5);

export const AuditedInterventionSchema = z.object({
  id: intervention,
  /** `substance`: the altered answer is worse; `style`: it says the same; `control`: what a judge should see through. */
  kind: z.enum(['substance', 'style', 'control']),
  /** Pairs that were read in both orders; the others do not count. */
  pairs: count,
  /** Pairs of which a verdict could not be read. */
  unread: count,
  /** Answers that it could not alter. */
  notApplicable: count,
  /** Share of verdicts that prefer the original, ties as half, the two orders of a pair averaged first; with its 95% interval over pairs. */
  preferred: fraction.nullable(),
  ci: z.tuple([fraction, fraction]).nullable(),
  /** What the altered answer loses: that share minus one half. Above 0 the judge punishes it, below 0 it rewards it. */
  lost: lost.nullable(),
  /** Two-sided p-value of a share of one half, and after Holm over the interventions. */
  p: fraction.nullable(),
  pAdjusted: fraction.nullable(),
});
export type AuditedIntervention = z.infer<typeof AuditedInterventionSchema>;

/** `judge-audit.json`: what a judge punishes. It holds no text of a question or an answer. Shares and points are fractions of 1. */
export const JudgeAuditSchema = z.object({
  schemaVersion: z.literal(1),
  /** When its last game was asked. */
  date: z.iso.datetime(),
  judge: z.object({
    name,
    mode: z.enum(['verdict', 'choice']),
    /** All that decides a verdict beside the game: a judge of another protocol is another judge. */
    protocol: Sha256Schema,
    /** Of a judge of this machine, SHA-256 over its files; null where a server has it. */
    identity: Sha256Schema.nullable(),
    /** Whether it is known which version judged: by the name, or by the files. */
    pinned: z.boolean(),
    /** SHA-256 of what it was told. */
    prompt: Sha256Schema,
  }),
  /** `judge-mini`, or the name of the file of questions. */
  benchmark: name,
  /** Questions whose answers were altered, by `seed`. */
  questions: z.number().int().min(1).max(MAX_AUDIT_QUESTIONS),
  seed: z.number().int(),
  /** SHA-256 over the questions, their answers and all altered versions. */
  texts: Sha256Schema,
  /** The model that wrote versions; null for none. */
  rewriter: z.object({ model: name, pinned: z.boolean() }).nullable(),
  /** Files that versions came from. */
  rewritten: z.array(z.object({ intervention, file: name, sha256: Sha256Schema })).max(AUDITED_NAMES.length),
  /** `failed`: the judge is no measurement, for `reason`; then there is no headline. */
  status: z.enum(['done', 'failed']),
  reason: z.string().max(500).nullable(),
  games: count,
  /** Games whose verdict could not be read; never a tie. */
  unread: count,
  /** Over all pairs but the identical ones, as a judge benchmark has them. */
  position: z.object({ effect, low: effect, high: effect }).nullable(),
  contradicted: z.object({ pairs: count, of: count }),
  interventions: z.array(AuditedInterventionSchema).max(AUDITED_NAMES.length),
  /** Two equal answers: how often the one shown first is preferred, ties as half, and the share of ties; null where nobody asked. */
  identical: z
    .object({ pairs: count, first: fraction, ci: z.tuple([fraction, fraction]).nullable(), ties: fraction })
    .nullable(),
  /** Mean points lost for worse substance minus those for other style; null where a side is missing. */
  headline: z
    .object({
      substance: z.array(intervention).min(1),
      style: z.array(intervention).min(1),
      lostSubstance: lost,
      lostStyle: lost,
      difference: z.number().min(-1).max(1),
      ci: z.tuple([z.number(), z.number()]),
    })
    .nullable(),
  /** Whether style costs this judge's favour more than substance: the upper bound of the headline is below 0. */
  styleJudge: z.boolean().nullable(),
  /** What its games came to, whichever run asked them. */
  requests: count,
  tokens: z.object({ input: count, output: count }),
  cost: z.number().min(0).nullable(),
});
export type JudgeAudit = z.infer<typeof JudgeAuditSchema>;
