import type { ChunkProgress, ChunkResult } from '../../harness/lm-eval/messages.ts';
import type { Chunk } from '../../suite/plan/plan.ts';
import type { BatchMemory } from './batch-memory.ts';
import { firstBatchSize } from './batch-size.ts';
import type { ChunkQueue, Queued } from './chunk-queue.ts';

/** A worker with the model loaded, as the scheduler sees it. */
export interface ChunkWorker {
  /** What it runs on; what fits into memory there is remembered by this name. */
  device: string;
  /** Tokens that a batch may hold on it; null or left out where it cuts no batches by tokens. */
  batchTokens?: number | null;
  /** How many chunks it takes at once where all are such as this one; left out for one at a time. */
  inFlight?(chunk: Chunk): number;
  /** @param together whether it may get more of them before this one is done. */
  evaluate(
    chunk: Chunk,
    batchSize: string,
    onProgress: (progress: ChunkProgress) => void,
    together: boolean,
  ): Promise<ChunkResult>;
  shutdown(): Promise<void>;
  kill(): void;
}

/** A chunk that a worker has been given. */
interface Flying {
  queued: Queued;
  batchSize: string;
  together: boolean;
  /** Milliseconds, by the clock of the run. */
  started: number;
}

type Answered = Flying & ({ result: ChunkResult } | { error: unknown });

/** A chunk that came back. `seconds`: what it took, without what others that landed before it took. */
export type Landed = Answered & { seconds: number };

interface FlightOptions {
  memory: BatchMemory;
  onProgress(progress: ChunkProgress): void;
  signal: AbortSignal;
  now: () => number;
}

/** The chunks that one slot's worker has been given and has not given back. */
export class Flights {
  readonly #slot: number;
  readonly #queue: ChunkQueue;
  readonly #options: FlightOptions;
  readonly #flying = new Map<Queued, Promise<Answered>>();
  /** When the worker last gave something back: what it does since then is not counted twice. */
  #landedAt = 0;

  constructor(slot: number, queue: ChunkQueue, options: FlightOptions) {
    this.#slot = slot;
    this.#queue = queue;
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#flying.size === 0;
  }

  /** Gives a worker a chunk, and as many more as go with it. */
  give(queued: Queued, worker: ChunkWorker): void {
    this.giveMore(this.#giveOne(queued, worker), worker);
  }

  /** Gives a worker more chunks of the kind of one that it was given. */
  giveMore({ queued: { chunk }, together }: Pick<Flying, 'queued' | 'together'>, worker: ChunkWorker): void {
    // What is asked at a later look may not be asked at all.
    const goesWith = (other: Queued) =>
      other.chunk.benchmark === chunk.benchmark &&
      other.chunk.look === chunk.look &&
      this.#prepare(other, worker).together;
    const { signal } = this.#options;
    while (together && !signal.aborted && this.#flying.size < (worker.inFlight?.(chunk) ?? 1)) {
      const more = this.#queue.takeAlong(this.#slot, this.#flying.size, goesWith);
      if (more === null) return;
      this.#giveOne(more, worker);
    }
  }

  /** The next chunk that comes back, answered or not. There has to be one. */
  async land(): Promise<Landed> {
    const landed = await Promise.race(this.#flying.values());
    this.#flying.delete(landed.queued);
    const since = Math.max(landed.started, this.#landedAt);
    this.#landedAt = this.#options.now();
    return { ...landed, seconds: (this.#landedAt - since) / 1000 };
  }

  /** How a chunk would be given to a worker. */
  #prepare(queued: Queued, worker: ChunkWorker): Pick<Flying, 'batchSize' | 'together'> {
    const wanted = firstBatchSize(queued.batchSize, worker.batchTokens ?? null);
    const batchSize = this.#options.memory.sizeFor(worker.device, queued.chunk.task, wanted);
    // What has failed is tried by itself, and so is what has to be made smaller.
    const isFirst = queued.tries === 0 && batchSize === wanted;
    return { batchSize, together: isFirst && (worker.inFlight?.(queued.chunk) ?? 1) > 1 };
  }

  #giveOne(queued: Queued, worker: ChunkWorker): Flying {
    const { now, onProgress } = this.#options;
    const flight: Flying = { queued, started: now(), ...this.#prepare(queued, worker) };
    const answered = worker.evaluate(queued.chunk, flight.batchSize, onProgress, flight.together).then(
      (result) => ({ ...flight, result }),
      (error: unknown) => ({ ...flight, error }),
    );
    this.#flying.set(queued, answered);
    return flight;
  }
}
