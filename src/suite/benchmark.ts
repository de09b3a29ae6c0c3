/** The three factors of SOS-Bench. */
export const FACTORS = ['wk', 'if', 'safety'] as const;
export type Factor = (typeof FACTORS)[number];

export const FACTOR_NAMES: Record<Factor, string> = {
  wk: 'World knowledge',
  if: 'Instruction following',
  safety: 'Safety',
};

/** Which raw metric of the harness makes an item's score; tasks from outside may have others. */
export type Metric = 'acc' | 'acc_norm' | 'exact_match' | 'ifeval' | 'livebench' | (string & {});

/** The harnesses, in the order they run: the first holds the devices, then a server does. */
export const HARNESSES = ['lm-eval', 'livebench'] as const;
export type Harness = (typeof HARNESSES)[number];

/** What a run consists of, in order. `judge` has no benchmark of the catalogue, and runs only where it is asked for. */
export const STAGES = [...HARNESSES, 'judge'] as const;
export type Stage = (typeof STAGES)[number];

/** One leaf task of a harness: a stratum of its benchmark. */
export interface Task {
  /** The harness's name for it. */
  name: string;
  /** File name (without ending) in a `datasets-dir`, and the config or split it comes from. */
  subset: string;
  /** The split the harness reads the questions from. */
  split: string;
  /** Documents there at the pinned revision. */
  items: number;
  /** Expected score of uniform guessing, a fraction of 1 on the raw metric; null where unknown. */
  chance: number | null;
  /** The split the few-shot examples come from, where the data set has one. */
  fewshotSplit?: string;
}

export interface DataSet {
  /** Name on the Hugging Face Hub. */
  id: string;
  /** Commit the questions are pinned to; null where none is known, then the record says what was used. */
  revision: string | null;
  /** Whether access has to be asked for. */
  gated: boolean;
}

/** A benchmark of SOS-Bench, or a task from outside the catalogue. */
export interface Benchmark {
  id: string;
  name: string;
  /** Null for a task from outside: it is tested and listed, in no factor. */
  factor: Factor | null;
  harness: Harness;
  direction: 'higher' | 'lower';
  metric: Metric;
  /** Expected score of guessing on the raw metric, a fraction of 1: tasks weighted by items; null where unknown. */
  chance: number | null;
  /** Score (a fraction of 1, counted so that higher is better) of the best constant answer; null where unknown. */
  constantScore: number | null;
  /** Size in the paper's table: the weight of preset `paper`. */
  size: number;
  /** Items actually there. */
  items: number;
  /** Null for a task that brings its own files. */
  dataset: DataSet | null;
  tasks: readonly Task[];
  /**
   * Fields that make documents dependent (one passage, one template): the first alternative whose fields
   * a benchmark has. Empty where items are independent.
   */
  clusterFields: readonly (readonly string[])[];
}

/** A benchmark of SOS-Bench: what may be unknown of a task from outside is known of it. */
export interface CatalogueBenchmark extends Benchmark {
  factor: Factor;
  chance: number;
  dataset: DataSet;
  /** Whether its questions ask for what is dangerous or say what is hateful: they are never shown. */
  harmful: boolean;
  /**
   * What planning assumes of two models of one recipe: the share of items whose answer flips, and how strongly flips in
   * one cluster go together. Assumptions of ours; records of your own models replace the first.
   */
  assumed: { flips: number; dependence: number };
  tasks: readonly (Task & { chance: number })[];
}
