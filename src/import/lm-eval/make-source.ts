import { basename, dirname } from 'node:path';
import { noun, plural } from '../../count.ts';
import type { TaskProtocol } from '../../record/schema.ts';
import { foreignId } from '../../suite/find-task.ts';
import { scoreByMean } from '../score-by-mean.ts';
import {
  type ImportedTask,
  type ImportSource,
  skippedTask,
  unknownFacts,
  unknownProtocol,
} from '../source.ts';
import type { ChosenMetric } from './choose-metric.ts';
import type { ReportedTask } from './results.ts';
import { choose, nameParts, type ResultsFile } from './results-file.ts';
import type { SampledTask } from './samples.ts';

/** What a results file and the logs that belong to it say of a model. */
export function sourceOfResults(file: ResultsFile): ImportSource {
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

/** What a log without results beside it says of a model. */
export function sourceOfSamples(
  path: string,
  task: string,
  read: SampledTask,
  files: readonly ResultsFile[],
): ImportSource {
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

/** What was lost of each task, in words. */
function lossesOf(task: string, { dropped, losses }: SampledTask): string[] {
  const lost = Object.entries(dropped).map(
    ([reason, count]) => `${task}: ${plural(count, 'question')} left out: ${reason}`,
  );
  return [...lost, ...losses];
}

/** Counts questions of a task that are left out for a reason. */
export function addDropped(read: SampledTask, reason: string, count: number): void {
  read.dropped[reason] = (read.dropped[reason] ?? 0) + count;
}
