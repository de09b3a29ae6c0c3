import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FACTORS } from '../benchmark.ts';
import { describeForHash, type Sequential, SequentialSchema } from './looks/looks.ts';

export const PLAN_SCHEMA_VERSION = 1;

/** Which items: all there are, a planned sample of them, or ours. */
export const SUITES = ['full', 'pr', 'mini'] as const;
export type Suite = (typeof SUITES)[number];

const count = z.number().int().min(0);
/** Names end up in messages; a stored plan may come from elsewhere. */
const name = z.string().regex(/^\P{Cc}{1,300}$/u, 'no name');
const hash = z.string().regex(/^[0-9a-f]{16}$/, 'not 16 hex digits');

const PlannedTaskSchema = z.object({
  task: name,
  status: z.enum(['planned', 'skipped']),
  reason: z.string().nullable(),
  /** Documents there, and those the task definition left out, by reason. */
  available: count,
  dropped: z.record(z.string(), count),
  /** Chosen documents: position, hash (16 hex digits), cluster and inclusion probability, side by side. */
  docIds: z.array(count),
  docHashes: z.array(hash),
  clusters: z.array(hash.nullable()),
  inclusionP: z.array(z.number().gt(0).max(1)),
});
export type PlannedTask = z.infer<typeof PlannedTaskSchema>;

const ChunkSchema = z.object({
  id: name,
  benchmark: name,
  task: name,
  docIds: z.array(count).min(1),
  /** Expected work in characters read; only ratios matter. */
  cost: z.number().min(0),
  /** The look that it belongs to, counted from 1; left out where the plan has none. */
  look: z.number().int().min(1).optional(),
});
export type Chunk = z.infer<typeof ChunkSchema>;

const fraction = z.number().gt(0).max(1);

/** What a sample was planned for. */
const SampleSchema = z.object({
  /** Drops to be seen, by factor, as fractions of 1; larger than asked for where a limit did not allow more. */
  detect: z.partialRecord(z.enum(FACTORS), fraction),
  power: fraction,
  alpha: fraction,
  /** What the variances were taken to be, by benchmark. */
  spreads: z.record(
    z.string(),
    z.object({
      variance: z.number().min(0),
      dependence: z.number().min(0).max(1),
      source: z.enum(['assumed', 'records']),
    }),
  ),
});

/** Model classes for a model in a folder that a plan may name. */
export const PLANNED_BACKENDS = ['hf', 'vllm', 'sglang'] as const;
export type PlannedBackend = (typeof PLANNED_BACKENDS)[number];

/** `plan.json`: which items of which benchmarks a run evaluates, cut into chunks. */
export const PlanSchema = z.object({
  schemaVersion: z.literal(PLAN_SCHEMA_VERSION),
  suite: z.enum(SUITES),
  seed: z.number().int(),
  planHash: z.string(),
  /** Null where all items are taken. */
  sample: SampleSchema.nullable().default(null),
  /**
   * What backend `auto` takes wherever this plan is followed; left out where each machine chooses. The hash does not cover it: it says
   * nothing of the questions, and records of different backends are not compared.
   */
  backend: z.enum(PLANNED_BACKENDS).optional(),
  benchmarks: z.array(
    z.object({
      id: name,
      status: z.enum(['planned', 'skipped']),
      reason: z.string().nullable(),
      tasks: z.array(PlannedTaskSchema),
    }),
  ),
  chunks: z.array(ChunkSchema),
  /** Looks at which a comparison may be decided before all is asked; left out where there is but one. */
  sequential: SequentialSchema.optional(),
});
export type Plan = z.infer<typeof PlanSchema>;

/** Why a benchmark of options has no documents where the model is to reason before it answers. */
export const SKIPPED_WHEN_THINKING =
  'scored by log-probabilities, and the model is to reason first (enable-thinking)';

/** What a plan is made of: per task the documents that are there, or the reason why there are none. */
export interface TaskInventory {
  task: string;
  documents: DocumentInventory | null;
  /** Why there are no documents; null where there are. */
  reason: string | null;
}

