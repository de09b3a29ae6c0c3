import { z } from 'zod';
import { noun } from '../../count.ts';
import { modelArguments } from '../../harness/lm-eval/model-arguments.ts';
import { ownValue } from '../../json.ts';
import type { TaskProtocol } from '../../record/schema.ts';
import { findTask } from '../../suite/find-task.ts';
import { namesSecret, redactArguments } from '../../system/secrets.ts';
import { Refusal } from '../refusal.ts';
import { type ImportedRun, toIso, unknownFacts } from '../source.ts';
import type { ReportedMetric } from './choose-metric.ts';

const object = z.record(z.string(), z.unknown());
/** Parts that are missing or of another shape than expected are unknown, not wrong. */
const part = object.optional().catch(undefined);
const text = z.string().min(1).nullish().catch(null);
const number = z.number().nullish().catch(null);

const ResultsFileSchema = z.looseObject({
  results: object,
  groups: part,
  group_subtasks: part,
  configs: part,
  tasks: part,
  versions: part,
  'n-shot': part,
  'n-samples': part,
  n_samples: part,
  higher_is_better: part,
  config: part,
  params: part,
  samples: part,
  date: number,
  total_evaluation_time_seconds: z.coerce.number().positive().nullish().catch(null),
  lm_eval_version: text,
  model_source: text,
  model_name: text,
  system_instruction: text,
  chat_template: z.unknown().optional(),
  chat_template_sha: text,
});
type ResultsFile = z.infer<typeof ResultsFileSchema>;

/** One leaf task of a results file, before its samples are read. */
export interface ReportedTask {
  task: string;
  n: number | null;
  metrics: ReportedMetric[];
  protocol: Omit<TaskProtocol, 'metric'>;
}

export interface LmEvalResults {
  model: string | null;
  facts: ImportedRun;
  tasks: ReportedTask[];
  /** Sample logs that stand in the file itself, as the harness's Python function returns them. */
  samples: Record<string, unknown> | null;
  notes: string[];
}

/** Keys of a task's results that are no metrics. */
const NOT_METRICS = new Set([
  'alias',
  'name',
  'sample_len',
  'sample_count',
  'samples',
  'num_fewshot',
  'group',
  ' ',
]);

/**
 * Reads a results file of lm-evaluation-harness, 0.4.0 to 0.4.13, or one whose groups are nested.
 *
 * @throws Refusal when it is none, or holds no task.
 */
export function readResults(document: unknown): LmEvalResults {
  const parsed = ResultsFileSchema.safeParse(document);
  if (!parsed.success) {
    const has = typeof document === 'object' && document !== null && 'results' in document;
    throw new Refusal(
      has ? 'its `results` is not an object' : 'it has no `results`, so there are no scores in it',
    );
  }
  const file = parsed.data;
  const leaves = findLeaves(file);
  if (leaves.length === 0) throw new Refusal('its `results` are empty');
  const limit = limitOf(file);
  const notes = limit === null ? [] : [`evaluated with a limit: ${describeLimit(limit)}`];
  return {
    model: modelName(file),
    facts: readFacts(file),
    tasks: leaves.map((leaf) => readTask(file, leaf, limit)),
    samples: file.samples ?? null,
    notes,
  };
}

interface Leaf {
  task: string;
  /** The group it is nested in; null where it stands at the top. */
  parent: string | null;
  values: Record<string, unknown>;
}

/** The tasks that were run, without the groups that sum them up. */
function findLeaves(file: ResultsFile): Leaf[] {
  const leaves: Leaf[] = [];
  for (const [name, values] of Object.entries(file.results)) {
    if (!isObject(values)) continue;
    const children = Object.entries(values).filter(
      ([key, value]) => isObject(value) && key !== 'sample_count',
    );
    if (children.length === 0) leaves.push({ task: name, parent: null, values });
    for (const [child, inner] of children) {
      // A group's own mean stands among its tasks.
      if (child === name && children.length > 1) continue;
      leaves.push({ task: child, parent: name, values: inner as Record<string, unknown> });
    }
  }
  const present = new Set(leaves.map(({ task }) => task));
  return leaves.filter(({ task }) => !isSummedUp(file, task, present));
}

function isSummedUp(file: ResultsFile, task: string, present: ReadonlySet<string>): boolean {
  const subtasks = ownValue(file.group_subtasks ?? {}, task);
  if (Array.isArray(subtasks) && subtasks.length > 0) {
    return subtasks.some((subtask) => present.has(String(subtask)));
  }
  const isGroup =
    ownValue(file.groups ?? {}, task) !== undefined ||
    (file.configs !== undefined && !Object.hasOwn(file.configs, task));
  return isGroup && [...present].some((other) => other.startsWith(`${task}_`));
}

