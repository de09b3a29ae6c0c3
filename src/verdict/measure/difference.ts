import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { noun } from '../../count.ts';
import { designOf, estimateMean } from '../../record/results/sampling.ts';
import type { Item } from '../../record/schema.ts';
import { combine } from '../../stats/combine.ts';
import type { Estimate } from '../../stats/estimate.ts';
import { mcnemar } from '../../stats/mcnemar.ts';
import { tInterval } from '../../stats/t-interval.ts';
import { tangoInterval } from '../../stats/tango-interval.ts';
import { tTest } from '../../stats/two-sided-t.ts';
import type { Benchmark } from '../../suite/benchmark.ts';
import { isTestable } from '../outcome.ts';
import { PAIRED_SHARE, type Preset } from '../policy.ts';
import type { BenchmarkComparison, Interval, Method } from '../schema.ts';
import { type Borrowed, borrow, varianceRatio } from './borrowing/borrow.ts';
import type { ChangeModel } from './borrowing/expected-change.ts';
import { SCORE_LEVEL, type ScoreEstimate, scaleOfItems, scoreItems, within } from './estimates.ts';
import { commonInclusion, type Pairing, pairItems } from './pairing.ts';
import type { BenchmarkResultView } from './result-view.ts';
import { isSimple } from './sampling.ts';
import { commonScale, countedScores, summaryScale } from './scoring.ts';

/** Pairs of 0/1 answers that stand alone and weigh the same: exact methods apply. */
export interface DiscordantPairs {
  gained: number;
  lost: number;
  n: number;
  /** What one pair's difference counts under the preset. */
  unit: number;
}

/** Candidate minus baseline of one benchmark. */
export interface MeasuredDifference {
  baseline: ScoreEstimate;
  candidate: ScoreEstimate;
  /** With the standard error that intervals, factors and `detectable` use. */
  delta: Estimate | null;
  /** The largest difference that there can be: 1, more where the preset stretches the scale. */
  span: number;
  /** The standard error as the items give it: 0 where none differs. */
  se: number | null;
  /** Null where the t distribution is used. */
  pairs: DiscordantPairs | null;
  p: number | null;
  method: Method | null;
  paired: boolean;
  n: number;
  flips: BenchmarkComparison['flips'];
  /** How the baseline's answers to questions that the candidate was not asked went into the difference; null where none did. */
  borrowed: Borrowed | null;
  reason: string | null;
}

/** Of a benchmark or factor that is not compared. */
export const NOT_MEASURED = {
  delta: null,
  span: 1,
  se: null,
  pairs: null,
  p: null,
  method: null,
  paired: false,
  n: 0,
  borrowed: null,
} satisfies Partial<MeasuredDifference>;

interface Given {
  baseline: BenchmarkResultView;
  candidate: BenchmarkResultView;
  /** The candidate's score over all its items, where it was taken already. */
  taken: ScoreEstimate | null;
  benchmark: Benchmark | undefined;
  preset: Preset;
  /** Both sides are one model: no difference then means no difference. */
  sameModel: boolean;
  /** Whether chance alone chose which of the baseline's questions the candidate was asked. */
  mayBorrow: boolean;
  /** Items of the candidate that fix the cells of borrowing; all where undefined. */
  firstLook: ReadonlySet<Item> | undefined;
  /** What earlier changes teach of what this one may turn; null where nothing is known. */
  learned: ChangeModel | null;
}

/**
 * The difference of a benchmark that both sides measured: paired where they share enough items, or where the shared
 * ones alone are more precise than all of both; else of two independent samples, which is weak. `score` gives the scores
 * over all items of each side, where they are needed.
 */
export function measureDifference(
  score: () => { baseline: ScoreEstimate; candidate: ScoreEstimate },
  given: Given,
): MeasuredDifference {
  const pairing = pairItems(given.baseline.items, given.candidate.items);
  if (pairing.share >= PAIRED_SHARE) return pairedDifference(pairing, given);
  const scores = score();
  const apart = unpairedDifference(scores, pairing, given);
  if (pairing.baseline.length === 0) return apart;
  const together = pairedDifference(pairing, given);
  const finer = together.delta !== null && isTestable(together.delta) && isFiner(together.delta, apart.delta);
  if (!finer) return apart;
  const smaller = Math.min(scores.baseline.n, scores.candidate.n);
  const note = `only ${pairing.baseline.length} of ${smaller} ${noun(smaller, 'question')} in common`;
  return { ...together, reason: [note, together.reason].filter(Boolean).join('; ') };
}

