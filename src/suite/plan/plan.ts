import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FACTORS } from '../benchmark.ts';
import { describeForHash, SequentialSchema } from './looks/looks.ts';

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
