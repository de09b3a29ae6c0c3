import { SosBenchError } from '../error.ts';
import type { LoadedRecord } from '../record/schema.ts';
import { judgeBenchmarkName, judgedSides } from '../verdict/judge-benchmarks.ts';
import { scoreRecord } from '../verdict/measure/record-scores.ts';
import type { Preset } from '../verdict/policy.ts';
import { scoreFactors } from '../verdict/summary.ts';
import type { Board, BoardScore } from './board.ts';
import type { ModelNames } from './read-model-names.ts';

/** What `agree` takes of one record, so that records need not be held together. */
export interface RecordBoards {
  path: string;
  model: string;
  commit: string | null;
  started: string | null;
  scores: { id: string; kind: Board['kind']; score: BoardScore }[];
}

/** Scores of a record: its factors under a preset, its benchmarks, and what judges found; fractions of 1, higher is better. */
export function takeScores(loaded: LoadedRecord, preset: Preset, names: ModelNames): RecordBoards {
  const { path, record } = loaded;
  const factors = scoreFactors(loaded, preset).map(({ id, estimate }) => ({
    id,
    kind: 'factor' as const,
    estimate,
  }));
  const benchmarks = [...scoreRecord(loaded, preset).benchmarks].map(([id, { estimate }]) => ({
    ...{ id, kind: 'benchmark' as const, estimate },
  }));
  const judged = judgedSides(loaded).map(({ result }) => ({
    id: `${judgeBenchmarkName(result)} by ${result.judge}`,
    kind: 'judge' as const,
    estimate: result.score === null ? null : { estimate: result.score, se: result.stderr },
  }));
  return {
    path,
    model: names.models.get(record.model.name) ?? record.model.name,
    commit: record.commit,
    started: record.started,
    scores: [...factors, ...benchmarks, ...judged].flatMap(({ id, kind, estimate }) =>
      estimate === null ? [] : [{ id, kind, score: { score: estimate.estimate, se: estimate.se } }],
    ),
  };
}

/**
 * The boards of several models, one record a model.
 *
 * @throws SosBenchError `usage` where two records are of one model.
 */
export function boardsOfModels(records: readonly RecordBoards[]): Board[] {
  const seen = new Map<string, string>();
  for (const { model, path } of records) {
    const before = seen.get(model);
    if (before !== undefined) {
      throw new SosBenchError('usage', `${before} and ${path} are both records of '${model}'`, {
        hint: "give one record a model; over the records of one history it is '--changes'",
      });
    }
    seen.set(model, path);
  }
  return collectBoards(records.map((record) => [record.model, record]));
}

/**
 * The boards of one history, a record a key, in the order of time.
 *
 * @throws SosBenchError `usage` where a record does not say when it was made.
 */
export function boardsOfHistory(records: readonly RecordBoards[]): Board[] {
  const timeless = records.find(({ started }) => started === null);
  if (timeless !== undefined) {
    throw new SosBenchError('usage', `${timeless.path} does not say when it was made`, {
      hint: 'changes are measured from one record to the next: give records with a time',
    });
  }
  const sorted = [...records].sort((a, b) =>
    a.started! < b.started! ? -1 : a.started! > b.started! ? 1 : 0,
  );
  return collectBoards(sorted.map((record, index) => [`${record.commit ?? record.path} ${index}`, record]));
}

function collectBoards(records: readonly (readonly [key: string, record: RecordBoards])[]): Board[] {
  const boards = new Map<string, Board>();
  for (const [key, { scores }] of records) {
    for (const { id, kind, score } of scores) {
      const board = boards.get(id) ?? { id, kind, file: null, scores: new Map() };
      board.scores.set(key, score);
      boards.set(id, board);
    }
  }
  return [...boards.values()];
}
