import { noun } from '../../count.ts';
import { combine } from '../../stats/combine.ts';
import { type BoundedMean, combinedWilsonInterval } from '../../stats/combined-wilson-interval.ts';
import type { Estimate } from '../../stats/estimate.ts';
import { tTest } from '../../stats/two-sided-t.ts';
import { FACTORS, type Factor } from '../../suite/benchmark.ts';
import { CATALOGUE, findBenchmark } from '../../suite/catalogue.ts';
import { isTestable } from '../outcome.ts';
import type { Preset } from '../policy.ts';
import type { Coverage, Interval, Method, Score } from '../schema.ts';
import type { MeasuredBenchmark } from './benchmarks.ts';
import { type Borrowed, varianceRatio } from './borrowing/borrow.ts';
import { NOT_MEASURED } from './difference.ts';
import { SCORE_LEVEL, type ScoreEstimate } from './estimates.ts';
import { NOT_REQUESTED } from './result-view.ts';

/** One factor of two records, before its p-value is corrected for the others. */
export interface MeasuredFactor {
  id: Factor;
  baseline: Score;
  candidate: Score;
  delta: Estimate | null;
  /** The largest difference that there can be. */
  span: number;
  se: number | null;
  /** A factor is never one benchmark of 0/1 answers. */
  pairs: null;
  p: number | null;
  method: Method | null;
  paired: boolean;
  n: number;
  /** Of its benchmarks that borrow, with the factor's difference as it would be without; null where none does. */
  borrowed: Borrowed | null;
  outcome: 'skipped' | 'not-comparable' | null;
  reason: string | null;
}

/** Combines the benchmarks of each factor over the benchmarks that both sides have. */
export function compareFactors(benchmarks: readonly MeasuredBenchmark[], preset: Preset): MeasuredFactor[] {
  return FACTORS.map((id) => compareFactor(id, benchmarks, preset));
}

/** One benchmark's part in its factor. */
export interface Part {
  id: string;
  n: number;
  estimate: Estimate | null;
}

/** Sum of w x / sum of w over a factor's benchmarks, with the preset's weights. */
export function factorMean(parts: readonly Part[], preset: Preset): Estimate | null {
  const present = withShares(parts, preset);
  return combine(
    present.map(({ estimate }) => estimate),
    present.map(({ share }) => share),
  );
}

/**
 * A factor's score: its benchmarks' mean, with the score interval of a mean of theirs (`combinedWilsonInterval`, each benchmark put on
 * the scale from 0 to 1). So it stays on the scale, and has width where all answers are right. Unknown where one of theirs is.
 */
export function factorScore(
  parts: readonly (Part & Pick<ScoreEstimate, 'ci' | 'range' | 'size'>)[],
  preset: Preset,
): { estimate: Estimate | null; ci: Interval | null } {
  const estimate = factorMean(parts, preset);
  const present = withShares(parts, preset);
  let least = 0;
  let width = 0;
  for (const { share, range } of present) {
    least += share * range[0];
    width += share * (range[1] - range[0]);
  }
  const means = present.flatMap(({ estimate: own, ci, range: [low, high], size }): BoundedMean[] => {
    const scaled = (score: number) => (score - low) / (high - low);
    const se = own.se === null ? null : own.se / (high - low);
    return ci === null
      ? []
      : [
          {
            estimate: { ...own, estimate: scaled(own.estimate), se },
            ci: [scaled(ci[0]), scaled(ci[1])],
            size,
          },
        ];
  });
  if (estimate === null || means.length < present.length) return { estimate, ci: null };
  const shares = present.map(({ share, range }) => (share * (range[1] - range[0])) / width);
  const ci = combinedWilsonInterval(means, shares, SCORE_LEVEL);
  return { estimate, ci: ci && [least + width * ci[0], least + width * ci[1]] };
}

function withShares<P extends Part>(
  parts: readonly P[],
  preset: Preset,
): (P & { estimate: Estimate; share: number })[] {
  const present = parts.flatMap((part) =>
    part.estimate ? [{ ...part, estimate: part.estimate, share: weigh(part, preset) }] : [],
  );
  const total = present.reduce((sum, { share }) => sum + share, 0);
  return total === 0 ? [] : present.map((part) => ({ ...part, share: part.share / total }));
}

/** Each compared benchmark's share in its factor; benchmarks that take no part are not in it. */
export function factorShares(benchmarks: readonly MeasuredBenchmark[], preset: Preset): Map<string, number> {
  const shares = new Map<string, number>();
  for (const factor of FACTORS) {
    const own = benchmarks.filter((benchmark) => benchmark.factor === factor && benchmark.delta !== null);
    const total = own.reduce((sum, benchmark) => sum + weigh(benchmark, preset), 0);
    for (const benchmark of own) shares.set(benchmark.id, total === 0 ? 0 : weigh(benchmark, preset) / total);
  }
  return shares;
}

