import type { Item } from '../../record/schema.ts';
import { type BaselineItems, borrowCells } from '../../stats/borrowing/cells.ts';
import { type AskedItems, borrowedDifference } from '../../stats/borrowing/difference.ts';
import type { Estimate } from '../../stats/estimate.ts';
import type { Benchmark } from '../../suite/benchmark.ts';
import type { Preset } from '../policy.ts';
import { type ScoreEstimate, scoreOf } from './estimates.ts';
import type { Pairing } from './pairing.ts';
import { designOf, numberTasks } from './sampling.ts';
import { countedScores } from './scoring.ts';

/** How a difference was estimated with the baseline's answers to more questions than the candidate was asked. */
export interface Borrowed {
  /** Questions that the baseline answered. */
  baselineItems: number;
  /** Cells of task and right or wrong. */
  cells: number;
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
 * (`borrowedDifference`). Null where the baseline has no more questions than were asked, or all of them make one cell.
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
  }: { benchmark: Benchmark | undefined; preset: Preset; firstLook?: ReadonlySet<Item> | undefined },
): {
  delta: Estimate;
  scores: { baseline: ScoreEstimate; candidate: ScoreEstimate };
  borrowed: Pick<Borrowed, 'baselineItems' | 'cells'>;
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
    // A sample within the other side's sample: the smaller probability chose the pair.
    weights: Float64Array.from(
      pairing.baseline,
      ({ inclusionP }, i) => 1 / Math.min(inclusionP, pairing.candidate[i]!.inclusionP),
    ),
  };
  const first = firstLook && asked.indexes.filter((_, i) => firstLook.has(pairing.candidate[i]!));
  const cells = borrowCells(first === undefined || first.length === 0 ? asked.indexes : first, baseline);
  const count = new Set(cells).size;
  if (count < 2) return null;
  const how = { cells, equalTasks: design.strata !== undefined };
  const delta = borrowedDifference(asked, baseline, how)!;
  // Both scores by the same cells: they lie on the scale, and differ by the difference shown.
  const scoreAll = (items: readonly Item[]) => {
    const values = countedScores(items, benchmark, preset);
    return scoreOf(borrowedDifference({ ...asked, values }, baseline, how)!, items, benchmark, preset);
  };
  return {
    delta,
    scores: { baseline: scoreAll(pairing.baseline), candidate: scoreAll(pairing.candidate) },
    borrowed: { baselineItems: known.length, cells: count },
  };
}
