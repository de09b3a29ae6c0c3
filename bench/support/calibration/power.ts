import { FACTORS, type Factor } from '../../../src/suite/benchmark.ts';
import type { FactorComparison } from '../../../src/verdict/schema.ts';
import { type Judgement, judgePullRequest, type SimulatedRow, simulateSuite } from '../simulate.ts';
import type { SuiteSize } from '../suite-sizes.ts';
import { type Context, percent, points, type Table } from './context.ts';
import { FLIP_RATES } from './false-alarms.ts';

const FLIP_RATE = 0.1;
const DROPS = [0.005, 0.01, 0.02, 0.05];
/** Of both models, for the standard errors that a comparison without pairs goes by. */
const ACCURACY = 0.6;
const GATE = 0.01;
const Z = 1.96;

/** Shares of simulated pull requests in which each method finds a drop. */
interface Found {
  ours: number;
  unpaired: number;
  gate: number;
}

/** How often a true drop of one factor is found: by us, by an unpaired z-test and by a fixed gate. */
export function power(suites: readonly SuiteSize[], context: Context): Table {
  const repetitions = Math.ceil(context.repetitions / 5);
  const rows: string[][] = [];
  for (const size of suites) {
    context.progress(`power: ${size.name}, no drop`);
    const none = findDrops(simulateDrop(size, null, 0), repetitions, context);
    rows.push([size.name, 'none (false alarms)', '0', ...cells(none.factors), ...cells(none.rows)]);
    for (const factor of FACTORS) {
      for (const drop of DROPS) {
        context.progress(`power: ${size.name}, ${factor} ${drop}`);
        const found = findDrops(simulateDrop(size, factor, drop), repetitions, context, factor);
        rows.push([size.name, factor, points(drop, 1), ...cells(found.factors), ...cells(found.rows)]);
      }
    }
  }
  return {
    title: 'Power',
    note:
      `One factor truly drops, all its benchmarks alike; ${percent(FLIP_RATE, 0)} of items flip besides; ${repetitions.toLocaleString('en')} simulated pull requests a row. ` +
      `Share in which that factor is called a drop (in the first row of each size: any factor), and share in which any single benchmark is: by us (\`regressed\`); by a z-test without pairs, z < -${Z} on the two models' own standard errors (accuracy ${ACCURACY}), as lm-eval's comparator; by a gate at ${points(GATE, 0)} point.`,
    head: [
      'items',
      'factor that drops',
      'points',
      'ours, factor',
      'unpaired z, factor',
      '1-point gate, factor',
      'ours, any benchmark',
      'unpaired z, any benchmark',
      '1-point gate, any benchmark',
    ],
    rows,
  };
}

/** How often a drop of just the printed `detectable` is found. */
export function detectableCheck(suites: readonly SuiteSize[], context: Context): Table {
  const rows: string[][] = [];
  for (const size of suites) {
    const sizes = FACTORS.map((factor) => {
      context.progress(`detectable: ${size.name}, ${factor}`);
      return printedSize(size, factor, context);
    });
    const all = simulateSuite(size, (_, factor) => ({
      flipRate: FLIP_RATE,
      drop: sizes[FACTORS.indexOf(factor!)]!,
      together: false,
    }));
    const together = findEach(all, context);
    FACTORS.forEach((factor, place) => {
      context.progress(`detectable: ${size.name}, ${factor}, drop of that size`);
      const alone = findEach(simulateDrop(size, factor, sizes[place]!), context)[place]!;
      const held = alone >= 0.78 && alone <= 0.82;
      rows.push([
        size.name,
        factor,
        points(sizes[place]!),
        percent(alone),
        percent(together[place]!),
        held ? 'yes' : '**no**',
      ]);
    });
  }
  return {
    title: '`detectable`',
    note: `A factor truly drops by the size that the verdict prints for it (computed from runs with that drop); ${percent(FLIP_RATE, 0)} of items flip besides; ${context.repetitions.toLocaleString('en')} simulated pull requests a cell. To be found in 78 to 82%. Where all three drop, Holm's later steps ask for less than the first, which is the one that \`detectable\` counts with.`,
    head: ['items', 'factor', 'printed, points', 'found', 'found if all three drop', 'held'],
    rows,
  };
}

