import { detectable } from '../../stats/detectable.ts';
import { requiredN } from '../../stats/required-n.ts';
import { FACTORS, type Factor } from '../benchmark.ts';
import { findBenchmark } from '../catalogue.ts';
import { type Pace, secondsOf, type Work } from '../cost/pace.ts';
import { type LooksPreview, previewLooks } from './looks/preview-looks.ts';
import type { Plan } from './plan.ts';
import { type PlannedTest, testedFactors } from './sample.ts';
import { assumedSpread, type Spread } from './spread.ts';
import { sampleVariance } from './variance.ts';

/** What a run of a plan can show; drops are fractions of 1. */
export interface PlanPreview {
  suite: string;
  seed: number;
  planHash: string;
  benchmarks: PreviewedBenchmark[];
  factors: PlannedFactor[];
  cost: PlannedCost;
  /** Left out where the plan has but one look. */
  looks?: LooksPreview;
}

export interface PreviewedBenchmark {
  id: string;
  factor: Factor | null;
  items: number;
  /** Items there are. */
  available: number;
  /** Smallest true drop that is seen; null where there are too few items to test. */
  detectable: number | null;
  spread: Spread;
  /** Why it is not run; null where it is. */
  reason: string | null;
}

export interface PlannedFactor {
  id: Factor;
  items: number;
  available: number;
  detectable: number | null;
  /** The drop it was planned for; null where none was. */
  detect: number | null;
  /** Items of these benchmarks, in these proportions, that the planned drop would take; null where no number is enough. */
  needed: number | null;
}

export interface PlannedCost {
  items: number;
  /** Work in characters read or written; only ratios matter. */
  work: number;
  /** Device minutes, loading included; null where no record tells how fast the machine is. */
  minutes: number | null;
}

export interface PreviewOptions {
  test: PlannedTest;
  spreads: ReadonlyMap<string, Spread>;
  pace: Pace | null;
  /** Fewer items than this give an interval and no test. */
  leastItems: number;
}

/** What each benchmark and factor of a plan can show (preset `paper`), and what running it costs. */
export function previewPlan(plan: Plan, { test, spreads, pace, leastItems }: PreviewOptions): PlanPreview {
  const benchmarks = plan.benchmarks.map((planned) => {
    const { id, tasks, status, reason } = planned;
    const stored = plan.sample?.spreads[id];
    const spread = spreads.get(id) ?? stored ?? assumedSpread(id);
    return {
      id,
      factor: findBenchmark(id)?.factor ?? null,
      items: tasks.reduce((sum, { docIds }) => sum + docIds.length, 0),
      available: tasks.reduce((sum, { available }) => sum + available, 0),
      variance: sampleVariance(tasks, spread),
      spread,
      reason: status === 'planned' ? null : reason,
    };
  });
  const planned = benchmarks.filter(({ items }) => items >= leastItems);
  const seen = (variance: number, id: string, kind: 'factor' | 'benchmark', familySize: number) =>
    detectable(Math.sqrt(variance), {
      alpha: test.alpha,
      power: test.power,
      familySize,
      minimumEffect: test.minimumEffect(id, kind),
    });
  const tested = testedFactors(planned, test);
  const work = workOf(plan);
  const looks = previewLooks(
    plan,
    new Map(planned.map(({ id, spread, variance }) => [id, { item: spread.variance, mean: variance }])),
    { ...test, pace },
  );
  /** Looks take a little of what one test would see. */
  const seenByFactor = (variance: number, id: Factor, familySize: number) => {
    const fixed = seen(variance, id, 'factor', familySize);
    const drift = plan.sequential?.factors[id]?.drift;
    return drift === undefined ? fixed : Math.max(fixed, drift * Math.sqrt(variance));
  };
  const last = looks?.steps.at(-1)?.seen ?? {};
  const seenByBenchmark = (variance: number, id: string) =>
    Math.max(seen(variance, id, 'benchmark', planned.length), last[id] ?? 0);
  return {
    suite: plan.suite,
    seed: plan.seed,
    planHash: plan.planHash,
    benchmarks: benchmarks.map(({ variance, ...benchmark }) => ({
      ...benchmark,
      detectable: benchmark.items >= leastItems ? seenByBenchmark(variance, benchmark.id) : null,
    })),
    factors: FACTORS.map((id) => {
      const own = benchmarks.filter(({ factor, items }) => factor === id && items > 0);
      const items = own.reduce((sum, benchmark) => sum + benchmark.items, 0);
      const detect = plan.sample?.detect[id] ?? null;
      const variance = factorVariance(own);
      const isTested = tested.includes(id);
      return {
        id,
        items,
        available: own.reduce((sum, { available }) => sum + available, 0),
        detectable: isTested ? seenByFactor(variance, id, tested.length) : null,
        detect,
        needed:
          isTested && detect !== null
            ? requiredN(detect, Math.sqrt(variance * items), {
                alpha: test.alpha,
                power: test.power,
                familySize: tested.length,
                minimumEffect: test.minimumEffect(id, 'factor'),
              })
            : null,
      };
    }),
    cost: {
      items: work.reduce((sum, { items }) => sum + items, 0),
      work: work.reduce((sum, { cost }) => sum + cost, 0),
      minutes: pace && secondsOf(work, pace) / 60,
    },
    ...(looks && { looks }),
  };
}

function factorVariance(benchmarks: readonly { id: string; variance: number }[]): number {
  const sizeOf = (id: string) => findBenchmark(id)?.size ?? 0;
  const total = benchmarks.reduce((sum, { id }) => sum + sizeOf(id), 0);
  return benchmarks.reduce((sum, { id, variance }) => sum + (sizeOf(id) / total) ** 2 * variance, 0);
}

/** What the items of each benchmark of a plan cost. */
export function workOf({ benchmarks, chunks }: Plan): Work[] {
  const costs = new Map<string, number>();
  for (const { benchmark, cost } of chunks) costs.set(benchmark, (costs.get(benchmark) ?? 0) + cost);
  return benchmarks.map(({ id, tasks }) => ({
    id,
    items: tasks.reduce((sum, { docIds }) => sum + docIds.length, 0),
    cost: costs.get(id) ?? 0,
  }));
}
