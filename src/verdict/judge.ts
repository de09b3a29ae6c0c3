import { benjaminiHochberg } from '../stats/benjamini-hochberg.ts';
import { detectable } from '../stats/detectable.ts';
import { holm } from '../stats/holm.ts';
import { type RunSpread, widen } from '../stats/run-spread.ts';
import { tTest } from '../stats/two-sided-t.ts';
import { FACTOR_NAMES } from '../suite/benchmark.ts';
import type { MeasuredBenchmark } from './measure/benchmarks.ts';
import type { Borrowed } from './measure/borrowing/borrow.ts';
import { differenceInterval } from './measure/difference.ts';
import type { MeasuredFactor } from './measure/factors.ts';
import type { MeasuredGroup } from './measure/groups.ts';
import { decideOutcome, isTestable } from './outcome.ts';
import { benchmarkStandard, factorStandard, groupStandard, type Policy, type Standard } from './policy.ts';
import type { BenchmarkComparison, FactorComparison, GroupComparison } from './schema.ts';

/** How much scores vary between training runs of one recipe, by id of factor or benchmark. */
export type Spreads = ReadonlyMap<string, RunSpread>;

const NO_SPREADS: Spreads = new Map();

/** Tests the factors as one family, corrected by Holm's method. */
export function judgeFactors(
  measured: readonly MeasuredFactor[],
  policy: Policy,
  spreads: Spreads = NO_SPREADS,
): FactorComparison[] {
  const tested = measured.map((measured) => ({
    ...addSpread(measured, spreads),
    standard: factorStandard(measured.id, policy),
  }));
  const family = adjust(tested, holm);
  return tested.map(({ measured, testable, standard }, index) => ({
    id: measured.id,
    name: FACTOR_NAMES[measured.id],
    ...applyPolicy({ measured, testable, standard }, family.adjusted[index]!, family.size, policy.alpha),
  }));
}

/**
 * Tests the benchmarks, and the groups of them that are tested as one, as one family, corrected by Benjamini and Hochberg's method. A group's
 * statistic is a mean of its members': they go together, for which the method holds.
 */
export function judgeBenchmarks(
  measured: readonly MeasuredBenchmark[],
  groups: readonly MeasuredGroup[],
  policy: Policy,
  shares: ReadonlyMap<string, number>,
  spreads: Spreads = NO_SPREADS,
): { benchmarks: BenchmarkComparison[]; groups: GroupComparison[] } {
  const tested = measured.map((measured) => ({
    ...addSpread(measured, spreads),
    standard: benchmarkStandard(measured.id, measured.factor, policy),
  }));
  const ofGroups = groups.map((measured) => ({
    ...addSpread(measured, spreads),
    standard: groupStandard(measured.id, measured.factor, measured.members, policy),
  }));
  const family = adjust([...tested, ...ofGroups], benjaminiHochberg);
  const judge = (member: Member<MeasuredBenchmark | MeasuredGroup>, index: number) =>
    applyPolicy(member, family.adjusted[index]!, family.size, policy.alpha);
  const benchmarks = tested.map(({ measured, testable, standard }, index) => ({
    id: measured.id,
    name: measured.name,
    factor: measured.factor,
    ...judge({ measured, testable, standard }, index),
    share: shares.get(measured.id) ?? null,
    units: measured.delta?.units ?? 0,
    flips: measured.flips,
    incomplete: measured.incomplete,
    missing: measured.missing,
    required: measured.required,
    status: measured.status,
  }));
  const together = ofGroups.map(({ measured, testable, standard }, index) => ({
    id: measured.id,
    name: measured.name,
    factor: measured.factor,
    members: measured.members,
    ...judge({ measured, testable, standard }, tested.length + index),
  }));
  return { benchmarks, groups: together };
}

function applyPolicy(
  { measured, testable, standard }: Member<MeasuredFactor | MeasuredBenchmark | MeasuredGroup>,
  pAdjusted: number | null,
  familySize: number,
  alpha: number,
): Omit<FactorComparison, 'id' | 'name'> {
  const { delta } = measured;
  const { level, minimumEffect, margin } = standard;
  const off = level === 'off';
  const equivalenceCi = differenceInterval(measured, 1 - 2 * alpha);
  const tested = off ? null : delta;
  const fallback = off && delta ? 'inconclusive' : 'skipped';
  return {
    baseline: { score: measured.baseline.score, ci: measured.baseline.ci },
    candidate: { score: measured.candidate.score, ci: measured.candidate.ci },
    delta: {
      estimate: delta?.estimate ?? null,
      ci: differenceInterval(measured, 1 - alpha),
      equivalenceCi,
      se: measured.se,
      seFloor: delta !== null && delta.se !== measured.se ? delta.se : null,
      df: delta?.df ?? null,
      p: measured.p,
      pAdjusted,
    },
    detectable:
      tested?.se != null && testable ? detectable(tested.se, { alpha, familySize, minimumEffect }) : null,
    ...(measured.borrowed && { borrowed: shownOf(measured.borrowed) }),
    method: measured.method,
    paired: measured.paired,
    n: measured.n,
    outcome:
      measured.outcome ??
      (tested
        ? decideOutcome(
            { estimate: tested.estimate, testable, pAdjusted, equivalenceCi },
            { alpha, minimumEffect, margin },
          )
        : fallback),
    reason: [off && delta && 'level off: not tested', measured.reason].filter(Boolean).join('; ') || null,
    threshold: { level, minimumEffect, margin },
  };
}

function shownOf({
  baselineItems,
  cells,
  byMargin,
  varianceRatio,
}: Borrowed): NonNullable<FactorComparison['borrowed']> {
  return { baselineItems, cells, ...(byMargin && { byMargin }), varianceRatio };
}

/** With the spread between training runs known, the difference is one of recipes; exact tests of two models do not apply. */
function addSpread<R extends MeasuredFactor | MeasuredBenchmark | MeasuredGroup>(
  measured: R,
  spreads: Spreads,
): { measured: R; testable: boolean } {
  const testable = measured.delta !== null && isTestable(measured.delta);
  const spread = spreads.get(measured.id);
  if (spread === undefined || measured.delta === null) return { measured, testable };
  // A spread from three runs has two degrees of freedom: few, but exact, unlike those of few clusters.
  const delta = widen(measured.delta, spread);
  const p = testable ? tTest(delta) : null;
  return {
    measured: { ...measured, delta, se: delta.se, pairs: null, p, method: p === null ? null : 't' },
    testable,
  };
}

interface Member<R> {
  measured: R;
  testable: boolean;
  standard: Standard;
}

/** Corrects the p-values of one family; benchmarks without a test, or at level off, are not of the family. */
function adjust(members: readonly Member<{ p: number | null }>[], correct: (pValues: number[]) => number[]) {
  const tested = members.flatMap(({ measured: { p }, standard }, index) =>
    p === null || standard.level === 'off' ? [] : [{ p, index }],
  );
  const corrected = correct(tested.map(({ p }) => p));
  const adjusted = members.map((): number | null => null);
  tested.forEach(({ index }, i) => {
    adjusted[index] = corrected[i]!;
  });
  return { adjusted, size: tested.length };
}
