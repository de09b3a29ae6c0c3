import type { Item } from '../../record/schema.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import { type BenchmarkResultView, NOT_REQUESTED } from '../measure/result-view.ts';

/** The look at which a plan asks each question, by task and document. */
export class LookedItems {
  /** By task: looks of each document, one for each time that it is asked, rising; and how many documents each look adds. */
  readonly #tasks = new Map<string, { looks: Map<bigint, number[]>; available: number; added: number[] }>();

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
      docIds.forEach((docId, index) => {
        const look = lookOf.get(task)?.get(docId) ?? 1;
        const hash = BigInt.asIntN(64, BigInt(`0x${docHashes[index]}`));
        const own = looks.get(hash);
        if (own === undefined) looks.set(hash, [look]);
        else {
          own.push(look);
          own.sort((a, b) => a - b);
        }
        added[look]!++;
      });
      this.#tasks.set(task, { looks, available, added });
    }
  }

  /**
   * One side of a benchmark as it was at a look: its items that the plan asks by then, with the inclusion probability that they had. What
   * the record says of itself beside its items counts for nothing.
   */
  viewAt(view: BenchmarkResultView, look: number): { view: BenchmarkResultView; first: Set<Item> } {
    const first = new Set<Item>();
    const taken = new Map<string, Map<bigint, number>>();
    const shares = new Map<string, number>();
    const items = [...view.items]
      .sort((a, b) => (a.task === b.task ? a.docId - b.docId : a.task < b.task ? -1 : 1))
      .flatMap((item) => {
        const task = this.#tasks.get(item.task);
        const looks = task?.looks.get(item.docHash);
        if (task === undefined || looks === undefined) return [];
        const ofTask = getOrMake(taken, item.task, () => new Map());
        const index = ofTask.get(item.docHash) ?? 0;
        const own = looks[index];
        if (own === undefined || own > look) return [];
        ofTask.set(item.docHash, index + 1);
        const inclusionP = getOrMake(
          shares,
          item.task,
          () => task.added.slice(0, look + 1).reduce((sum, count) => sum + count, 0) / task.available,
        );
        const looked = { ...item, inclusionP };
        if (own === 1) first.add(looked);
        return [looked];
      });
    const counts = new Map<string, number>();
    for (const { task } of items) counts.set(task, (counts.get(task) ?? 0) + 1);
    const result = view.result && {
      ...view.result,
      n: items.length,
      tasks: view.result.tasks.map((task) => ({ ...task, n: counts.get(task.task) ?? 0 })),
    };
    return { view: { ...view, items, result, measured: view.measured && items.length > 0 }, first };
  }

  /** As `viewAt` after all looks; the very view where that changes nothing. */
  viewOf(view: BenchmarkResultView): BenchmarkResultView {
    const found = this.viewAt(view, Infinity).view;
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

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
