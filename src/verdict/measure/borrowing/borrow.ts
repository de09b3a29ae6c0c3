import { designOf, numberTasks } from '../../../record/results/sampling.ts';
import type { Item } from '../../../record/schema.ts';
import { type BaselineItems, borrowCells } from '../../../stats/borrowing/cells.ts';
import { type AskedItems, borrowedDifference } from '../../../stats/borrowing/difference.ts';
import type { Estimate } from '../../../stats/estimate.ts';
import type { Benchmark } from '../../../suite/benchmark.ts';
import type { Preset } from '../../policy.ts';
import { type ScoreEstimate, scaleOfItems, scoreOf } from '../estimates.ts';
import { commonInclusion, type Pairing } from '../pairing.ts';

import { countedScores, rangeOf, scaleOf } from '../scoring.ts';
import { type ChangeModel, expectChanges } from './expected-change.ts';

/** How a difference was estimated with the baseline's answers to more questions than the candidate was asked. */
export interface Borrowed {
  /** Questions that the baseline answered. */
  baselineItems: number;
  /** Cells of task and right or wrong. */
  cells: number;
  /** Whether what was expected of each question, by its margin, was taken off first. */
  byMargin: boolean;
  /** The difference of the asked questions alone. */
  unborrowed: Estimate;
  /** Variance of the difference over that of `unborrowed`; null where a standard error is unknown. */
  varianceRatio: number | null;
}

/** What borrowing leaves of the variance. */
export function varianceRatio(delta: Estimate | null, unborrowed: Estimate): number | null {
  return delta?.se == null || !unborrowed.se ? null : (delta.se / unborrowed.se) ** 2;
}

/**
 * The difference of one benchmark, and the two scores that differ by it, estimated with the baseline's answers to all its questions
 * (`borrowedDifference`). Null where the baseline has no more questions than were asked, or all of them make one cell of which nothing
 * more is known.
 *
 * @param pairing what both answered, chosen by chance from `known`
 * @param differences candidate minus baseline, one a pair, as they are counted under the preset
 */
export function borrow(
  pairing: Pick<Pairing, 'baseline' | 'candidate'>,
  differences: Float64Array,
  known: readonly Item[],
  {
    benchmark,
    preset,
    firstLook,
    learned,
  }: {
    benchmark: Benchmark | undefined;
    preset: Preset;
    firstLook?: ReadonlySet<Item> | undefined;
    learned: ChangeModel | null;
  },
): {
  delta: Estimate;
  scores: { baseline: ScoreEstimate; candidate: ScoreEstimate };
  borrowed: Pick<Borrowed, 'baselineItems' | 'cells' | 'byMargin'>;
} | null {
  if (known.length <= pairing.baseline.length) return null;
  const design = designOf(known, benchmark);
  const baseline: BaselineItems = {
    tasks: numberTasks(known),
    scores: Float64Array.from(known, ({ score }) => score),
    weights: design.weights,
    clusters: design.clusters,
  };
  const indexes = new Map(known.map((item, index) => [item, index]));
  const asked: AskedItems = {
    indexes: Int32Array.from(pairing.baseline, (item) => indexes.get(item)!),
    values: differences,
    weights: Float64Array.from(commonInclusion(pairing, known), (p) => 1 / p),
  };
  const first = firstLook && asked.indexes.filter((_, i) => firstLook.has(pairing.candidate[i]!));
  const cells = borrowCells(first === undefined || first.length === 0 ? asked.indexes : first, baseline);
  const count = new Set(cells).size;
  // Where no answer turned, what was expected to turn would make a difference of nothing.
  const isTurned = differences.some((difference) => difference !== 0);
  const expected = learned && isTurned ? expectCounted(known, { benchmark, preset, learned }) : null;
  if (count < 2 && expected === null) return null;
  const how = { cells, equalTasks: design.strata !== undefined };
  const delta = borrowedDifference(asked, baseline, { ...how, expected: expected ?? undefined })!;
  const scored = {
    known: countedScores(known, benchmark, preset),
    asked: countedScores(pairing.baseline, benchmark, preset),
  };
  const before = borrowedDifference({ ...asked, values: scored.asked }, baseline, {
    ...how,
    ofScores: true,
  })!;
  const values = countedScores(pairing.candidate, benchmark, preset);
  const after = borrowedDifference({ ...asked, values }, baseline, {
    ...how,
    ofScores: true,
    expected: expected?.map((change, index) => scored.known[index]! + change),
  })!;
  const [low, high] = rangeOf(scaleOfItems(known, benchmark, preset));
  // The scores differ by the difference shown, unless that leaves the scale.
  const later = Math.min(high, Math.max(low, before.estimate + delta.estimate));
  return {
    delta,
    scores: {
      baseline: scoreOf(before, pairing.baseline, benchmark, preset),
      candidate: scoreOf({ ...after, estimate: later }, pairing.candidate, benchmark, preset),
    },
    borrowed: { baselineItems: known.length, cells: count, byMargin: expected !== null },
  };
}

/** What is expected of each item's score as it is counted under the preset. */
function expectCounted(
  known: readonly Item[],
  { benchmark, preset, learned }: { benchmark: Benchmark | undefined; preset: Preset; learned: ChangeModel },
): Float64Array | null {
  const raw = expectChanges(known[0]!.benchmark, known, learned);
  if (raw === null) return null;
  const slopes = new Map(
    [...new Set(known.map(({ task }) => task))].map((task) => [task, scaleOf(benchmark, task, preset).slope]),
  );
  return raw.map((change, index) => slopes.get(known[index]!.task)! * change);
}
