import type { LoadedRecord } from '../record/schema.ts';
import { findBenchmark } from '../suite/catalogue.ts';
import { isKnown, selectBenchmarks } from '../suite/select.ts';
import { rowIds } from './measure/sides.ts';

/**
 * The rows that names of benchmarks and factors stand for; null where none is named, and all count. Names come from settings that
 * the candidate has no say in: what its own record claims to have been asked would let it leave out what it fails.
 *
 * @throws SosBenchError `benchmark-unknown` for what neither the catalogue nor one of the records has.
 */
export function askedRows(names: readonly string[], ...records: LoadedRecord[]): ReadonlySet<string> | null {
  if (names.length === 0) return null;
  const rows = rowIds(...records);
  // Throws for a name that nobody has.
  selectBenchmarks(names.filter((name) => isKnown(name) || !rows.includes(name)));
  return new Set(
    rows.filter((id) => {
      const factor = findBenchmark(id)?.factor;
      return names.includes(id) || (factor !== undefined && names.includes(factor));
    }),
  );
}
