import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { type PairedTest, pairsForDrop } from '../../../stats/pairs-for-drop.ts';
import { findRoot } from '../../../stats/sequential/find-root.ts';
import { endingsOf } from '../../../stats/sequential/futility.ts';
import { FACTORS, type Factor } from '../../benchmark.ts';
import { findBenchmark } from '../../catalogue.ts';
import { type Pace, secondsOf } from '../../cost/pace.ts';
import { GROUPS } from '../../groups.ts';
import { MINIMUM_UNITS } from '../../minimum-units.ts';
import { testOf, usualVariance } from '../collapse.ts';
import type { Chunk, Plan } from '../plan.ts';
import { groupFractions, plannedMembers } from './group-looks.ts';
import { boundariesAt, type FactorLooks, informativeLooks } from './looks.ts';

/** What the looks of a plan show and cost; drops and shares are fractions of 1. */
export interface LooksPreview {
  count: number;
  /** Drops that the factors' looks are made for. */
  drops: Partial<Record<Factor, number>>;
  steps: PreviewedLook[];
  /** What a run is expected to take: where nothing changed, at the planned drop in one factor, at three times that. */
  expected: { none: ExpectedCost; planned: ExpectedCost; collapse: ExpectedCost };
}

export interface PreviewedLook {
  look: number;
  /** Items asked up to this look, and their share of the plan's work. */
  items: number;
  share: number;
  /** Smallest drop that is seen at this look, by id of each benchmark and of each group that is tested as one. */
  seen: Record<string, number>;
}

export interface ExpectedCost {
  items: number;
  share: number;
  /** Device minutes; null where no record tells how fast the machine is. */
  minutes: number | null;
}

/** A collapse, in planned drops. */
const COLLAPSE = 3;
const GRID = 121;

/** What the looks of a plan show and cost; undefined where it has none. */
export function previewLooks(
  plan: Plan,
  variances: ReadonlyMap<string, { item: number; mean: number }>,
  { alpha, power, pace }: { alpha: number; power: number; pace: Pace | null },
): LooksPreview | undefined {
  const { sequential } = plan;
  if (sequential === undefined) return undefined;
  const { looks, factors } = sequential;
  const all = costOf(plan.chunks);
  const own = [...variances].flatMap(([id, variance]): Seen[] => {
    const fractions = sequential.benchmarks[id];
    const { tasks } = plan.benchmarks.find((benchmark) => benchmark.id === id)!;
    return fractions === undefined ? [] : [{ id, ...variance, by: testOf(id, tasks), fractions }];
  });
  const tests = [...own, ...seenGroups(plan, variances)];
  const level = alpha / 2 / Math.max(1, tests.length);
  const boundaries = new Map(
    tests.map(({ id, fractions }) => [id, boundariesAt(level, fractions, new Set(), GRID)]),
  );
  const least = new Map<string, number>();
  const steps = Array.from({ length: looks }, (_, index) => {
    const own = plan.chunks.filter(({ look = 1 }) => look <= index + 1);
    const seen = tests.map(({ id, item, mean, by, fractions }) => {
      // A look that brings a benchmark nothing is the one before it.
      const used = informativeLooks(fractions)
        .filter((look) => look <= index)
        .at(-1)!;
      const level = normalCdf(-boundaries.get(id)![used]!, 0, 1);
      const pairs = (item / mean) * fractions[index]!;
      // What an earlier look has shown stays shown.
      const drop = Math.min(least.get(id) ?? 1, dropSeen(pairs, item, { level, power, by }));
      least.set(id, drop);
      return [id, drop] as const;
    });
    return { look: index + 1, items: itemsOf(own), share: costOf(own) / all, seen: Object.fromEntries(seen) };
  });
  const tested = FACTORS.filter((id) => factors[id] !== undefined);
  const scenario = (times: number): ExpectedCost => {
    const each = (times === 0 ? tested.slice(0, 1) : tested).map((dropped) =>
      expect(plan, pace, (id) => reachedLooks(factors[id], id === dropped ? times : 0, looks)),
    );
    const mean = (pick: (cost: ExpectedCost) => number) =>
      each.reduce((sum, cost) => sum + pick(cost), 0) / each.length;
    return {
      items: Math.round(mean(({ items }) => items)),
      share: mean(({ share }) => share),
      minutes: pace && mean(({ minutes }) => minutes ?? 0),
    };
  };
  return {
    count: looks,
    drops: Object.fromEntries(tested.map((id) => [id, factors[id]!.drop])),
    steps,
    expected: { none: scenario(0), planned: scenario(1), collapse: scenario(COLLAPSE) },
  };
}

