import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { holm } from '../../stats/holm.ts';
import { boundaryOfT, type LookEstimate } from '../../stats/sequential/look-test.ts';
import { sequentialP } from '../../stats/sequential/sequential-p.ts';
import { ALPHA_GAMMA, boundariesAt, informativeLooks } from '../../suite/plan/looks.ts';
import { judgeBenchmarks, judgeFactors } from '../judge.ts';
import type { MeasuredBenchmark } from '../measure/benchmarks.ts';
import { compareFactors, factorShares } from '../measure/factors.ts';
import { decideOutcome } from '../outcome.ts';
import type { Policy } from '../policy.ts';
import type { BenchmarkComparison, FactorComparison, Interval, Outcome } from '../schema.ts';
import { type FactorPath, type Looked, type LooksInput, lookEstimate, stagewiseEstimate } from './decide.ts';

/** What the outcomes of a run with looks rest on. */
export interface JudgedLooks {
  factors: FactorComparison[];
  benchmarks: BenchmarkComparison[];
}

/** One-sided level of the bound that rules a drop out. */
const BOUND = 0.05;

/** Outcomes of factors by their paths, of benchmarks by sequential p-values: judged once, at the look where each factor ended. */
export function judgeLooked(
  { paths, measured, pValues, lookOf }: Looked,
  { plan, policy, spreads }: Pick<LooksInput, 'plan' | 'policy' | 'spreads'>,
): JudgedLooks {
  const { sequential } = plan;
  const means = compareFactors(measured, policy.preset);
  const usual = judgeFactors(means, policy, spreads);
  const found = usual.map((factor, index) => {
    const path = paths.get(factor.id);
    const estimate = lookEstimate(means[index]!, spreads);
    if (path === undefined || path.state === 'open' || estimate === null)
      return { factor, path, p: factor.delta.p };
    return { factor, path, estimate, p: pOf(path, estimate) };
  });
  const tested = found.filter(({ p, factor }) => p !== null && factor.threshold.level !== 'off');
  const adjusted = holm(tested.map(({ p }) => p!));
  const factors = found.map((one) => {
    const pAdjusted = adjusted[tested.indexOf(one)] ?? null;
    const { factor, path, estimate, p } = one;
    if (path === undefined) return factor;
    if (estimate === undefined) return { ...factor, looks: shownOf(path, factor, null, sequential.alpha) };
    return judgeFactor(factor, path, estimate, { p, pAdjusted }, policy, sequential.alpha);
  });
  const byLooks = measured.map((benchmark) => withSequentialP(benchmark, pValues, plan, lookOf));
  const benchmarks = judgeBenchmarks(byLooks, policy, factorShares(measured, policy.preset), spreads).map(
    (benchmark) => {
      const isWhole = (sequential.benchmarks[benchmark.id]?.[lookOf(benchmark.id) - 1] ?? 1) >= 1;
      const needsAll = benchmark.outcome === 'improved' || benchmark.outcome === 'equivalent';
      return needsAll && !isWhole ? { ...benchmark, outcome: 'inconclusive' as const } : benchmark;
    },
  );
  return { factors, benchmarks };
}

/** Two-sided: a drop at any look, a gain at the last one alone. */
function pOf({ design, statistics, done }: FactorPath, estimate: LookEstimate): number {
  const tails = statistics.slice(0, done).map((z) => (z === null ? null : normalCdf(-z, 0, 1)));
  return twoSided(design.fractions, tails, done, estimate.estimate);
}

function twoSided(
  fractions: readonly number[],
  tails: readonly (number | null)[],
  done: number,
  estimate: number,
): number {
  const used = informativeLooks(fractions).filter((look) => look < done);
  const drop = sequentialP(
    used.map((look) => fractions[look]!),
    used.map((look) => tails[look] ?? null),
    ALPHA_GAMMA,
  );
  const last = tails[used.at(-1) ?? 0];
  const gain = fractions[done - 1] === 1 && estimate > 0 && last != null ? 1 - last : 1;
  return Math.min(1, 2 * Math.min(drop, gain));
}