/**
 * Interval of a difference: Tango's for pairs of 0/1 answers, else by the t distribution, cut off where no difference can be. It has
 * width, but for one model against itself.
 */
export function differenceInterval(
  { delta, span, pairs }: Pick<MeasuredDifference, 'delta' | 'span' | 'pairs'>,
  level: number,
): Interval | null {
  if (delta === null) return null;
  if (pairs === null) return within(tInterval(delta, level), [-span, span]);
  const [low, high] = tangoInterval(pairs.gained, pairs.lost, pairs.n, level);
  return [low * pairs.unit, high * pairs.unit];
}

function isAllOf(items: readonly Item[], all: readonly Item[]): boolean {
  return items.length === all.length && items.every((item, index) => item === all[index]);
}

function pairedDifference(
  pairing: Pairing,
  {
    baseline: known,
    candidate: all,
    taken,
    benchmark,
    preset,
    sameModel,
    mayBorrow,
    firstLook,
    learned,
  }: Given,
): MeasuredDifference {
  const { baseline, candidate } = withCommonInclusion(pairing, known.items);
  const before = countedScores(baseline, benchmark, preset);
  const differences = countedScores(candidate, benchmark, preset).map((score, i) => score - before[i]!);
  const design = designOf(baseline, benchmark);
  const measured = estimateMean(differences, design);
  const flips = { gained: 0, lost: 0 };
  for (const difference of differences) {
    if (difference > 0) flips.gained++;
    else if (difference < 0) flips.lost++;
  }
  const borrowing =
    measured && mayBorrow && !sameModel
      ? borrow(pairing, differences, known.items, { benchmark, preset, firstLook, learned })
      : null;
  if (measured && borrowing) {
    const tested = testPaired(borrowing.delta, null, sameModel);
    const unborrowed = withSpread(measured, sameModel);
    return {
      ...borrowing.scores,
      ...tested,
      span: Math.abs(scaleOfItems(known.items, benchmark, preset).slope),
      paired: true,
      n: differences.length,
      flips,
      borrowed: {
        ...borrowing.borrowed,
        unborrowed,
        varianceRatio: varianceRatio(tested.delta, unborrowed),
      },
      reason: tooFew(borrowing.delta),
    };
  }
  const pairs =
    measured && !sameModel && isBinary(pairing) && isSimple(design)
      ? discordant(baseline, flips, benchmark, preset)
      : null;
  const tested = measured && testPaired(measured, pairs, sameModel);
  const sameClusters = candidate.every(({ cluster }, i) => cluster === baseline[i]!.cluster);
  return {
    // Scores of the very items compared, so that they differ by the difference shown.
    baseline: scoreItems(baseline, benchmark, preset, design),
    candidate:
      taken && isAllOf(candidate, all.items)
        ? taken
        : scoreItems(candidate, benchmark, preset, sameClusters ? design : undefined),
    ...(tested ?? NOT_TESTED),
    span: Math.abs(scaleOfItems(baseline, benchmark, preset).slope),
    paired: true,
    n: differences.length,
    flips,
    borrowed: null,
    reason: measured && tooFew(measured),
  };
}

/** The pairs with the probability that both were asked the question. */
function withCommonInclusion(
  pairing: Pairing,
  known: readonly Item[],
): Pick<Pairing, 'baseline' | 'candidate'> {
  const inclusion = commonInclusion(pairing, known);
  const reweigh = (items: Item[]) =>
    items.every(({ inclusionP }, i) => inclusionP === inclusion[i])
      ? items
      : items.map((item, i) => ({ ...item, inclusionP: inclusion[i]! }));
  return { baseline: reweigh(pairing.baseline), candidate: reweigh(pairing.candidate) };
}

const NOT_TESTED = { delta: null, se: null, pairs: null, p: null, method: null };

/**
 * Tests a paired difference. `measured` is its estimate as the items give it, `pairs` the counts where they are all that
 * matters, and null elsewhere.
 */