/** What is tested at each look: the variance of one item's difference, and of the mean at the last look. */
interface Seen {
  id: string;
  item: number;
  mean: number;
  by: PairedTest['by'];
  fractions: readonly number[];
}

/** Benchmarks that are also tested together as one. */
function seenGroups(plan: Plan, variances: ReadonlyMap<string, { item: number; mean: number }>): Seen[] {
  return GROUPS.flatMap((group) => {
    const fractions = groupFractions(plan, group);
    const members = plannedMembers(plan, group).filter(({ id }) => variances.has(id));
    if (fractions === null || members.length < 2) return [];
    const total = members.reduce((sum, { size }) => sum + size, 0);
    const sum = (of: (id: string, share: number) => number) =>
      members.reduce((all, { id, size }) => all + of(id, size / total), 0);
    return [
      {
        id: group.id,
        item: sum((id, share) => share * variances.get(id)!.item),
        mean: sum((id, share) => share ** 2 * variances.get(id)!.mean),
        by: 't',
        fractions,
      },
    ];
  });
}

/** The drop that so many independent pairs of answers show; 1 where none is. */
function dropSeen(pairs: number, variance: number, test: PairedTest): number {
  if (pairs < MINIMUM_UNITS) return 1;
  const usual = usualVariance(variance);
  return findRoot((drop) => pairs - pairsForDrop(drop, usual, test), { low: 1e-6, high: 1 });
}

/** Probability that each look of a factor is reached, where the true drop is so many times the planned one. */
function reachedLooks(own: FactorLooks | undefined, times: number, looks: number): number[] {
  const reached = Array.from({ length: looks }, () => 1);
  if (own === undefined) return reached;
  const used = informativeLooks(own.fractions);
  const pick = (values: readonly number[]) => used.map((look) => values[look]!);
  const fractions = pick(own.fractions);
  const { crossed, futile } = endingsOf(fractions, {
    efficacy: pick(own.efficacy[0]!),
    lower: pick(own.futility).map((bound, k) => own.drift * Math.sqrt(fractions[k]!) - bound),
    drift: own.drift * times,
    grid: GRID,
  });
  let left = 1;
  for (let look = 0; look < looks; look++) {
    reached[look] = left;
    const index = used.indexOf(look);
    if (index >= 0) left -= crossed[index]! + futile[index]!;
  }
  return reached.map((p) => Math.max(0, p));
}

function expect(plan: Plan, pace: Pace | null, reached: (id: Factor) => number[]): ExpectedCost {
  const byFactor = new Map(FACTORS.map((id) => [id, reached(id)]));
  const probability = ({ benchmark, look = 1 }: Chunk) => {
    const factor = findBenchmark(benchmark)?.factor;
    return factor == null ? 1 : byFactor.get(factor)![look - 1]!;
  };
  const chunks = plan.chunks.map((chunk) => ({ ...chunk, p: probability(chunk) }));
  const cost = chunks.reduce((sum, chunk) => sum + chunk.p * chunk.cost, 0);
  const items = chunks.reduce((sum, { p, docIds }) => sum + p * docIds.length, 0);
  const work = plan.benchmarks.map(({ id }) => {
    const mine = chunks.filter(({ benchmark }) => benchmark === id);
    return {
      id,
      items: mine.reduce((sum, { p, docIds }) => sum + p * docIds.length, 0),
      cost: mine.reduce((sum, chunk) => sum + chunk.p * chunk.cost, 0),
    };
  });
  return { items, share: cost / costOf(plan.chunks), minutes: pace && secondsOf(work, pace) / 60 };
}

function costOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { cost }) => sum + cost, 0);
}

function itemsOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { docIds }) => sum + docIds.length, 0);
}