/** The documents of a task, in the harness's order; arrays run side by side. */
export interface DocumentInventory {
  hashes: readonly string[];
  clusters: readonly (string | null)[];
  /** Characters of each question, and of the examples before it. */
  lengths: readonly number[];
  exampleLength: number;
  /** How often the model reads each document's prompt: once, or once for each answer option. */
  readings: readonly number[];
  dropped: Record<string, number>;
  /** Tokens a free-text answer may take; 0 for multiple choice. */
  maxNewTokens: number;
}

export interface BenchmarkInventory {
  id: string;
  /** Why the whole benchmark cannot run; null where it can. */
  reason: string | null;
  tasks: TaskInventory[];
}

const MAX_CHUNK_ITEMS = { choice: 128, text: 64 };
const CHARACTERS_PER_TOKEN = 4;
/** Reading a token costs a fraction of writing one: prompts run in parallel, answers one token at a time. */
const WRITING_FACTOR = 12;
/** Most answers end long before their limit. */
const WRITTEN_SHARE = 0.25;

/** A plan of every available item (suites `full` and `mini`), each with inclusion probability 1. */
export function planAllItems(suite: Suite, seed: number, inventory: readonly BenchmarkInventory[]): Plan {
  return assemblePlan({ suite, seed, sample: null }, inventory, ({ documents }) =>
    (documents?.hashes ?? []).map((_, docId) => docId),
  );
}

/**
 * A plan of the documents that `choose` takes of each task, sorted and at random: each has the inclusion probability
 * chosen / available.
 *
 * @param lookOf the look at which each of a task's documents is asked; no chunk has documents of two looks.
 */
export function assemblePlan(
  head: Pick<Plan, 'suite' | 'seed' | 'sample'> & { sequential?: Sequential },
  inventory: readonly BenchmarkInventory[],
  choose: (task: TaskInventory) => number[],
  lookOf?: (task: TaskInventory) => (docId: number) => number,
): Plan {
  const chunks: Chunk[] = [];
  const benchmarks = inventory.map((benchmark) => {
    const tasks = benchmark.tasks.map((task) => {
      const docIds = choose(task);
      chunks.push(...cut(benchmark.id, task, docIds, lookOf?.(task)));
      return planTask(task, docIds);
    });
    const reason = benchmark.reason ?? commonReason(tasks);
    return {
      id: benchmark.id,
      status: reason === null ? ('planned' as const) : ('skipped' as const),
      reason,
      tasks,
    };
  });
  const plan = { schemaVersion: PLAN_SCHEMA_VERSION, ...head, benchmarks, chunks } as const;
  return { ...plan, planHash: hashPlan(plan) };
}

function planTask(task: TaskInventory, docIds: number[]): PlannedTask {
  const { hashes = [], clusters = [], dropped = {} } = task.documents ?? {};
  return {
    task: task.task,
    status: hashes.length > 0 ? 'planned' : 'skipped',
    reason: hashes.length > 0 ? null : (task.reason ?? 'no documents'),
    available: hashes.length,
    dropped,
    docIds,
    docHashes: docIds.map((docId) => hashes[docId]!),
    clusters: docIds.map((docId) => clusters[docId] ?? null),
    inclusionP: docIds.map(() => docIds.length / hashes.length),
  };
}

/** Null when at least one task can run; else the tasks' reason, or the first of several. */
function commonReason(tasks: PlannedTask[]): string | null {
  if (tasks.length === 0) return 'no tasks';
  if (tasks.some((task) => task.status === 'planned')) return null;
  const reasons = [...new Set(tasks.map((task) => task.reason))];
  return reasons.length === 1 ? reasons[0]! : `${reasons[0]} (and ${reasons.length - 1} more)`;
}

