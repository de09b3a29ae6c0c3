import { z } from 'zod';
import { AnswerStyleSchema } from '../../answer-style.ts';

/** The worker protocol: one JSON document a line, requests on stdin, answers on stdout. */
export const WORKER_PROTOCOL = 1;

/** How a task is loaded: its name, what replaces its own configuration, and what makes documents dependent. */
export interface TaskSpec {
  task: string;
  overrides: Record<string, unknown>;
  clusterFields: readonly (readonly string[])[];
  /** Replaces parts of the generation settings of a generating task. */
  generation?: Record<string, unknown>;
}

export type WorkerRequest =
  /** `closed`: a folder whose files no task may name as its data, but those in `includePaths`; null for none. */
  | { type: 'prepare'; includePaths: string[]; seed: number; closed?: string | null }
  | { type: 'expand'; name: string }
  | { type: 'describe'; spec: TaskSpec }
  /** Questions as they are put, for people of this machine. */
  | { type: 'texts'; spec: TaskSpec; items: number[] }
  /** Files to write, by the split that goes into them. */
  | { type: 'export'; spec: TaskSpec; files: Record<string, string> }
  | {
      type: 'open';
      backend: string;
      args: Record<string, unknown>;
      /** Requests in a batch, `auto` (the harness measures) or `tokens` (by a budget, which `hello` tells). */
      batchSize: string;
      device: string | null;
      applyChatTemplate: boolean | 'auto';
      systemInstruction: string | null;
      seed: number;
      /** Whether to look at the model's log-probabilities, since they will be asked for. */
      probe?: boolean;
      /** Whether the model is to reason before it answers (null: as it likes), and what ends that; left out for nothing to cut. */
      thinking?: { enabled: boolean | null; end: string | null };
      /** Where a run that is resumed went the harness's way; left out for the model to decide. */
      engine?: 'harness';
    }
  | {
      type: 'evaluate';
      chunk: string;
      spec: TaskSpec;
      metric: string;
      items: number[];
      /** Requests in a batch of what goes the harness's way, or `auto`. */
      batchSize: string;
      /** Tokens that a batch may hold; left out for the harness's way with everything. */
      batchTokens?: number;
      /** More such requests may follow before this one is answered: see `chunksInFlight` of `hello`. */
      together?: true;
    }
  | {
      type: 'judge';
      chunk: string;
      system: string;
      /** What stands between the prompt and a label. */
      opening: string;
      labels: readonly string[];
      /** What the user says, one a game. */
      games: string[];
      batchTokens?: number;
    }
  | { type: 'cancel'; chunk: string }
  | { type: 'shutdown' };

const count = z.number().int().min(0);
const hash = z.string().regex(/^[0-9a-f]{16}$/);

const PreparedSchema = z.object({
  type: z.literal('prepared'),
  protocol: z.literal(WORKER_PROTOCOL),
  versions: z.record(z.string(), z.string()),
});

/** What a task, or a group's tasks, say of themselves before any data is loaded. */
export const ExpandedSchema = z.object({
  type: z.literal('expanded'),
  tasks: z.array(
    z.object({
      task: z.string(),
      /** Data set on the Hub; null where the task brings its own files. */
      dataset: z.string().nullable(),
      revision: z.string().nullable(),
      split: z.string(),
      fewshotSplit: z.string().nullable(),
      outputType: z.string(),
      metrics: z.array(z.object({ name: z.string(), higherIsBetter: z.boolean() })),
    }),
  ),
});
export type Expanded = z.infer<typeof ExpandedSchema>;

export const DescribedSchema = z.object({
  type: z.literal('described'),
  task: z.string(),
  version: z.string(),
  outputType: z.string(),
  numFewshot: count,
  generation: z.record(z.string(), z.unknown()).nullable(),
  dropped: z.record(z.string(), count),
  exampleLength: count,
  items: z.object({
    docHashes: z.array(hash),
    clusters: z.array(hash.nullable()),
    lengths: z.array(count),
    readings: z.array(count),
  }),
});
export type Described = z.infer<typeof DescribedSchema>;

