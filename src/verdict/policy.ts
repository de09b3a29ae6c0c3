import { ownValue } from '../json.ts';
import { JUDGE_LIMITS, type JudgeLimits } from '../judge/score/judge-fault.ts';
import type { Factor } from '../suite/benchmark.ts';
import type { Criterion } from '../suite/judge-criteria.ts';
import type { OverallVerdict } from './schema.ts';

/**
 * How benchmarks make a factor score: `paper` weighs them by the paper's sizes, `chance` does so after each leaf task's
 * score x has become (x - c) / (1 - c), `effective` weighs by items evaluated, `macro` weighs all alike.
 */
export const PRESETS = ['paper', 'chance', 'effective', 'macro'] as const;
export type Preset = (typeof PRESETS)[number];

/** What a drop does to the whole verdict: `error` makes it `regressed`, `warn` only lists it, `off` is not tested. */
export const LEVELS = ['off', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** What one factor or benchmark is held to, where it is not the policy's own. Numbers are fractions of 1. */
export interface Threshold {
  level?: Level | undefined;
  minimumEffect?: number | undefined;
  margin?: number | undefined;
}

/** What counts as a drop, and which verdicts fail. Numbers are fractions of 1. */
export interface Policy {
  preset: Preset;
  /** Two-sided error rate of each family of tests (factors, benchmarks). */
  alpha: number;
  /** Two-sided error rate of the factors' comparison with the anchor. */
  driftAlpha: number;
  /** A drop has to be larger than this to be called `regressed`, however certain it is. */
  minimumEffect: { factor: number; benchmark: number };
  /** `equivalent`: the interval at level 1 - 2 alpha lies within plus or minus this. */
  margins: Record<Factor, number>;
  /** The margin of a benchmark that belongs to no factor. */
  otherMargin: number;
  /** A gain of a factor that is worth the name: the alarm of a judge has to rule it out. */
  gains: Record<Factor, number>;
  /** What a judge may do at most and still be a measurement. */
  judgeLimits: JudgeLimits;
  /** What each criterion of a judge ought to weigh, to be shown beside what it does weigh; all the same where empty. */
  judgeWeights: Readonly<Partial<Record<Criterion, number>>>;
  failOn: readonly OverallVerdict[];
  /** By id of a factor or benchmark. */
  thresholds: Readonly<Record<string, Threshold>>;
}

export const DEFAULT_POLICY: Policy = {
  preset: 'paper',
  alpha: 0.05,
  driftAlpha: 0.05,
  minimumEffect: { factor: 0.005, benchmark: 0.01 },
  margins: { wk: 0.01, if: 0.04, safety: 0.01 },
  otherMargin: 0.01,
  gains: { wk: 0.02, if: 0.02, safety: 0.02 },
  judgeLimits: JUDGE_LIMITS,
  judgeWeights: {},
  failOn: ['regressed', 'incomplete'],
  thresholds: {},
};

/** Fewer degrees of freedom than this give an interval and no test. */
export const MINIMUM_DF = 4;

/** Share of the smaller side's items that both sides must have for a paired comparison. */
export const PAIRED_SHARE = 0.8;

export interface Standard {
  level: Level;
  minimumEffect: number;
  margin: number;
}

/** What a factor is held to. */
export function factorStandard(id: Factor, { minimumEffect, margins, thresholds }: Policy): Standard {
  const own = thresholds[id];
  return {
    level: own?.level ?? 'error',
    minimumEffect: own?.minimumEffect ?? minimumEffect.factor,
    margin: own?.margin ?? margins[id],
  };
}

/** What a benchmark is held to: its own threshold, or its factor's margin and the policy's minimum effect. */
export function benchmarkStandard(id: string, factor: Factor | null, policy: Policy): Standard {
  const own = ownValue(policy.thresholds, id);
  return {
    level: own?.level ?? 'error',
    minimumEffect: own?.minimumEffect ?? policy.minimumEffect.benchmark,
    margin: own?.margin ?? (factor ? policy.margins[factor] : policy.otherMargin),
  };
}

/** What a group of benchmarks is held to: its own threshold, and the level that is the laxest of its members' where it has none. */
export function groupStandard(
  id: string,
  factor: Factor,
  members: readonly string[],
  policy: Policy,
): Standard {
  const own = benchmarkStandard(id, factor, policy);
  const isWarning = members.some((member) => benchmarkStandard(member, factor, policy).level === 'warn');
  const level = ownValue(policy.thresholds, id)?.level ?? (isWarning ? 'warn' : 'error');
  return { ...own, level };
}
