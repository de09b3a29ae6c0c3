import { widen } from '../../stats/run-spread.ts';
import { NEVER } from '../../stats/sequential/efficacy.ts';
import { decideLook, type LookOfTest } from '../../stats/sequential/graph.ts';
import { dropStatistic, type LookEstimate } from '../../stats/sequential/look-test.ts';
import { stagewiseMean } from '../../stats/sequential/stagewise.ts';
import type { Factor } from '../../suite/benchmark.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import {
  boundariesAt,
  type FactorLooks,
  informativeLooks,
  type StopOn,
} from '../../suite/plan/looks/looks.ts';
import { planThrough } from '../../suite/plan/looks/through-look.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import type { Spreads } from '../judge.ts';
import { type MeasuredBenchmark, type MeasureOptions, measureBenchmark } from '../measure/benchmarks.ts';
import { compareFactors, type MeasuredFactor } from '../measure/factors.ts';
import { type MeasuredGroup, measureGroups } from '../measure/groups.ts';
import type { BenchmarkResultView } from '../measure/result-view.ts';
import { isTestable } from '../outcome.ts';
import { factorStandard, type Policy } from '../policy.ts';
import type { ProtocolComparison } from '../protocol/protocol.ts';
import { LookedItems } from './looked-items.ts';

/** Fewer degrees of freedom than this, and a look before the last is no test. */
const MIN_LOOK_DF = 20;

/** Statistics of one factor at the looks that were done, as normal quantiles; null at a look that was no test. */
interface Path {
  statistics: (number | null)[];
  /** Looks, from 0, at which it was not tested. */
  untested: Set<number>;
  /** Efficacy boundary that was in force at each look. */
  efficacy: number[];
  /** Those of the last look, by how many factors have regressed. */
  levels: readonly number[];
  /** What would have stopped it for futility, on the scale of the statistic. */
  lower: number[];
}

/** Where one factor stands after the looks that were done. */
export interface FactorPath extends Path {
  id: Factor;
  /** Looks done. */
  done: number;
  /**
   * `regressed` and `held` are decided; `all`: the last look decided nothing; `other`: another factor ended the run; `open`: the items of
   * the next look are not all there.
   */
  state: 'regressed' | 'held' | 'all' | 'other' | 'open';
  design: FactorLooks;
}

/** Each benchmark as it is at the last look done, and the paths of the factors. */
export interface Looked {
  paths: Map<Factor, FactorPath>;
  measured: MeasuredBenchmark[];
  /** Benchmarks that are tested together as one, of the same looks. */
  groups: MeasuredGroup[];
  /** p-values of each benchmark and group at the looks done: one-sided, for a drop. */
  pValues: Map<string, (number | null)[]>;
  /** The last look of a benchmark that counts, from 1. */
  lookOf: (benchmark: string) => number;
  /** Of held factors, the last look that was answered all the same, from 1, and the difference there; only where `beyond` asks for it. */
  beyond: Map<Factor, { look: number; estimate: LookEstimate }>;
}

export interface LooksInput {
  plan: Plan & { sequential: NonNullable<Plan['sequential']> };
  stopOn: StopOn;
  policy: Policy;
  spreads: Spreads | undefined;
  protocol: ProtocolComparison;
  views: Record<'baseline' | 'candidate', (id: string) => BenchmarkResultView>;
  ids: readonly string[];
  options: Pick<MeasureOptions, 'preset' | 'sameModel' | 'force'>;
  /** Whether held factors are measured at later looks too, where these were answered: for the alarm alone. */
  beyond?: boolean;
  /** Looks whose items are there as far as the caller knows: the scheduler asks no further. All where left out. */
  through?: number;
}

/**
 * Goes through the looks of a plan, as it was fixed, on the items that are there: at each, the factors that are open are tested on what
 * was asked by then. Missing answers count as wrong; where too many are missing, nothing is decided any more.
 */
