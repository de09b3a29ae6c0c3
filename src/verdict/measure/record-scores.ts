import type { LoadedRecord } from '../../record/schema.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import type { Preset } from '../policy.ts';
import { scoreView } from './benchmarks.ts';
import type { RecordScores } from './estimates.ts';
import { benchmarkIds, indexRecord } from './result-view.ts';

/** Scores every benchmark of a record as it is; what it has no result of is not in it. */
export function scoreRecord(loaded: LoadedRecord, preset: Preset): RecordScores {
  const viewOf = indexRecord(loaded);
  const scored = benchmarkIds(loaded)
    .map((id) => ({ id, view: viewOf(id) }))
    .filter(({ view }) => view.result !== null);
  return {
    preset,
    benchmarks: new Map(scored.map(({ id, view }) => [id, scoreView(view, findBenchmark(id), preset)])),
  };
}
