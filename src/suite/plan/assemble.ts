import type { BenchmarkInventory, DocumentInventory, TaskInventory } from './inventory.ts';
import type { Sequential } from './looks/looks.ts';
import {
  type Chunk,
  hashPlan,
  PLAN_SCHEMA_VERSION,
  type Plan,
  type PlannedTask,
  type Suite,
} from './plan.ts';

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
