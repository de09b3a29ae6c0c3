import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { noun, plural } from '../../count.ts';
import type { TaskProtocol } from '../../record/schema.ts';
import { foreignId } from '../../suite/find-task.ts';
import { makeFields, scanObject } from '../format/json-bytes.ts';
import { parseJson } from '../format/parse-json.ts';
import { type OnRecord, readRecords } from '../read-records.ts';
import { BadRecord, BadRecords, Refusal } from '../refusal.ts';
import { scoreByMean } from '../score-by-mean.ts';
import { type ImportedTask, type Source, skippedTask, unknownFacts, unknownProtocol } from '../source.ts';
import { type ChosenMetric, chooseMetric, nameMetric } from './choose-metric.ts';
import { type LmEvalResults, type ReportedTask, readResults } from './results.ts';
import { type SampledTask, SampleReader } from './samples.ts';

const MAX_RESULTS_BYTES = 256 * 2 ** 20;
/** As the harness writes times into file names. */
const STAMP = /\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}(?:\.\d+)?/;

export interface SampleFile {
  path: string;
  /** An object of arrays, by task. */
  grouped: boolean;
}

export interface LmEvalImport {
  sources: Source[];
  refused: { path: string; reason: string }[];
}

interface ResultsFile {
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

/** Reads results files and the sample logs that belong to them; logs without results are sources of their own. */
export async function readLmEval(
  resultsPaths: readonly string[],
  sampleFiles: readonly SampleFile[],
  onProgress: (path: string) => void,
): Promise<LmEvalImport> {
  const done: LmEvalImport = { sources: [], refused: [] };
  const attempt = async (path: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      done.refused.push({ path, reason: error.message });
    }
  };
  const files: ResultsFile[] = [];
  for (const path of resultsPaths) {
    await attempt(path, async () => void files.push(await readResultsFile(path)));
  }
  const common = commonMetrics(files);
  for (const file of files) {
    file.common = common;
    readAllEmbedded(file);
  }
  const alone: Source[] = [];
  for (const sample of sampleFiles) {
    onProgress(sample.path);
    await attempt(sample.path, async () => {
      for (const [task, { owner, read }] of await readSampleFile(sample, files)) {
        if (owner === null) alone.push(sourceOfSamples(sample.path, task, read, files));
        else if (owner.sampled.has(task))
          throw new Refusal(`${task}: another log of the same run was read already`);
        else {
          owner.sampled.set(task, read);
          owner.files.push(basename(sample.path));
        }
      }
    });
  }
  done.sources = [...files.map(sourceOfResults), ...alone];
  return done;
}

async function readResultsFile(path: string): Promise<ResultsFile> {
  const { size } = await stat(path);
  if (size > MAX_RESULTS_BYTES) {
    throw new Refusal('results of more than 256 MB: write the samples to files of their own (--log_samples)');
  }
  let document: unknown;
  try {
    document = parseJson((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''));
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
function commonMetrics(files: readonly ResultsFile[]): Map<string, ReadonlySet<string>> {
  const common = new Map<string, ReadonlySet<string>>();
  for (const { task, metrics } of files.flatMap(({ results }) => results.tasks)) {
    const own = metrics.map(nameMetric);
    const before = common.get(task);
    common.set(task, new Set(before === undefined ? own : own.filter((name) => before.has(name))));
  }
  return common;
}

function readAllEmbedded(file: ResultsFile): void {
  for (const [task, records] of Object.entries(file.results.samples ?? {})) {
    if (Array.isArray(records)) readEmbedded(file, task, records);
  }
}

/** Logs that stand in the results file, as the harness's Python function returns them. */
function readEmbedded(file: ResultsFile, task: string, records: readonly unknown[]): void {
  const fields = makeFields();
  const bad = new BadRecords();
  try {
    const reader = new SampleReader(task, metricOf(file, task));
    let taken = 0;
    for (const record of records) {
      try {
        const bytes = Buffer.from(JSON.stringify(record));
        scanObject(bytes, 0, bytes.length, fields);
        reader.take(bytes, fields);
        taken++;
      } catch (error) {
        if (!(error instanceof BadRecord)) throw error;
        bad.add(error.message);
      }
    }
    bad.requireMinority(taken);
    file.sampled.set(task, reader.finish());
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof SyntaxError)) throw error;
    file.notes.push(`${task}: samples not used: ${error.message}`);
  }
}

interface ReadTask {
  owner: ResultsFile | null;
  read: SampledTask;
}

