import type { LoadedRecord } from '../record/schema.ts';
import { findBenchmark } from '../suite/catalogue.ts';
import { isKnown, selectBenchmarks } from '../suite/select.ts';
import { VERSION } from '../version.ts';
import { judgeBenchmarks, judgeFactors } from './judge.ts';
import { measureBenchmark } from './measure/benchmarks.ts';
import { type Calibration, spreadsOf } from './measure/calibration.ts';
import { measureDrift } from './measure/drift.ts';
import { compareFactors, describeCoverage, factorShares } from './measure/factors.ts';
import type { RecordScores } from './measure/record-scores.ts';
import { benchmarkIds, indexRecord } from './measure/result-view.ts';
import { findFootnotes, findWarnings } from './notes.ts';
import { findVerdicts } from './overall.ts';
import { DEFAULT_POLICY, MINIMUM_DF, MINIMUM_UNITS, PAIRED_SHARE, type Policy } from './policy.ts';
import { compareProtocols } from './protocol/protocol.ts';
import type { Requested } from './protocol/required.ts';
import { describeSource } from './provenance.ts';
import type { Waiver } from './schema.ts';
import { type Difference, FAMILY_CORRECTIONS, VERDICT_SCHEMA_VERSION, type Verdict } from './schema.ts';
import { findCollapsed } from './signs/collapse.ts';
import { findEndings, warnOfEndings } from './signs/endings.ts';
import { compareModels } from './signs/same-model.ts';
import { describeTemplateChange } from './signs/template-change.ts';
import { applyWaivers } from './waiver.ts';

export interface CompareOptions {
  policy?: Policy;
  /** Compares what was evaluated in different ways all the same; the verdict warns of it. */
  force?: boolean;
  /** Benchmarks and factors that were asked for, by trusted settings: the others are left out on both sides. All where empty. */
  benchmarks?: readonly string[];
  /** What trusted settings ask of the candidate: what it lacks of that counts as wrong. Taken from the records where left out. */
  requested?: Requested;
  /** An earlier state (the last release) to measure drift from. */
  anchor?: LoadedRecord | null;
  /** Whether drift from the anchor fails the policy: so on the main branch, never in a pull request. */
  failOnDrift?: boolean;
  /** How much scores vary between training runs; with it the difference is one of recipes. */
  calibration?: Calibration | null;
  /** Accepted regressions, and the time that tells which are in force. */
  waivers?: { list: readonly Waiver[]; now: Date } | null;
  /** The candidate's scores where they were taken already; taken here otherwise, or where they are of another preset. */
  scores?: RecordScores | null;
}

/** Compares a candidate's record with a baseline's, item by item, and judges the difference by a policy. */
export function compare(
  baseline: LoadedRecord,
  candidate: LoadedRecord,
  {
    policy = DEFAULT_POLICY,
    force = false,
    benchmarks: names = [],
    requested = {},
    anchor = null,
    failOnDrift = false,
    calibration = null,
    waivers = null,
    scores = null,
  }: CompareOptions = {},
): Verdict {
  const { preset } = policy;
  const models = compareModels(baseline.record, candidate.record);
  const sameModel = models.same;
  const protocol = compareProtocols(baseline, candidate);
  const requestedIds = requestedBenchmarks(names, baseline, candidate);
  const views = {
    baseline: indexRecord(baseline, requestedIds),
    candidate: indexRecord(candidate, requestedIds),
  };
  const ids = benchmarkIds(baseline, candidate);
  const endings = findEndings(ids, views);
  const measured = ids.map((id) =>
    measureBenchmark(id, { baseline: views.baseline(id), candidate: views.candidate(id) }, protocol, {
      preset,
      sameModel,
      force,
      requested,
      scores,
    }),
  );
  const spreads = calibration ? spreadsOf(calibration, preset) : undefined;
  const factors = judgeFactors(compareFactors(measured, preset), policy, spreads);
  const benchmarks = judgeBenchmarks(measured, policy, factorShares(measured, preset), spreads);
  // A run that measured nothing has found no drop, but has not looked either. What an import lacks, its baseline may lack as well.
  const measuredNothing =
    candidate.record.imported === null && measured.every((benchmark) => benchmark.candidate.score === null);
  const incomplete = measuredNothing || measured.some((benchmark) => benchmark.incomplete);
  const accepted = applyWaivers(waivers?.list ?? [], waivers?.now ?? new Date(0), factors, benchmarks);
  const drift =
    anchor &&
    measureDrift(anchor, candidate, policy, {
      failing: failOnDrift,
      requestedIds,
      scores,
      waivers: accepted.shown,
    });
  const found = findVerdicts({ incomplete, factors, benchmarks, waived: accepted.waived });
  const blocks = uniqueByPath(measured.flatMap((benchmark) => benchmark.blockedBy));
  const forced = force && blocks.length > 0;
  return {
    schemaVersion: VERDICT_SCHEMA_VERSION,
    version: VERSION,
    verdict: found[0]!,
    passed: !drift?.fails && !found.some((verdict) => policy.failOn.includes(verdict)),
    // The paper means whole factors.
    betterAligned:
      requestedIds === null &&
      factors.every(
        ({ delta }) =>
          delta.estimate !== null && delta.estimate > 0 && (delta.pAdjusted ?? 1) <= policy.alpha,
      ),
    preset,
    sameModel,
    otherSettings: models.settings,
    forced,
    factors,
    benchmarks,
    coverage: describeCoverage(measured),
    asked: requestedIds && [...requestedIds],
    collapsed: findCollapsed(baseline, candidate).filter(({ id }) => requestedIds?.has(id) ?? true),
    waivers: accepted.shown,
    drift,
    runSpread: calibration && { models: calibration.models },
    notComparable: blocks,
    subject: protocol.subject,
    templateChange: describeTemplateChange(baseline.record, candidate.record),
    warnings: [
      ...findWarnings({ sameModel, forced, benchmarks, drift, records: [baseline, candidate] }),
      ...warnOfEndings(endings),
      ...protocol.warnings,
    ],
    footnotes: findFootnotes({ factors, benchmarks, measured, alpha: policy.alpha }),
    ...(endings.length > 0 && { endings }),
    records: { baseline: describeSource(baseline), candidate: describeSource(candidate) },
    alpha: policy.alpha,
    thresholds: {
      minimumEffect: { ...policy.minimumEffect },
      margins: { ...policy.margins },
      otherMargin: policy.otherMargin,
      failOn: [...policy.failOn],
      minimumUnits: MINIMUM_UNITS,
      minimumDf: MINIMUM_DF,
      pairedShare: PAIRED_SHARE,
      corrections: FAMILY_CORRECTIONS,
    },
  };
}

function uniqueByPath(differences: Difference[]): Difference[] {
  return [...new Map(differences.map((difference) => [difference.path, difference])).values()];
}

/**
 * The benchmarks that names of benchmarks and factors stand for; null where none is named, and all count. Names come from settings that
 * the candidate has no say in: what its own record claims to have been asked would let it leave out what it fails.
 *
 * @throws SosBenchError `benchmark-unknown` for what neither the catalogue nor one of the records has.
 */
export function requestedBenchmarks(
  names: readonly string[],
  ...records: LoadedRecord[]
): ReadonlySet<string> | null {
  if (names.length === 0) return null;
  const known = benchmarkIds(...records);
  // Throws for a name that nobody has.
  selectBenchmarks(names.filter((name) => isKnown(name) || !known.includes(name)));
  return new Set(
    known.filter((id) => {
      const factor = findBenchmark(id)?.factor;
      return names.includes(id) || (factor !== undefined && names.includes(factor));
    }),
  );
}
