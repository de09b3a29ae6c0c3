import type { JudgeAudit } from '../judge/audit/schema.ts';
import type { LoadedRecord } from '../record/schema.ts';
import { findBenchmark } from '../suite/catalogue.ts';
import { MINIMUM_UNITS } from '../suite/minimum-units.ts';
import type { StopOn } from '../suite/plan/looks/looks.ts';
import type { Plan } from '../suite/plan/plan.ts';
import { isKnown, selectBenchmarks } from '../suite/select.ts';
import { VERSION } from '../version.ts';
import { citeAudit } from './head-to-head/cite-audit.ts';
import { compareHeadToHead } from './head-to-head/compare-head-to-head.ts';
import type { Alarm } from './head-to-head/schema.ts';
import { judgeBenchmarks, judgeFactors } from './judge.ts';
import { compareJudged } from './judge-benchmarks.ts';
import { atVerdict } from './looks/at-verdict.ts';
import { goThroughLooks, type Looked, type LooksInput } from './looks/decide.ts';
import { judgeLooked } from './looks/judge.ts';
import { findObstacle } from './looks/obstacle.ts';
import { measureBenchmark } from './measure/benchmarks.ts';
import type { ChangeModel } from './measure/borrowing/expected-change.ts';
import { type Calibration, spreadsOf } from './measure/calibration.ts';
import { measureDrift } from './measure/drift.ts';
import type { RecordScores } from './measure/estimates.ts';
import { compareFactors, describeCoverage, factorShares } from './measure/factors.ts';
import { measureGroups } from './measure/groups.ts';
import { benchmarkIds, indexRecord } from './measure/result-view.ts';
import { findFootnotes, findWarnings } from './notes.ts';
import { findVerdicts } from './overall.ts';
import { DEFAULT_POLICY, MINIMUM_DF, PAIRED_SHARE, type Policy } from './policy.ts';
import { compareProtocols } from './protocol/protocol.ts';
import type { Requested } from './protocol/required.ts';
import { describeSource } from './provenance.ts';
import type { Waiver } from './schema.ts';
import { type Difference, FAMILY_CORRECTIONS, VERDICT_SCHEMA_VERSION, type Verdict } from './schema.ts';
import { findCollapsed } from './signs/collapse.ts';
import { findEndings, warnOfEndings } from './signs/endings.ts';
import { compareModels } from './signs/same-model.ts';
import { compareStyles, noteUnrecorded } from './signs/style.ts';
import { describeTemplateChange } from './signs/template-change.ts';
import { addWorstParts } from './signs/worst-parts.ts';
import { findUnevaluated, settleParts, settleUnevaluated } from './unevaluated.ts';
import { applyWaivers } from './waiver.ts';

export interface CompareOptions {
  policy?: Policy;
  /** Compares what was evaluated in different ways all the same; the verdict warns of it. */
  force?: boolean;
  /** Benchmarks and factors that were asked for, by trusted settings: the others are left out on both sides. All where empty. */
  benchmarks?: readonly string[];
  /** What trusted settings ask of the candidate: what it lacks of that counts as wrong. Taken from the records where left out. */
  requested?: Requested;
  /** Whether it is known, and not just claimed by the candidate's record, which model that is of. */
  isModelKnown?: boolean;
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
  /**
   * A trusted plan by whose looks a change is judged: what its record says of a stop of its own counts for nothing. Null or left out for
   * one test of all that was asked, as for main and the gate.
   */
  looks?: LooksRequest | null;
  /** What earlier changes of main teach of which answers a change turns (`learnChanges`): fixed before any answer of the candidate. */
  learned?: ChangeModel | null;
  /** An audit of a judge, from somebody who is trusted. */
  judgeAudit?: JudgeAudit | null;
}