/** Cuts a task's items into chunks of nearly equal size, each of one look; those of a chunk stay in order. */
function cut(
  benchmark: string,
  task: TaskInventory,
  chosen: readonly number[],
  lookOf: ((docId: number) => number) | undefined,
): Chunk[] {
  const documents = task.documents;
  if (documents === null) return [];
  const limit = documents.maxNewTokens > 0 ? MAX_CHUNK_ITEMS.text : MAX_CHUNK_ITEMS.choice;
  const pieces = (own: readonly number[], name: string, part: Pick<Chunk, 'look'>): Chunk[] => {
    const n = own.length;
    const count = Math.ceil(n / limit);
    return Array.from({ length: count }, (_, piece) => {
      const docIds = own.slice(Math.floor((n * piece) / count), Math.floor((n * (piece + 1)) / count));
      return {
        id: `${name}#${piece + 1}/${count}`,
        benchmark,
        task: task.task,
        docIds,
        cost: docIds.reduce((total, docId) => total + itemCost(documents, docId), 0),
        ...part,
      };
    });
  };
  if (lookOf === undefined) return pieces(chosen, task.task, {});
  const looks = [...new Set(chosen.map(lookOf))].sort((a, b) => a - b);
  return looks.flatMap((look) =>
    pieces(
      chosen.filter((docId) => lookOf(docId) === look),
      `${task.task}@${look}`,
      { look },
    ),
  );
}

/**
 * The task of a chunk by its id: `TASK#1/12`, or `TASK@2#1/12` where it is of the second of several looks.
 *
 * @param isTask whether a task of that name is there: a name may end as a look does.
 */
export function taskOfChunk(id: string, isTask: (name: string) => boolean): string {
  const name = id.slice(0, id.lastIndexOf('#'));
  return isTask(name) ? name : name.replace(/@\d+$/, '');
}

/** Expected work for one document, in characters read: reading for each pass, and what writing takes in their place. */
export function itemCost(documents: DocumentInventory, docId: number): number {
  const { lengths, readings, exampleLength, maxNewTokens } = documents;
  const read = ((lengths[docId] ?? 0) + exampleLength) * (readings[docId] ?? 1);
  return read + maxNewTokens * WRITTEN_SHARE * CHARACTERS_PER_TOKEN * WRITING_FACTOR;
}

/**
 * SHA-256 (first 16 hex digits) over what is evaluated, how it is cut, and the looks that decide; reasons, costs and what a sample was
 * planned for do not count.
 */
export function hashPlan({
  suite,
  seed,
  benchmarks,
  chunks,
  sequential,
}: Pick<Plan, 'suite' | 'seed' | 'benchmarks' | 'chunks' | 'sequential'>): string {
  const digest = createHash('sha256').update(`${PLAN_SCHEMA_VERSION} ${suite} ${seed}\n`);
  for (const benchmark of benchmarks) {
    for (const task of benchmark.tasks) {
      digest.update(
        `${benchmark.id} ${task.task} ${task.docIds.join()} ${task.docHashes.join()} ${task.inclusionP.join()}\n`,
      );
    }
  }
  for (const { id, docIds, look } of chunks) {
    digest.update(`${id} ${docIds.join()}${look === undefined ? '' : ` look ${look}`}\n`);
  }
  if (sequential !== undefined) digest.update(describeForHash(sequential));
  return digest.digest('hex').slice(0, 16);
}

/**
 * The part of a plan that is of some benchmarks: the same items, cut in the same way. It has a hash of its own, and no looks: their
 * boundaries are those of all benchmarks.
 */
export function restrictPlan(plan: Plan, ids: ReadonlySet<string>): Plan {
  const benchmarks = plan.benchmarks.filter(({ id }) => ids.has(id));
  if (benchmarks.length === plan.benchmarks.length) return plan;
  const chunks = plan.chunks
    .filter(({ benchmark }) => ids.has(benchmark))
    .map(({ look: _, ...chunk }) => chunk);
  const { sequential: _, ...whole } = plan;
  const part = { ...whole, benchmarks, chunks };
  return { ...part, planHash: hashPlan(part) };
}
