import { noun } from '../../count.ts';
import type { BenchmarkResult, Item, LoadedRecord, RunRecord } from '../../record/schema.ts';
import { CATALOGUE, findBenchmark } from '../../suite/catalogue.ts';

/** What a side's record says of its run. */
export type RunFacts = Pick<RunRecord, 'planHash' | 'seed' | 'suite' | 'imported'>;

/** One benchmark as one record has it. */
export interface BenchmarkResultView {
  run: RunFacts;
  result: BenchmarkResult | null;
  items: Item[];
  /** Whether there is a score to compare. */
  measured: boolean;
  /** Why not, or what is missing of it; null where all planned items are there. */
  gap: string | null;
}

/** What is said of benchmarks that were not asked for. */
export const NOT_REQUESTED = 'not asked for';

/**
 * A record's benchmarks by id.
 *
 * @param requestedIds benchmarks that count; of the others nothing is told, whatever the record has. All where null.
 */
export function indexRecord(
  { record, items }: LoadedRecord,
  requestedIds: ReadonlySet<string> | null = null,
): (id: string) => BenchmarkResultView {
  const results = new Map(record.benchmarks.map((result) => [result.id, result]));
  const grouped = new Map<string, Item[]>();
  for (const item of items) {
    const group = grouped.get(item.benchmark);
    if (group) group.push(item);
    else grouped.set(item.benchmark, [item]);
  }
  return (id) => {
    if (requestedIds !== null && !requestedIds.has(id))
      return { run: record, result: null, items: [], measured: false, gap: NOT_REQUESTED };
    const result = results.get(id) ?? null;
    const gap = describeGap(result, record);
    return { run: record, result, items: grouped.get(id) ?? [], measured: isMeasured(result), gap };
  };
}

/** Ids of all benchmarks to report: the catalogue's in its order, then those of the records. */
export function benchmarkIds(...records: LoadedRecord[]): string[] {
  const ids = CATALOGUE.map((benchmark) => benchmark.id);
  const others = records.flatMap(({ record }) => record.benchmarks.map(({ id }) => id)).sort();
  return [...new Set([...ids, ...others])];
}

export function nameOf(id: string): string {
  return findBenchmark(id)?.name ?? id;
}

function isMeasured(result: BenchmarkResult | null): boolean {
  return result !== null && (result.status === 'done' || result.status === 'partial') && result.n > 0;
}

/** Why a record has no score of a benchmark, or what is missing of it; null where all planned items are there. */
export function describeGap(
  result: BenchmarkResult | null,
  { imported }: Pick<RunRecord, 'imported'>,
): string | null {
  // All suites have all benchmarks: what a run says nothing of was left out by its settings.
  if (result === null) return imported === null ? 'not asked for in its run' : 'not in what was imported';
  if (result.status === 'done' && result.n > 0) return null;
  const fallback = {
    done: 'no question was evaluated',
    partial: `only ${result.n} of ${result.planned} ${noun(result.planned, 'planned question')} ${result.n === 1 ? 'was' : 'were'} evaluated`,
    skipped: 'skipped, no reason recorded',
    failed: 'failed, no reason recorded',
  }[result.status];
  return result.reason ?? fallback;
}
