import type { BenchmarkResult, Item } from '../record/schema.ts';
import type { Benchmark } from '../suite/benchmark.ts';
import type { Preset } from './policy.ts';

/** How a raw score is counted: offset + slope times raw. Higher is better. */
export interface Scale {
  slope: number;
  offset: number;
}

/**
 * How one task's raw scores are counted: benchmarks of direction `lower` (WMDP) inverted, and under preset `chance`
 * taken from (x - c) / (1 - c), c what guessing scores, so that guessing counts 0. Tasks of unknown chance are
 * counted as they are.
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
  const guess = inverted ? 1 - chance : chance;
  return { slope: counted.slope / (1 - guess), offset: (counted.offset - guess) / (1 - guess) };
}

/** The items' scores as they are counted under the preset. */
export function countedScores(
  items: readonly Item[],
  benchmark: Benchmark | undefined,
  preset: Preset,
): Float64Array {
  const counted = new Float64Array(items.length);
  const scales = new Map<string, Scale>();
  items.forEach(({ task, score }, place) => {
    let scale = scales.get(task);
    if (scale === undefined) {
      scale = scaleOf(benchmark, task, preset);
      scales.set(task, scale);
    }
    counted[place] = scale.offset + scale.slope * score;
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
  const scale = commonScale(
    tasks.map(({ task }) => task),
    benchmark,
    preset,
  );
  if (scale === null && tasks.every(({ mean }) => mean !== null)) {
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
  const whole = scale ?? scaleFor(benchmark, result.chance ?? benchmark?.chance ?? null, preset);
  return {
    mean: whole.offset + whole.slope * result.mean,
    stderr: result.stderr === null ? null : Math.abs(whole.slope) * result.stderr,
  };
}
