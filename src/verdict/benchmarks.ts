import { combine } from '../stats/combine.ts';
import type { Estimate } from '../stats/estimate.ts';
import { mcnemar } from '../stats/mcnemar.ts';
import { tTest } from '../stats/t-test.ts';
import type { Benchmark, Factor } from '../suite/benchmark.ts';
import { findBenchmark } from '../suite/catalogue.ts';
import { estimateMean, type ScoreEstimate, scoreItems, scoreSummary } from './estimates.ts';
import { isTestable } from './outcome.ts';
import { pairItems } from './pairing.ts';
import type { ProtocolComparison } from './protocol.ts';
import type { BenchmarkComparison, Difference, Outcome } from './schema.ts';
import { countedScores } from './scoring.ts';
import { nameOf, type Side } from './sides.ts';

/** One benchmark of two records, before its p-value is corrected for the others. */
export interface Row {
  id: string;
  name: string;
  factor: Factor | null;
  baseline: ScoreEstimate;
  candidate: ScoreEstimate;
  /** Candidate minus baseline; null where the two are not compared. */
  delta: Estimate | null;
  p: number | null;
  paired: boolean;
  n: number;
  flips: BenchmarkComparison['flips'];
  /** Already known where there is no comparison. */
  outcome: Outcome | null;
  reason: string | null;
  /** The baseline has it, the candidate lacks some or all of it. */
  incomplete: boolean;
  blockedBy: Difference[];
  status: BenchmarkComparison['status'];
}

/** Compares the two sides of one benchmark, or says why they cannot be. */
export function compareRow(
  id: string,
  sides: { baseline: Side; candidate: Side },
  protocol: ProtocolComparison,
): Row {
  const benchmark = findBenchmark(id);
  const { baseline, candidate } = sides;
  const row: Row = {
    id,
    name: nameOf(id),
    factor: benchmark?.factor ?? null,
    baseline: scoreSide(baseline, benchmark),
    candidate: scoreSide(candidate, benchmark),
    delta: null,
    p: null,
    paired: false,
    n: 0,
    flips: null,
    outcome: null,
    reason: null,
    incomplete: baseline.measured && candidate.gap !== null,
    blockedBy: [],
    status: { baseline: baseline.result?.status ?? null, candidate: candidate.result?.status ?? null },
  };
  if (!baseline.measured || !candidate.measured) return { ...row, ...explainAbsence(baseline, candidate) };

  const tasks = [baseline, candidate].flatMap(({ result }) => result?.tasks.map(({ task }) => task) ?? []);
  const blockedBy = [
    ...protocol.run,
    ...[...new Set(tasks)].flatMap((task) => protocol.tasks.get(task) ?? []),
  ];
  if (blockedBy.length > 0) {
    const reason = 'evaluated in different ways';
    return { ...row, outcome: 'not-comparable', blockedBy, reason };
  }
  const compared = { ...row, ...measureDifference(row, baseline, candidate, benchmark) };
  const notes = [compared.reason, baseline.gap && `baseline: ${baseline.gap}`, candidate.gap];
  return { ...compared, reason: notes.filter(Boolean).join('; ') || null };
}

type Measured = Pick<Row, 'baseline' | 'candidate' | 'delta' | 'p' | 'paired' | 'n' | 'flips' | 'reason'>;

function measureDifference(
  scores: Pick<Row, 'baseline' | 'candidate'>,
  baseline: Side,
  candidate: Side,
  benchmark: Benchmark | undefined,
): Measured {
  const pairs = pairItems(baseline.items, candidate.items);
  if (!pairs.paired) return unpairedDifference(scores, pairs.baseline.length, baseline, candidate);
  const before = countedScores(pairs.baseline, benchmark);
  const after = countedScores(pairs.candidate, benchmark);
  const differences = after.map((score, i) => score - before[i]!);
  const sampled = pairs.baseline.map((item, i) => ({
    ...item,
    // A sample within the other side's sample, or the same sample: the smaller probability chose the pair.
    inclusionP: Math.min(item.inclusionP, pairs.candidate[i]!.inclusionP),
  }));
  const delta = estimateMean(sampled, differences, benchmark);
  return {
    // Scores of the very items compared, so that they differ by the difference shown.
    baseline: scoreItems(sampled, benchmark),
    candidate: scoreItems(reweigh(pairs.candidate, sampled), benchmark),
    delta,
    p: delta && pairedP(delta),
    paired: true,
    n: differences.length,
    flips: {
      gained: differences.filter((difference) => difference > 0).length,
      lost: differences.filter((difference) => difference < 0).length,
    },
    reason: delta && tooFew(delta),
  };
}

function unpairedDifference(
  scores: Pick<Row, 'baseline' | 'candidate'>,
  common: number,
  baseline: Side,
  candidate: Side,
): Measured {
  const n = Math.min(scores.baseline.n, scores.candidate.n);
  const before = scores.baseline.estimate;
  const after = scores.candidate.estimate;
  const delta = before && after && combine([before, after], [-1, 1]);
  const why =
    baseline.items.length === 0 || candidate.items.length === 0
      ? 'unpaired, weak: a side has no single items'
      : `unpaired, weak: only ${common} of ${n} items in common`;
  return {
    ...scores,
    delta,
    p: delta && (isTestable(delta) ? tTest(delta) : null),
    paired: false,
    n,
    flips: null,
    reason: [why, delta && tooFew(delta)].filter(Boolean).join('; '),
  };
}

/** A t test; where all differences are equal and not 0, so that it has no spread to go by, a sign test. */
function pairedP(delta: Estimate): number | null {
  if (!isTestable(delta)) return null;
  return tTest(delta) ?? mcnemar(0, delta.units);
}

function tooFew(delta: Estimate): string | null {
  return isTestable(delta) ? null : `${delta.units} independent items are too few for a test`;
}

function reweigh<T extends { inclusionP: number }>(items: T[], like: readonly { inclusionP: number }[]): T[] {
  return items.map((item, i) => ({ ...item, inclusionP: like[i]!.inclusionP }));
}

export function scoreSide(side: Side, benchmark: Benchmark | undefined): ScoreEstimate {
  if (!side.measured || side.result === null) return { estimate: null, score: null, ci: null, n: 0 };
  if (side.items.length === 0) return scoreSummary(side.result, benchmark);
  return scoreItems(side.items, benchmark);
}

function explainAbsence(baseline: Side, candidate: Side): Pick<Row, 'outcome' | 'reason'> {
  if (candidate.measured) return { outcome: 'no-baseline', reason: `the baseline lacks it: ${baseline.gap}` };
  const outcome = candidate.result?.status === 'failed' ? 'failed' : 'skipped';
  return { outcome, reason: candidate.gap };
}