/** How much of each factor was compared, by the paper's sizes, and why the rest was not. */
export function describeCoverage(benchmarks: readonly MeasuredBenchmark[]): Coverage[] {
  return FACTORS.map((factor) => {
    const own = benchmarks.filter((benchmark) => benchmark.factor === factor);
    const compared = own.filter((benchmark) => benchmark.delta !== null);
    const size = (list: readonly { id: string }[]) =>
      list.reduce((sum, { id }) => sum + weigh({ id, n: 0 }, 'paper'), 0);
    return {
      factor,
      compared: compared.length,
      of: own.length,
      weight: size(compared) / size(CATALOGUE.filter((benchmark) => benchmark.factor === factor)),
      missing: own
        .filter((benchmark) => benchmark.delta === null)
        .map(({ id, name, reason }) => ({ id, name, reason: reason ?? 'not compared' })),
    };
  });
}

function compareFactor(id: Factor, benchmarks: readonly MeasuredBenchmark[], preset: Preset): MeasuredFactor {
  const own = benchmarks.filter((benchmark) => benchmark.factor === id);
  const compared = own.filter((benchmark) => benchmark.delta !== null);
  if (compared.length === 0) return withoutComparison(id, own, preset);
  const { notes: remarks, ...combined } = combineBenchmarks(compared, preset);
  const notes = [
    own.some(isNotRequested)
      ? `rests on ${compared.length} of ${own.length} ${noun(own.length, 'benchmark')}: not all were asked for`
      : null,
    ...remarks,
  ];
  return { id, ...combined, outcome: null, reason: notes.filter(Boolean).join('; ') || null };
}

/** The difference of several benchmarks as one, each a part of its own; `compared` is not empty. */
export function combineBenchmarks(compared: readonly MeasuredBenchmark[], preset: Preset) {
  const delta = factorMean(
    compared.map((benchmark) => ({ id: benchmark.id, n: benchmark.n, estimate: benchmark.delta })),
    preset,
  );
  const weak = compared.filter((benchmark) => !benchmark.paired).map((benchmark) => benchmark.name);
  const p = delta && isTestable(delta) ? tTest(delta) : null;
  return {
    ...scoreBoth(compared, preset),
    delta,
    span: withShares(
      compared.map((benchmark) => ({ ...benchmark, estimate: benchmark.delta })),
      preset,
    ).reduce((sum, { share, span }) => sum + share * span, 0),
    se: delta?.se ?? null,
    pairs: null,
    p,
    method: p === null ? null : ('t' as const),
    paired: weak.length === 0,
    n: compared.reduce((sum, benchmark) => sum + benchmark.n, 0),
    borrowed: addBorrowed(compared, delta, preset),
    notes: [
      weak.length > 0 ? `unpaired, weak: ${weak.join(', ')}` : null,
      delta && !isTestable(delta) ? 'too few independent questions for a test' : null,
    ],
  };
}

function addBorrowed(
  compared: readonly MeasuredBenchmark[],
  delta: Estimate | null,
  preset: Preset,
): Borrowed | null {
  const own = compared.flatMap(({ borrowed }) => borrowed ?? []);
  const unborrowed = factorMean(
    compared.map(({ id, n, delta, borrowed }) => ({ id, n, estimate: borrowed?.unborrowed ?? delta })),
    preset,
  );
  if (own.length === 0 || unborrowed === null) return null;
  const sum = (part: 'baselineItems' | 'cells') => own.reduce((total, borrowed) => total + borrowed[part], 0);
  return {
    baselineItems: sum('baselineItems'),
    cells: sum('cells'),
    byMargin: own.some((borrowed) => borrowed.byMargin),
    unborrowed,
    varianceRatio: varianceRatio(delta, unborrowed),
  };
}

function withoutComparison(id: Factor, own: readonly MeasuredBenchmark[], preset: Preset): MeasuredFactor {
  const blocked = own.filter((benchmark) => benchmark.outcome === 'not-comparable');
  return {
    id,
    ...scoreBoth(blocked.length > 0 ? blocked : own, preset),
    ...NOT_MEASURED,
    outcome: blocked.length > 0 ? 'not-comparable' : 'skipped',
    reason: explainNone(own, blocked),
  };
}

function explainNone(own: readonly MeasuredBenchmark[], blocked: readonly MeasuredBenchmark[]): string {
  if (blocked.length > 0) return 'evaluated in different ways';
  return own.every(isNotRequested) ? NOT_REQUESTED : 'no benchmark that both sides have';
}

function isNotRequested({ reason }: MeasuredBenchmark): boolean {
  return reason === NOT_REQUESTED;
}

function scoreBoth(benchmarks: readonly MeasuredBenchmark[], preset: Preset) {
  const score = (arm: 'baseline' | 'candidate'): Score => {
    const { estimate, ci } = factorScore(
      // Weights of the comparison, so that the two scores differ by the difference shown.
      benchmarks.map((benchmark) => ({
        ...benchmark[arm],
        id: benchmark.id,
        n: benchmark.n || benchmark[arm].n,
      })),
      preset,
    );
    return { score: estimate?.estimate ?? null, ci };
  };
  return { baseline: score('baseline'), candidate: score('candidate') };
}

/** What a benchmark weighs in its factor; `n` is the number of its items that were evaluated or compared. */
export function weigh({ id, n }: { id: string; n: number }, preset: Preset): number {
  switch (preset) {
    case 'paper':
    case 'chance':
      return findBenchmark(id)?.size ?? 0;
    case 'effective':
      return n;
    case 'macro':
      return 1;
  }
}
