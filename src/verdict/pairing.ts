import type { Item } from '../record/schema.ts';

export interface Pairing {
  /** Common items, the two sides in the same order. */
  baseline: Item[];
  candidate: Item[];
  /** Common items over the items of the smaller side. */
  share: number;
}

/**
 * Pairs the items of one benchmark by task and document hash; documents that occur several times are paired in the
 * order of their ids. Pairs come in order of task and baseline document id.
 */
export function pairItems(baseline: readonly Item[], candidate: readonly Item[]): Pairing {
  const waiting = new Map<string, Item[]>();
  for (const item of inOrder(candidate)) {
    const key = identity(item);
    const queue = waiting.get(key);
    if (queue) queue.push(item);
    else waiting.set(key, [item]);
  }
  const pairs: Pairing = { baseline: [], candidate: [], share: 0 };
  const taken = new Map<string, number>();
  for (const item of inOrder(baseline)) {
    const key = identity(item);
    const place = taken.get(key) ?? 0;
    const match = waiting.get(key)?.[place];
    if (match === undefined) continue;
    taken.set(key, place + 1);
    pairs.baseline.push(item);
    pairs.candidate.push(match);
  }
  const smaller = Math.min(baseline.length, candidate.length);
  pairs.share = smaller === 0 ? 0 : pairs.baseline.length / smaller;
  return pairs;
}

function identity(item: Item): string {
  return `${item.docHash} ${item.task}`;
}

function inOrder(items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => compareText(a.task, b.task) || a.docId - b.docId);
}

/** By code unit: the same order on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