function readTask(file: ResultsFile, { task, parent, values }: Leaf, limit: number | null): ReportedTask {
  const config = find(file.configs ?? file.tasks, parent, task);
  const settings = isObject(config) ? config : {};
  const version =
    find(file.versions, parent, task) ?? (isObject(settings.metadata) && settings.metadata.version);
  const parentTask = parent === null ? undefined : ownValue(file.tasks ?? {}, parent);
  const group = isObject(parentTask) ? parentTask : {};
  const fewshot = find(file['n-shot'], parent, task) ?? settings.num_fewshot ?? group.num_fewshot;
  const outputType = typeof settings.output_type === 'string' ? settings.output_type : null;
  const metrics = readMetrics(values, {
    ...directionsOf(settings.metric_list),
    ...asObject(find(file.higher_is_better, parent, task)),
  });
  return {
    task,
    n: countOf(file, { task, parent, values }, metrics, limit),
    metrics,
    protocol: {
      version: typeof version === 'string' || typeof version === 'number' ? String(version) : null,
      fewshot: Number.isInteger(fewshot) && Number(fewshot) >= 0 ? Number(fewshot) : null,
      outputType,
      generation:
        isObject(settings.generation_kwargs) && outputType !== 'multiple_choice'
          ? settings.generation_kwargs
          : null,
      data: dataOf(settings),
      prompts: null,
    },
  };
}

/** Only a pinned revision says which documents those were. */
function dataOf(settings: Record<string, unknown>): string | null {
  const revision = isObject(settings.dataset_kwargs) ? settings.dataset_kwargs.revision : undefined;
  return typeof settings.dataset_path === 'string' && typeof revision === 'string'
    ? `hub:${settings.dataset_path}@${revision}`
    : null;
}

/** Which way is better, by metric, as a task's configuration says: results before 0.4.3 say it nowhere else. */
function directionsOf(list: unknown): Record<string, unknown> {
  const metrics = (Array.isArray(list) ? list : [list]).filter(isObject);
  return Object.fromEntries(
    metrics.flatMap(({ metric, higher_is_better: higher }) =>
      typeof metric === 'string' && typeof higher === 'boolean' ? [[metric, higher]] : [],
    ),
  );
}

function readMetrics(
  values: Record<string, unknown>,
  higher: Readonly<Record<string, unknown>>,
): ReportedMetric[] {
  const metrics: ReportedMetric[] = [];
  for (const [key, value] of Object.entries(values)) {
    const comma = key.indexOf(',');
    const name = comma < 0 ? key : key.slice(0, comma);
    const filter = comma < 0 ? null : key.slice(comma + 1);
    if (NOT_METRICS.has(key) || name.endsWith('_stderr') || isObject(value)) continue;
    const stderr = finite(values[filter === null ? `${name}_stderr` : `${name}_stderr,${filter}`]);
    // RULER has a metric for each length of text, and -1 for those that were not run.
    if (/^\d+$/.test(name) && value === -1) continue;
    const direction = ownValue(higher, name);
    metrics.push({
      name,
      filter,
      value: finite(value),
      stderr: stderr !== null && stderr >= 0 ? stderr : null,
      higherIsBetter: typeof direction === 'boolean' ? direction : null,
    });
  }
  return metrics;
}

