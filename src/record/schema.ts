import { z } from 'zod';
import type { AnswerStyle } from '../answer-style.ts';
import { CommitIdSchema } from '../commit-id.ts';
import type { JudgedGames } from '../judge/score/game.ts';
import { JudgeResultsSchema } from '../judge/score/judge-result.ts';
import { Sha256Schema } from '../sha256.ts';
import { FACTORS } from '../suite/benchmark.ts';
import type { LeftHeadToHead } from './head-to-head.ts';
import { ModelIdentitySchema } from './identity.ts';

export const RECORD_SCHEMA_VERSION = 1;

/** Longer ones are not loaded. */
const MAX_TEMPLATE_LENGTH = 64 * 1024;

const fraction = z.number().min(0).max(1);
const count = z.number().int().min(0);

/** What became of a benchmark or task in a run. */
export const StatusSchema = z.enum(['done', 'partial', 'skipped', 'failed']);

/**
 * What must be equal, per task, for two records to be comparable. Document hashes are compared item by item. In an
 * imported record null means unknown.
 */
export const TaskProtocolSchema = z.object({
  version: z.string().nullable(),
  fewshot: count.nullable(),
  outputType: z.string().nullable(),
  metric: z.string(),
  /** What the harness took of an answer before it scored it, where an import says so: `strict-match`. */
  filter: z.string().optional(),
  generation: z.record(z.string(), z.unknown()).nullable(),
  /** Where the documents came from: `hub:ID@REVISION`, `datasets-dir` or `mini`. */
  data: z.string().nullable(),
  /** SHA-256 over sorted (document hash, prompt hash, target); null before the task is done. */
  prompts: z.string().nullable(),
});
export type TaskProtocol = z.infer<typeof TaskProtocolSchema>;

/** In an imported record null means unknown. */
export const ProtocolSchema = z.object({
  harness: z.object({ name: z.string(), version: z.string().nullable() }),
  backend: z.string().nullable(),
  systemInstruction: z.string().nullable(),
  chatTemplateApplied: z.boolean().nullable(),
  enableThinking: z.boolean().nullable(),
  /** What ends the reasoning that is cut off; null for none, left out by older versions and in imports that do not say. */
  thinkEndToken: z.string().nullable().optional(),
  seed: z.number().int().nullable(),
  /** Folders with task definitions from outside; their tasks are not the catalogue's. */
  includePaths: z.array(z.string()).nullable(),
  tasks: z.record(z.string(), TaskProtocolSchema),
});

/** What may differ, because it is what a pull request changes: shown, never blocking. */
export const SubjectSchema = z.object({
  chatTemplateSha256: z.string().nullable(),
  /** Its text; left out by older versions and in imports. */
  chatTemplate: z.string().max(MAX_TEMPLATE_LENGTH).nullable().optional(),
  tokenizerSha256: z.string().nullable(),
  dtype: z.string().nullable(),
  quantisation: z.unknown(),
  parameters: z.number().nullable(),
  modelArgs: z.record(z.string(), z.unknown()),
  /** What the server that somebody else ran called the model it answered for; null where there was none. */
  servedModel: z.string().nullable().default(null),
});

/** What kept LiveBench's graders apart, and whether answers that are programs were run whatever it was. */
export const SandboxUseSchema = z.object({
  kind: z.enum(['bubblewrap', 'namespaces', 'none']),
  allowUnsafeCode: z.boolean(),
});
export type SandboxUse = z.infer<typeof SandboxUseSchema>;

export const EnvironmentSchema = z.object({
  platform: z.string(),
  device: z.object({
    type: z.string(),
    name: z.string(),
    count: count,
    memory: z.number().nullable(),
    threads: count,
  }),
  versions: z.record(z.string(), z.string()),
  batchSize: z.string(),
  /** Tokens that a batch could hold when the model was loaded; left out where batches were not cut by tokens. */
  batchTokens: count.optional(),
  /**
   * How requests for log-probabilities were read: `shared` (what they share once), `harness` (each by itself), or both, as
   * `harness + shared`; left out where unknown, as in older versions, which went the harness's way.
   */
  engine: z.string().optional(),
  /** Why it was the harness's way; left out where it was not, or nobody told. */
  engineReason: z.string().optional(),
  /** Each that was used; none where LiveBench's graders did not run. */
  sandboxes: z.array(SandboxUseSchema).default([]),
});

export const TaskResultSchema = z.object({
  task: z.string(),
  status: StatusSchema,
  reason: z.string().nullable(),
  n: count,
  /** Documents the task definition left out, by reason. */
  dropped: z.record(z.string(), count),
  /** Documents the task has, of which the plan chose some or all; left out where unknown. */
  documents: count.optional(),
  /** Of a task without items, as its benchmark's; null where items are kept. */
  mean: fraction.nullable().default(null),
  stderr: z.number().min(0).nullable().default(null),
  chance: fraction.nullable().default(null),
});

