import { type PairedTest, pairsForDrop } from '../../stats/pairs-for-drop.ts';
import { hwangShihDeCani } from '../../stats/sequential/spending.ts';
import { findBenchmark } from '../catalogue.ts';
import { GROUPS } from '../groups.ts';
import { MINIMUM_UNITS } from '../minimum-units.ts';
import { ALPHA_GAMMA } from './looks/looks.ts';

/** How a collapse of one benchmark is tested. */
interface CollapseTest {
  /** One-sided error rate of the benchmarks' family, and how many tests it has. */
  alpha: number;
  familySize: number;
  power: number;
  by: PairedTest['by'];
}

/** Models that never differed may yet. */
const MIN_VARIANCE = 1e-4;

/** Variance of one item's difference between models that are much alike, as tests reckon with it. */
export function usualVariance(variance: number): number {
  return Math.max(variance, MIN_VARIANCE);
}

/**
 * The most variance that a benchmark's difference may have for a collapse to be seen with the power where the look has this share of
 * the benchmark's information: its boundary there is the strictest of Benjamini and Hochberg's over the family.
 *
 * @param variance of one item's difference between models that are much alike.
 */
export function collapseVariance(
  collapse: number,
  variance: number,
  { alpha, familySize, power, by }: CollapseTest,
  fraction = 1,
): number {
  const level = hwangShihDeCani(alpha / Math.max(1, familySize), ALPHA_GAMMA, fraction);
  const usual = usualVariance(variance);
  return usual / Math.max(MINIMUM_UNITS, pairsForDrop(collapse, usual, { level, power, by }));
}

const ITERATIONS = 20;

/**
 * As `collapseVariance`, for the first look at a benchmark that has `last` variance in the end: how much the look may spend depends on
 * how much of the information it has.
 */
export function firstLookVariance(
  collapse: number,
  variance: number,
  test: CollapseTest,
  last: number,
): number {
  let found = collapseVariance(collapse, variance, test);
  for (let i = 0; i < ITERATIONS; i++) {
    const next = Math.max(last, collapseVariance(collapse, variance, test, Math.min(1, last / found)));
    if (next === found) break;
    found = next;
  }
  return found;
}

/** Tests of the benchmarks' family: each benchmark, and each group of which two or more are there. */
export function familySizeOf(ids: readonly string[]): number {
  const groups = GROUPS.filter(({ members }) => ids.filter((id) => members.includes(id)).length > 1);
  return ids.length + groups.length;
}

/** Metrics whose scores lie between right and wrong. */
const GRADED = ['ifeval', 'livebench'];

/** A benchmark of one task whose questions stand alone, right or wrong, is tested by counts; any other by t. */
export function testOf(
  id: string,
  tasks: readonly { clusters: readonly (string | null)[] }[],
): PairedTest['by'] {
  const clusters = tasks.flatMap((task) => task.clusters.filter((cluster) => cluster !== null));
  const isAlone = new Set(clusters).size === clusters.length;
  const isGraded = GRADED.includes(findBenchmark(id)?.metric ?? '');
  return tasks.length === 1 && isAlone && !isGraded ? 'counts' : 't';
}