async function readSampleFile(
  { path, grouped }: SampleFile,
  files: readonly ResultsFile[],
): Promise<Map<string, ReadTask>> {
  const readers = new Map<string, { owner: ResultsFile | null; reader: SampleReader }>();
  const single = nameParts(path).task;
  const bad = new BadRecords();
  const take: OnRecord = (bytes, fields, group) => {
    const task = group ?? single;
    let open = readers.get(task);
    if (open === undefined) {
      const owner = findOwner(path, task, files);
      open = { owner, reader: new SampleReader(task, owner && metricOf(owner, task)) };
      readers.set(task, open);
    }
    open.reader.take(bytes, fields);
  };
  bad.requireMinority(await readRecords(path, grouped, take, bad));
  if (readers.size === 0) throw new Refusal('it holds no records');
  const read = [...readers].map(([task, { owner, reader }]): [string, ReadTask] => [
    task,
    { owner, read: reader.finish() },
  ]);
  // Of a line that cannot be read it is not known which task it was of, unless the file has one alone.
  if (read.length === 1)
    for (const [reason, count] of bad.reasons) addDropped(read[0]![1].read, reason, count);
  else if (bad.count > 0)
    read[0]![1].read.losses.push(
      `${basename(path)}: ${plural(bad.count, 'record')} left out: ${[...bad.reasons.keys()].join('; ')}`,
    );
  return new Map(read);
}

/** What was lost of each task, in words. */
function lossesOf(task: string, { dropped, losses }: SampledTask): string[] {
  const lost = Object.entries(dropped).map(
    ([reason, count]) => `${task}: ${plural(count, 'question')} left out: ${reason}`,
  );
  return [...lost, ...losses];
}

function addDropped(read: SampledTask, reason: string, count: number): void {
  read.dropped[reason] = (read.dropped[reason] ?? 0) + count;
}

/** The results a log belongs to: of the same time, else the only ones in the same folder that have the task. */
function findOwner(path: string, task: string, files: readonly ResultsFile[]): ResultsFile | null {
  const { stamp } = nameParts(path);
  const having = files.filter((file) => file.results.tasks.some((reported) => reported.task === task));
  const near = having.filter((file) => dirname(file.path) === dirname(path));
  const same =
    stamp === null
      ? near.filter((file) => file.stamp === null)
      : having.filter((file) => file.stamp === stamp);
  const best = same.filter((file) => near.includes(file));
  if (best.length === 1) return best[0]!;
  if (same.length === 1) return same[0]!;
  return stamp === null && near.length === 1 ? near[0]! : null;
}

function metricOf(file: ResultsFile, task: string): ChosenMetric | null {
  const reported = file.results.tasks.find((own) => own.task === task);
  const chosen = reported ? choose(file, reported) : null;
  return chosen === null || 'reason' in chosen ? null : { ...chosen, notes: [] };
}

function choose({ common }: ResultsFile, { task, metrics, n }: ReportedTask) {
  return chooseMetric(task, metrics, n, common.get(task));
}

interface NameParts {
  /** What stands before `samples_`: a model's name, perhaps. */
  prefix: string;
  task: string;
  stamp: string | null;
}

/** `PREFIX__samples_TASK_TIME.jsonl`. */
function nameParts(path: string): NameParts {
  const name = basename(path).replace(/\.jsonl?$|\.ndjson$/i, '');
  const stamp = STAMP.exec(name)?.[0] ?? null;
  // One underscore parts them; a task's own name may end with another.
  const bare = stamp === null ? name : name.slice(0, name.indexOf(stamp)).replace(/_$/, '');
  const [, prefix = '', task = bare] = /^(.*?)_*samples_(.+)$/.exec(bare) ?? [];
  return { prefix, task, stamp };
}

function sourceOfResults(file: ResultsFile): Source {
  const { results, path, stamp, sampled } = file;
  const name = basename(path);
  const notes = [...results.notes, ...file.notes];
  const tasks = results.tasks.map((task) => toTask(file, task, sampled.get(task.task) ?? null, notes));
  const losses = [...sampled].flatMap(([task, read]) => lossesOf(task, read));
  return {
    from: 'lm-eval',
    model: results.model ?? (basename(dirname(path)) || name),
    label: stamp ?? results.facts.started ?? name.replace(/\.json$/i, ''),
    timed: stamp !== null || results.facts.started !== null,
    files: file.files,
    facts: results.facts,
    tasks,
    notes: [...notes, ...losses],
    losses,
  };
}

function toTask(
  file: ResultsFile,
  reported: ReportedTask,
  sampled: SampledTask | null,
  notes: string[],
): ImportedTask {
  const { task, metrics, protocol } = reported;
  const chosen = choose(file, reported);
  if ('reason' in chosen) {
    if (sampled !== null && !chosen.byName) return fromSamples(task, sampled, protocol, notes);
    const skipped = skippedTask(task, foreignId(task), chosen.reason, {
      ...protocol,
      metric: metrics[0]?.name ?? 'none',
    });
    return { ...skipped, notScored: chosen.byName };
  }
  const n = countOfLog(reported, sampled) ?? reported.n;
  notes.push(...chosen.notes);
  const own = { ...protocol, metric: chosen.metric, ...filterOf(chosen) };
  const reason =
    n === null ? 'the file does not say how many documents there were' : 'no documents were evaluated';
  const mean =
    n === null || n === 0
      ? skippedTask(task, chosen.benchmark, reason, own)
      : scoreByMean(task, chosen, metrics, n, own);
  if (sampled === null) return mean;
  const hidden = n === null ? 0 : countHidden(sampled, n);
  if (hidden > 0) addDropped(sampled, 'in no line of the log', hidden);
  const items = fromSamples(task, sampled, protocol, notes);
  const misfit = n === null ? null : describeMisfit(items, mean, chosen.metric);
  if (misfit === null) return items;
  notes.push(`${task}: ${misfit}: the reported mean is used, without items`);
  return mean;
}