/** A number, or one as text: old versions wrote numpy's own names. */
function finite(value: unknown): number | null {
  if (typeof value === 'string') {
    const inner = /^np\.float\d+\((.*)\)$/.exec(value)?.[1] ?? value;
    return /^[-+]?\d/.test(inner) && Number.isFinite(Number(inner)) ? Number(inner) : null;
  }
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/**
 * How many documents a task had: as the file says; else from the standard error of a share, p (1 - p) / se^2 + 1 where
 * that is a whole number; else by the limit, which below 1 is a share; else, for a task of the catalogue, all of them.
 */
function countOf(
  file: ResultsFile,
  leaf: Leaf,
  metrics: ReportedMetric[],
  limit: number | null,
): number | null {
  const { task, parent, values } = leaf;
  const reported = find(file['n-samples'] ?? file.n_samples, parent, task);
  const effective = isObject(reported) ? reported.effective : reported;
  for (const count of [effective, values.sample_len]) {
    if (Number.isInteger(count) && Number(count) >= 0) return Number(count);
  }
  for (const { value, stderr } of metrics) {
    const n = value === null || stderr === null ? null : countFromStderr(value, stderr);
    if (n !== null) return n;
  }
  const found = findTask(task, 'lm-eval');
  const tasks = found === undefined ? [] : found.task ? [found.task] : found.benchmark.tasks;
  if (limit === null) return found === undefined ? null : (found.task?.items ?? found.benchmark.items);
  if (!(limit > 0)) return null;
  if (found !== undefined) return sum(tasks.map(({ items }) => limitedTo(items, limit)));
  // A share of nobody knows how many.
  return limit < 1 ? null : Math.floor(limit);
}

/**
 * How many of a task's documents a limit leaves: below 1 it is a share, rounded up, else a number, rounded down
 * (`lm_eval.evaluator_utils.get_sample_size`, 0.4.13).
 */
function limitedTo(documents: number, limit: number): number {
  return Math.min(documents, limit < 1 ? Math.ceil(documents * limit) : Math.floor(limit));
}

function describeLimit(limit: number): string {
  if (limit > 0 && limit < 1) return `${Number((100 * limit).toFixed(2))}% of the documents of each task`;
  return `${Math.floor(limit)} ${noun(Math.floor(limit), 'document')} a task`;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** n of a 0/1 metric with mean p and sample standard error se = sqrt(p (1 - p) / (n - 1)); null where it is none. */
export function countFromStderr(mean: number, stderr: number): number | null {
  if (!(mean > 0 && mean < 1 && stderr > 0)) return null;
  const n = (mean * (1 - mean)) / stderr ** 2 + 1;
  const count = Math.round(n);
  const right = Math.round(mean * count);
  const fits = Math.abs(n - count) < 1e-4 * count && Math.abs(right / count - mean) < 1e-6;
  return fits && count > 1 ? count : null;
}

function limitOf(file: ResultsFile): number | null {
  const limits = [
    file.config?.limit,
    ...Object.values(file.tasks ?? {}).map((task) => isObject(task) && task.limit),
  ];
  return limits.find((limit) => typeof limit === 'number') ?? null;
}

function modelName(file: ResultsFile): string | null {
  if (file.model_name) return file.model_name;
  const args = argumentsOf(file);
  for (const key of ['peft', 'delta', 'pretrained', 'model', 'path', 'engine']) {
    if (typeof args[key] === 'string' && args[key] !== '') return args[key];
  }
  return null;
}

function argumentsOf(file: ResultsFile): Record<string, unknown> {
  const parsed = modelArguments.safeParse((file.config ?? file.params)?.model_args ?? {});
  return parsed.success && isObject(parsed.data) ? parsed.data : {};
}

/** They name the model or its server; the record has a place for that. */
const NAMES = /^(pretrained|model|path|engine|revision|base_url)$/i;

function readFacts(file: ResultsFile): ImportedRun {
  const config = file.config ?? file.params ?? {};
  const args = argumentsOf(file);
  const started = file.date ? toIso(file.date) : null;
  const seconds = file.total_evaluation_time_seconds ?? null;
  const revision =
    typeof config.model_sha === 'string' && config.model_sha !== '' ? `@${config.model_sha}` : '';
  const seed = config.fewshot_seed;
  const template = 'chat_template' in file ? file.chat_template : config.chat_template;
  const facts = unknownFacts(`${modelName(file) ?? 'unknown'}${revision}`, 'lm-eval');
  return {
    ...facts,
    started,
    finished: file.date && seconds ? toIso(file.date + seconds) : started,
    minutes: seconds === null ? null : seconds / 60,
    harness: { name: 'lm-eval', version: file.lm_eval_version ?? null },
    backend: typeof config.model === 'string' ? config.model : (file.model_source ?? null),
    systemInstruction: file.system_instruction ?? null,
    chatTemplateApplied: wasApplied(template),
    enableThinking: typeof args.enable_thinking === 'boolean' ? args.enable_thinking : null,
    seed: Number.isInteger(seed) ? Number(seed) : null,
    subject: {
      ...facts.subject,
      chatTemplateSha256: file.chat_template_sha ?? null,
      dtype: typeof config.model_dtype === 'string' ? config.model_dtype.replace(/^torch\./, '') : null,
      parameters: typeof config.model_num_parameters === 'number' ? config.model_num_parameters : null,
      modelArgs: redactArguments(
        Object.fromEntries(Object.entries(args).filter(([key]) => !NAMES.test(key) && !namesSecret(key))),
      ),
    },
  };
}

/** An empty text is what servers leave: whether they apply a template is theirs to know. */
function wasApplied(template: unknown): boolean | null {
  if (template === null || template === false) return false;
  if (template === undefined || template === '') return null;
  return true;
}

/** What a table says of a task, at its top or under the task's group. */
function find(table: Record<string, unknown> | undefined, parent: string | null, task: string): unknown {
  if (table === undefined) return undefined;
  const group = parent === null ? undefined : ownValue(table, parent);
  return isObject(group) && Object.hasOwn(group, task) ? group[task] : ownValue(table, task);
}

function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
