import { hash } from 'node:crypto';
import { noun } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { tolerableSe } from '../../stats/tolerable-se.ts';
import { FACTOR_NAMES, FACTORS, type Factor } from '../benchmark.ts';
import { findBenchmark } from '../catalogue.ts';
import { type Pace, rateOf, secondsOf, type Work } from '../cost/pace.ts';
import { type Allocation, allocate } from './allocate.ts';
import { assemblePlan, itemCost } from './assemble.ts';
import { collapseVariance, familySizeOf, firstLookVariance, testOf } from './collapse.ts';
import type { BenchmarkInventory, TaskInventory } from './inventory.ts';
import { type LookSizes, type LooksDesign, nominalFractions, sizeLooks } from './looks/look-sizes.ts';
import { designFactor, type LookErrors } from './looks/looks.ts';
import type { Plan } from './plan.ts';
import { assumedSpread, type Spread } from './spread.ts';
import { type BenchmarkModel, modelVariance } from './variance.ts';

/** The tests that a comparison will make, and with what probability they are to see a drop. Fractions of 1. */
export interface PlannedTest {
  /** Two-sided error rate of each family of tests. */
  alpha: number;
  power: number;
  /** By id of factor or benchmark: a drop has to be larger than this to be called one. */
  minimumEffect(id: string, kind: 'factor' | 'benchmark'): number;
  /** Factors that are not tested at all. */
  untested: readonly Factor[];
}

/** What a sample is to show, and what it may cost. */
export interface SampleDesign {
  /** Smallest drop to be seen, by factor; with a limit only their proportions count. */
  detect: Readonly<Record<Factor, number>>;
  test: PlannedTest;
  /** Measured variances, by benchmark; the catalogue's assumption elsewhere. */
  spreads: ReadonlyMap<string, Spread>;
  /** How fast the machine is; null where no record tells. */
  pace: Pace | null;
  /** The most items or seconds to spend, instead of the drops: the sample then shows what it can. */
  limit: { items: number } | { seconds: number } | null;
  /** Looks at which a comparison may be decided early; null or left out for one, at the end. */
  looks?: LooksDesign | null;
}

/** A sample before single items are chosen. */
export interface SampleSizes extends Allocation {
  /** Drops that were planned for, by factor with benchmarks. */
  detect: Partial<Record<Factor, number>>;
  work: Work[];
  /** With looks: the drop that a factor shows, over its standard error. */
  drift: number | null;
}

/** A plan of the sample that `sampleSizes` gives, chosen by permanent random numbers of the seed; with looks, where they are wanted. */
export function planSample(
  seed: number,
  inventory: readonly BenchmarkInventory[],
  wanted: SampleDesign,
): Plan {
  const models = modelBenchmarks(inventory, wanted);
  const design = withUsefulLooks(models, wanted);
  const whole = sizesOf(models, design);
  const { sizes, benchmarks, detect } = whole;
  const { power, alpha } = design.test;
  const spreads = Object.fromEntries([...benchmarks.keys()].map((id) => [id, spreadOf(id, design)]));
  const sample = { detect, power, alpha, spreads };
  const choose = ({ task, documents }: TaskInventory) =>
    chooseDocuments(documents?.hashes ?? [], sizes.get(task) ?? 0, seed);
  const looks = looksOf(models, whole, design);
  if (looks === null) return assemblePlan({ suite: 'pr', seed, sample }, inventory, choose);
  const { steps, sequential } = looks;
  const head = { suite: 'pr', seed, sample, sequential } as const;
  return assemblePlan(head, inventory, choose, ({ task, documents }) => {
    const counts = steps.map(({ sizes: own }) => own.get(task) ?? 0);
    const order = orderDocuments(documents?.hashes ?? [], seed).slice(0, sizes.get(task) ?? 0);
    const look = new Map<number, number>();
    order.forEach((docId, rank) => {
      const index = counts.findIndex((count) => rank < count);
      if (index >= 0) look.set(docId, index + 1);
    });
    return (docId) => look.get(docId)!;
  });
}