/**
 * The log's count of documents where it explains the results, and the count that these state does not: the harness before
 * 0.4.12 states all documents of a task, whatever `--samples` chose. Null where the results are to be believed.
 */
function countOfLog({ n, metrics }: ReportedTask, sampled: SampledTask | null): number | null {
  if (sampled === null || n === null || sampled.items.length === n) return null;
  const count = sampled.items.length;
  const { metric, filter } = sampled.metric;
  const reported =
    metrics.find((one) => one.name === metric && one.filter === filter) ??
    metrics.find(({ name }) => name === metric);
  if (reported?.value == null) return null;
  const mean = sampled.items.reduce((sum, { score }) => sum + score, 0) / count;
  if (Math.abs(mean - reported.value) > 1e-9) return null;
  const { value, stderr } = reported;
  // sqrt(p (1 - p) / (n - 1)) for right and wrong answers: the standard error says which n it is of.
  const implied = stderr === null ? null : Math.sqrt((value * (1 - value)) / (count - 1));
  return implied !== null && Math.abs(implied - stderr!) > 1e-6 * implied ? null : count;
}

/** Two writers, or a write that was cut, leave two questions in one bad line: how many may be lost so beside those counted. */
function countHidden({ items, dropped }: SampledTask, n: number): number {
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  const hidden = n - items.length - lost;
  return hidden > 0 && hidden <= lost ? hidden : 0;
}

/** IFEval's reported instruction metrics are pooled, another estimator than the items' mean. */
function describeMisfit(items: ImportedTask, reported: ImportedTask, metric: string): string | null {
  const lost = Object.values(items.dropped).reduce((sum, count) => sum + count, 0);
  if (items.n !== reported.n && items.n + lost !== reported.n)
    return `the log has ${items.n} ${noun(items.n, 'document')}, the results ${reported.n}`;
  // Without the records that are lost the mean may be off by what these can have scored.
  const tolerance = 1e-6 + lost / reported.n;
  if (metric === 'ifeval' || Math.abs(items.mean! - reported.mean!) < tolerance) return null;
  return `the mean over the log is ${items.mean}, the results say ${reported.mean}`;
}

function fromSamples(
  task: string,
  { metric, items, prompts, ...rest }: SampledTask,
  protocol: Omit<TaskProtocol, 'metric'>,
  notes: string[],
): ImportedTask {
  notes.push(...rest.notes);
  return {
    task,
    benchmark: metric.benchmark,
    skipped: null,
    n: items.length,
    mean: items.reduce((sum, { score }) => sum + score, 0) / items.length,
    stderr: null,
    stderrOrigin: 'items',
    items,
    constantScore: rest.constantScore,
    answers: rest.answers,
    instructions: rest.instructions,
    dropped: rest.dropped,
    protocol: {
      ...protocol,
      metric: metric.metric,
      ...filterOf(metric),
      outputType: protocol.outputType ?? rest.outputType,
      prompts,
    },
  };
}

/** Under another filter it is another score. */
function filterOf({ filter }: ChosenMetric): { filter?: string } {
  return filter === null ? {} : { filter };
}

function sourceOfSamples(
  path: string,
  task: string,
  read: SampledTask,
  files: readonly ResultsFile[],
): Source {
  const { prefix, stamp } = nameParts(path);
  const folder = basename(dirname(path));
  const known = files.find(
    (file) => dirname(file.path) === dirname(path) && sanitised(file.results.model) === folder,
  );
  const model = known?.results.model ?? (prefix || folder || 'unknown');
  const name = basename(path);
  const notes = [`${name}: no results beside it, so its settings are not known`];
  const { metric: _, ...protocol } = unknownProtocol('');
  return {
    from: 'lm-eval',
    model,
    label: stamp ?? name.replace(/\.[a-z]+$/i, ''),
    timed: stamp !== null,
    files: [name],
    facts: unknownFacts(model, 'lm-eval'),
    tasks: [fromSamples(task, read, protocol, notes)],
    notes: [...notes, ...lossesOf(task, read)],
    losses: lossesOf(task, read),
  };
}

/** The harness's own rule for folder names. */
function sanitised(model: string | null): string | null {
  return model?.replace(/["<>:/|\\?*[\]]+/g, '__') ?? null;
}
