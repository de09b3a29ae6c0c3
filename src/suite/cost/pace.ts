/** How fast a machine evaluates, as a record of it measured. */
export interface Pace {
  /** Seconds to load the model. */
  load: number;
  /** Seconds per unit of a chunk's cost, by benchmark; null stands for the benchmarks that were not measured. */
  perCost: ReadonlyMap<string | null, number>;
  /** Seconds per item, where nothing finer is known. */
  perItem: number | null;
}

/** Items of a benchmark and what evaluating them costs, in the unit of a chunk's cost. */
export interface Work {
  id: string;
  items: number;
  cost: number;
}

/** Seconds that the work takes, loading included. */
export function secondsOf(work: readonly Work[], pace: Pace): number {
  return work.reduce((total, { id, items, cost }) => {
    const rate = rateOf(id, pace);
    return total + (rate === null ? items * (pace.perItem ?? 0) : cost * rate);
  }, pace.load);
}

/** Seconds per unit of cost of a benchmark; null where the pace knows seconds per item only. */
export function rateOf(id: string, { perCost }: Pace): number | null {
  return perCost.get(id) ?? perCost.get(null) ?? null;
}
