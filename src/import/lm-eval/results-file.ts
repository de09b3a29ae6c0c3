import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { parsePythonJson } from '../format/parse-json.ts';
import { Refusal } from '../refusal.ts';
import { type ChosenMetric, chooseMetric, nameMetric } from './choose-metric.ts';
import { type LmEvalResults, type ReportedTask, readResults } from './results.ts';
import type { SampledTask } from './samples.ts';

const MAX_RESULTS_BYTES = 256 * 2 ** 20;
/** As the harness writes times into file names. */
const STAMP = /\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}(?:\.\d+)?/;

/** A results file of the harness, and what was read that belongs to it. */
export interface ResultsFile {
  path: string;
  stamp: string | null;
  results: LmEvalResults;
  /** What was read of its sample logs, by task. */
  sampled: Map<string, SampledTask>;
  /** Metrics that all models of the import report, by task. */
  common: ReadonlyMap<string, ReadonlySet<string>>;
  files: string[];
  notes: string[];
}

export async function readResultsFile(path: string): Promise<ResultsFile> {
  const { size } = await stat(path);
  if (size > MAX_RESULTS_BYTES) {
    throw new Refusal('results of more than 256 MB: write the samples to files of their own (--log_samples)');
  }
  let document: unknown;
  try {
    document = parsePythonJson((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0]!.slice(0, 120) : String(error);
    throw new Refusal(`it is not whole JSON (${why})`);
  }
  const results = readResults(document);
  const file: ResultsFile = {
    path,
    stamp: STAMP.exec(basename(path))?.[0] ?? null,
    results,
    sampled: new Map(),
    common: new Map(),
    files: [basename(path)],
    notes: [],
  };
  return file;
}

/** One metric for all models of an import: of a task, those that every file with the task reports. */
export function commonMetrics(files: readonly ResultsFile[]): Map<string, ReadonlySet<string>> {
  const common = new Map<string, ReadonlySet<string>>();
  for (const { task, metrics } of files.flatMap(({ results }) => results.tasks)) {
    const own = metrics.map(nameMetric);
    const before = common.get(task);
    common.set(task, new Set(before === undefined ? own : own.filter((name) => before.has(name))));
  }
  return common;
}

/** The metric of a task; null where none is scored. */
export function metricOf(file: ResultsFile, task: string): ChosenMetric | null {
  const reported = file.results.tasks.find((own) => own.task === task);
  const chosen = reported ? choose(file, reported) : null;
  return chosen === null || 'reason' in chosen ? null : { ...chosen, notes: [] };
}

/** Chooses one of the metrics that a task reports, among those that all models of the import have. */
export function choose({ common }: ResultsFile, { task, metrics, n }: ReportedTask) {
  return chooseMetric(task, metrics, n, common.get(task));
}

interface NameParts {
  /** What stands before `samples_`: a model's name, perhaps. */
  prefix: string;
  task: string;
  stamp: string | null;
}

/** `PREFIX__samples_TASK_TIME.jsonl`. */
export function nameParts(path: string): NameParts {
  const name = basename(path).replace(/\.jsonl?$|\.ndjson$/i, '');
  const stamp = STAMP.exec(name)?.[0] ?? null;
  // One underscore parts them; a task's own name may end with another.
  const bare = stamp === null ? name : name.slice(0, name.indexOf(stamp)).replace(/_$/, '');
  const [, prefix = '', task = bare] = /^(.*?)_*samples_(.+)$/.exec(bare) ?? [];
  return { prefix, task, stamp };
}
