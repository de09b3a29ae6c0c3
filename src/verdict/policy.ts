import type { Factor } from '../suite/benchmark.ts';
import type { WholeVerdict } from './schema.ts';

/** How benchmarks make a factor score. */
export const PRESETS = ['paper'] as const;
export type Preset = (typeof PRESETS)[number];

/** What a regressed benchmark does to the whole verdict: `warn` lists it, `error` makes the verdict `regressed`. */
export type Level = 'warn' | 'error';

/** What counts as a drop, and which verdicts fail. Numbers are fractions of 1. */
export interface Policy {
  preset: Preset;
  /** Two-sided error rate of each family of tests (factors, benchmarks). */
  alpha: number;
  /** A drop has to be larger than this to be called `regressed`, however certain it is. */
  minimumEffect: { factor: number; benchmark: number };
  /** `equivalent`: the interval at level 1 - 2 alpha lies within plus or minus this. */
  margins: Record<Factor, number>;
  /** The margin of a benchmark that belongs to no factor. */
  otherMargin: number;
  failOn: readonly WholeVerdict[];
  /** Levels of single benchmarks by id; those not named are at `error`. */
  levels: Readonly<Record<string, Level>>;
}

export const DEFAULT_POLICY: Policy = {
  preset: 'paper',
  alpha: 0.05,
  minimumEffect: { factor: 0.005, benchmark: 0.01 },
  margins: { wk: 0.01, if: 0.04, safety: 0.01 },
  otherMargin: 0.01,
  failOn: ['regressed', 'incomplete'],
  levels: {},
};

/** Fewer independent units (clusters, or items that stand alone) than this give an interval and no test. */
export const MINIMUM_UNITS = 10;

/** Fewer degrees of freedom than this give an interval and no test. */
export const MINIMUM_DF = 4;

/** Share of the smaller side's items that both sides must have for a paired comparison. */
export const PAIRED_SHARE = 0.8;
