import { noun } from '../../count.ts';
import { combine } from '../../stats/combine.ts';
import { type BoundedMean, combinedWilsonInterval } from '../../stats/combined-wilson-interval.ts';
import type { Estimate } from '../../stats/estimate.ts';
import { tTest } from '../../stats/two-sided-t.ts';
import { FACTORS, type Factor } from '../../suite/benchmark.ts';
import { CATALOGUE, findBenchmark } from '../../suite/catalogue.ts';
import { isTestable } from '../outcome.ts';
import type { Preset } from '../policy.ts';
import type { Coverage, Interval, Method, Score } from '../schema.ts';
import type { Row } from './benchmarks.ts';
import { SCORE_LEVEL, type ScoreEstimate } from './estimates.ts';
import { NOT_ASKED } from './sides.ts';

/** One factor of two records, before its p-value is corrected for the others. */
export interface FactorRow {
  id: Factor;
  baseline: Score;
  candidate: Score;
  delta: Estimate | null;
  /** The largest difference that there can be. */
  span: number;
  se: number | null;
  /** A factor is never one row of 0/1 answers. */
  pairs: null;
  p: number | null;
  method: Method | null;
  paired: boolean;
  n: number;
  outcome: 'skipped' | 'not-comparable' | null;
  reason: string | null;
}

/** Combines the rows of each factor over the benchmarks that both sides have. */
export function compareFactors(rows: readonly Row[], preset: Preset): FactorRow[] {
  return FACTORS.map((id) => compareFactor(id, rows, preset));
}

/** One benchmark's part in its factor. */
export interface Part {
  id: string;
  n: number;
  estimate: Estimate | null;
}

/** Sum of w x / sum of w over a factor's benchmarks, with the preset's weights. */
export function factorMean(parts: readonly Part[], preset: Preset): Estimate | null {
  const present = withShares(parts, preset);
  return combine(
    present.map(({ estimate }) => estimate),
    present.map(({ share }) => share),
  );
}

/**
 * A factor's score: its benchmarks' mean, with the score interval of a mean of theirs (`combinedWilsonInterval`, each benchmark put on
 * the scale from 0 to 1). So it stays on the scale, and has width where all answers are right. Unknown where one of theirs is.
 */
export function factorScore(
  parts: readonly (Part & Pick<ScoreEstimate, 'ci' | 'range' | 'size'>)[],
  preset: Preset,
): { estimate: Estimate | null; ci: Interval | null } {
  const estimate = factorMean(parts, preset);
  const present = withShares(parts, preset);
  let least = 0;
  let width = 0;
  for (const { share, range } of present) {
    least += share * range[0];
    width += share * (range[1] - range[0]);
  }
  const means = present.flatMap(({ estimate: own, ci, range: [low, high], size }): BoundedMean[] => {
    const scaled = (score: number) => (score - low) / (high - low);
    const se = own.se === null ? null : own.se / (high - low);
    return ci === null
      ? []
      : [
          {
            estimate: { ...own, estimate: scaled(own.estimate), se },
            ci: [scaled(ci[0]), scaled(ci[1])],
            size,
          },
        ];
  });
  if (estimate === null || means.length < present.length) return { estimate, ci: null };
  const shares = present.map(({ share, range }) => (share * (range[1] - range[0])) / width);
  const ci = combinedWilsonInterval(means, shares, SCORE_LEVEL);
  return { estimate, ci: ci && [least + width * ci[0], least + width * ci[1]] };
}

function withShares<P extends Part>(
  parts: readonly P[],
  preset: Preset,
): (P & { estimate: Estimate; share: number })[] {
  const present = parts.flatMap((part) =>
    part.estimate ? [{ ...part, estimate: part.estimate, share: weigh(part, preset) }] : [],
  );
  const total = present.reduce((sum, { share }) => sum + share, 0);
  return total === 0 ? [] : present.map((part) => ({ ...part, share: part.share / total }));
}

/** Each compared row's share in its factor; rows that take no part are not in it. */
export function factorShares(rows: readonly Row[], preset: Preset): Map<string, number> {
  const shares = new Map<string, number>();
  for (const factor of FACTORS) {
    const own = rows.filter((row) => row.factor === factor && row.delta !== null);
    const total = own.reduce((sum, row) => sum + weigh(row, preset), 0);
    for (const row of own) shares.set(row.id, total === 0 ? 0 : weigh(row, preset) / total);
  }
  return shares;
}

