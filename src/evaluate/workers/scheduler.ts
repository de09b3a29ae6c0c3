import { setMaxListeners } from 'node:events';
import { type ErrorCode, SosBenchError } from '../../error.ts';
import type { ChunkProgress, ChunkResult } from '../../harness/lm-eval/messages.ts';
import type { FaultKind } from '../../harness/lm-eval/worker-fault.ts';
import { WorkerFault } from '../../harness/lm-eval/worker-fault.ts';
import type { Chunk } from '../../suite/plan/plan.ts';
import { abortWith } from '../../system/process/abort-with.ts';
import { BatchMemory } from './batch-memory.ts';
import { halved } from './batch-size.ts';
import { ChunkQueue, type Queued } from './chunk-queue.ts';
import { type ChunkWorker, Flights } from './flights.ts';

export const MAX_TRIES = 3;

export interface Fault {
  chunk: Chunk;
  kind: FaultKind;
  message: string;
  seconds: number;
  batchSize: string;
  /** The worker's. */
  device: string;
  /** Tries of this chunk so far, this one included. */
  tries: number;
}

export interface ScheduleOptions {
  /** Chunks still to do. */
  chunks: readonly Chunk[];
  /** How many workers pull from the queue. */
  workers: number;
  /**
   * Starts a worker and loads the model. Where it throws that the worker or its model cannot be had, the other slots go
   * on without this one; any other failure, or one of the last slot, ends the run: no chunk can be blamed for it.
   *
   * @param signal aborted when the run stops, also because another slot cannot go on: loading takes minutes.
   */
  startWorker(slot: number, signal: AbortSignal): Promise<ChunkWorker>;
  /** A slot serves no more: its worker cannot be started, or keeps failing at what others manage. */
  onSlotLost(slot: number, reason: string): void;
  batchSize: string;
  /** What earlier attempts learnt of batches that do not fit. */
  memory?: BatchMemory;
  /** Called when a chunk is finished; its result counts once the promise resolves. */
  onResult(result: ChunkResult, batchSize: string): Promise<void>;
  onFault(fault: Fault): Promise<void>;
  onProgress(progress: ChunkProgress): void;
  /** Whether a chunk need not be asked any more: its look is not needed. */
  isDropped?: ((chunk: Chunk) => boolean) | undefined;
  signal: AbortSignal;
  /** Milliseconds, for the time a failed chunk took. */
  now: () => number;
}

export interface ScheduleOutcome {
  /** Benchmarks given up after three tries of a chunk, with the reason. */
  failed: Map<string, string>;
  interrupted: boolean;
}

/**
 * Runs chunks on workers that pull from one queue, longest expected first.
 *
 * A chunk that fails is tried again, three times in all: out of memory or a stall halves the batch; a worker
 * that ended is replaced. After the third failure its benchmark is given up and the others go on. What ran out of memory
 * is remembered: later chunks of the task start with a size that fits, on that device.
 *
 * A worker that keeps its device full by itself has several chunks of one benchmark in flight. What ends it is a fault of each of
 * them, and each is then tried by itself: the one that is to blame cannot use up the tries of the others.
 */
export async function runChunks(options: ScheduleOptions): Promise<ScheduleOutcome> {
  const failed = new Map<string, string>();
  const slots = Math.max(1, Math.min(options.workers, options.chunks.length));
  const queue = new ChunkQueue(
    options.chunks,
    slots,
    options.batchSize,
    (chunk) => failed.has(chunk.benchmark) || (options.isDropped?.(chunk) ?? false),
  );
  const memory = options.memory ?? new BatchMemory();
  if (options.chunks.length > 0) await serveAll(slots, queue, failed, { ...options, memory });
  return { failed, interrupted: options.signal.aborted };
}

type Serving = ScheduleOptions & { memory: BatchMemory };

/** Where the run cannot go on in one slot, the others stop too. */
async function serveAll(
  slots: number,
  queue: ChunkQueue,
  failed: Map<string, string>,
  options: Serving,
): Promise<void> {
  const end = new AbortController();
  const { signal } = end;
  // Every worker listens; Node 20 warns of more than ten.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', () => queue.stop(), { once: true });
  abortWith(end, options.signal);
  const failures: unknown[] = [];
  const serving = Array.from({ length: slots }, async (_, slot) => {
    try {
      await serve(slot, queue, failed, { ...options, signal });
    } catch (error) {
      // The others fail because they are stopped: the first failure says why.
      failures.push(error);
      end.abort(error);
    }
  });
  await Promise.all(serving);
  end.abort();
  if (failures.length > 0) throw failures[0];
}

