import type { Item, LoadedRecord } from '../../../record/schema.ts';
import {
  expectedSlope,
  type FlipHistory,
  type FlipModel,
  fitFlips,
  flipProbability,
} from '../../../stats/borrowing/flip-model.ts';
import { compareProtocols } from '../../protocol/protocol.ts';
import { compareModels } from '../../signs/same-model.ts';
import { pairItems } from '../pairing.ts';
import { indexRecord } from '../result-view.ts';

/** What earlier changes teach of which answers a change turns. No answer of the candidate enters it. */
export interface ChangeModel {
  /** By benchmark, where its own answers turned often enough. */
  own: ReadonlyMap<string, FlipModel>;
  /** Of all benchmarks together, for the others; null where too few turned. */
  all: FlipModel | null;
  /** What is multiplied with the expected changes: how much of what earlier changes taught came true in another one. */
  coefficient: number;
  /** The changes that were learned from, by the commits of their records, or the names of their models. */
  pairs: { earlier: string; later: string }[];
}

/** With one earlier change nobody knows how much of it comes true in another: half costs nothing down to a quarter. */
const COEFFICIENT_OF_ONE = 0.5;

/**
 * Fits what a change may be expected to turn on records of main in succession, oldest first: a regression of P(flip) on log |margin|, right
 * and their product, for each benchmark. Pairs that are one model, or were evaluated in different ways, teach nothing.
 *
 * Null where no pair has margins, or too few answers turned.
 */
export function learnChanges(records: readonly LoadedRecord[]): ChangeModel | null {
  const changes = records.slice(1).flatMap((later, index) => collectChange(records[index]!, later) ?? []);
  const fitted = fit(changes);
  if (fitted === null) return null;
  const coefficient = changes.length === 1 ? COEFFICIENT_OF_ONE : leastThatCameTrue(changes);
  if (coefficient <= 0) return null;
  return { ...fitted, coefficient, pairs: changes.map(({ names }) => names) };
}

/**
 * What a change is expected to do to each item's raw score: -P(flip) times the coefficient where the baseline was right, P(flip) times it
 * where wrong; 0 without a margin. Null where no item has one that the model speaks of.
 */
export function expectChanges(id: string, items: readonly Item[], learned: ChangeModel): Float64Array | null {
  const model = learned.own.get(id) ?? learned.all;
  const median = medianMargin(items);
  if (model === null || median === null) return null;
  return Float64Array.from(items, (item) => {
    if (!hasMargin(item)) return 0;
    const isRight = item.score === 1;
    const turns = learned.coefficient * flipProbability(model, Math.abs(item.margin) / median, isRight);
    return isRight ? -turns : turns;
  });
}

/** One earlier change: of each benchmark with margins, what its answers did. */
interface Change {
  names: { earlier: string; later: string };
  benchmarks: Map<string, FlipHistory>;
}

function collectChange(earlier: LoadedRecord, later: LoadedRecord): Change | null {
  if (compareModels(earlier.record, later.record).same) return null;
  const protocol = compareProtocols(earlier, later);
  if (protocol.run.length > 0) return null;
  const isComparable = ({ task }: Item) => (protocol.tasks.get(task) ?? []).length === 0;
  const [before, after] = [indexRecord(earlier), indexRecord(later)];
  const benchmarks = new Map<string, FlipHistory>();
  for (const { id } of earlier.record.benchmarks) {
    const own = before(id).items.filter((item) => hasMargin(item) && isComparable(item));
    const median = medianMargin(own);
    if (median === null) continue;
    const pairs = pairItems(own, after(id).items);
    if (pairs.baseline.length === 0) continue;
    benchmarks.set(id, {
      nearness: Float64Array.from(pairs.baseline, ({ margin }) => Math.abs(margin!) / median),
      right: Uint8Array.from(pairs.baseline, ({ score }) => score),
      flipped: Uint8Array.from(pairs.candidate, ({ score }, i) =>
        score === pairs.baseline[i]!.score ? 0 : 1,
      ),
    });
  }
  return benchmarks.size === 0
    ? null
    : { names: { earlier: nameOf(earlier), later: nameOf(later) }, benchmarks };
}

function nameOf({ record }: LoadedRecord): string {
  return record.commit ?? record.model.name;
}

function fit(changes: readonly Change[]): Pick<ChangeModel, 'own' | 'all'> | null {
  const ids = new Set(changes.flatMap(({ benchmarks }) => [...benchmarks.keys()]));
  const histories = [...ids].map(
    (id) => [id, changes.flatMap(({ benchmarks }) => benchmarks.get(id) ?? [])] as const,
  );
  const own = new Map(
    histories.flatMap(([id, parts]) => {
      const model = fitFlips(join(parts));
      return model === null ? [] : [[id, model] as const];
    }),
  );
  const all = fitFlips(join(histories.flatMap(([, parts]) => parts)));
  return own.size === 0 && all === null ? null : { own, all };
}

/** Of each change, how much of what the others taught came true in it; the least of these, between 0 and 1. */
function leastThatCameTrue(changes: readonly Change[]): number {
  const slopes = changes.map((change) => {
    const fitted = fit(changes.filter((other) => other !== change));
    return fitted === null ? COEFFICIENT_OF_ONE : (slopeIn(change, fitted) ?? 0);
  });
  return Math.min(1, Math.max(0, Math.min(...slopes)));
}

function slopeIn({ benchmarks }: Change, { own, all }: Pick<ChangeModel, 'own' | 'all'>): number | null {
  const expected: number[] = [];
  const change: number[] = [];
  const group: number[] = [];
  [...benchmarks].forEach(([id, { nearness, right, flipped }], index) => {
    const model = own.get(id) ?? all;
    if (model === null) return;
    nearness.forEach((near, i) => {
      const sign = right[i] === 1 ? -1 : 1;
      expected.push(sign * flipProbability(model, near, right[i] === 1));
      change.push(sign * flipped[i]!);
      group.push(2 * index + right[i]!);
    });
  });
  return expectedSlope(Float64Array.from(expected), Float64Array.from(change), Int32Array.from(group));
}

function join(parts: readonly FlipHistory[]): FlipHistory {
  return {
    nearness: Float64Array.from(parts.flatMap(({ nearness }) => [...nearness])),
    right: Uint8Array.from(parts.flatMap(({ right }) => [...right])),
    flipped: Uint8Array.from(parts.flatMap(({ flipped }) => [...flipped])),
  };
}

function hasMargin(item: Item): item is Item & { margin: number } {
  return item.margin !== null && (item.score === 0 || item.score === 1);
}

/** Null where no item has a margin, or most have one of 0. */
function medianMargin(items: readonly Item[]): number | null {
  const margins = Float64Array.from(items.filter(hasMargin), ({ margin }) => Math.abs(margin)).sort();
  const median = margins[Math.floor(margins.length / 2)] ?? 0;
  return median > 0 && Number.isFinite(median) ? median : null;
}
