import { formatCount, plural } from '../../count.ts';
import type { BenchmarkResult, RunRecord, TaskProtocol } from '../../record/schema.ts';
import type { DataSet } from '../../suite/benchmark.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { VERSION } from '../../version.ts';

/** A record's score that others may be told as one of a public data set, with all that they have to know of it. */
interface HubMeasurement {
  /** Questions with a score, and questions that the data set has. */
  n: number;
  of: number;
  /** Commit of the data set; null where the questions came from a folder. */
  revision: string | null;
  /** Examples before each question; null where tasks differ. */
  fewshot: number | null;
  /** One line: how it was asked, of how many questions, by what. */
  notes: string;
}

export interface HubMeasureOptions {
  /** Whether a part of the questions will do. */
  samples: boolean;
}

/** What is asked of these tasks of a benchmark is what was measured; else, in words, why it is not. */
export function measureTasks(
  record: RunRecord,
  result: BenchmarkResult,
  names: readonly string[],
  { samples }: HubMeasureOptions,
): { measured: HubMeasurement; problem: null } | { measured: null; problem: string } {
  const refuse = (problem: string) => ({ measured: null, problem });
  const benchmark = findBenchmark(result.id);
  if (benchmark === undefined) return refuse('it is none of the 24 benchmarks, so its data set is unknown');
  const { includePaths } = record.protocol;
  if (includePaths === null || includePaths.length > 0)
    return refuse('its tasks may be defined elsewhere (include-path)');
  const parts = names.map((name) => ({
    known: benchmark.tasks.find((task) => task.name === name),
    found: result.tasks.find(({ task }) => task === name),
    protocol: record.protocol.tasks[name],
  }));
  let [n, of] = [0, 0];
  for (const { known, found, protocol } of parts) {
    if (found === undefined || protocol === undefined || known === undefined)
      return refuse(result.reason ?? 'not all of its tasks were run');
    if (found.status === 'skipped' || found.status === 'failed')
      return refuse(found.reason ?? `it is ${found.status}`);
    const fault = dataFault(protocol, benchmark.dataset);
    if (fault !== null) return refuse(fault);
    n += found.n;
    // A folder may hold a part of the data set.
    of += Math.max(found.n, found.documents ?? 0, isOfHub(protocol) && found.documents ? 0 : known.items);
  }
  if (n === 0) return refuse('no question has a score');
  if (n < of && !samples)
    return refuse(`only ${formatCount(n)} of ${plural(of, 'question')} were asked and scored`);
  const protocols = parts.map(({ protocol }) => protocol!);
  const fewshot = oneOf(protocols.map((protocol) => protocol.fewshot));
  const data = oneOf(protocols.map((protocol) => protocol.data));
  return {
    measured: {
      ...{ n, of, fewshot },
      revision: data !== null && isOfHub({ data }) ? data.slice(data.lastIndexOf('@') + 1) : null,
      notes: describe(record, protocols, { n, of, fewshot }),
    },
    problem: null,
  };
}

/** Why questions are not known to be those of the data set; null where they are. */
function dataFault({ data }: TaskProtocol, { id }: DataSet): string | null {
  if (data === null) return 'the record does not say which questions were asked';
  if (data === 'mini') return 'the questions were those of suite mini, which are our own';
  // Whoever fills a folder says what is in it; the notes tell that it was one.
  return data === 'datasets-dir' || data.startsWith(`hub:${id}@`)
    ? null
    : `its questions came from ${data}, not from ${id}`;
}

function isOfHub({ data }: Pick<TaskProtocol, 'data'>): boolean {
  return data?.startsWith('hub:') ?? false;
}

function describe(
  { protocol, subject }: RunRecord,
  tasks: readonly TaskProtocol[],
  { n, of, fewshot }: Pick<HubMeasurement, 'n' | 'of' | 'fewshot'>,
): string {
  const { harness, chatTemplateApplied, systemInstruction, enableThinking } = protocol;
  const isGenerated = tasks.some(({ outputType }) => outputType === 'generate_until');
  const isLiveBench = tasks.every(({ metric }) => metric === 'livebench');
  const longest = oneOf(tasks.map(({ generation }) => mostTokens(generation)));
  return [
    fewshot !== null && `${fewshot}-shot`,
    isGenerated || isLiveBench ? 'answers generated' : 'options ranked by log-probability',
    (isGenerated || isLiveBench) && longest !== null && `at most ${plural(longest, 'token')} an answer`,
    oneOf(tasks.map(({ metric }) => metric)),
    n < of ? `a sample of ${formatCount(n)} of ${plural(of, 'question')}` : `all ${plural(of, 'question')}`,
    tasks.some(({ data }) => data === 'datasets-dir') && 'questions from a local folder',
    // LiveBench's questions are always asked as a chat.
    !isLiveBench &&
      chatTemplateApplied !== null &&
      (chatTemplateApplied ? 'chat template' : 'no chat template'),
    !isLiveBench && systemInstruction !== null && 'with a system instruction',
    enableThinking === true && 'thinking on',
    subject.dtype?.slice(0, MAX_TEXT),
    isQuantised(subject) && 'quantised',
    ['peft', 'lora_local_path', 'delta'].some((name) => subject.modelArgs[name]) && 'with an adapter',
    isLiveBench
      ? (oneOf(tasks.map(({ version }) => version)) ?? 'LiveBench').slice(0, MAX_TEXT)
      : `${HARNESSES[harness.name] ?? harness.name} ${harness.version ?? ''}`.trim().slice(0, MAX_TEXT),
    `SOS-Bench ${VERSION}`,
  ]
    .filter((part) => typeof part === 'string')
    .join(', ');
}

/** The most tokens that an answer may have, as the harness or LiveBench names it; null where that is not known. */
function mostTokens(generation: TaskProtocol['generation']): number | null {
  const most = generation?.max_gen_toks ?? generation?.max_tokens;
  return typeof most === 'number' && Number.isInteger(most) && most > 0 ? most : null;
}

/** A quantised model is another model than the page of its weights is about. */
function isQuantised({ quantisation, modelArgs }: RunRecord['subject']): boolean {
  return (
    quantisation != null ||
    ['quantization', 'load_in_4bit', 'load_in_8bit'].some((name) => Boolean(modelArgs[name]))
  );
}

const HARNESSES: Record<string, string> = { 'lm-eval': 'lm-evaluation-harness' };
/** Of what a record says in its own words. */
const MAX_TEXT = 60;

/** The value that all have; null where they differ. */
function oneOf<T>(values: readonly (T | null)[]): T | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

/** A fraction of 1 as results on the Hub are given: points with two decimals. */
export function hubValue(fraction: number): number {
  return Math.round(fraction * 10_000) / 100;
}