export const BenchmarkResultSchema = z.object({
  id: z.string(),
  status: StatusSchema,
  reason: z.string().nullable(),
  /** Items evaluated and items planned. */
  n: count,
  planned: count,
  /** Items that were tried and could not be scored: too few to give the benchmark up, and left out of its mean. */
  unscored: count.default(0),
  /** Answers that were cut at the token limit; left out where there is no generated answer, or one of which nobody knows. */
  cutAnswers: count.optional(),
  /** Answers whose reasoning has no end, so that nothing is left to score; left out as above. */
  unendedReasoning: count.optional(),
  /** Answers that passed LiveBench's grader of code and whose own outputs were others than expected: they score 0. */
  unconfirmed: z.array(z.object({ task: z.string(), question: z.string(), reason: z.string() })).optional(),
  /** Mean of the items' scores as the harness measures them (WMDP not inverted), a fraction of 1. */
  mean: fraction.nullable(),
  /** Standard error of the mean, clustered where items have clusters. */
  stderr: z.number().min(0).nullable(),
  /**
   * Where the standard error is from: the items kept here; the imported file; or derived on import, as
   * sqrt(p (1 - p) / n) or (IFEval) from the standard errors of its parts. Null where there is none.
   */
  stderrOrigin: z.enum(['items', 'reported', 'derived']).nullable().default(null),
  /** Expected raw score of guessing on the tasks that ran. */
  chance: fraction.nullable(),
  /** Raw score of the best constant answer on these very items; null where answers are free text. */
  constantScore: fraction.nullable(),
  /** How often each option (by index) or text (by hash) was the answer: the 30 commonest. */
  answers: z.record(z.string(), count),
  /** IFEval only: instructions followed, for the published (pooled) figure, which is another estimator. */
  instructions: z.object({ total: count, strict: count, loose: count }).nullable(),
  tasks: z.array(TaskResultSchema),
});
export type BenchmarkResult = z.infer<typeof BenchmarkResultSchema>;

/** Where a record comes from that was made elsewhere. */
export const ImportedSchema = z.object({
  from: z.enum(['lm-eval', 'livebench', 'sos-bench-csv', 'arena-hard', 'alpaca-eval', 'board']),
  /** Names of the files, without folders. */
  files: z.array(z.string()),
  /** Known faults of the published run that were corrected (`--repair`). */
  repairs: z.array(z.string()),
  /** What had to be assumed, chosen or left out. */
  notes: z.array(z.string()),
});

/** SHA-256 of the files beside `record.json`, as they were when it was written. */
export const RecordFileDigestsSchema = z.object({
  'items.parquet': Sha256Schema,
  'plan.json': Sha256Schema.optional(),
  'journal.ndjson': Sha256Schema.optional(),
  'games.parquet': Sha256Schema.optional(),
});
export type RecordFileDigests = z.infer<typeof RecordFileDigestsSchema>;

/**
 * Where results came from that this run did not get itself: the same output folder, a `state-dir`, or an artifact of an earlier
 * attempt, which every job of a workflow run can write.
 */
export const ResumedSchema = z.object({
  /** Questions that were not asked again. */
  questions: count,
  from: z.enum(['output', 'state-dir', 'artifact', 'signed-artifact']),
});
export type Resumed = z.infer<typeof ResumedSchema>;

/** Answers that were not asked for again: another record of this very model has them, for the same protocol. */
export const ReusedSchema = z.object({
  /** The commit that the other record is of; null where it says none. */
  commit: CommitIdSchema.nullable(),
  items: count,
});
export type Reused = z.infer<typeof ReusedSchema>;

/** By whose settings a model was evaluated: what `report` holds against the base of a change. */
export const AskedRecordSchema = z.object({
  /** Commit whose configuration file was used; null where none was read. */
  commit: CommitIdSchema.nullable(),
  /** What each setting that judges was, and where its value was from; `plan` is the hash of a plan that was given. */
  settings: z.record(
    z.string(),
    z.object({ value: z.string(), from: z.enum(['input', 'base', 'local', 'subject', 'default']) }),
  ),
});
export type AskedRecord = z.infer<typeof AskedRecordSchema>;