/**
 * How many items of each task show the drops of the design (preset `paper`) at least cost, or as much as its limit
 * allows.
 *
 * @throws SosBenchError `usage` for a drop within the minimum effect, and for a limit below what the floors take.
 */
export function sampleSizes(inventory: readonly BenchmarkInventory[], design: SampleDesign): SampleSizes {
  const models = modelBenchmarks(inventory, design);
  return sizesOf(models, withUsefulLooks(models, design));
}

/** Looks decide factors: where none is tested, there is but one. */
function withUsefulLooks(benchmarks: readonly BenchmarkModel[], design: SampleDesign): SampleDesign {
  return testedFactors(benchmarks, design.test).length === 0 ? { ...design, looks: null } : design;
}

function sizesOf(benchmarks: readonly BenchmarkModel[], design: SampleDesign): SampleSizes {
  requireVisible(benchmarks, design);
  const { looks = null, limit } = design;
  const drift =
    looks && designFactor(nominalFractions(looks.count), lookErrors(benchmarks, design.test)).drift;
  const floors = looks && collapseFloors(benchmarks, looks, design);
  const at = (scale: number): SampleSizes => {
    const targets = targetsAt(benchmarks, design, scale, drift);
    const allocation = allocate(benchmarks, targets.variance, floors?.last);
    return { ...allocation, detect: targets.detect, work: workOf(benchmarks, allocation), drift };
  };
  return limit === null ? at(1) : withinLimit(at, finestScale(benchmarks, design), design);
}

/** What each look has of the whole; null where there is but one. */
function looksOf(
  benchmarks: readonly BenchmarkModel[],
  whole: SampleSizes,
  design: SampleDesign,
): LookSizes | null {
  const { looks = null } = design;
  if (looks === null) return null;
  const { first } = collapseFloors(benchmarks, looks, design);
  const errors = lookErrors(benchmarks, design.test);
  return sizeLooks(benchmarks, whole, first, whole.detect, looks.count, errors);
}

function lookErrors(benchmarks: readonly BenchmarkModel[], test: PlannedTest): LookErrors {
  const familySize = Math.max(1, testedFactors(benchmarks, test).length);
  return { alpha: test.alpha / 2, missed: 1 - test.power, familySize };
}

/** The most variance that a benchmark may have in the end, and at the first look, for its collapse to be seen. */
function collapseFloors(
  benchmarks: readonly BenchmarkModel[],
  { collapse }: LooksDesign,
  design: SampleDesign,
) {
  const { alpha, power } = design.test;
  const family = { alpha: alpha / 2, familySize: familySizeOf(benchmarks.map(({ id }) => id)), power };
  const varianceOf = ({ id }: BenchmarkModel) => spreadOf(id, design).variance;
  return {
    last: (benchmark: BenchmarkModel) =>
      collapseVariance(collapse, varianceOf(benchmark), { ...family, by: benchmark.by }),
    first: (benchmark: BenchmarkModel, last: number) =>
      firstLookVariance(collapse, varianceOf(benchmark), { ...family, by: benchmark.by }, last),
  };
}

