import type { LoadedRecord } from '../record/schema.ts';
import { benjaminiHochberg } from '../stats/benjamini-hochberg.ts';
import { detectable } from '../stats/detectable.ts';
import type { Estimate } from '../stats/estimate.ts';
import { holm } from '../stats/holm.ts';
import { tInterval } from '../stats/t-interval.ts';
import { FACTOR_NAMES, type Factor } from '../suite/benchmark.ts';
import { compareRow, type Row } from './benchmarks.ts';
import { findCollapsed } from './collapse.ts';
import { compareFactors, describeCoverage, type FactorRow } from './factors.ts';
import { findFootnotes, findWarnings } from './notes.ts';
import { type Bounds, decideOutcome, excludesFlips, isTestable } from './outcome.ts';
import { DEFAULT_POLICY, MINIMUM_UNITS, PAIRED_SHARE, type Policy } from './policy.ts';
import { compareProtocols } from './protocol.ts';
import {
  type BenchmarkComparison,
  type Difference,
  type FactorComparison,
  type Source,
  VERDICT_SCHEMA_VERSION,
  type Verdict,
} from './schema.ts';
import { indexRecord, rowIds } from './sides.ts';
import { findVerdicts } from './whole.ts';

/** Compares a candidate's record with a baseline's, item by item, and judges the difference by `policy`. */
export function compare(
  baseline: LoadedRecord,
  candidate: LoadedRecord,
  policy: Policy = DEFAULT_POLICY,
): Verdict {
  const { digest } = baseline.record.model;
  const sameModel = digest !== null && digest === candidate.record.model.digest;
  const protocol = compareProtocols(baseline, candidate);
  const sides = { baseline: indexRecord(baseline), candidate: indexRecord(candidate) };
  const rows = rowIds(baseline, candidate).map((id) =>
    compareRow(id, { baseline: sides.baseline(id), candidate: sides.candidate(id) }, protocol),
  );
  const factors = judgeFactors(compareFactors(rows, policy.preset), policy, sameModel);
  const benchmarks = judgeRows(rows, policy, sameModel);
  // A run that measured nothing has found no drop, but has not looked either.
  const incomplete = rows.some((row) => row.incomplete) || rows.every((row) => row.candidate.score === null);
  const found = findVerdicts({ incomplete, factors, benchmarks });
  return {
    schemaVersion: VERDICT_SCHEMA_VERSION,
    verdict: found[0]!,
    passed: !found.some((verdict) => policy.failOn.includes(verdict)),
    preset: policy.preset,
    sameModel,
    factors,
    benchmarks,
    coverage: describeCoverage(rows, policy.preset),
    collapsed: findCollapsed(baseline, candidate),
    notComparable: uniqueByPath(rows.flatMap((row) => row.blockedBy)),
    subject: protocol.subject,
    warnings: [...protocol.warnings, ...findWarnings({ sameModel, benchmarks })],
    footnotes: findFootnotes({ factors, benchmarks, alpha: policy.alpha }),
    records: { baseline: describeSource(baseline), candidate: describeSource(candidate) },
    alpha: policy.alpha,
    thresholds: {
      minimumEffect: { ...policy.minimumEffect },
      margins: { ...policy.margins },
      otherMargin: policy.otherMargin,
      failOn: [...policy.failOn],
      minimumUnits: MINIMUM_UNITS,
      pairedShare: PAIRED_SHARE,
    },
  };
}

function judgeFactors(rows: FactorRow[], policy: Policy, sameModel: boolean): FactorComparison[] {
  const family = adjust(rows, holm);
  return rows.map((row, place) => ({
    id: row.id,
    name: FACTOR_NAMES[row.id],
    ...judge(row, family.adjusted[place]!, family.size, policy, {
      alpha: policy.alpha,
      minimumEffect: policy.minimumEffect.factor,
      margin: policy.margins[row.id],
      sameModel,
    }),
  }));
}

function judgeRows(rows: Row[], policy: Policy, sameModel: boolean): BenchmarkComparison[] {
  const family = adjust(rows, benjaminiHochberg);
  const margin = (factor: Factor | null) => (factor ? policy.margins[factor] : policy.otherMargin);
  return rows.map((row, place) => ({
    id: row.id,
    name: row.name,
    factor: row.factor,
    ...judge(row, family.adjusted[place]!, family.size, policy, {
      alpha: policy.alpha,
      minimumEffect: policy.minimumEffect.benchmark,
      margin: margin(row.factor),
      sameModel,
    }),
    units: row.delta?.units ?? 0,
    flips: row.flips,
    level: policy.levels[row.id] ?? 'error',
    incomplete: row.incomplete,
    status: row.status,
  }));
}

type Judged = Omit<FactorComparison, 'id' | 'name'>;

function judge(
  row: FactorRow | Row,
  pAdjusted: number | null,
  familySize: number,
  { alpha }: Policy,
  bounds: Bounds,
): Judged {
  const { delta } = row;
  return {
    baseline: { score: row.baseline.score, ci: row.baseline.ci },
    candidate: { score: row.candidate.score, ci: row.candidate.ci },
    delta: {
      estimate: delta?.estimate ?? null,
      ci: delta && tInterval(delta, 1 - alpha),
      se: delta?.se ?? null,
      df: delta?.df ?? null,
      p: row.p,
      pAdjusted,
    },
    detectable: delta && smallestVisible(delta, familySize, bounds),
    paired: row.paired,
    n: row.n,
    outcome: row.outcome ?? (delta ? decideOutcome(delta, pAdjusted, bounds) : 'skipped'),
    reason: row.reason,
  };
}

/** Null where no drop is ever called one, or where too few equal answers hide the spread. */
function smallestVisible(delta: Estimate, familySize: number, bounds: Bounds): number | null {
  const { alpha, minimumEffect } = bounds;
  if (delta.se === null || !isTestable(delta)) return null;
  if (delta.se === 0 && !excludesFlips(delta.units, minimumEffect, alpha)) return null;
  return detectable(delta.se, { alpha, familySize, minimumEffect });
}

/** Corrects the p-values of one family; rows without a test are not of the family. */
function adjust(rows: readonly { p: number | null }[], correct: (pValues: number[]) => number[]) {
  const tested = rows.flatMap(({ p }, place) => (p === null ? [] : [{ p, place }]));
  const corrected = correct(tested.map(({ p }) => p));
  const adjusted = rows.map((): number | null => null);
  tested.forEach(({ place }, i) => {
    adjusted[place] = corrected[i]!;
  });
  return { adjusted, size: tested.length };
}

function uniqueByPath(differences: Difference[]): Difference[] {
  return [...new Map(differences.map((difference) => [difference.path, difference])).values()];
}

function describeSource({ record }: LoadedRecord): Source {
  return {
    name: record.model.name,
    digest: record.model.digest,
    commit: record.commit,
    branch: record.branch,
    suite: record.suite,
    seed: record.seed,
    planHash: record.planHash,
    finished: record.finished,
    complete: record.complete,
    items: record.totals.items,
    device: record.environment && {
      type: record.environment.device.type,
      name: record.environment.device.name,
    },
    deviceMinutes: record.totals.deviceMinutes,
  };
}