/** What `detectable` says where nothing has changed, by flip rate. */
export function visibleDrops(suites: readonly SuiteSize[], context: Context): Table {
  const repetitions = Math.ceil(context.repetitions / 50);
  const rows = suites.flatMap((size) => {
    context.progress(`detectable drops: ${size.name}`);
    const columns = FLIP_RATES.map((flipRate) => {
      const suite = simulateSuite(size, () => ({ flipRate, drop: 0, together: false }));
      return averageDetectable(suite, repetitions, context);
    });
    return FACTORS.map((factor, place) => {
      const items = size.rows
        .filter(({ benchmark }) => benchmark.factor === factor)
        .flatMap(({ tasks }) => tasks);
      return [
        size.name,
        factor,
        String(items.reduce((a, b) => a + b, 0)),
        ...columns.map((column) => points(column[place]!, 1)),
      ];
    });
  });
  return {
    title: 'Minimum detectable drop',
    note: 'Points of a factor: what `detectable` prints where nothing has truly changed, on average.',
    head: ['items', 'factor', 'items of it', ...FLIP_RATES.map((rate) => `flips ${percent(rate, 0)}`)],
    rows,
  };
}

function averageDetectable(
  suite: readonly SimulatedRow[],
  repetitions: number,
  { random }: Context,
): number[] {
  const sums = FACTORS.map(() => 0);
  for (let i = 0; i < repetitions; i++) {
    judgePullRequest(suite, random).factors.forEach(({ detectable }, place) => {
      sums[place]! += detectable!;
    });
  }
  return sums.map((sum) => sum / repetitions);
}

function simulateDrop(size: SuiteSize, factor: Factor | null, drop: number): SimulatedRow[] {
  return simulateSuite(size, (_, own) => ({
    flipRate: FLIP_RATE,
    drop: own === factor ? drop : 0,
    together: false,
  }));
}

function findDrops(
  suite: readonly SimulatedRow[],
  repetitions: number,
  { random }: Context,
  factor?: Factor,
): { factors: Found; rows: Found } {
  const factors: Found = { ours: 0, unpaired: 0, gate: 0 };
  const rows: Found = { ours: 0, unpaired: 0, gate: 0 };
  for (let i = 0; i < repetitions; i++) {
    const judged = judgePullRequest(suite, random);
    const own = judged.factors.filter(({ id }) => factor === undefined || id === factor);
    const errors = unpairedErrors(judged);
    tally(factors, own, errors);
    tally(rows, judged.benchmarks, errors);
  }
  for (const found of [factors, rows]) {
    for (const method of ['ours', 'unpaired', 'gate'] as const) found[method] /= repetitions;
  }
  return { factors, rows };
}

type Compared = Pick<FactorComparison, 'outcome' | 'delta'> & { id: string };

function tally(found: Found, compared: readonly Compared[], errors: ReadonlyMap<string, number>): void {
  if (compared.some(({ outcome }) => outcome === 'regressed')) found.ours++;
  if (compared.some(({ id, delta }) => delta.estimate! / errors.get(id)! < -Z)) found.unpaired++;
  if (compared.some(({ delta }) => delta.estimate! < -GATE)) found.gate++;
}

/** Standard errors of differences of two models taken for independent samples, each sqrt(p (1 - p) / n). */
function unpairedErrors({ benchmarks }: Judgement): Map<string, number> {
  const errors = new Map<string, number>();
  const variances = new Map<string, number>();
  for (const { id, factor, n, share } of benchmarks) {
    const variance = (2 * ACCURACY * (1 - ACCURACY)) / n;
    errors.set(id, Math.sqrt(variance));
    variances.set(factor!, (variances.get(factor!) ?? 0) + share! ** 2 * variance);
  }
  for (const [factor, variance] of variances) errors.set(factor, Math.sqrt(variance));
  return errors;
}

/** The true drop that equals the average `detectable` printed for it. */
function printedSize(size: SuiteSize, factor: Factor, context: Context): number {
  const runs = Math.ceil(context.repetitions / 50);
  let drop = 0;
  for (let round = 0; round < 5; round++) {
    const printed = averageDetectable(simulateDrop(size, factor, drop), runs, context);
    drop = printed[FACTORS.indexOf(factor)]!;
  }
  return drop;
}

function findEach(suite: readonly SimulatedRow[], { random, repetitions }: Context): number[] {
  const found = FACTORS.map(() => 0);
  for (let i = 0; i < repetitions; i++) {
    judgePullRequest(suite, random).factors.forEach(({ outcome }, place) => {
      if (outcome === 'regressed') found[place]!++;
    });
  }
  return found.map((count) => count / repetitions);
}

function cells({ ours, unpaired, gate }: Found): string[] {
  return [ours, unpaired, gate].map((share) => percent(share));
}
