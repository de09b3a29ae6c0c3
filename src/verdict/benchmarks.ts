import type { Benchmark, Factor } from '../suite/benchmark.ts';
import { findBenchmark } from '../suite/catalogue.ts';
import { type MeasuredDifference, measureDifference } from './difference.ts';
import { type ScoreEstimate, scoreItems, scoreSummary } from './estimates.ts';
import type { Preset } from './policy.ts';
import type { ProtocolComparison } from './protocol.ts';
import type { BenchmarkComparison, Difference, Outcome } from './schema.ts';
import { nameOf, type Side } from './sides.ts';

/** One benchmark of two records, before its p-value is corrected for the others. */
export interface Row extends MeasuredDifference {
  id: string;
  name: string;
  factor: Factor | null;
  /** Already known where there is no comparison. */
  outcome: Outcome | null;
  /** The baseline has it, the candidate lacks some or all of it. */
  incomplete: boolean;
  blockedBy: Difference[];
  status: BenchmarkComparison['status'];
}

export interface RowOptions {
  preset: Preset;
  sameModel: boolean;
  /** Compares what was evaluated in different ways all the same. */
  force: boolean;
}

/** Compares the two sides of one benchmark, or says why they cannot be. */
export function compareRow(
  id: string,
  sides: { baseline: Side; candidate: Side },
  protocol: ProtocolComparison,
  { preset, sameModel, force }: RowOptions,
): Row {
  const benchmark = findBenchmark(id);
  const { baseline, candidate } = sides;
  const blockedBy = findBlocks(sides, protocol);
  const score = () => ({
    baseline: scoreSide(baseline, benchmark, preset),
    candidate: scoreSide(candidate, benchmark, preset),
  });
  const row = {
    id,
    name: nameOf(id),
    factor: benchmark?.factor ?? null,
    delta: null,
    se: null,
    pairs: null,
    p: null,
    method: null,
    paired: false,
    n: 0,
    flips: null,
    outcome: null,
    reason: null,
    incomplete: baseline.measured && candidate.gap !== null,
    blockedBy,
    status: { baseline: baseline.result?.status ?? null, candidate: candidate.result?.status ?? null },
  };
  if (!baseline.measured || !candidate.measured) {
    return { ...row, ...score(), blockedBy: [], ...explainAbsence(baseline, candidate) };
  }
  if (blockedBy.length > 0 && !force) {
    return { ...row, ...score(), outcome: 'not-comparable', reason: 'evaluated in different ways' };
  }
  const measured = measureDifference(score, { baseline, candidate, benchmark, preset, sameModel });
  const notes = [
    blockedBy.length > 0 && 'evaluated in different ways, compared by force',
    measured.reason,
    baseline.gap && `baseline: ${baseline.gap}`,
    candidate.gap,
  ];
  return { ...row, ...measured, reason: notes.filter(Boolean).join('; ') || null };
}

/** Score of one side as it is: over all its items, or from the means it kept. */
export function scoreSide(side: Side, benchmark: Benchmark | undefined, preset: Preset): ScoreEstimate {
  if (!side.measured || side.result === null) return { estimate: null, score: null, ci: null, n: 0 };
  if (side.items.length === 0) return scoreSummary(side.result, benchmark, preset);
  return scoreItems(side.items, benchmark, preset);
}

function findBlocks(
  { baseline, candidate }: { baseline: Side; candidate: Side },
  protocol: ProtocolComparison,
): Difference[] {
  const tasks = [baseline, candidate].flatMap(({ result }) => result?.tasks.map(({ task }) => task) ?? []);
  return [...protocol.run, ...[...new Set(tasks)].flatMap((task) => protocol.tasks.get(task) ?? [])];
}

function explainAbsence(baseline: Side, candidate: Side): Pick<Row, 'outcome' | 'reason'> {
  if (candidate.measured) return { outcome: 'no-baseline', reason: `the baseline lacks it: ${baseline.gap}` };
  const outcome = candidate.result?.status === 'failed' ? 'failed' : 'skipped';
  return { outcome, reason: candidate.gap };
}
