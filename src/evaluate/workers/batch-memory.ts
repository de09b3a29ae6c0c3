import { inTokens, parseBatchSize } from './batch-size.ts';

/** Which batches did not fit: of one task on one device, or of all tasks there. */
interface Known {
  /** Smallest size that ran out of memory; infinite where only the harness's own choice (`auto`) did. */
  tooLarge: number;
  /** Largest size that was done after that; 0 where none was. */
  managed: number;
}

/** What the harness itself tries at most where it chooses. */
const MAX_CHOICE = 64;

/** A budget of tokens knows how long requests are: what is too much for one task is for all. */
const ALL_TASKS = '';

/**
 * Remembers which batch sizes ran out of memory, by device and task (budgets of tokens by device alone), so that later chunks start
 * where it fits instead of failing once each. Nothing is made smaller without such a failure: a smaller batch moves log-probabilities
 * in their last digits.
 */
export class BatchMemory {
  readonly #known = new Map<string, Map<string, Known>>();

  /** The size to start a chunk with: what it wants, or less where that is known not to fit. */
  sizeFor(device: string, task: string, wanted: string): string {
    const known = this.#known.get(device)?.get(keyOf(task, wanted));
    if (known === undefined) return wanted;
    const limit = limitOf(known);
    const size = parseBatchSize(wanted);
    if (size === null) return String(limit);
    if (size.count <= limit) return wanted;
    return size.unit === 'tokens' ? inTokens(limit) : String(limit);
  }

  /** A batch of this size ran out of memory. */
  ranOut(device: string, task: string, size: string): void {
    const key = keyOf(task, size);
    const tasks = this.#known.get(device) ?? new Map<string, Known>();
    const { tooLarge, managed } = tasks.get(key) ?? { tooLarge: Number.POSITIVE_INFINITY, managed: 0 };
    tasks.set(key, { tooLarge: Math.min(tooLarge, parseBatchSize(size)?.count ?? tooLarge), managed });
    this.#known.set(device, tasks);
  }

  /** A chunk was done with batches of this size. */
  managed(device: string, task: string, size: string): void {
    const known = this.#known.get(device)?.get(keyOf(task, size));
    if (known !== undefined) known.managed = Math.max(known.managed, parseBatchSize(size)?.count ?? 0);
  }
}

function keyOf(task: string, size: string): string {
  return parseBatchSize(size)?.unit === 'tokens' ? ALL_TASKS : task;
}

/**
 * Half of what did not fit. Of `auto` nothing is known but that it was too much: then 1, and twice the last size as long
 * as that goes well.
 */
function limitOf({ tooLarge, managed }: Known): number {
  if (Number.isFinite(tooLarge)) return Math.max(1, Math.floor(tooLarge / 2));
  return Math.max(1, Math.min(MAX_CHOICE, managed * 2));
}
