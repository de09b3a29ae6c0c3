import type { Item } from '../../record/schema.ts';

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
  const before = inOrder(baseline);
  const after = inOrder(candidate);
  const pairs = haveSameItems(before, after) ? { baseline: before, candidate: after } : match(before, after);
  const smaller = Math.min(baseline.length, candidate.length);
  return { ...pairs, share: smaller === 0 ? 0 : pairs.baseline.length / smaller };
}

/** Claims that differ by less are rounding. */
const ROUNDING = 1e-9;

/**
 * Probability with which each pair's question was asked of both: the baseline's, times the share of its task's questions that are paired.
 * What the candidate says of its own counts only where it comes to the same: it could give little weight to what it has lost.
 *
 * @param known all items of the baseline
 */
export function commonInclusion(
  { baseline, candidate }: Pick<Pairing, 'baseline' | 'candidate'>,
  known: readonly Item[],
): number[] {
  if (baseline.every(({ inclusionP }, i) => inclusionP === candidate[i]!.inclusionP))
    return baseline.map(({ inclusionP }) => inclusionP);
  const [all, paired] = [weightByTask(known), weightByTask(baseline)];
  return baseline.map(({ task, inclusionP }, i) => {
    const found = inclusionP * (paired.get(task)! / all.get(task)!);
    const claimed = Math.min(inclusionP, candidate[i]!.inclusionP);
    return Math.abs(claimed - found) <= ROUNDING * found ? claimed : found;
  });
}

function weightByTask(items: readonly Item[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { task, inclusionP } of items) weights.set(task, (weights.get(task) ?? 0) + 1 / inclusionP);
  return weights;
}

/** The usual case: one plan on both sides. */
function haveSameItems(before: readonly Item[], after: readonly Item[]): boolean {
  if (before.length !== after.length) return false;
  return before.every(({ docHash, task }, index) => {
    const other = after[index]!;
    return docHash === other.docHash && task === other.task;
  });
}

function match(before: readonly Item[], after: readonly Item[]): Pick<Pairing, 'baseline' | 'candidate'> {
  const waiting = new Map<string, Map<bigint, { items: Item[]; taken: number }>>();
  for (const item of after) {
    const task = waiting.get(item.task) ?? new Map<bigint, { items: Item[]; taken: number }>();
    waiting.set(item.task, task);
    const queue = task.get(item.docHash);
    if (queue) queue.items.push(item);
    else task.set(item.docHash, { items: [item], taken: 0 });
  }
  const pairs: { baseline: Item[]; candidate: Item[] } = { baseline: [], candidate: [] };
  for (const item of before) {
    const queue = waiting.get(item.task)?.get(item.docHash);
    const other = queue?.items[queue.taken];
    if (queue === undefined || other === undefined) continue;
    queue.taken++;
    pairs.baseline.push(item);
    pairs.candidate.push(other);
  }
  return pairs;
}

/** Records mostly come in order. */
function inOrder(items: readonly Item[]): Item[] {
  const sorted = [...items];
  const isSorted = sorted.every((item, index) => index === 0 || compareItems(sorted[index - 1]!, item) <= 0);
  return isSorted ? sorted : sorted.sort(compareItems);
}

function compareItems(a: Item, b: Item): number {
  return compareText(a.task, b.task) || a.docId - b.docId;
}

/** By code unit: the same order on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
