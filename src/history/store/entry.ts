import { z } from 'zod';
import { CommitIdSchema } from '../../commit-id.ts';
import { firstIssue } from '../../first-issue.ts';
import { parseJson as parseBounded } from '../../json.ts';
import { Sha256Schema } from '../../sha256.ts';
import { FACTORS } from '../../suite/benchmark.ts';
import { JudgeScoreSchema } from '../../verdict/judge-summary.ts';
import { OverallVerdictSchema } from '../../verdict/schema.ts';
import { entryPaths } from './layout.ts';

export const ENTRY_SCHEMA_VERSION = 1;

/** What comes from outside has an end. */
const text = z.string().max(500);
const count = z.number().int().min(0);
const score = z.number().min(-1).max(1).nullable();

/** As many as a record may have. */
const MAX_JUDGED = 100;

const FactorScoreSchema = z.object({
  id: z.enum(FACTORS),
  /** Fraction of 1, higher is better; null where no benchmark of the factor was measured. */
  score,
  /** 95% interval. */
  ci: z.tuple([z.number().min(-1).max(1), z.number().min(-1).max(1)]).nullable(),
  se: z.number().min(0).nullable(),
  /** Items evaluated. */
  n: count,
});

/** What judges said, in no factor; left out where nothing was judged, and by older versions. */
const judge = z.array(JudgeScoreSchema).max(MAX_JUDGED).optional();

/** `entry.json`: what the store says of one commit's record, so that a trend needs no record. */
export const EntrySchema = z.object({
  schemaVersion: z.literal(ENTRY_SCHEMA_VERSION),
  sha: CommitIdSchema,
  /** Parents of the commit, first parent first; null where unknown. */
  parents: z.array(CommitIdSchema).nullable(),
  /** `owner/name`; null outside GitHub. */
  repository: text.nullable(),
  branch: text.nullable(),
  event: text.nullable(),
  run: z.object({ id: count, attempt: z.number().int().min(1) }).nullable(),
  created: z.iso.datetime(),
  /** Version of sos-bench that wrote it. */
  version: text,
  suite: text,
  planHash: text.nullable(),
  /** Whether every planned item was evaluated. */
  complete: z.boolean(),
  /** `identity`: SHA-256 of all that decides an answer; left out by older versions, and where it is not known. */
  model: z.object({ name: text, digest: text.nullable(), identity: Sha256Schema.optional() }),
  harness: z.object({ name: text, version: text.nullable() }),
  /** Always `paper`: scores of another preset are no part of the same line. */
  preset: z.literal('paper'),
  factors: z.array(FactorScoreSchema).max(FACTORS.length),
  judge,
  /** How it compared with its own baseline; null where it was compared with none. */
  verdict: z
    .object({ verdict: OverallVerdictSchema, passed: z.boolean(), baseline: CommitIdSchema.nullable() })
    .nullable(),
  /** Items evaluated, and whether they are still kept beside the record. */
  items: count,
  itemsKept: z.boolean(),
  /** Path of the record in the store. */
  record: text,
});
export type Entry = z.infer<typeof EntrySchema>;

/** What the index says of an entry. */
export const IndexLineSchema = EntrySchema.pick({
  sha: true,
  created: true,
  branch: true,
  event: true,
  suite: true,
  planHash: true,
  itemsKept: true,
}).extend({
  /** The model's; left out by older versions. */
  identity: Sha256Schema.optional(),
  factors: z.array(FactorScoreSchema.pick({ id: true, score: true, ci: true })),
  judge,
});
export type IndexLine = z.infer<typeof IndexLineSchema>;

export const IndexFileSchema = z.object({
  schemaVersion: z.literal(ENTRY_SCHEMA_VERSION),
  entries: z.array(IndexLineSchema),
});

export function indexLine(entry: Entry): IndexLine {
  const { sha, created, branch, event, suite, planHash, itemsKept, factors, model } = entry;
  return {
    ...{ sha, created, branch, event, suite, planHash, itemsKept },
    ...(model.identity !== undefined && { identity: model.identity }),
    factors: factors.map(({ id, score, ci }) => ({ id, score, ci })),
    ...(entry.judge !== undefined && { judge: entry.judge }),
  };
}

/** An entry as it was read: the entry, or in words what is wrong with it. */
export type ReadEntry = { entry: Entry; problem: null } | { entry: null; problem: string };

/** Checks a stored entry: whole JSON of our schema, finite numbers, and of the commit whose folder it lies in. */
export function parseEntry(sha: string, content: Uint8Array): ReadEntry {
  const document = parseJsonOrUndefined(content);
  if (document === undefined) return { entry: null, problem: 'entry.json is not whole JSON' };
  const parsed = EntrySchema.safeParse(document);
  if (!parsed.success) {
    return { entry: null, problem: `entry.json: ${firstIssue(parsed.error)}` };
  }
  const entry = parsed.data;
  if (entry.sha !== sha) return { entry: null, problem: `entry.json claims to be of ${entry.sha}` };
  if (entry.record !== entryPaths(sha).record)
    return { entry: null, problem: 'entry.json points to a record elsewhere' };
  return { entry, problem: null };
}

export function encodeEntry(entry: Entry): string {
  return `${JSON.stringify(entry, null, 2)}\n`;
}

/** One line an entry, so that `git diff` of an index reads well. */
export function encodeIndex(lines: readonly IndexLine[]): string {
  const sorted = [...lines].sort(byTime);
  const body = sorted.map((line) => JSON.stringify(line)).join(',\n');
  return `{"schemaVersion":${ENTRY_SCHEMA_VERSION},"entries":[\n${body}\n]}\n`;
}

/** Oldest first; equal times by commit id, so that the order never depends on who wrote first. */
export function byTime(a: Pick<IndexLine, 'created' | 'sha'>, b: Pick<IndexLine, 'created' | 'sha'>): number {
  return Date.parse(a.created) - Date.parse(b.created) || (a.sha < b.sha ? -1 : a.sha > b.sha ? 1 : 0);
}

/** Undefined for what is not JSON, or nested beyond reason. */
export function parseJsonOrUndefined(content: Uint8Array): unknown {
  try {
    return parseBounded(Buffer.from(content).toString('utf8'));
  } catch {
    return undefined;
  }
}
