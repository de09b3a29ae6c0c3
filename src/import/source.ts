import type { BenchmarkResult, Item, RunRecord, TaskProtocol } from '../record/schema.ts';

/** What one task of one model left, as one source tells it. */
export interface ImportedTask {
  /** The harness's name for it. */
  task: string;
  /** The catalogue's benchmark, or the task's own name. */
  benchmark: string;
  /** Why it has no score; null where it has one. */
  skipped: string | null;
  /** Whether it is skipped because its metrics are of another kind: then it is so for every model, and is listed. */
  notScored?: boolean;
  n: number;
  /** As the harness measures it, a fraction of 1. */
  mean: number | null;
  stderr: number | null;
  stderrOrigin: BenchmarkResult['stderrOrigin'];
  /** Single items; null where only the mean is known. */
  items: Item[] | null;
  /** Of its items: what `BenchmarkResult` says of them. */
  constantScore: number | null;
  answers: Record<string, number>;
  instructions: BenchmarkResult['instructions'];
  dropped: Record<string, number>;
  protocol: TaskProtocol;
}

/** How a run was made, as far as its source says; null is unknown. */
export interface ImportedRun {
  source: string;
  started: string | null;
  finished: string | null;
  minutes: number | null;
  harness: RunRecord['protocol']['harness'];
  backend: string | null;
  systemInstruction: string | null;
  chatTemplateApplied: boolean | null;
  enableThinking: boolean | null;
  seed: number | null;
  subject: RunRecord['subject'];
}

/** All that one file, or several of one run, say of one model. */
export interface ImportSource {
  from: 'lm-eval' | 'livebench' | 'sos-bench-csv';
  model: string;
  /** Tells runs of one model apart: a time, else the name of the file. */
  label: string;
  /** Whether `label` is a time, which two files of one run share. */
  timed: boolean;
  files: string[];
  facts: ImportedRun;
  tasks: ImportedTask[];
  notes: string[];
  /** Lines and questions that were lost, in words; they are notes too. */
  losses?: string[];
}

export function unknownFacts(source: string, harness: string): ImportedRun {
  return {
    source,
    started: null,
    finished: null,
    minutes: null,
    harness: { name: harness, version: null },
    backend: null,
    systemInstruction: null,
    chatTemplateApplied: null,
    enableThinking: null,
    seed: null,
    subject: {
      chatTemplateSha256: null,
      tokenizerSha256: null,
      dtype: null,
      quantisation: null,
      parameters: null,
      modelArgs: {},
      servedModel: null,
    },
  };
}

export function unknownProtocol(metric: string): TaskProtocol {
  return {
    version: null,
    fewshot: null,
    outputType: null,
    metric,
    generation: null,
    data: null,
    prompts: null,
  };
}

/** Why an empty cell of a table is no score. */
export const NO_CELL = 'the table has no score of it';

/** What a row of a table says and cannot be used, in words. */
export function lostCells(file: string, tasks: readonly ImportedTask[]): string[] {
  return tasks.flatMap(({ task, skipped }) =>
    skipped === null || skipped.startsWith('the table has no ')
      ? []
      : [`${file}: ${task} left out: ${skipped}`],
  );
}

/** A task known by its mean alone. */
export function summaryTask(
  task: string,
  benchmark: string,
  score: Pick<ImportedTask, 'n' | 'mean' | 'stderr' | 'stderrOrigin'>,
  protocol: TaskProtocol,
): ImportedTask {
  return {
    task,
    benchmark,
    skipped: null,
    ...score,
    items: null,
    constantScore: null,
    answers: {},
    instructions: null,
    dropped: {},
    protocol,
  };
}

export function skippedTask(
  task: string,
  benchmark: string,
  reason: string,
  protocol: TaskProtocol,
): ImportedTask {
  const nothing = { n: 0, mean: null, stderr: null, stderrOrigin: null };
  return { ...summaryTask(task, benchmark, nothing, protocol), skipped: reason };
}

/** sqrt(p (1 - p) / n): the standard error of a share, an upper bound for graded scores; null for one item. */
export function binomialStderr(mean: number, n: number): number | null {
  return n > 1 ? Math.sqrt((mean * (1 - mean)) / n) : null;
}

/** The last second of the year 9999. */
const LAST = 253_402_300_799;

/** Seconds since 1970 as an ISO time; null where that is not a time. */
export function toIso(seconds: number): string | null {
  return seconds >= 0 && seconds <= LAST ? new Date(seconds * 1000).toISOString() : null;
}
