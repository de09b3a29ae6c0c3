import type { Chunk } from '../../suite/plan/plan.ts';

/** A chunk on its way: how often it was tried, and where it failed. */
export interface Queued {
  chunk: Chunk;
  tries: number;
  batchSize: string;
  failedOn: Set<number>;
}

/** A worker slot may have so many chunks that failed on it and nowhere else, or that another one then managed. */
const MAX_SUSPICIONS = 3;

function lookOf({ look = 1 }: Chunk): number {
  return look;
}

/**
 * Chunks that several slots take from, look by look and longest expected first. What fails goes to another slot where there is one: a
 * device that is broken must not use up the tries of one benchmark after the other. A slot whose failed chunks others
 * manage is retired; until that is known it gets no new ones.
 */
export class ChunkQueue {
  readonly #waiting: Queued[];
  readonly #live: Set<number>;
  readonly #suspicions = new Map<number, Set<Queued>>();
  readonly #blame = new Map<number, number>();
  readonly #dropped: (chunk: Chunk) => boolean;
  #sleepers: (() => void)[] = [];
  #inHand = 0;
  #stopped = false;

  /** @param dropped whether a chunk need not be done any more. */
  constructor(
    chunks: readonly Chunk[],
    slots: number,
    batchSize: string,
    dropped: (chunk: Chunk) => boolean,
  ) {
    this.#waiting = [...chunks]
      .sort((a, b) => lookOf(a) - lookOf(b) || b.cost - a.cost || (a.id < b.id ? -1 : 1))
      .map((chunk) => ({ chunk, tries: 0, batchSize, failedOn: new Set() }));
    this.#live = new Set(Array.from({ length: slots }, (_, slot) => slot));
    this.#dropped = dropped;
  }

  /** The next chunk for a slot; null when nothing is left for it. Waits while another slot may hand one back. */
  async take(slot: number): Promise<Queued | null> {
    for (;;) {
      if (this.#stopped || this.isToBlame(slot)) return null;
      this.#dropGivenUp();
      const index = this.#waiting.findIndex((queued) => this.#mayTake(queued, slot));
      if (index >= 0) {
        this.#inHand++;
        return this.#waiting.splice(index, 1)[0]!;
      }
      if (this.#waiting.length === 0 && this.#inHand === 0) return null;
      await new Promise<void>((resolve) => this.#sleepers.push(resolve));
    }
  }

  /**
   * One more chunk for a slot that has some in hand; null where none waits that goes with them, or where other slots are to have what does.
   *
   * @param inHand how many it has.
   */
  takeAlong(slot: number, inHand: number, goesWith: (queued: Queued) => boolean): Queued | null {
    if (this.#stopped || this.isToBlame(slot)) return null;
    this.#dropGivenUp();
    const fitting = this.#waiting.filter((queued) => this.#mayTake(queued, slot) && goesWith(queued));
    const share = Math.ceil((fitting.length + inHand) / this.#live.size);
    const [first] = fitting;
    if (first === undefined || inHand >= share) return null;
    this.#waiting.splice(this.#waiting.indexOf(first), 1);
    this.#inHand++;
    return first;
  }

  /** A chunk that nothing was found out about goes back: its worker was ended for the sake of another one. */
  handBack(queued: Queued): void {
    this.#putBack(queued);
  }

  /** Nobody gets any more. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /** A chunk is done: slots that it failed on before are to blame for it. */
  finish(queued: Queued, slot: number): void {
    this.#blame.set(slot, 0);
    for (const other of queued.failedOn) {
      if (other !== slot && this.#suspicions.get(other)?.has(queued))
        this.#blame.set(other, (this.#blame.get(other) ?? 0) + 1);
    }
    this.#settle(queued);
  }

  /** A chunk failed for good. */
  giveUp(queued: Queued): void {
    this.#settle(queued);
  }

  /**
   * A chunk failed on this slot and is to be tried again.
   *
   * @param suspicious whether the device may be the reason.
   */
  retry(queued: Queued, slot: number, suspicious: boolean): void {
    const elsewhere = queued.failedOn.size > 0 && !queued.failedOn.has(slot);
    queued.failedOn.add(slot);
    if (elsewhere) this.#clearSuspicions(queued);
    else if (suspicious) {
      const own = this.#suspicions.get(slot) ?? new Set();
      this.#suspicions.set(slot, own.add(queued));
    }
    this.#putBack(queued);
  }

  /** This slot can serve no more; the chunk in its hands goes to the others. */
  leave(slot: number, inHand: Queued | null): void {
    this.#live.delete(slot);
    if (inHand === null) this.#wake();
    else this.#putBack(inHand);
  }

  /** Whether others have managed what kept failing here. */
  isToBlame(slot: number): boolean {
    return (this.#blame.get(slot) ?? 0) >= MAX_SUSPICIONS && !this.isLast(slot);
  }

  isLast(slot: number): boolean {
    return this.#live.size === 1 && this.#live.has(slot);
  }

  #mayTake(queued: Queued, slot: number): boolean {
    if (this.isLast(slot)) return true;
    if (queued.failedOn.has(slot)) return [...this.#live].every((other) => queued.failedOn.has(other));
    const doubts = (this.#suspicions.get(slot)?.size ?? 0) + (this.#blame.get(slot) ?? 0);
    return queued.failedOn.size > 0 || doubts < MAX_SUSPICIONS;
  }

  #dropGivenUp(): void {
    for (let index = this.#waiting.length - 1; index >= 0; index--) {
      if (!this.#dropped(this.#waiting[index]!.chunk)) continue;
      const [queued] = this.#waiting.splice(index, 1);
      this.#clearSuspicions(queued!);
    }
  }

  #clearSuspicions(queued: Queued): void {
    for (const own of this.#suspicions.values()) own.delete(queued);
  }

  #settle(queued: Queued): void {
    this.#clearSuspicions(queued);
    this.#inHand--;
    this.#wake();
  }

  #putBack(queued: Queued): void {
    this.#waiting.unshift(queued);
    this.#inHand--;
    this.#wake();
  }

  #wake(): void {
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const resolve of sleepers) resolve();
  }
}
