import { z } from 'zod';
import { ModelLoadedSchema, WorkerItemSchema } from '../../harness/lm-eval/messages.ts';
import { ReusedSchema, SandboxUseSchema } from '../../record/schema.ts';

export const JOURNAL_SCHEMA_VERSION = 1;

/** What a journal's results belong to. A run that differs in any of these must not continue it. */
export const JournalIdentitySchema = z.object({
  planHash: z.string(),
  modelDigest: z.string(),
  /** Of all that the model class loads; left out where a server has the model, and by older versions. */
  modelIdentity: z.string().optional(),
  /** The protocol's settings as `name -> value`, so that a difference can be named. */
  protocol: z.record(z.string(), z.string()),
});
export type JournalIdentity = z.infer<typeof JournalIdentitySchema>;

/** What else decides whether a later run may take over a journal's answers; left out by older versions. */
const JournalMadeSchema = z.object({
  /** Version of sos-bench. */
  program: z.string(),
  /** Which questions were asked for, as `name -> value`. */
  questions: z.record(z.string(), z.string()),
});
export type JournalMade = z.infer<typeof JournalMadeSchema>;

/** Set where a line tells of another run's work: it took this one no time. */
const taken = z.boolean().optional();

/** The server that answered LiveBench, in its own words. */
const JournalServerSchema = z.object({
  kind: z.string(),
  versions: z.record(z.string(), z.string()),
  /** What a server given calls the model; null for one of ours, whose model the header names. */
  model: z.string().nullable().default(null),
});
export type JournalServer = z.infer<typeof JournalServerSchema>;

/** Where the lines were had that a run began with. Of what was an unsigned artifact once, it stays that. */
const JournalSourceSchema = z.enum(['state-dir', 'artifact', 'signed-artifact']);
export type JournalSource = z.infer<typeof JournalSourceSchema>;

export const JournalLineSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('header'),
    schemaVersion: z.literal(JOURNAL_SCHEMA_VERSION),
    started: z.iso.datetime(),
    identity: JournalIdentitySchema,
    source: JournalSourceSchema.optional(),
    made: JournalMadeSchema.optional(),
  }),
  z.object({ type: z.literal('hello'), hello: ModelLoadedSchema, seconds: z.number(), taken }),
  z.object({ type: z.literal('server'), server: JournalServerSchema, seconds: z.number(), taken }),
  /** Scoring begins; it holds no device. */
  z.object({ type: z.literal('sandbox'), sandbox: SandboxUseSchema, seconds: z.literal(0) }),
  z.object({
    type: z.literal('chunk'),
    chunk: z.string(),
    seconds: z.number(),
    batchSize: z.string(),
    items: z.array(WorkerItemSchema),
    /** Questions of the chunk that have no score; left out where all have one. */
    unscored: z.array(z.object({ docId: z.number(), id: z.string(), reason: z.string() })).optional(),
    /** Of the items, how many are another record's answers; left out where all were asked. */
    reused: z.array(ReusedSchema).optional(),
  }),
  /** Of a chunk that is still to be done, what need not be asked: another record has the answers. */
  z.object({
    type: z.literal('known'),
    chunk: z.string(),
    seconds: z.literal(0),
    items: z.array(WorkerItemSchema),
    reused: z.array(ReusedSchema),
  }),
  z.object({
    type: z.literal('fault'),
    chunk: z.string(),
    kind: z.string(),
    message: z.string(),
    seconds: z.number(),
    batchSize: z.string(),
    /** What the worker ran on; a size that did not fit there need not be tried again. */
    device: z.string().optional(),
  }),
]);
export type JournalLine = z.infer<typeof JournalLineSchema>;
export type JournalEntry = Exclude<JournalLine, { type: 'header' }>;
export type KnownEntry = Extract<JournalLine, { type: 'known' }>;
export type ChunkEntry = Extract<JournalLine, { type: 'chunk' }>;