export function goThroughLooks(input: LooksInput): Looked {
  const { plan, ids, views, policy, stopOn } = input;
  const { sequential } = plan;
  const looked = new LookedItems(plan);
  const paths = new Map<Factor, FactorPath>();
  const pValues = new Map<string, (number | null)[]>();
  const current = new Map<string, MeasuredBenchmark>();
  for (const [id, design] of Object.entries(sequential.factors) as [Factor, FactorLooks][]) {
    const path = { statistics: [], untested: new Set<number>(), efficacy: [], levels: [], lower: [] };
    paths.set(id, { id, done: 0, state: 'open', design, ...path });
  }
  const through = input.through ?? sequential.looks;
  const stuck = new Set<Factor>();
  const lacking = new Set<string>();
  const isOpen = (path: FactorPath | undefined) =>
    path !== undefined && path.state === 'open' && !stuck.has(path.id);
  // What the policy does not test left the family after the plan was made: it decides nothing, and the others are corrected for fewer.
  const isTested = ({ id }: FactorPath) => factorStandard(id, policy).level !== 'off';
  const untested = [...paths.values()].filter((path) => !isTested(path)).length;
  const levelOf = () => untested + rejectedOf(paths);
  const plans = new Map<number, Plan>();
  const measure = (id: string, look: number): MeasuredBenchmark => {
    let asked = plans.get(look);
    if (asked === undefined) {
      asked = planThrough(plan, () => look);
      plans.set(look, asked);
    }
    const benchmarks = asked.benchmarks.filter((own) => own.id === id);
    const { view, first } = looked.viewAt(views.candidate(id), look);
    return measureBenchmark(id, { baseline: views.baseline(id), candidate: view }, input.protocol, {
      ...input.options,
      requested: { plan: { ...asked, benchmarks } },
      isWithinPlan: true,
      firstLook: first,
    });
  };
  const groupsOf = (own: readonly MeasuredBenchmark[]) => measureGroups(own, policy, input.spreads);
  const plannedIn = new Set(plan.benchmarks.flatMap(({ id, status }) => (status === 'planned' ? [id] : [])));
  const factorOf = (id: string) => findBenchmark(id)?.factor ?? null;

  for (let look = 1; look <= through && [...paths.values()].some(isOpen); look++) {
    const open = [...paths.values()].filter(isOpen);
    const at = new Map<string, MeasuredBenchmark>();
    for (const id of ids) {
      const factor = factorOf(id);
      if (factor !== null && isOpen(paths.get(factor))) at.set(id, measure(id, look));
    }
    const factors = compareFactors([...at.values()], policy.preset);
    const tests: LookOfTest[] = [];
    for (const path of open) {
      const own = [...at.values()].filter(({ factor }) => factor === path.id);
      const short = own.filter(({ incomplete, id }) => incomplete && plannedIn.has(id));
      if (short.length > 0) {
        stuck.add(path.id);
        for (const { id } of short) lacking.add(id);
        continue;
      }
      for (const benchmark of own) current.set(benchmark.id, benchmark);
      for (const part of [...own, ...groupsOf(own)]) {
        const seen = pValues.get(part.id) ?? [];
        while (seen.length < look - 1) seen.push(null);
        seen.push(oneSided(part));
        pValues.set(part.id, seen);
      }
      path.done = look;
      const measured = factors.find(({ id }) => id === path.id)!;
      const tested = testAt(look - 1, path, measured, input);
      if (tested !== null && isTested(path)) tests.push(tested);
    }
    const decided = decideLook(tests, levelOf());
    for (const [id, state] of decided) paths.get(id as Factor)!.state = state;
    for (const path of open) {
      // What a later rejection lowered is what was in force.
      path.efficacy[look - 1] = path.levels[Math.min(levelOf(), path.levels.length - 1)] ?? NEVER;
      if (isLastTest(path.design, look - 1) && path.state === 'open' && !stuck.has(path.id))
        path.state = 'all';
    }
    const isEnd = stopOn === 'regressed' && rejectedOf(paths) > 0;
    const mayEnd = isEnd || ![...paths.values()].some((path) => isTested(path) && isOpen(path));
    for (const path of paths.values()) {
      if (isOpen(path) && path.done === look && (isEnd || (mayEnd && !isTested(path)))) path.state = 'other';
    }
  }
  const lookOf = (benchmark: string) => {
    const factor = factorOf(benchmark);
    const path = factor === null ? undefined : paths.get(factor);
    return path === undefined || path.state === 'open' ? sequential.looks : path.done;
  };
  const beyond: Looked['beyond'] = new Map();
  if (input.through !== undefined) return { paths, measured: [], groups: [], pValues, lookOf, beyond };
  // A factor that is not decided owes all that was asked: too much that is missing at one look is too much, whatever it is of the whole.
  const measured = ids.map((id) => {
    const found = current.get(id);
    if (found !== undefined && lookOf(id) < sequential.looks) return found;
    const whole = measure(id, sequential.looks);
    return lacking.has(id) ? { ...whole, incomplete: true } : whole;
  });
  if (input.beyond === true) {
    for (const path of paths.values()) {
      if (path.state !== 'held') continue;
      const own = ids.filter((id) => factorOf(id) === path.id && plannedIn.has(id));
      const countAt = (look: number) =>
        own.reduce((sum, id) => sum + looked.viewAt(views.candidate(id), look).view.items.length, 0);
      for (let look = sequential.looks; look > path.done && countAt(look) > countAt(path.done); look--) {
        const at = own.map((id) => measure(id, look));
        const mean = compareFactors(at, policy.preset).find(({ id }) => id === path.id)!;
        const estimate = at.some(({ incomplete }) => incomplete) ? null : lookEstimate(mean, input.spreads);
        if (estimate === null) continue;
        beyond.set(path.id, { look, estimate });
        break;
      }
    }
  }
  return { paths, measured, groups: groupsOf(measured), pValues, lookOf, beyond };
}