function withSequentialP(
  benchmark: MeasuredBenchmark,
  pValues: Looked['pValues'],
  { sequential }: LooksInput['plan'],
  lookOf: (id: string) => number,
): MeasuredBenchmark {
  const fractions = sequential.benchmarks[benchmark.id];
  const tails = pValues.get(benchmark.id);
  if (benchmark.p === null || benchmark.delta === null || fractions === undefined || tails === undefined)
    return benchmark;
  const done = Math.min(lookOf(benchmark.id), tails.length);
  if (done < lookOf(benchmark.id)) return benchmark;
  return { ...benchmark, p: twoSided(fractions, tails, done, benchmark.delta.estimate) };
}

function judgeFactor(
  factor: FactorComparison,
  path: FactorPath,
  estimate: LookEstimate,
  { p, pAdjusted }: { p: number | null; pAdjusted: number | null },
  policy: Policy,
  familyAlpha: number,
): FactorComparison {
  const { alpha } = policy;
  const { minimumEffect, margin, level } = factor.threshold;
  const isOther = path.state === 'other';
  const looks = shownOf(path, factor, estimate, familyAlpha);
  const stagewise = stagewiseEstimate(path, path.done, estimate, 1 - alpha);
  const equivalenceCi = isOther
    ? factor.delta.equivalenceCi
    : stagewiseEstimate(path, path.done, estimate, 1 - 2 * alpha).ci;
  const delta = {
    ...factor.delta,
    estimate: isOther ? estimate.estimate : stagewise.estimate,
    ci: isOther ? looks.repeatedCi : stagewise.ci,
    equivalenceCi,
    p,
    pAdjusted: level === 'off' ? null : pAdjusted,
  };
  const isWhole = path.design.fractions[path.done - 1] === 1;
  const whole: Outcome = isWhole
    ? decideOutcome(
        { estimate: delta.estimate, testable: true, pAdjusted, equivalenceCi },
        { alpha, minimumEffect, margin },
      )
    : 'inconclusive';
  return {
    ...factor,
    delta,
    detectable:
      factor.detectable === null
        ? null
        : Math.max(
            minimumEffect,
            path.design.drift * estimate.se * Math.sqrt(path.design.fractions[path.done - 1]!),
          ),
    outcome: level === 'off' ? factor.outcome : outcomeOf(path, whole),
    looks,
  };
}

function outcomeOf({ state }: FactorPath, whole: Outcome): Outcome {
  if (state === 'regressed') return 'regressed';
  if (whole === 'improved' || whole === 'equivalent') return whole;
  return state === 'held' ? 'held' : 'inconclusive';
}

function shownOf(
  { state, done, design, untested }: FactorPath,
  { delta }: FactorComparison,
  found: LookEstimate | null,
  alpha: number,
): NonNullable<FactorComparison['looks']> {
  const shown = { done, decided: state === 'all' ? ('none' as const) : state, drop: design.drop };
  const naive = delta.estimate === null ? null : { estimate: delta.estimate, ci: delta.ci };
  if (found === null || done === 0) return { ...shown, ruledOut: false, naive, repeatedCi: null };
  // A look without anything new has no boundary, nor one at which nothing was tested: that of what there is by now holds.
  const last = informativeLooks(design.fractions).findLast((look) => look < done) ?? done - 1;
  const skipped = new Set([...untested].filter((look) => look !== last));
  const reach = (level: number) =>
    boundaryOfT(boundariesAt(level, design.fractions, skipped)[last]!, found.df) * found.se;
  const width = reach(alpha);
  const repeatedCi: Interval | null = Number.isFinite(width)
    ? [found.estimate - width, found.estimate + width]
    : null;
  return { ...shown, ruledOut: found.estimate - reach(BOUND) > -design.drop, naive, repeatedCi };
}