/** The variance of every benchmark that has documents, with its weight among the benchmarks of its factor that are there. */
function modelBenchmarks(inventory: readonly BenchmarkInventory[], design: SampleDesign): BenchmarkModel[] {
  const present = inventory.flatMap(({ id, reason, tasks }) => {
    const there = tasks.flatMap(({ task, documents }) => {
      if (documents === null || documents.hashes.length === 0) return [];
      const total = documents.hashes.reduce((sum, _, docId) => sum + itemCost(documents, docId), 0);
      return [{ task, documents, cost: Math.max(1, total / documents.hashes.length) }];
    });
    return reason !== null || there.length === 0 ? [] : [{ id, tasks: there }];
  });
  const sizeOf = (id: string) => findBenchmark(id)?.size ?? 0;
  const factorOf = (id: string) => findBenchmark(id)?.factor ?? null;
  return present.map(({ id, tasks }) => {
    const factor = factorOf(id);
    const total = present.reduce(
      (sum, benchmark) => sum + (factorOf(benchmark.id) === factor ? sizeOf(benchmark.id) : 0),
      0,
    );
    const share = factor === null ? 0 : sizeOf(id) / total;
    const rate = (design.pace && rateOf(id, design.pace)) ?? 1;
    const by = testOf(
      id,
      tasks.map(({ documents }) => documents),
    );
    return { id, factor, share, rate, by, ...modelVariance(tasks, spreadOf(id, design)) };
  });
}

function spreadOf(id: string, { spreads }: SampleDesign): Spread {
  return spreads.get(id) ?? assumedSpread(id);
}

/** How many of the chosen items share a cluster is left to chance; what was promised has to hold all the same. */
const RESERVE = 0.98;

/** The variance each tested factor may have for the design's drops, times `scale`, to be seen. */
function targetsAt(
  benchmarks: readonly BenchmarkModel[],
  { detect, test }: SampleDesign,
  scale: number,
  /** What looks make of the drop over the standard error; null where there is one look. */
  drift: number | null,
) {
  const tested = testedFactors(benchmarks, test);
  const variance: Partial<Record<Factor, number>> = {};
  const wanted: Partial<Record<Factor, number>> = {};
  for (const factor of tested) {
    const drop = Math.min(1, detect[factor] * scale);
    const fixed = tolerableSe(drop, {
      alpha: test.alpha,
      familySize: tested.length,
      minimumEffect: test.minimumEffect(factor, 'factor'),
      power: test.power,
    });
    const se = fixed === null || drift === null ? fixed : Math.min(fixed, drop / drift);
    wanted[factor] = drop;
    // Within the minimum effect nothing is enough.
    variance[factor] = se === null ? 0 : RESERVE * se ** 2;
  }
  return { variance, detect: wanted };
}

/** Factors that have benchmarks and are tested: one family of tests. */
export function testedFactors(
  benchmarks: readonly { factor: Factor | null }[],
  { untested }: PlannedTest,
): Factor[] {
  return FACTORS.filter((id) => !untested.includes(id) && benchmarks.some(({ factor }) => factor === id));
}

function requireVisible(benchmarks: readonly BenchmarkModel[], { detect, test }: SampleDesign): void {
  for (const factor of testedFactors(benchmarks, test)) {
    const least = test.minimumEffect(factor, 'factor');
    if (detect[factor] > least) continue;
    throw new SosBenchError(
      'usage',
      `no sample shows a drop of ${points(detect[factor])} points in ${FACTOR_NAMES[factor]}: up to the minimum ` +
        `effect of ${points(least)} points nothing is called regressed`,
      { hint: 'give a larger --detect, or a smaller --minimum-effect here and in the comparison' },
    );
  }
}

function workOf(benchmarks: readonly BenchmarkModel[], { sizes }: Allocation): Work[] {
  return benchmarks.map(({ id, strata }) => ({
    id,
    items: strata.reduce((sum, { task }) => sum + sizes.get(task)!, 0),
    cost: strata.reduce((sum, { task, cost }) => sum + sizes.get(task)! * cost, 0),
  }));
}

const HALVINGS = 50;
/** Beyond this only floors are left. */
const COARSEST_SCALE = 1000;

/** The scale at which a factor's drop comes down to its minimum effect. */
function finestScale(benchmarks: readonly BenchmarkModel[], { detect, test }: SampleDesign): number {
  const ratios = testedFactors(benchmarks, test).map(
    (factor) => test.minimumEffect(factor, 'factor') / detect[factor],
  );
  return Math.max(1e-6, ...ratios);
}