export function testPaired(
  measured: Estimate,
  pairs: DiscordantPairs | null,
  sameModel: boolean,
): Pick<MeasuredDifference, 'delta' | 'se' | 'pairs' | 'p' | 'method'> {
  const tested = { delta: withSpread(measured, sameModel), se: measured.se, pairs };
  if (!isTestable(measured)) return { ...tested, p: null, method: null };
  if (pairs) return { ...tested, p: mcnemar(pairs.gained, pairs.lost), method: 'mcnemar' };
  const p = tTest(measured);
  // Where all differences are equal and not 0 there is no spread to go by: a sign test of the units.
  return p === null
    ? { ...tested, p: mcnemar(0, measured.units), method: 'sign' }
    : { ...tested, p, method: 't' };
}

function unpairedDifference(
  scores: { baseline: ScoreEstimate; candidate: ScoreEstimate },
  pairing: Pairing,
  { baseline, candidate, benchmark, preset, sameModel }: Given,
): MeasuredDifference {
  const before = scores.baseline.estimate;
  const after = scores.candidate.estimate;
  const measured = before && after && combine([before, after], [-1, 1]);
  const isSame = sameModel && measured?.estimate === 0;
  const spread = isSame ? [] : [scores.baseline, scores.candidate].flatMap(withOwnSpread);
  const delta = spread.length === 2 ? combine(spread, [-1, 1]) : measured;
  const n = Math.min(scores.baseline.n, scores.candidate.n);
  const why =
    baseline.items.length === 0 || candidate.items.length === 0
      ? 'unpaired, weak: a side has no single questions'
      : `unpaired, weak: only ${pairing.baseline.length} of ${n} ${noun(n, 'question')} in common`;
  const p = delta && isTestable(delta) ? tTest(delta) : null;
  const spans = [baseline, candidate].map((view) => spanOf(view, benchmark, preset));
  return {
    ...scores,
    delta,
    span: Math.max(...spans),
    se: measured?.se ?? null,
    pairs: null,
    p,
    method: p === null ? null : 'welch',
    paired: false,
    n,
    flips: null,
    borrowed: null,
    reason: [why, delta && tooFew(delta)].filter(Boolean).join('; '),
  };
}

/** A score without any spread (all right, say) is as uncertain as its interval says: (upper - lower) / 2z for a standard error. */
function withOwnSpread({ estimate, ci }: ScoreEstimate): Estimate[] {
  if (estimate === null) return [];
  if (estimate.se !== 0 || ci === null) return [estimate];
  const z = normalQuantile((1 + SCORE_LEVEL) / 2, 0, 1);
  return [{ ...estimate, se: (ci[1] - ci[0]) / 2 / z }];
}

function spanOf(
  { items, result }: BenchmarkResultView,
  benchmark: Benchmark | undefined,
  preset: Preset,
): number {
  if (items.length > 0) return Math.abs(scaleOfItems(items, benchmark, preset).slope);
  return result === null ? 1 : Math.abs(summaryScale(result, benchmark, preset).slope);
}

/**
 * A difference without any spread still is uncertain: n units without a flip do not prove that none flips. It gets
 * the standard error of Bonett and Price's interval (2012) there, sqrt(2) / (units + 2). One model against itself
 * that answered the same has none.
 */
export function withSpread(delta: Estimate, sameModel: boolean): Estimate {
  if (delta.se !== 0 || (sameModel && delta.estimate === 0)) return delta;
  return { ...delta, se: Math.SQRT2 / (delta.units + 2) };
}

function discordant(
  items: readonly Item[],
  { gained, lost }: { gained: number; lost: number },
  benchmark: Benchmark | undefined,
  preset: Preset,
): DiscordantPairs | null {
  const scale = commonScale(
    items.map(({ task }) => task),
    benchmark,
    preset,
  );
  return scale && { gained, lost, n: items.length, unit: Math.abs(scale.slope) };
}

function isBinary({ baseline, candidate }: Pairing): boolean {
  const binary = ({ score }: Item) => score === 0 || score === 1;
  return baseline.every(binary) && candidate.every(binary);
}

function isFiner(a: Estimate, b: Estimate | null): boolean {
  if (b === null || b.se === null) return true;
  return a.se !== null && a.se < b.se;
}

function tooFew(delta: Estimate): string | null {
  if (isTestable(delta)) return null;
  return `${delta.units} independent questions are too few for a test`;
}