export const ModelLoadedSchema = z.object({
  type: z.literal('hello'),
  versions: z.record(z.string(), z.string()),
  device: z.object({
    type: z.string(),
    name: z.string(),
    count,
    memory: z.number().nullable(),
    threads: count,
  }),
  dtype: z.string().nullable(),
  quantisation: z.unknown(),
  parameters: z.number().nullable(),
  maxLength: z.number().nullable(),
  chatTemplateApplied: z.boolean(),
  chatTemplateSha256: z.string().nullable(),
  chatTemplate: z.string().nullish(),
  tokenizerSha256: z.string().nullable(),
  /** Tokens that a batch may hold on this device; null or left out where batches are not cut by tokens. */
  batchTokens: count.nullish(),
  /** How many chunks of written answers it takes at once; null or left out where it is one. */
  chunksInFlight: count.nullish(),
  /** `shared`: what questions share is read once; `harness`: each request by itself. Left out by older versions, which did that. */
  engine: z.enum(['shared', 'harness']).nullish(),
  /** Why it is the harness's way; null where it is not. */
  engineReason: z.string().nullish(),
  /** What is wrong with the model's log-probabilities; null where nothing is, left out where they were not looked at. */
  probe: z.object({ fault: z.string(), advice: z.string() }).nullish(),
});
export type ModelLoaded = z.infer<typeof ModelLoadedSchema>;

const RawScoreSchema = z.union([z.number(), z.object({ passed: count, total: count })]);

export const WorkerItemSchema = z.object({
  docId: count,
  docHash: hash,
  promptHash: hash,
  scores: z.record(z.string(), RawScoreSchema),
  target: z.string(),
  tokens: count.nullable(),
  prediction: z.string(),
  margin: z.number().nullable().optional(),
  /** Whether a generated answer was cut at the token limit; left out where nobody told. */
  cut: z.boolean().optional(),
  /** Whether reasoning before the answer has no end; left out where none was looked for. */
  unended: z.boolean().optional(),
  /** How a generated answer is written; left out where there is none, and by older versions. */
  style: AnswerStyleSchema.optional(),
  /** What its data set counts the question among (a subject of MMLU-Pro); left out where it says nothing, and by older versions. */
  stratum: z.string().min(1).max(100).optional(),
  /** Of an answer that passed its grader and was not confirmed: what its source calls the question, and why. */
  unconfirmed: z.object({ question: z.string(), reason: z.string() }).optional(),
});
export type WorkerItem = z.infer<typeof WorkerItemSchema>;

const ResultSchema = z.object({
  type: z.literal('result'),
  chunk: z.string(),
  seconds: z.number().min(0),
  items: z.array(WorkerItemSchema),
  /** Questions that have no score, since a value of theirs is not finite; left out where all have one. */
  unscored: z.array(z.object({ docId: count, id: z.string(), reason: z.string() })).optional(),
});
export type ChunkResult = z.infer<typeof ResultSchema>;

const JudgedSchema = z.object({
  type: z.literal('judged'),
  chunk: z.string(),
  seconds: z.number().min(0),
  games: z.array(
    z.union([
      /** Of each label its log-probability, null where it is not finite; tokens that were read. */
      z.object({ values: z.array(z.number().nullable()), tokens: count }),
      /** It has more tokens than the model reads. */
      z.object({ tokens: count, limit: count }).strict(),
    ]),
  ),
});
export type JudgedChunk = z.infer<typeof JudgedSchema>;

const ProgressSchema = z.object({
  type: z.literal('progress'),
  chunk: z.string(),
  done: z.number(),
  total: z.number().nullable(),
});
export type ChunkProgress = z.infer<typeof ProgressSchema>;

const ShownQuestionSchema = z.object({
  docHash: hash,
  /** The question as the harness puts it, without examples before it. */
  text: z.string(),
  /** What there is to choose from; null where an answer is written. */
  options: z.array(z.string()).nullable(),
  /** The right answer: the index of an option, or a text. */
  target: z.string(),
});
export type ShownQuestion = z.infer<typeof ShownQuestionSchema>;

const TextsSchema = z.object({
  type: z.literal('texts'),
  /** In the order of the items; null where the task has no such document. */
  texts: z.array(ShownQuestionSchema.nullable()),
});

const ExportedSchema = z.object({ type: z.literal('exported') });

const ErrorSchema = z.object({
  type: z.literal('error'),
  kind: z.enum(['oom', 'device', 'data', 'model', 'internal']),
  message: z.string(),
  chunk: z.string().optional(),
  task: z.string().optional(),
});

const CancelledSchema = z.object({ type: z.literal('cancelled'), chunk: z.string() });

export const WorkerMessageSchema = z.discriminatedUnion('type', [
  PreparedSchema,
  ExpandedSchema,
  DescribedSchema,
  TextsSchema,
  ExportedSchema,
  ModelLoadedSchema,
  ResultSchema,
  ProgressSchema,
  ErrorSchema,
  CancelledSchema,
  JudgedSchema,
]);
export type WorkerMessage = z.infer<typeof WorkerMessageSchema>;
export type WorkerAnswer = Exclude<WorkerMessage, { type: 'progress' | 'error' }>;