export interface LooksRequest {
  plan: Plan;
  stopOn: StopOn;
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
    isModelKnown = true,
    anchor = null,
    failOnDrift = false,
    calibration = null,
    waivers = null,
    scores = null,
    looks = null,
    learned = null,
    judgeAudit = null,
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
  const spreads = calibration ? spreadsOf(calibration, preset) : undefined;
  const options = { preset, sameModel, force };
  const beyond = candidate.headToHead !== undefined;
  const looked = lookAt({ looks, policy, spreads, protocol, views, ids, options, requestedIds, beyond });
  const measured =
    looked.found?.measured ??
    ids.map((id) =>
      measureBenchmark(id, { baseline: views.baseline(id), candidate: views.candidate(id) }, protocol, {
        ...options,
        requested,
        scores,
        learned,
      }),
    );
  const { factors, benchmarks, groups } =
    looked.found === null
      ? {
          factors: judgeFactors(compareFactors(measured, preset), policy, spreads),
          ...judgeBenchmarks(
            measured,
            measureGroups(measured, policy, spreads),
            policy,
            factorShares(measured, preset),
            spreads,
          ),
        }
      : judgeLooked(looked.found, { plan: looked.plan, policy, spreads });
  // A run that measured nothing has found no drop, but has not looked either. What an import lacks, its baseline may lack as well.
  const measuredNothing =
    candidate.record.imported === null && measured.every((benchmark) => benchmark.candidate.score === null);
  const incomplete = measuredNothing || measured.some((benchmark) => benchmark.incomplete);
  const accepted = applyWaivers(waivers?.list ?? [], waivers?.now ?? new Date(0), factors, [
    ...benchmarks,
    ...groups,
  ]);
  const drift =
    anchor &&
    measureDrift(anchor, candidate, policy, {
      failing: failOnDrift,
      requestedIds,
      scores,
      waivers: accepted.shown,
      looks: looked.found && { plan: looked.plan, found: looked.found },
    });
  const measuredVerdicts = findVerdicts({
    incomplete,
    factors,
    benchmarks: [...benchmarks, ...groups],
    waived: accepted.waived,
  });
  const blocks = uniqueByPath(measured.flatMap((benchmark) => benchmark.blockedBy));
  const forced = force && blocks.length > 0;
  const unevaluated = findUnevaluated({
    baseline: baseline.record,
    candidate: candidate.record,
    sameModel,
    isModelKnown,
  });
  const judged = compareJudged(baseline, candidate, policy);
  // What is missing, or was asked in another way, is so whatever the model is; and no claim hides a drop.
  const hasDropped = unevaluated?.confirmed === false && measuredVerdicts.includes('regressed');
  const settled =
    unevaluated === null || incomplete || blocks.length > 0 || hasDropped
      ? null
      : settleUnevaluated(unevaluated);
  const found =
    settled === null
      ? measuredVerdicts
      : // Nor does a claim take a finding away that the policy fails on.
        [settled, ...(unevaluated?.confirmed ? [] : measuredVerdicts)];
  // Shown, and looked at by nothing above: the counts are a claim of the candidate's record.
  const style =
    unevaluated === null
      ? compareStyles({
          ids: measured.filter(({ delta }) => delta !== null).map(({ id }) => id),
          views,
          records: { baseline: baseline.record, candidate: candidate.record },
          alpha: policy.alpha,
        })
      : undefined;
  const settledFactors = settleParts(factors, settled);
  const headToHead = compareHeadToHead(baseline, candidate, { factors: settledFactors, benchmarks }, policy);
  const judge = [...judged, ...(headToHead?.judge ?? [])];
  const audit = citeAudit(judgeAudit, candidate);
  const asLooked = looked.found && describeLooks(looked.found, looked.plan, looked.stopOn);
  const atLook =
    asLooked && looks ? atVerdict(candidate, looks.plan, { factors: settledFactors, looks: asLooked }) : null;
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
    ...(unevaluated && { unevaluated }),
    factors: settledFactors,
    benchmarks: addWorstParts(
      settleParts(benchmarks, settled),
      baseline,
      atLook?.candidate ?? candidate,
      atLook === null ? requested : { ...requested, plan: atLook.plan },
    ),
    ...(groups.length > 0 && { groups: settleParts(groups, settled) }),
    ...(judge.length > 0 && { judge }),
    ...(headToHead && { alarm: offset(headToHead.alarm, judged.length) }),
    ...(audit.cited && { judgeAudit: audit.cited }),
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
      ...(looked.obstacle === null
        ? []
        : [`Not judged look by look, so all planned questions count: ${looked.obstacle}.`]),
      ...warnOfEndings(endings),
      ...protocol.warnings,
    ],
    footnotes: [
      ...findFootnotes({ factors, benchmarks, measured, learned, alpha: policy.alpha }),
      ...noteUnrecorded(style),
      ...(audit.note === null ? [] : [audit.note]),
    ],
    ...(asLooked && { looks: asLooked }),
    ...(learned &&
      benchmarks.some(({ borrowed }) => borrowed?.byMargin) && {
        learned: { pairs: learned.pairs, coefficient: learned.coefficient },
      }),
    ...(endings.length > 0 && { endings }),
    ...(style && { style }),
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

/** The alarm with its index in a list that begins with so many others. */
function offset(alarm: Alarm, by: number): Alarm {
  return { ...alarm, judge: alarm.judge === null ? null : alarm.judge + by };
}

type SequentialPlan = LooksInput['plan'];

/** The looks of a trusted plan, gone through on what is there; or why they are not. */
function lookAt({
  looks,
  requestedIds,
  ...input
}: Omit<LooksInput, 'plan' | 'stopOn'> & {
  looks: LooksRequest | null;
  requestedIds: ReadonlySet<string> | null;
}):
  | { found: Looked; plan: SequentialPlan; stopOn: StopOn; obstacle: null }
  | { found: null; obstacle: string | null } {
  const { sequential } = looks?.plan ?? {};
  if (looks === null || sequential === undefined) return { found: null, obstacle: null };
  const plan = { ...looks.plan, sequential };
  const obstacle = findObstacle(plan, input.views, input.protocol, input.policy, requestedIds);
  if (obstacle !== null) return { found: null, obstacle };
  const { stopOn } = looks;
  return { found: goThroughLooks({ ...input, plan, stopOn }), plan, stopOn, obstacle: null };
}

function describeLooks({ lookOf }: Looked, plan: SequentialPlan, stopOn: StopOn): Verdict['looks'] {
  const asked = plan.chunks.filter(({ benchmark, look = 1 }) => look <= lookOf(benchmark));
  const costOf = (chunks: Plan['chunks']) => chunks.reduce((sum, { cost }) => sum + cost, 0);
  const factors = Object.keys(plan.sequential.factors);
  const needed = plan.benchmarks.filter(({ id }) => factors.includes(findBenchmark(id)?.factor ?? ''));
  return {
    count: plan.sequential.looks,
    done: Math.max(0, ...needed.map(({ id }) => lookOf(id))),
    items: asked.reduce((sum, { docIds }) => sum + docIds.length, 0),
    share: costOf(asked) / (costOf(plan.chunks) || 1),
    stopOn,
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
