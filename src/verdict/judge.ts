import { benjaminiHochberg } from '../stats/benjamini-hochberg.ts';
import { detectable } from '../stats/detectable.ts';
import { holm } from '../stats/holm.ts';
import { type RunSpread, widen } from '../stats/run-spread.ts';
import { tTest } from '../stats/two-sided-t.ts';
import { FACTOR_NAMES } from '../suite/benchmark.ts';
import type { Row } from './measure/benchmarks.ts';
import { differenceInterval } from './measure/difference.ts';
import type { FactorRow } from './measure/factors.ts';
import { decideOutcome, isTestable } from './outcome.ts';
import { benchmarkStandard, factorStandard, type Policy, type Standard } from './policy.ts';
import type { BenchmarkComparison, FactorComparison } from './schema.ts';

/** How much scores vary between training runs of one recipe, by id of factor or benchmark. */
export type Spreads = ReadonlyMap<string, RunSpread>;

const NO_SPREADS: Spreads = new Map();

/** Tests the factors as one family, corrected by Holm's method. */
export function judgeFactors(
  rows: readonly FactorRow[],
  policy: Policy,
  spreads: Spreads = NO_SPREADS,
): FactorComparison[] {
  const tested = rows.map((row) => ({
    ...widenRow(row, spreads),
    standard: factorStandard(row.id, policy),
  }));
  const family = adjust(tested, holm);
  return tested.map(({ row, testable, standard }, index) => ({
    id: row.id,
    name: FACTOR_NAMES[row.id],
    ...judge({ row, testable, standard }, family.adjusted[index]!, family.size, policy.alpha),
  }));
}

/** Tests the benchmarks as one family, corrected by Benjamini and Hochberg's method. */
export function judgeBenchmarks(
  rows: readonly Row[],
  policy: Policy,
  shares: ReadonlyMap<string, number>,
  spreads: Spreads = NO_SPREADS,
): BenchmarkComparison[] {
  const tested = rows.map((row) => ({
    ...widenRow(row, spreads),
    standard: benchmarkStandard(row.id, row.factor, policy),
  }));
  const family = adjust(tested, benjaminiHochberg);
  return tested.map(({ row, testable, standard }, index) => ({
    id: row.id,
    name: row.name,
    factor: row.factor,
    ...judge({ row, testable, standard }, family.adjusted[index]!, family.size, policy.alpha),
    share: shares.get(row.id) ?? null,
    units: row.delta?.units ?? 0,
    flips: row.flips,
    incomplete: row.incomplete,
    missing: row.missing,
    required: row.required,
    status: row.status,
  }));
}

function judge(
  { row, testable, standard }: Member<FactorRow | Row>,
  pAdjusted: number | null,
  familySize: number,
  alpha: number,
): Omit<FactorComparison, 'id' | 'name'> {
  const { delta } = row;
  const { level, minimumEffect, margin } = standard;
  const off = level === 'off';
  const equivalenceCi = differenceInterval(row, 1 - 2 * alpha);
  const tested = off ? null : delta;
  const fallback = off && delta ? 'inconclusive' : 'skipped';
  return {
    baseline: { score: row.baseline.score, ci: row.baseline.ci },
    candidate: { score: row.candidate.score, ci: row.candidate.ci },
    delta: {
      estimate: delta?.estimate ?? null,
      ci: differenceInterval(row, 1 - alpha),
      equivalenceCi,
      se: row.se,
      seFloor: delta !== null && delta.se !== row.se ? delta.se : null,
      df: delta?.df ?? null,
      p: row.p,
      pAdjusted,
    },
    detectable:
      tested?.se != null && testable ? detectable(tested.se, { alpha, familySize, minimumEffect }) : null,
    method: row.method,
    paired: row.paired,
    n: row.n,
    outcome:
      row.outcome ??
      (tested
        ? decideOutcome(
            { estimate: tested.estimate, testable, pAdjusted, equivalenceCi },
            { alpha, minimumEffect, margin },
          )
        : fallback),
    reason: [off && delta && 'level off: not tested', row.reason].filter(Boolean).join('; ') || null,
    threshold: { level, minimumEffect, margin },
  };
}

/** With the spread between training runs known, the difference is one of recipes; exact tests of two models do not apply. */
function widenRow<R extends FactorRow | Row>(row: R, spreads: Spreads): { row: R; testable: boolean } {
  const testable = row.delta !== null && isTestable(row.delta);
  const spread = spreads.get(row.id);
  if (spread === undefined || row.delta === null) return { row, testable };
  // A spread from three runs has two degrees of freedom: few, but exact, unlike those of few clusters.
  const delta = widen(row.delta, spread);
  const p = testable ? tTest(delta) : null;
  return { row: { ...row, delta, se: delta.se, pairs: null, p, method: p === null ? null : 't' }, testable };
}

interface Member<R> {
  row: R;
  testable: boolean;
  standard: Standard;
}

/** Corrects the p-values of one family; rows without a test, or at level off, are not of the family. */
function adjust(members: readonly Member<{ p: number | null }>[], correct: (pValues: number[]) => number[]) {
  const tested = members.flatMap(({ row: { p }, standard }, index) =>
    p === null || standard.level === 'off' ? [] : [{ p, index }],
  );
  const corrected = correct(tested.map(({ p }) => p));
  const adjusted = members.map((): number | null => null);
  tested.forEach(({ index }, i) => {
    adjusted[index] = corrected[i]!;
  });
  return { adjusted, size: tested.length };
}
