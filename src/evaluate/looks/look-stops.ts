import type { LoadedRecord } from '../../record/schema.ts';
import { FACTOR_NAMES, type Factor } from '../../suite/benchmark.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { planOfChunks } from '../../suite/plan/looks/through-look.ts';
import type { Chunk, Plan } from '../../suite/plan/plan.ts';

/** What the answers up to a look decide. */
export interface LookDecisions {
  /** Why nothing is decided early; null where nothing is in the way. */
  obstacle: string | null;
  /** The look at which each factor that is decided was, and how. */
  decided: ReadonlyMap<Factor, { look: number; how: string }>;
  /** Whether no factor takes more questions. */
  isOver: boolean;
  /** Held factors of which a judge's alarm wants the looks that are left. */
  wanted?: readonly Factor[];
}

/**
 * Decides a look on a candidate's answers: a pure function of a trusted baseline and these, the one that the report goes by too. A stop is
 * a claim all the same: the report goes through the looks again.
 */
export type DecideLook = (plan: Plan, candidate: LoadedRecord, through: number) => LookDecisions;

/** Which chunks of a plan with looks need not be asked any more. */
export class LookStops {
  readonly #plan: Plan;
  readonly #isDone: (chunk: string) => boolean;
  readonly #decide: (through: number) => LookDecisions;
  readonly #note: (text: string) => void;
  readonly #decided = new Map<Factor, number>();
  readonly #reopened = new Set<Factor>();
  #look = 1;
  #last: number;

  /**
   * @param isDone whether a chunk is answered.
   * @param decide decides on the answers that there are.
   */
  constructor(
    plan: Plan,
    isDone: (chunk: string) => boolean,
    decide: (through: number) => LookDecisions,
    note: (text: string) => void,
  ) {
    this.#plan = plan;
    this.#isDone = isDone;
    this.#decide = decide;
    this.#note = note;
    this.#last = plan.sequential?.looks ?? 1;
  }

  /** The look that is being asked, from 1. */
  get look(): number {
    return this.#look;
  }

  /** How many there are. */
  get count(): number {
    return this.#plan.sequential?.looks ?? 1;
  }

  /** Whether a chunk is of a look that its factor does not need. */
  isDropped({ benchmark, look = 1 }: Pick<Chunk, 'benchmark' | 'look'>): boolean {
    const factor = findBenchmark(benchmark)?.factor ?? null;
    if (factor !== null && this.#reopened.has(factor)) return false;
    if (look > this.#last) return true;
    return factor !== null && look > (this.#decided.get(factor) ?? look);
  }

  /** Decides every look whose questions are all answered. To be called after each answer, and before the first: a run may be resumed. */
  advance(): void {
    while (this.#look < this.#last) {
      const due = this.#plan.chunks.filter(
        (chunk) => (chunk.look ?? 1) <= this.#look && !this.isDropped(chunk),
      );
      if (!due.every(({ id }) => this.#isDone(id))) return;
      const { obstacle, decided, isOver } = this.#decide(this.#look);
      if (obstacle !== null) {
        this.#note(
          `All planned questions are asked, since the run cannot be judged look by look: ${obstacle}`,
        );
        this.#look = this.#last;
        return;
      }
      const fresh = [...decided].filter(([factor]) => !this.#decided.has(factor));
      for (const [factor, { look }] of fresh) this.#decided.set(factor, look);
      const said = fresh.map(([factor, { how }]) => `${FACTOR_NAMES[factor].toLowerCase()} ${how}`);
      const count = this.#plan.sequential!.looks;
      this.#note(`Look ${this.#look} of ${count}: ${said.join(', ') || 'nothing is decided yet'}`);
      if (isOver) {
        this.#last = this.#look;
        return;
      }
      this.#look++;
    }
  }

  /** Lets factors that are decided take the looks that are left, for the alarm of a judge: what decided them stays. */
  reopen(factors: readonly Factor[]): void {
    for (const factor of factors) this.#reopened.add(factor);
  }

  /** Takes that back, as where these questions could not be asked: what was answered by then stays. */
  close(): void {
    this.#reopened.clear();
  }

  /** What this run is to leave: what was needed, and what was answered beyond that. */
  leftOf(plan: Plan): Plan {
    return planOfChunks(plan, (chunk) => !this.isDropped(chunk) || this.#isDone(chunk.id));
  }

  /** What a record says of the stop; undefined where nothing was left out. */
  claim(): LoadedRecord['record']['looks'] {
    const { looks: count } = this.#plan.sequential ?? { looks: 1 };
    const dropped = this.#plan.chunks.some((chunk) => this.isDropped(chunk));
    const early = [...this.#decided.values()].some((look) => look < count);
    return dropped || (early && this.#reopened.size > 0)
      ? { count: this.#plan.sequential!.looks, decided: Object.fromEntries(this.#decided) }
      : undefined;
  }
}

/** What progress says of a benchmark: with looks, which one is asked. */
export function labelOfLook(stops: LookStops | null, benchmark: string): string {
  return stops === null ? benchmark : `look ${stops.look} of ${stops.count}, ${benchmark}`;
}
