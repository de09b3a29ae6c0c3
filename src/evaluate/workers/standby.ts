import type { Worker } from '../../harness/lm-eval/worker.ts';
import { abortWith } from '../../system/process/abort-with.ts';
import { startWorker, type WorkerSettings } from './workers.ts';

/**
 * Workers that are started while the first one reads the benchmarks: importing the harness takes seconds, and a slot
 * that begins them only when there are chunks gets its first one that much later than the first slot.
 */
export class StandbyWorkers {
  readonly #starting = new Map<number, Promise<Worker | null>>();
  readonly #end = new AbortController();

  /** @param slots of all workers; the first one is not started here. */
  constructor(slots: readonly WorkerSettings[]) {
    for (const [slot, settings] of slots.entries()) {
      if (slot === 0) continue;
      abortWith(this.#end, settings.options.signal);
      const { signal } = this.#end;
      const starting = startWorker({ ...settings, options: { ...settings.options, signal } });
      // Who wants it tries again and says what is wrong.
      this.#starting.set(
        slot,
        starting.catch(() => null),
      );
    }
  }

  /** The worker of a slot, once; null where there is none (any more). */
  async take(slot: number): Promise<Worker | null> {
    const starting = this.#starting.get(slot) ?? null;
    this.#starting.delete(slot);
    return await starting;
  }

  /** Kills all that were started here, those still starting too. To be called when the run is over. */
  end(): void {
    this.#end.abort();
  }
}