/** `record.json`: all that one evaluation of one model left, beside `items.parquet`. */
export const RecordSchema = z.object({
  schemaVersion: z.literal(RECORD_SCHEMA_VERSION),
  /** False while a run was interrupted: planned items are missing. */
  complete: z.boolean(),
  model: z.object({
    name: z.string(),
    source: z.string(),
    /** Of the folder's files, large ones sampled. */
    digest: z.string().nullable(),
    /** Left out by older versions, in imports, and where a server has the model. */
    identity: ModelIdentitySchema.optional(),
  }),
  commit: CommitIdSchema.nullable(),
  branch: z.string().nullable(),
  event: z.string().nullable(),
  /** Null for a record that was evaluated here; in an imported one, unknown things are null. */
  imported: ImportedSchema.nullable().default(null),
  started: z.iso.datetime().nullable(),
  finished: z.iso.datetime().nullable(),
  suite: z.string(),
  seed: z.number().int().nullable(),
  planHash: z.string().nullable(),
  /** Which part of the plan this is, counted from 1; null for all of it, and for what was merged. */
  shard: z.object({ index: count, of: count }).nullable().default(null),
  /** Left out by earlier versions, and by other entry points than the action and `run`. */
  asked: AskedRecordSchema.optional(),
  environment: EnvironmentSchema.nullable(),
  protocol: ProtocolSchema,
  subject: SubjectSchema,
  benchmarks: z.array(BenchmarkResultSchema),
  totals: z.object({
    items: count,
    tokens: count.nullable(),
    /** Minutes a device was held for evaluation: chunk seconds of all attempts, plus loading. */
    deviceMinutes: z.number().min(0).nullable(),
    /** Chunks tried again, by kind of fault. */
    retries: z.record(z.string(), count),
  }),
  /** Left out where every question was asked by the run that left the record. */
  resumed: ResumedSchema.optional(),
  /**
   * Where the run ended before all that was planned: looks of the plan, and the one that decided each factor. A claim: whoever judges goes
   * through the looks again.
   */
  looks: z.object({ count, decided: z.partialRecord(z.enum(FACTORS), count) }).optional(),
  /** By record that answers were taken over from; left out where there is none. */
  reused: z.array(ReusedSchema).optional(),
  /** What judges found, by benchmark and judge: in no factor, and none of `benchmarks`. Left out where nothing was judged. */
  judge: JudgeResultsSchema.optional(),
  /** What binds the record's files to it; left out by versions that had no record digest. */
  files: RecordFileDigestsSchema.optional(),
});
export type RunRecord = z.infer<typeof RecordSchema>;

/**
 * What `items.parquet` says of where it comes from; the same for every run of one model on one plan, and for every
 * import of the same files.
 */
export function runOf(record: RunRecord): string {
  if (record.imported !== null) return ['imported', record.model.name, ...record.imported.files].join(' ');
  return `${record.planHash} ${record.model.digest}`;
}

/** One row of `items.parquet`. */
export interface Item {
  benchmark: string;
  task: string;
  docId: number;
  /** First 8 bytes of the document's SHA-256 as a signed 64-bit integer. */
  docHash: bigint;
  /** Items that share it are dependent; null where the item stands alone. */
  cluster: bigint | null;
  /** The task, unless a harness knows finer strata. */
  stratum: string;
  metric: string;
  /** As the harness measures it (WMDP not inverted), a fraction of 1. */
  score: number;
  /** Right answer's log-probability minus the best wrong one's, in the metric's own units; null for free text. */
  margin: number | null;
  /** Chosen option's index, or the first 8 bytes of the text's SHA-256 in hex. */
  prediction: string;
  /** Probability with which the plan chose the item, (0, 1]. */
  inclusionP: number;
  /** How a generated answer is written; left out where there is none, and by older versions. */
  style?: AnswerStyle;
}

/** A record as it is worked with: `record.json` and the rows of `items.parquet`. */
export interface LoadedRecord {
  /** The folder it was read from. */
  path: string;
  record: RunRecord;
  items: Item[];
  /** The games behind `record.judge`; left out where there are none, or they are not kept. */
  games?: JudgedGames[];
  /**
   * The judge's verdicts on main's answers against this model's: a claim of the job that evaluated, and no part of the record. `problem`: why what
   * lies there cannot be used. Left out where nothing does.
   */
  headToHead?: LeftHeadToHead | { problem: string };
}

/** Answers taken over, summed up by the commit they are of. */
export function sumReused(all: readonly Reused[]): Reused[] {
  const sums = new Map<string | null, number>();
  for (const { commit, items } of all) sums.set(commit, (sums.get(commit) ?? 0) + items);
  return [...sums].map(([commit, items]) => ({ commit, items }));
}

/** Each sandbox that was used once, in order of first use. */
export function uniqueSandboxes(used: readonly SandboxUse[]): SandboxUse[] {
  return [...new Map(used.map((use) => [`${use.kind} ${use.allowUnsafeCode}`, use])).values()];
}