/** Whether no look after this one (from 0) brings the factor anything new. */
function isLastTest({ fractions }: FactorLooks, index: number): boolean {
  return index >= (informativeLooks(fractions).at(-1) ?? 0);
}

function rejectedOf(paths: ReadonlyMap<Factor, FactorPath>): number {
  return [...paths.values()].filter(({ state }) => state === 'regressed').length;
}

/** Benchmarks of 0/1 answers have their exact p-value, the others that of t. */
function oneSided({ p, delta }: Pick<MeasuredBenchmark, 'p' | 'delta'>): number | null {
  if (p === null || delta === null) return null;
  return delta.estimate <= 0 ? p / 2 : 1 - p / 2;
}

/** What one look at a factor is tested by; null where it is no test. */
function testAt(
  index: number,
  path: FactorPath,
  measured: MeasuredFactor,
  { policy, spreads, plan }: LooksInput,
): LookOfTest | null {
  const { design } = path;
  const estimate = lookEstimate(measured, spreads);
  path.levels = [];
  path.lower[index] = -Infinity;
  path.statistics[index] = null;
  if (estimate === null || (estimate.df < MIN_LOOK_DF && !isLastTest(design, index))) {
    path.untested.add(index);
    return null;
  }
  const statistic = dropStatistic(estimate);
  path.statistics[index] = statistic;
  const spent = design.efficacy.map((own, level) =>
    path.untested.size === 0
      ? own[index]!
      : boundariesAt(
          plan.sequential.alpha / (design.efficacy.length - level),
          design.fractions,
          path.untested,
        )[index]!,
  );
  path.levels = spent;
  const futility = design.futility[index]!;
  path.lower[index] = design.drop / estimate.se - futility;
  const { minimumEffect } = factorStandard(path.id, policy);
  const isLarge = () => stagewiseEstimate(path, index + 1, estimate).estimate < -minimumEffect;
  const lowest = Math.min(...spent);
  return {
    id: path.id,
    drop: statistic >= lowest && !isLarge() ? -Infinity : statistic,
    against: -dropStatistic(estimate, -design.drop),
    efficacy: spent,
    futility,
  };
}

/** The factor's difference at a look; null where it is too little for a test. */
export function lookEstimate(
  { id, delta }: Pick<MeasuredFactor, 'id' | 'delta'>,
  spreads: Spreads | undefined,
): LookEstimate | null {
  if (delta === null || !isTestable(delta)) return null;
  const spread = spreads?.get(id);
  const { estimate, se, df } = spread === undefined ? delta : widen(delta, spread);
  return se === null || df === null ? null : { estimate, se, df };
}

/** Median-unbiased estimate of a factor's difference after so many looks, and its interval, by stagewise ordering. */
export function stagewiseEstimate(
  { statistics, efficacy, lower, design }: Pick<FactorPath, 'statistics' | 'efficacy' | 'lower' | 'design'>,
  done: number,
  { estimate, se, df }: LookEstimate,
  level = 0.95,
): { estimate: number; ci: [number, number] } {
  const statistic = statistics[done - 1] ?? dropStatistic({ estimate, se, df });
  // A look that brings nothing new is the one before it.
  const looks = informativeLooks(design.fractions).filter((look) => look < done);
  const last = looks.pop() ?? done - 1;
  const earlier = looks.filter((look) => statistics[look] != null);
  // The t statistic in place of its normal quantile: one look alone gives the difference as it is.
  const scale = statistic === 0 ? se : Math.abs(estimate / statistic);
  const ending = {
    fractions: [...earlier.map((look) => design.fractions[look]!), design.fractions[last]!],
    efficacy: earlier.map((look) => efficacy[look]!),
    lower: earlier.map((look) => lower[look]!),
    statistic,
  };
  const at = (share: number) => -scale * stagewiseMean(ending, share);
  const tail = (1 - level) / 2;
  return { estimate: at(0.5), ci: [at(1 - tail), at(tail)] };
}
