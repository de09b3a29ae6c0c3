import { type Design, designOf, estimateMean } from '../../../src/record/results/sampling.ts';
import { effectiveSize } from '../../../src/stats/effective-size.ts';
import { wilsonDesignInterval } from '../../../src/stats/wilson-design-interval.ts';
import { wilsonInterval } from '../../../src/stats/wilson-interval.ts';
import { FACTORS, type Factor } from '../../../src/suite/benchmark.ts';
import { findBenchmark } from '../../../src/suite/catalogue.ts';
import { factorScore, weigh } from '../../../src/verdict/measure/factors.ts';
import { sizeOf } from '../../../src/verdict/measure/sampling.ts';
import type { Random } from '../../../test/support/random.ts';
import { clusterSizes } from '../clusters.ts';
import { betaBinomial, binomial, type Draw } from '../discrete.ts';
import { clusterDesign, standingAlone } from '../simulate.ts';
import type { SuiteSize } from '../suite-sizes.ts';
import { type Context, percent, type Table } from './context.ts';

const LEVEL = 0.95;
const STEP = 0.04;
/** True accuracies: 0.02, 0.06, ..., 0.98. */
const ACCURACIES = Array.from({ length: 25 }, (_, place) => 0.02 + place * STEP);
/** So many of the accuracies that look worst are drawn again, as the worst of many looks worse than it is. */
const WORST = 3;

interface Case {
  name: string;
  /** Independent units, by which the bound is chosen. */
  units: number;
  /** A sample's interval, at a true accuracy. */
  sampler: (accuracy: number) => (random: Random) => [number, number] | null;
}

/** How often the 95% intervals of scores hold the true accuracy. */
export function scoreCoverage(suites: readonly SuiteSize[], context: Context): Table {
  const exact = [12, 50, 200, 1000, 12000].map((n) => {
    context.progress(`intervals of scores: ${n} single items`);
    const grid = Array.from({ length: 97 }, (_, place) => 0.02 + place * 0.01);
    const coverage = grid.map((accuracy) => exactCoverage(n, accuracy));
    return describeRow(`right or wrong, ${n} items (exact)`, n, coverage, Math.min(...coverage));
  });
  const factors = suites.flatMap((size) => FACTORS.map((factor) => factorCase(size, factor)));
  const simulated = [...cases(), ...factors].map(({ name, units, sampler }) => {
    context.progress(`intervals of scores: ${name}`);
    const cover = (accuracy: number, repetitions: number) => {
      const draw = sampler(accuracy);
      let covered = 0;
      for (let i = 0; i < repetitions; i++) {
        const ci = draw(context.random);
        if (ci && ci[0] <= accuracy && accuracy <= ci[1]) covered++;
      }
      return covered / repetitions;
    };
    const coverage = ACCURACIES.map((accuracy) => cover(accuracy, Math.ceil(context.repetitions * 0.3)));
    const worst = ACCURACIES.map((accuracy, place) => ({ accuracy, covered: coverage[place]! }))
      .sort((a, b) => a.covered - b.covered)
      .slice(0, WORST)
      .map(({ accuracy }) => cover(accuracy, context.repetitions));
    return describeRow(name, units, coverage, Math.min(...worst));
  });
  return {
    title: 'Coverage of the 95% intervals of scores',
    note: 'True accuracies 0.02 to 0.98: average over them, and the worst of them. To be 94.5 to 96% on average and at least 93% at the worst from 200 independent units on, at least 94.5% and 90% from 12 on. Units of a factor: simple items of equal weight that would tell as much.',
    head: ['scores', 'units', 'average', 'worst', 'held'],
    rows: [...exact, ...simulated],
  };
}

function describeRow(name: string, units: number, coverage: readonly number[], worst: number): string[] {
  const average = coverage.reduce((a, b) => a + b, 0) / coverage.length;
  const held =
    units >= 200
      ? average >= 0.945 && average <= 0.96 && worst >= 0.93
      : units < 12 || (average >= 0.945 && worst >= 0.9);
  return [name, String(units), percent(average), percent(worst), units < 12 ? '–' : held ? 'yes' : '**no**'];
}

/** Sum of the binomial probabilities of the counts whose interval holds the truth. */
function exactCoverage(n: number, accuracy: number): number {
  let covered = 0;
  let total = 0;
  // Relative to the likeliest count, so that nothing underflows.
  const mode = Math.floor((n + 1) * accuracy);
  for (const step of [1, -1]) {
    let weight = 1;
    for (let right = step === 1 ? mode : mode - 1; right >= 0 && right <= n; right += step) {
      if (right !== mode) {
        weight *=
          step === 1
            ? ((n - right + 1) / right) * (accuracy / (1 - accuracy))
            : ((right + 1) / (n - right)) * ((1 - accuracy) / accuracy);
      }
      if (weight < 1e-18) break;
      total += weight;
      const [low, high] = wilsonInterval(right / n, n, LEVEL);
      if (low <= accuracy && accuracy <= high) covered += weight;
    }
  }
  return covered / total;
}

