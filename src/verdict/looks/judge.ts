import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { detectable, strictestLevel } from '../../stats/detectable.ts';
import { holm } from '../../stats/holm.ts';
import { boundaryOfT, type LookEstimate } from '../../stats/sequential/look-test.ts';
import { repeatedInterval } from '../../stats/sequential/repeated.ts';
import { sequentialP } from '../../stats/sequential/sequential-p.ts';
import { findGroup } from '../../suite/groups.ts';
import { groupFractions } from '../../suite/plan/looks/group-looks.ts';
import { ALPHA_GAMMA, boundariesAt, informativeLooks } from '../../suite/plan/looks/looks.ts';
import { judgeBenchmarks, judgeFactors } from '../judge.ts';
import type { MeasuredBenchmark } from '../measure/benchmarks.ts';
import { compareFactors, factorShares } from '../measure/factors.ts';
import type { MeasuredGroup } from '../measure/groups.ts';
import { decideOutcome } from '../outcome.ts';
import type { Policy } from '../policy.ts';
import type { BenchmarkComparison, FactorComparison, GroupComparison, Interval, Outcome } from '../schema.ts';
import { type FactorPath, type Looked, type LooksInput, lookEstimate, stagewiseEstimate } from './decide.ts';

/** What the outcomes of a run with looks rest on. */
export interface JudgedLooks {
  factors: FactorComparison[];
  benchmarks: BenchmarkComparison[];
  groups: GroupComparison[];
}

/** One-sided level of the bounds that rule a drop out, and a gain. */
const BOUND = 0.05;

/** Outcomes of factors by their paths, of benchmarks by sequential p-values: judged once, at the look where each factor ended. */
export function judgeLooked(
  looked: Looked,
  { plan, policy, spreads }: Pick<LooksInput, 'plan' | 'policy' | 'spreads'>,
): JudgedLooks {
  const { paths, measured, groups, pValues, lookOf, beyond } = looked;
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
    const judged = judgeFactor(factor, path, estimate, { p, pAdjusted }, policy, sequential.alpha);
    const later = beyond.get(factor.id);
    const upper = later && upperAt(path, later.estimate, later.look);
    return upper == null
      ? judged
      : { ...judged, looks: { ...judged.looks!, beyond: { look: later!.look, upper } } };
  });
  const fractionsOf = (id: string) => {
    const group = findGroup(id);
    return group === undefined ? sequential.benchmarks[id] : (groupFractions(plan, group) ?? undefined);
  };
  // All benchmarks of a group end with their factor.
  const doneOf = (id: string) => lookOf(findGroup(id)?.members[0] ?? id);
  const bySequentialP = <M extends MeasuredBenchmark | MeasuredGroup>(own: M): M =>
    withSequentialP(own, pValues.get(own.id), fractionsOf(own.id), doneOf(own.id));
  const judged = judgeBenchmarks(
    measured.map(bySequentialP),
    groups.map(bySequentialP),
    policy,
    factorShares(measured, policy.preset),
    spreads,
  );
  const familySize = [...judged.benchmarks, ...judged.groups].filter(
    ({ delta }) => delta.pAdjusted !== null,
  ).length;
  const shown = <C extends BenchmarkComparison | GroupComparison>(own: C): C => {
    const fractions = fractionsOf(own.id);
    if (fractions === undefined) return own;
    const done = doneOf(own.id);
    const needsAll = own.outcome === 'improved' || own.outcome === 'equivalent';
    const isWhole = (fractions[done - 1] ?? 1) >= 1;
    return {
      ...own,
      ...(needsAll && !isWhole && { outcome: 'inconclusive' as const }),
      detectable: detectableAt(own, { fractions, done, alpha: policy.alpha, familySize }),
      repeatedCi: repeatedCiOf(own, { fractions, done, alpha: policy.alpha }),
    };
  };
  return { factors, benchmarks: judged.benchmarks.map(shown), groups: judged.groups.map(shown) };
}

/** The looks that a benchmark has had. */
interface Had {
  fractions: readonly number[];
  done: number;
  alpha: number;
}

/** The boundary of the last look at which there was anything new, at a one-sided level; null before the first. */
function boundaryAt(level: number, { fractions, done }: Had): number | null {
  const last = informativeLooks(fractions).findLast((look) => look < done);
  return last === undefined ? null : boundariesAt(level, fractions)[last]!;
}

/** An early look shows larger drops than one test of the same answers would: its boundary is farther away. */
function detectableAt(
  { detectable: usual, delta, threshold }: Pick<BenchmarkComparison, 'detectable' | 'delta' | 'threshold'>,
  { familySize, ...had }: Had & { familySize: number },
): number | null {
  const se = delta.seFloor ?? delta.se;
  if (usual === null || se === null) return usual;
  const { alpha } = had;
  const boundary = boundaryAt(strictestLevel(alpha, familySize), had);
  const { minimumEffect } = threshold;
  return boundary === null ? null : detectable(se, { alpha, familySize, minimumEffect, boundary });
}

/** Null for what is too little to test. */
function repeatedCiOf(
  { delta: { estimate, se, seFloor, df }, method }: Pick<BenchmarkComparison, 'delta' | 'method'>,
  had: Had,
): Interval | null {
  const width = seFloor ?? se;
  if (estimate === null || width === null || df === null || method === null) return null;
  const boundary = boundaryAt(had.alpha / 2, had);
  return boundary === null ? null : repeatedInterval({ estimate, se: width, df }, boundary);
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

function withSequentialP<M extends MeasuredBenchmark | MeasuredGroup>(
  measured: M,
  tails: readonly (number | null)[] | undefined,
  fractions: readonly number[] | undefined,
  done: number,
): M {
  const { p, delta } = measured;
  if (p === null || delta === null || fractions === undefined || tails === undefined || tails.length < done)
    return measured;
  return { ...measured, p: twoSided(fractions, tails, done, delta.estimate) };
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
  const { last, skipped } = lastTested({ design, untested }, done);
  const reach = (level: number) =>
    boundaryOfT(boundariesAt(level, design.fractions, skipped)[last]!, found.df) * found.se;
  const repeatedCi = repeatedInterval(found, boundariesAt(alpha, design.fractions, skipped)[last]!);
  return {
    ...{ ...shown, ruledOut: found.estimate - reach(BOUND) > -design.drop, naive, repeatedCi },
    upper: upperAt({ design, untested }, found, done),
  };
}

/** The one-sided upper bound of the difference after so many looks that holds at all of them at once; null where there is none. */
function upperAt(
  path: Pick<FactorPath, 'design' | 'untested'>,
  { estimate, se, df }: LookEstimate,
  done: number,
): number | null {
  const { last, skipped } = lastTested(path, done);
  const reach = boundaryOfT(boundariesAt(BOUND, path.design.fractions, skipped)[last]!, df) * se;
  return Number.isFinite(reach) ? estimate + reach : null;
}

/**
 * The look, from 0, whose boundary holds after so many, and those that are skipped: a look without anything new has no boundary, nor one at which
 * nothing was tested; that of what there is by now holds.
 */
function lastTested({ design, untested }: Pick<FactorPath, 'design' | 'untested'>, done: number) {
  const last = informativeLooks(design.fractions).findLast((look) => look < done) ?? done - 1;
  return { last, skipped: new Set([...untested].filter((look) => look !== last)) };
}