/** How much of each factor was compared, by the paper's sizes, and why the rest was not. */
export function describeCoverage(rows: readonly Row[]): Coverage[] {
  return FACTORS.map((factor) => {
    const own = rows.filter((row) => row.factor === factor);
    const compared = own.filter((row) => row.delta !== null);
    const size = (list: readonly { id: string }[]) =>
      list.reduce((sum, { id }) => sum + weigh({ id, n: 0 }, 'paper'), 0);
    return {
      factor,
      compared: compared.length,
      of: own.length,
      weight: size(compared) / size(CATALOGUE.filter((benchmark) => benchmark.factor === factor)),
      missing: own
        .filter((row) => row.delta === null)
        .map(({ id, name, reason }) => ({ id, name, reason: reason ?? 'not compared' })),
    };
  });
}

function compareFactor(id: Factor, rows: readonly Row[], preset: Preset): FactorRow {
  const own = rows.filter((row) => row.factor === id);
  const compared = own.filter((row) => row.delta !== null);
  if (compared.length === 0) return withoutComparison(id, own, preset);
  const delta = factorMean(
    compared.map((row) => ({ id: row.id, n: row.n, estimate: row.delta })),
    preset,
  );
  const weak = compared.filter((row) => !row.paired).map((row) => row.name);
  const notes = [
    own.some(isNotAsked)
      ? `rests on ${compared.length} of ${own.length} ${noun(own.length, 'benchmark')}: not all were asked for`
      : null,
    weak.length > 0 ? `unpaired, weak: ${weak.join(', ')}` : null,
    delta && !isTestable(delta) ? 'too few independent items for a test' : null,
  ];
  const p = delta && isTestable(delta) ? tTest(delta) : null;
  return {
    id,
    ...scoreBoth(compared, preset),
    delta,
    span: withShares(
      compared.map((row) => ({ ...row, estimate: row.delta })),
      preset,
    ).reduce((sum, { share, span }) => sum + share * span, 0),
    se: delta?.se ?? null,
    pairs: null,
    p,
    method: p === null ? null : 't',
    paired: weak.length === 0,
    n: compared.reduce((sum, row) => sum + row.n, 0),
    outcome: null,
    reason: notes.filter(Boolean).join('; ') || null,
  };
}

function withoutComparison(id: Factor, own: readonly Row[], preset: Preset): FactorRow {
  const blocked = own.filter((row) => row.outcome === 'not-comparable');
  return {
    id,
    ...scoreBoth(blocked.length > 0 ? blocked : own, preset),
    delta: null,
    span: 1,
    se: null,
    pairs: null,
    p: null,
    method: null,
    paired: false,
    n: 0,
    outcome: blocked.length > 0 ? 'not-comparable' : 'skipped',
    reason: explainNone(own, blocked),
  };
}

function explainNone(own: readonly Row[], blocked: readonly Row[]): string {
  if (blocked.length > 0) return 'evaluated in different ways';
  return own.every(isNotAsked) ? NOT_ASKED : 'no benchmark that both sides have';
}

function isNotAsked({ reason }: Row): boolean {
  return reason === NOT_ASKED;
}

function scoreBoth(rows: readonly Row[], preset: Preset) {
  const score = (side: 'baseline' | 'candidate'): Score => {
    const { estimate, ci } = factorScore(
      // Weights of the comparison, so that the two scores differ by the difference shown.
      rows.map((row) => ({
        ...row[side],
        id: row.id,
        n: row.n || row[side].n,
      })),
      preset,
    );
    return { score: estimate?.estimate ?? null, ci };
  };
  return { baseline: score('baseline'), candidate: score('candidate') };
}

/** What a benchmark weighs in its factor; `n` is the number of its items that were evaluated or compared. */
export function weigh({ id, n }: { id: string; n: number }, preset: Preset): number {
  switch (preset) {
    case 'paper':
    case 'chance':
      return findBenchmark(id)?.size ?? 0;
    case 'effective':
      return n;
    case 'macro':
      return 1;
  }
}