function cases(): Case[] {
  const sizes = (id: string, items: number) => clusterSizes(id, items)!;
  const each = (count: number, size: number) => new Array<number>(count).fill(size);
  const mini = { gpqa: [...each(4, 1), ...each(4, 2), ...each(4, 3)], bbq: each(33, 2) };
  const clustered: [string, number[], number[]][] = [
    ['GPQA mini', mini.gpqa, [0.3, 0.6]],
    ['BBQ mini', mini.bbq, [0.3, 0.6]],
    ['BBQ of 632', sizes('bbq', 632), [0.3, 0.6]],
    ['BBQ full', sizes('bbq', 58492), [0.05, 0.1, 0.3, 0.6]],
    ['MuSR full', sizes('musr', 756), [0.3, 0.6]],
    ['GPQA full', sizes('gpqa', 1192), [0.6]],
  ];
  return [
    ...clustered.flatMap(([name, own, correlations]) =>
      correlations.map((icc) => clusteredCase(name, own, icc)),
    ),
    ...[50, 200].map(weightedCase),
    ...[12, 64, 200, 541].map(gradedCase),
    liveBenchCase('livebench-coding', 1),
    liveBenchCase('livebench-math', 1),
    liveBenchCase('livebench-language', 4),
    liveBenchCase('livebench-instruction-following', 4),
  ];
}

function clusteredCase(name: string, sizes: readonly number[], icc: number): Case {
  const design = clusterDesign(sizes);
  const items = sizes.reduce((a, b) => a + b, 0);
  const size = { items, clusters: effectiveSize(sizes.length, { weights: Float64Array.from(sizes) }).items };
  return {
    name: `${name}, clusters of correlation ${icc}`,
    units: sizes.length,
    sampler: (accuracy) => {
      const bySize = new Map(sizes.map((own) => [own, betaBinomial(own, accuracy, icc)]));
      const draws = sizes.map((own) => bySize.get(own)!);
      const means = new Float64Array(sizes.length);
      return (random) => {
        draws.forEach((draw, place) => {
          means[place] = draw(random) / sizes[place]!;
        });
        return wilsonDesignInterval(estimateMean(means, design)!, size, LEVEL);
      };
    },
  };
}

/** Half of the items were sampled with a fourth of the others' probability. */
function weightedCase(n: number): Case {
  const items = standingAlone(
    Array.from({ length: n }, (_, place) => ({ task: '', inclusionP: place % 2 ? 1 : 0.25 })),
  );
  return {
    name: `weights 1 and 4, ${n} items`,
    units: n,
    sampler: (accuracy) => itemSampler(designOf(items, undefined), () => single(accuracy)),
  };
}

/** An item scores the mean of four parts that mostly agree, as in IFEval. */
function gradedCase(n: number): Case {
  const items = standingAlone(Array.from({ length: n }, () => ({ task: '', inclusionP: 1 })));
  return {
    name: `graded in quarters, ${n} items`,
    units: n,
    sampler: (accuracy) => itemSampler(designOf(items, undefined), () => quarters(accuracy)),
  };
}

/** Tasks of different difficulty, whose means have the accuracy for their mean. */
function liveBenchCase(id: string, parts: 1 | 4): Case {
  const benchmark = findBenchmark(id)!;
  const items = standingAlone(
    benchmark.tasks.flatMap(({ name, items: n }) =>
      Array.from({ length: n }, () => ({ task: name, inclusionP: 1 })),
    ),
  );
  const places = new Map(benchmark.tasks.map(({ name }, place) => [name, place]));
  const { length } = benchmark.tasks;
  return {
    name: `${benchmark.name}, ${items.length} items`,
    units: items.length,
    sampler: (accuracy) => {
      const reach = 0.8 * Math.min(accuracy, 1 - accuracy);
      const draws = benchmark.tasks.map((_, place) => {
        const own = accuracy + reach * ((2 * place) / (length - 1) - 1);
        return parts === 1 ? single(own) : quarters(own);
      });
      return itemSampler(designOf(items, benchmark), (place) => draws[places.get(items[place]!.task)!]!);
    },
  };
}

const UNIT: [number, number] = [0, 1];

/** A factor whose benchmarks are of right or wrong answers that stand alone, all of one accuracy. */
function factorCase({ name, rows }: SuiteSize, factor: Factor): Case {
  const own = rows
    .filter(({ benchmark }) => benchmark.factor === factor)
    .map(({ benchmark, tasks }) => ({ id: benchmark.id, n: tasks.reduce((a, b) => a + b, 0) }));
  const weight = own.reduce((sum, row) => sum + weigh(row, 'paper'), 0);
  return {
    name: `factor ${factor} of ${own.length} benchmarks, ${name}`,
    // Simple items that would tell as much: a short benchmark of much weight decides.
    units: Math.round(
      1 / own.reduce((sum, { id, n }) => sum + (weigh({ id, n }, 'paper') / weight) ** 2 / n, 0),
    ),
    sampler: (accuracy) => {
      const draws = own.map(({ n }) => binomial(n, accuracy));
      return (random) => {
        const parts = own.map(({ id, n }, place) => {
          const share = draws[place]!(random) / n;
          const estimate = {
            estimate: share,
            se: Math.sqrt((share * (1 - share)) / (n - 1)),
            df: n - 1,
            units: n,
          };
          const size = { items: n, clusters: n };
          return { id, n, estimate, ci: wilsonInterval(share, n, LEVEL), range: UNIT, size };
        });
        return factorScore(parts, 'paper').ci;
      };
    },
  };
}

function itemSampler(design: Design, drawOf: (place: number) => Draw) {
  const size = sizeOf(design);
  const draws = Array.from({ length: design.items }, (_, place) => drawOf(place));
  const values = new Float64Array(design.items);
  return (random: Random) => {
    for (let place = 0; place < values.length; place++) values[place] = draws[place]!(random);
    return wilsonDesignInterval(estimateMean(values, design)!, size, LEVEL);
  };
}

function single(accuracy: number): Draw {
  return binomial(1, accuracy);
}

function quarters(accuracy: number): Draw {
  const draw = betaBinomial(4, accuracy, 0.6);
  return (random) => draw(random) / 4;
}
