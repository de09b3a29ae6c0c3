import type { Chunk } from '../../suite/plan/plan.ts';

/** Shares of the work, and seconds, from which a speed means something. */
const [MIN_SHARE, MIN_SHARE_FROM_START] = [0.02, 0.2];
const [MIN_SECONDS, ENOUGH_SECONDS] = [5, 60];

/** How far a run is: what is left is all that may still be asked, since looks may end it before. */
export interface EtaState {
  /** Share of the cost done. */
  fraction: number;
  /** Seconds left by the speed so far; null before it is known. */
  eta: number | null;
  /** The same up to the end of the look that is asked; left out where there are none. */
  lookEta?: number | null;
}

/**
 * Tracks how much of a plan's cost is done, and how long the rest will take. The first answers of a model take longest (kernels are
 * compiled, caches are cold), so speed is measured from the first progress on, and nothing is foretold of a few of them.
 */
export class Eta {
  readonly #costs: Map<string, number>;
  readonly #chunks: readonly Chunk[];
  readonly #finished: Set<string>;
  readonly #isDropped: (chunk: Chunk) => boolean;
  readonly #running = new Map<string, number>();
  readonly #now: () => number;
  #done = 0;
  #doneHere = 0;
  #started: number | null = null;
  /** When there was progress for the first time, and how much. */
  #mark: { at: number; here: number } | null = null;

  /**
   * @param now milliseconds
   * @param isDropped whether a chunk need not be asked any more.
   */
  constructor(
    chunks: readonly Chunk[],
    finished: ReadonlySet<string>,
    now: () => number,
    isDropped: (chunk: Chunk) => boolean = () => false,
  ) {
    this.#now = now;
    this.#chunks = chunks;
    this.#finished = new Set(finished);
    this.#isDropped = isDropped;
    this.#costs = new Map(chunks.map((chunk) => [chunk.id, chunk.cost]));
    for (const chunk of chunks) if (finished.has(chunk.id)) this.#done += chunk.cost;
  }

  /** The model is loaded; speed is measured from here. */
  start(): void {
    this.#started ??= this.#now();
  }

  /** `share` of a running chunk is done, 0 to 1. */
  advance(chunk: string, share: number): void {
    this.#running.set(chunk, Math.min(1, share) * (this.#costs.get(chunk) ?? 0));
    this.#setMark();
  }

  /** A chunk is finished or given up. */
  finish(chunk: string): void {
    this.#running.delete(chunk);
    this.#finished.add(chunk);
    const cost = this.#costs.get(chunk) ?? 0;
    this.#done += cost;
    this.#doneHere += cost;
    this.#setMark();
  }

  get #here(): number {
    return [...this.#running.values()].reduce((total, cost) => total + cost, this.#doneHere);
  }

  /** Again where a chunk was lost and less is done than before. */
  #setMark(): void {
    const here = this.#here;
    if (here === 0) this.#mark = null;
    else if (this.#mark === null || here < this.#mark.here) this.#mark = { at: this.#now(), here };
  }

  /** @param look the one that is asked; null where there are none. */
  state(look: number | null = null): EtaState {
    const left = this.#left(Infinity);
    const done = this.#done + this.#here - this.#doneHere;
    const fraction = done + left === 0 ? 1 : done / (done + left);
    const speed = this.#speed(this.#here + left);
    const secondsOf = (cost: number) => (speed === null ? null : cost / speed);
    return {
      fraction,
      eta: secondsOf(left),
      ...(look !== null && { lookEta: secondsOf(this.#left(look)) }),
    };
  }

  /** What is still to be done of the looks so far. */
  #left(through: number): number {
    return this.#chunks.reduce((sum, chunk) => {
      const { id, cost, look = 1 } = chunk;
      const running = this.#running.get(id);
      if (this.#finished.has(id) || look > through) return sum;
      if (running === undefined && this.#isDropped(chunk)) return sum;
      return sum + cost - (running ?? 0);
    }, 0);
  }

  /** Cost a second; null where too little is known. `all` is what there was to do here. */
  #speed(all: number): number | null {
    if (this.#started === null || this.#mark === null) return null;
    const here = this.#here;
    const since = { seconds: (this.#now() - this.#mark.at) / 1000, cost: here - this.#mark.here };
    const isEnough =
      since.cost >= MIN_SHARE * all ? since.seconds >= MIN_SECONDS : since.seconds >= ENOUGH_SECONDS;
    if (isEnough && since.cost > 0) return since.cost / since.seconds;
    const seconds = (this.#now() - this.#started) / 1000;
    return here >= MIN_SHARE_FROM_START * all && seconds > 0 ? here / seconds : null;
  }
}