/** The finest sample within the limit. The scales tried do not depend on the limit, so that larger ones nest. */
function withinLimit(
  at: (scale: number) => SampleSizes,
  finest: number,
  { limit, pace }: SampleDesign,
): SampleSizes {
  const spent = ({ work }: SampleSizes): number => {
    if (limit !== null && 'items' in limit) return work.reduce((sum, { items }) => sum + items, 0);
    if (pace === null) throw new Error('a limit in seconds needs a pace');
    return secondsOf(work, pace);
  };
  const most = limit === null ? Infinity : 'items' in limit ? limit.items : limit.seconds;
  let low = Math.log(finest);
  let high = Math.log(COARSEST_SCALE);
  const all = at(finest);
  if (spent(all) <= most) return all;
  let best = at(COARSEST_SCALE);
  if (spent(best) > most) throw limitTooSmall(spent(best), limit!);
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    const tried = at(Math.exp(middle));
    if (spent(tried) <= most) {
      best = tried;
      high = middle;
    } else low = middle;
  }
  return best;
}

function limitTooSmall(least: number, limit: { items: number } | { seconds: number }): SosBenchError {
  const [requested, needed] =
    'items' in limit
      ? [`${limit.items} ${noun(limit.items, 'item')}`, `${least} ${noun(least, 'item')}`]
      : [`${(limit.seconds / 60).toFixed(1)} minutes`, `${(least / 60).toFixed(1)} minutes`];
  return new SosBenchError(
    'usage',
    `${requested} are too few: showing that a benchmark collapsed takes at least ${needed}`,
    {
      hint: 'allow more, or plan for fewer --benchmarks',
    },
  );
}

function points(fraction: number): string {
  return String(Number((100 * fraction).toFixed(2)));
}

/**
 * The `n` documents of a task with the smallest permanent random numbers, as sorted positions. Every document is
 * among them with probability n / N: a simple random sample without replacement. A larger `n` keeps what a smaller one
 * chose, and one document more or less in the task changes at most one choice.
 */
export function chooseDocuments(docHashes: readonly string[], n: number, seed: number): number[] {
  if (n >= docHashes.length) return docHashes.map((_, docId) => docId);
  return orderDocuments(docHashes, seed)
    .slice(0, n)
    .sort((a, b) => a - b);
}

/** The last order of a task's documents, with its seed: the sample is chosen by it, its looks are, and so is another sample of the same documents. */
const orders = new WeakMap<readonly string[], { seed: number; order: readonly number[] }>();

/** All documents of a task as positions, the smallest permanent random number first: any sample is a beginning of it. */
function orderDocuments(docHashes: readonly string[], seed: number): readonly number[] {
  const known = orders.get(docHashes);
  if (known?.seed === seed) return known.order;
  const order = computeOrder(docHashes, seed);
  orders.set(docHashes, { seed, order });
  return order;
}

function computeOrder(docHashes: readonly string[], seed: number): number[] {
  const seen = new Map<string, number>();
  const numbers = Float64Array.from(docHashes, (docHash) => {
    const occurrence = seen.get(docHash) ?? 0;
    seen.set(docHash, occurrence + 1);
    return permanentRandom(seed, docHash, occurrence);
  });
  return docHashes.map((_, docId) => docId).sort((a, b) => numbers[a]! - numbers[b]! || a - b);
}

const BITS = 52;

/**
 * The permanent random number of a document, in [0, 1): a hash of the seed, the document's own hash, and which of
 * several equal documents it is (0, 1, ...). A document keeps it whatever else is there, so that plans of one seed
 * overlap as much as their sizes allow (Ohlsson 1995).
 */
export function permanentRandom(seed: number, docHash: string, occurrence: number): number {
  const digest = hash('sha256', `${seed} ${docHash} ${occurrence}`, 'hex');
  return Number.parseInt(digest.slice(0, BITS / 4), 16) / 2 ** BITS;
}