/** Has one slot's workers do chunks until none is left for it. */
async function serve(
  slot: number,
  queue: ChunkQueue,
  failed: Map<string, string>,
  options: Serving,
): Promise<void> {
  const { signal, memory } = options;
  const flights = new Flights(slot, queue, options);
  let worker: ChunkWorker | undefined;
  let device = '';
  /** What ended the worker that the flying ones were given to. */
  let ending: WorkerFault | undefined;
  const stop = () => worker?.kill();
  signal.addEventListener('abort', stop);
  try {
    for (;;) {
      if (flights.isEmpty) {
        const next = await takeOrLeave(slot, queue, options);
        if (next === null) break;
        worker ??= await startOrLeave(slot, next, queue, options);
        if (worker === undefined || signal.aborted) break;
        device = worker.device;
        ending = undefined;
        flights.give(next, worker);
      }
      const landed = await flights.land();
      const { queued, batchSize } = landed;
      if ('result' in landed) {
        await options.onResult(landed.result, batchSize);
        memory.managed(device, queued.chunk.task, batchSize);
        queue.finish(queued, slot);
        if (worker !== undefined) flights.giveMore(landed, worker);
        continue;
      }
      const { error, seconds } = landed;
      if (!(error instanceof WorkerFault)) throw error;
      if (signal.aborted) break;
      if (ending !== undefined && error !== ending) {
        queue.handBack(queued);
        continue;
      }
      queued.tries++;
      const { kind, message } = error;
      const { chunk, tries } = queued;
      if (isOutOfMemory(kind)) memory.ranOut(device, chunk.task, batchSize);
      await options.onFault({ chunk, kind, message, seconds, batchSize, device, tries });
      if (error.ended) {
        ending = error;
        worker?.kill();
        worker = undefined;
      }
      retryOrGiveUp(queued, batchSize, error, slot, queue, failed);
    }
    if (!signal.aborted) await worker?.shutdown();
  } finally {
    signal.removeEventListener('abort', stop);
    worker?.kill();
  }
}

/** The next chunk of a slot; null where none is left for it, or it is to blame for too many faults. */
async function takeOrLeave(slot: number, queue: ChunkQueue, options: Serving): Promise<Queued | null> {
  const next = await queue.take(slot);
  if (next === null && queue.isToBlame(slot)) {
    queue.leave(slot, null);
    options.onSlotLost(slot, 'its workers kept failing at chunks that other workers finished');
  }
  return next;
}

/** A worker for a chunk; undefined where none can be started here and other slots go on without this one. */
async function startOrLeave(
  slot: number,
  next: Queued,
  queue: ChunkQueue,
  options: Serving,
): Promise<ChunkWorker | undefined> {
  try {
    return await options.startWorker(slot, options.signal);
  } catch (error) {
    if (!isWorkerLoss(error) || queue.isLast(slot) || options.signal.aborted) throw error;
    queue.leave(slot, next);
    options.onSlotLost(slot, error.message);
    return undefined;
  }
}

/** Whether a failure is of workers or their model, not of what they do. */
export function isWorkerLoss(error: unknown): error is SosBenchError {
  const codes: ErrorCode[] = ['worker-failed', 'model-unreadable', 'model-missing', 'logprobs-meaningless'];
  return error instanceof SosBenchError && codes.includes(error.code);
}

/** Faults that say that a batch did not fit; a stall or a death only may. */
export function isOutOfMemory(kind: string): boolean {
  return kind === 'oom' || kind === 'host-oom';
}

const HALVING: readonly FaultKind[] = ['oom', 'host-oom', 'stalled'];
/** What a broken device looks like; running out of memory says more of the batch. */
const SUSPICIOUS: readonly FaultKind[] = ['device', 'died', 'stalled', 'garbage'];

function retryOrGiveUp(
  next: Queued,
  batchSize: string,
  fault: WorkerFault,
  slot: number,
  queue: ChunkQueue,
  failed: Map<string, string>,
): void {
  // The same data, and the same weights, fail the same way.
  const hopeless = fault.kind === 'data' || fault.kind === 'model';
  if (hopeless || next.tries >= MAX_TRIES) {
    const tries = next.tries === 1 ? '' : ` after ${next.tries} tries`;
    failed.set(next.chunk.benchmark, `${next.chunk.task}: ${fault.message}${tries}`);
    queue.giveUp(next);
    return;
  }
  // A worker that somebody killed says nothing about the batch; one that dies twice may.
  if (HALVING.includes(fault.kind) || (fault.kind === 'died' && next.tries >= 2))
    next.batchSize = halved(batchSize);
  queue.retry(next, slot, SUSPICIOUS.includes(fault.kind));
}
