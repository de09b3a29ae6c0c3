import type { Item } from '../../record/schema.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import { type BenchmarkResultView, NOT_REQUESTED } from '../measure/result-view.ts';

interface LookedTask {
  looks: Map<bigint, number[]>;
  available: number;
  /** Documents that the looks up to each one ask. */
  asked: number[];
}

/** An item that the plan asks, and the look at which it does. */
interface Placed {
  item: Item;
  task: LookedTask;
  look: number;
}

/** The look at which a plan asks each question, by task and document. */
export class LookedItems {
  /** By task: looks of each document, one for each time that it is asked, rising. */
  readonly #tasks = new Map<string, LookedTask>();
  /** What `#place` found of a side's items: the same ones are asked for at every look. */
  readonly #placed = new WeakMap<readonly Item[], Placed[]>();

  constructor(plan: Plan) {
    const count = plan.sequential?.looks ?? 1;
    const lookOf = new Map<string, Map<number, number>>();
    for (const { task, docIds, look = 1 } of plan.chunks) {
      const own = lookOf.get(task) ?? new Map<number, number>();
      for (const docId of docIds) own.set(docId, look);
      lookOf.set(task, own);
    }
    for (const { task, docIds, docHashes, available } of plan.benchmarks.flatMap(({ tasks }) => tasks)) {
      const looks = new Map<bigint, number[]>();
      const added = Array.from({ length: count + 1 }, () => 0);
      const own = lookOf.get(task);
      docIds.forEach((docId, index) => {
        const look = own?.get(docId) ?? 1;
        const hash = BigInt.asIntN(64, BigInt(`0x${docHashes[index]}`));
        const before = looks.get(hash);
        looks.set(hash, before === undefined ? [look] : [...before, look].sort((a, b) => a - b));
        added[look]!++;
      });
      let sum = 0;
      const asked = added.map((documents) => {
        sum += documents;
        return sum;
      });
      this.#tasks.set(task, { looks, available, asked });
    }
  }

  /**
   * One side of a benchmark as it was at a look: its items that the plan asks by then, with the inclusion probability that they had. What
   * the record says of itself beside its items counts for nothing.
   */
  viewAt(view: BenchmarkResultView, look: number): { view: BenchmarkResultView; first: Set<Item> } {
    const first = new Set<Item>();
    const items: Item[] = [];
    for (const { item, task, look: own } of this.#place(view.items)) {
      if (own > look) continue;
      const asked = task.asked[Math.min(look, task.asked.length - 1)]!;
      const looked = { ...item, inclusionP: asked / task.available };
      if (own === 1) first.add(looked);
      items.push(looked);
    }
    const counts = new Map<string, number>();
    for (const { task } of items) counts.set(task, (counts.get(task) ?? 0) + 1);
    const result = view.result && {
      ...view.result,
      n: items.length,
      tasks: view.result.tasks.map((task) => ({ ...task, n: counts.get(task.task) ?? 0 })),
    };
    return { view: { ...view, items, result, measured: view.measured && items.length > 0 }, first };
  }

  /** Those of the items that the plan asks, each as often as it does, in order of task and document. */
  #place(items: readonly Item[]): Placed[] {
    const known = this.#placed.get(items);
    if (known !== undefined) return known;
    const taken = new Map<string, Map<bigint, number>>();
    const placed = [...items]
      .sort((a, b) => (a.task === b.task ? a.docId - b.docId : a.task < b.task ? -1 : 1))
      .flatMap((item): Placed[] => {
        const task = this.#tasks.get(item.task);
        const looks = task?.looks.get(item.docHash);
        if (task === undefined || looks === undefined) return [];
        const own = taken.get(item.task) ?? new Map<bigint, number>();
        taken.set(item.task, own);
        const index = own.get(item.docHash) ?? 0;
        own.set(item.docHash, index + 1);
        const look = looks[index];
        return look === undefined ? [] : [{ item, task, look }];
      });
    this.#placed.set(items, placed);
    return placed;
  }

  /** As `viewAt` after all looks; the very view where that changes nothing. */
  viewOf(view: BenchmarkResultView): BenchmarkResultView {
    const found = this.viewAt(view, Infinity).view;
    if (isSameInPlace(found.items, view.items)) return view;
    const claimed = new Map<string, number>();
    for (const { task, docId, inclusionP } of view.items) claimed.set(`${task} ${docId}`, inclusionP);
    const isSame =
      found.items.length === view.items.length &&
      found.items.every(({ task, docId, inclusionP }) => claimed.get(`${task} ${docId}`) === inclusionP);
    if (isSame) return view;
    return view.measured && !found.measured ? { ...found, gap: NOT_REQUESTED } : found;
  }

  /** A filter of items that keeps those of the plan, each as often as it is asked. */
  filter(): (item: Item) => boolean {
    const taken = new Map<string, number>();
    return ({ task, docHash }) => {
      const key = `${task} ${docHash}`;
      const index = taken.get(key) ?? 0;
      taken.set(key, index + 1);
      return this.#tasks.get(task)?.looks.get(docHash)?.[index] !== undefined;
    };
  }
}

/** The usual case: nothing is left out, and all is in order. */
function isSameInPlace(items: readonly Item[], others: readonly Item[]): boolean {
  return (
    items.length === others.length &&
    items.every(({ task, docId, inclusionP }, index) => {
      const other = others[index]!;
      return task === other.task && docId === other.docId && inclusionP === other.inclusionP;
    })
  );
}
