import { z } from 'zod';
import { hash64Text } from '../../hash64.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import type { Verdict } from '../schema.ts';
import { type ChangedAnswer, changesOfVerdict, type GivenAnswer } from './changes.ts';

export const FLIP_LIST_SCHEMA_VERSION = 1;

const AnswerSchema = z.object({
  /** Counted so that higher is better, a fraction of 1. */
  score: z.number(),
  /** Index of the chosen option, or the first 8 bytes of a text's SHA-256 in hex. */
  prediction: z.string(),
  /** Right answer's log-probability minus the best wrong one's; null for generated text. */
  margin: z.number().nullable(),
});

const FlipSchema = z.object({
  benchmark: z.string(),
  task: z.string(),
  stratum: z.string(),
  docId: z.number().int().min(0),
  /** First 8 bytes of the document's SHA-256, as 16 hex digits. */
  docHash: z.string(),
  change: z.enum(['lost', 'gained']),
  before: AnswerSchema,
  /** Null where the candidate lacks the question, which counts as wrong. */
  after: AnswerSchema.nullable(),
  /** Only with `--text`, where it could be read. */
  question: z
    .object({ text: z.string(), options: z.array(z.string()).nullable(), target: z.string() })
    .optional(),
});
export type ListedFlip = z.infer<typeof FlipSchema>;

/** What `flips --json` prints. */
export const FlipListSchema = z.object({
  schemaVersion: z.literal(FLIP_LIST_SCHEMA_VERSION),
  baseline: z.object({ name: z.string(), commit: z.string().nullable() }),
  candidate: z.object({ name: z.string(), commit: z.string().nullable() }),
  /** Of each benchmark that was compared question by question, whatever is listed below. */
  benchmarks: z.array(
    z.object({
      id: z.string(),
      /** Questions compared. */
      n: z.number().int().min(0),
      lost: z.number().int().min(0),
      gained: z.number().int().min(0),
    }),
  ),
  /** Those that were asked for and could not be compared so, and why. */
  notCompared: z.array(z.object({ id: z.string(), reason: z.string() })),
  /** How many there are of what was asked for; `flips` may be the first of them. */
  total: z.number().int().min(0),
  flips: z.array(FlipSchema),
  /** What kept texts away. */
  notes: z.array(z.string()),
});
export type FlipList = z.infer<typeof FlipListSchema>;

/** Which flips are wanted; null for any. */
export interface FlipFilter {
  benchmarks: readonly string[] | null;
  task: string | null;
  change: ListedFlip['change'] | null;
  /** Infinity for all. */
  limit: number;
}

/**
 * The questions whose score changed between two records, those first that changed most: by score, then by how far the margin moved.
 *
 * @param verdict of the two, which says what was compared question by question.
 */
export function listFlipsOf(
  baseline: LoadedRecord,
  candidate: LoadedRecord,
  verdict: Verdict,
  { benchmarks, task, change, limit }: FlipFilter,
): FlipList {
  const isWanted = (id: string) => benchmarks === null || benchmarks.includes(id);
  const changes = changesOfVerdict({ baseline, candidate, verdict, requested: {}, looks: null }).filter(
    ({ id }) => isWanted(id),
  );
  const flips = changes
    .flatMap(({ id, changed }) => changed.map((answer) => flipOf(id, answer)))
    .filter((flip) => (task === null || flip.task === task) && (change === null || flip.change === change))
    .sort((a, b) => scoreChange(b) - scoreChange(a) || marginChange(b) - marginChange(a));
  return {
    schemaVersion: FLIP_LIST_SCHEMA_VERSION,
    baseline: { name: baseline.record.model.name, commit: baseline.record.commit },
    candidate: { name: candidate.record.model.name, commit: candidate.record.commit },
    benchmarks: changes.map(({ id, n, changed }) => {
      const count = (wanted: ListedFlip['change']) =>
        changed.filter((answer) => flipOf(id, answer).change === wanted).length;
      return { id, n, lost: count('lost'), gained: count('gained') };
    }),
    notCompared: verdict.benchmarks
      .filter(({ id, flips: counts }) => isWanted(id) && counts === null)
      .map(({ id, outcome, reason }) => ({ id, reason: reason ?? outcome })),
    total: flips.length,
    flips: flips.slice(0, limit),
    notes: [],
  };
}

function flipOf(
  benchmark: string,
  { task, stratum, docId, docHash, before, after }: ChangedAnswer,
): ListedFlip {
  return {
    benchmark,
    task,
    stratum,
    docId,
    docHash: hash64Text(docHash),
    change: (after?.score ?? 0) < before.score ? 'lost' : 'gained',
    before: answerOf(before),
    after: after === null ? null : answerOf(after),
  };
}

function answerOf({ score, prediction, margin }: GivenAnswer): GivenAnswer {
  return { score, prediction, margin };
}

function scoreChange({ before, after }: ListedFlip): number {
  return Math.abs((after?.score ?? 0) - before.score);
}

/** How far the margin moved: little where the answer was a near tie before and after. */
function marginChange({ before, after }: ListedFlip): number {
  return before.margin === null || after?.margin == null ? 0 : Math.abs(after.margin - before.margin);
}
