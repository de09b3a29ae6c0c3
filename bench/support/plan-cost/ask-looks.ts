import { type LookDecisions, LookStops } from '../../../src/evaluate/looks/look-stops.ts';
import { partsOf } from '../../../src/evaluate/run-stages.ts';
import { runChunks } from '../../../src/evaluate/workers/scheduler.ts';
import { findBenchmark } from '../../../src/suite/catalogue.ts';
import type { Chunk, Plan } from '../../../src/suite/plan/plan.ts';

/**
 * Asks a plan through the real scheduler and what stops it, on fake workers: one answers a chunk at once, but in the order in which workers
 * that need time in proportion to a chunk's work would. So several begin the next look while one still works at this. LiveBench's questions
 * are asked after the others of their look, as `runStages` has it.
 *
 * @param decide what the answers up to a look decide; gets the chunks that are answered.
 * @returns the chunks that were begun, needed or not.
 */
export async function askLooks(
  plan: Plan,
  decide: (through: number, done: readonly Chunk[]) => LookDecisions,
  { workers = 1 } = {},
): Promise<Chunk[]> {
  const begun: Chunk[] = [];
  const done = new Set<string>();
  const stops = new LookStops(
    plan,
    (id) => done.has(id),
    (through) =>
      decide(
        through,
        plan.chunks.filter(({ id }) => done.has(id)),
      ),
    () => {},
  );
  const clock = new FakeClock();
  const isServed = ({ benchmark }: Chunk) => findBenchmark(benchmark)?.harness === 'livebench';
  for (const part of partsOf(plan, stops, isServed)) {
    const chunks = part.filter((chunk) => !isServed(chunk) && !stops.isDropped(chunk));
    await runChunks({
      chunks,
      workers,
      batchSize: 'tokens',
      signal: new AbortController().signal,
      now: () => clock.now,
      isDropped: (chunk) => stops.isDropped(chunk),
      startWorker: async () => ({
        device: 'fake',
        async evaluate(chunk) {
          begun.push(chunk);
          await clock.after(chunk.cost);
          return { type: 'result', chunk: chunk.id, items: [], seconds: 0 };
        },
        shutdown: async () => {},
        kill: () => {},
      }),
      async onResult({ chunk }) {
        done.add(chunk);
        stops.advance();
      },
      async onFault({ message }) {
        throw new Error(message);
      },
      onSlotLost: () => {},
      onProgress: () => {},
    });
    for (const chunk of part.filter((chunk) => isServed(chunk) && !stops.isDropped(chunk))) {
      begun.push(chunk);
      done.add(chunk.id);
    }
    stops.advance();
  }
  return begun;
}

/** A clock that jumps to the next thing to happen as soon as nobody has anything left to do. */
class FakeClock {
  now = 0;
  #waiting: { at: number; resolve: () => void }[] = [];
  #isPumping = false;

  after(time: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ at: this.now + time, resolve });
      if (!this.#isPumping) {
        this.#isPumping = true;
        setImmediate(() => this.#pump());
      }
    });
  }

  #pump(): void {
    this.#isPumping = false;
    let next = 0;
    for (let i = 1; i < this.#waiting.length; i++)
      if (this.#waiting[i]!.at < this.#waiting[next]!.at) next = i;
    const [event] = this.#waiting.splice(next, 1);
    if (event === undefined) return;
    this.now = event.at;
    event.resolve();
    if (this.#waiting.length > 0) {
      this.#isPumping = true;
      setImmediate(() => this.#pump());
    }
  }
}
