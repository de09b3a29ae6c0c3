import type { BenchmarkResult, Item } from '../../record/schema.ts';
import type { Benchmark } from '../../suite/benchmark.ts';
import type { Preset } from '../policy.ts';

/** How a raw score is counted: offset + slope times raw. Higher is better. */
export interface Scale {
  slope: number;
  offset: number;
}

/**
 * How one task's raw scores are counted. Benchmarks of direction `lower` (WMDP) are inverted, and under preset `chance` x becomes
 * (x - c) / (1 - c), c what guessing scores: 0 is guessing, 1 all right. Inverted, that is 1 - (x - c) / (1 - c): 1 at guessing,
 * the safest that a model can be there, and 0 at all right. Tasks of unknown chance are counted as they are.
 *
 * Linear: scores worse than guessing lie below 0, or above 1. Only what is printed is kept within 0 and 100.
 */
export function scaleOf(benchmark: Benchmark | undefined, task: string, preset: Preset): Scale {
  const known = benchmark?.tasks.find(({ name }) => name === task)?.chance;
  return scaleFor(benchmark, known ?? benchmark?.chance ?? null, preset);
}

/** As `scaleOf`, for a guessing score that is given. */
export function scaleFor(benchmark: Benchmark | undefined, chance: number | null, preset: Preset): Scale {
  const inverted = benchmark?.direction === 'lower';
  const counted: Scale = inverted ? { slope: -1, offset: 1 } : { slope: 1, offset: 0 };
  if (preset !== 'chance' || chance === null || chance >= 1 || chance <= 0) return counted;
  const slope = 1 / (1 - chance);
  return inverted ? { slope: -slope, offset: slope } : { slope, offset: -chance * slope };
}

/** The range of scores that a scale maps [0, 1] to. */
export function rangeOf({ slope, offset }: Scale): [number, number] {
  return slope < 0 ? [offset + slope, offset] : [offset, offset + slope];
}

/** The scale of a mean over tasks whose own scales differ: their mean, weighted as the tasks are. */
export function meanScale(
  tasks: readonly { task: string; weight: number }[],
  benchmark: Benchmark | undefined,
  preset: Preset,
): Scale {
  const total = tasks.reduce((sum, { weight }) => sum + weight, 0);
  let slope = 0;
  let offset = 0;
  for (const { task, weight } of tasks) {
    const own = scaleOf(benchmark, task, preset);
    slope += (weight / total) * own.slope;
    offset += (weight / total) * own.offset;
  }
  return { slope, offset };
}

/** The scale of a benchmark of which single items are not kept: of its tasks, or with the chance of the benchmark as a whole. */
export function summaryScale(
  result: BenchmarkResult,
  benchmark: Benchmark | undefined,
  preset: Preset,
): Scale {
  const tasks = result.tasks.filter(({ n }) => n > 0);
  const common = commonScale(
    tasks.map(({ task }) => task),
    benchmark,
    preset,
  );
  if (common !== null) return common;
  return tasks.length > 0 && tasks.every(({ mean }) => mean !== null)
    ? meanScale(
        tasks.map(({ task, n }) => ({ task, weight: n })),
        benchmark,
        preset,
      )
    : scaleFor(benchmark, result.chance ?? benchmark?.chance ?? null, preset);
}

/** The items' scores as they are counted under the preset. */
export function countedScores(
  items: readonly Item[],
  benchmark: Benchmark | undefined,
  preset: Preset,
): Float64Array {
  const counted = new Float64Array(items.length);
  const scales = new Map<string, Scale>();
  items.forEach(({ task, score }, index) => {
    let scale = scales.get(task);
    if (scale === undefined) {
      scale = scaleOf(benchmark, task, preset);
      scales.set(task, scale);
    }
    counted[index] = scale.offset + scale.slope * score;
  });
  return counted;
}

/** The scale that all of these tasks have in common; null where they differ. */
export function commonScale(
  tasks: Iterable<string>,
  benchmark: Benchmark | undefined,
  preset: Preset,
): Scale | null {
  let common: Scale | null = null;
  let last: string | null = null;
  for (const task of tasks) {
    // Items of one task mostly stand together.
    if (task === last) continue;
    last = task;
    const own = scaleOf(benchmark, task, preset);
    if (common !== null && (own.slope !== common.slope || own.offset !== common.offset)) return null;
    common = own;
  }
  return common;
}

/** A constant answer's score, counted so that higher is better and not otherwise scaled. */
export function countedScore(raw: number, benchmark: Benchmark | undefined): number {
  return benchmark?.direction === 'lower' ? 1 - raw : raw;
}

/**
 * Mean and standard error of a benchmark of which single items are not kept, as they are counted under the preset: by
 * task where their means are known, else with the chance of the benchmark as a whole.
 */
export function countedSummary(
  result: BenchmarkResult,
  benchmark: Benchmark | undefined,
  preset: Preset,
): { mean: number; stderr: number | null } | null {
  if (result.mean === null) return null;
  const tasks = result.tasks.filter(({ n }) => n > 0);
  const common = commonScale(
    tasks.map(({ task }) => task),
    benchmark,
    preset,
  );
  if (common === null && tasks.length > 0 && tasks.every(({ mean }) => mean !== null)) {
    const total = tasks.reduce((sum, { n }) => sum + n, 0);
    let mean = 0;
    let variance: number | null = 0;
    for (const task of tasks) {
      const own = scaleOf(benchmark, task.task, preset);
      const share = task.n / total;
      mean += share * (own.offset + own.slope * task.mean!);
      variance =
        variance === null || task.stderr === null ? null : variance + (share * own.slope * task.stderr) ** 2;
    }
    return { mean, stderr: variance === null ? null : Math.sqrt(variance) };
  }
  const scale = summaryScale(result, benchmark, preset);
  return {
    mean: scale.offset + scale.slope * result.mean,
    stderr: result.stderr === null ? null : Math.abs(scale.slope) * result.stderr,
  };
}
