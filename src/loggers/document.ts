import type { RunRecord } from '../record/schema.ts';
import { FACTORS, type Factor } from '../suite/benchmark.ts';
import type { Interval, JudgeComparison, Verdict } from '../verdict/schema.ts';
import type { Summary } from '../verdict/summary.ts';

/** Of the document; names of metrics are part of it. */
export const LOG_SCHEMA_VERSION = 1;

/** Before the name of everything that is logged. */
const PREFIX = 'sos-bench';
const MAX_NAME_LENGTH = 100;
/** Of a run's whole name: W&B takes no longer one. */
const MAX_RUN_LENGTH = 120;
/** A series is the name of a folder, of 255 bytes at most. */
const MAX_SERIES_LENGTH = 80;
const MAX_TEXT_LENGTH = 200;
const REFUSED_BY_LOGGERS = /[^\w.-]+/g;
/** Older points than these are in the runs of their own commits. */
const MAX_HISTORY = 40;

/** Values at one point of the x axis. */
export interface LogPoint {
  /** Seconds since 1970: when the evaluation ended. It is the step too, so that runs line up. */
  time: number;
  /** Scores, differences and shares as fractions of 1; counts; minutes. */
  metrics: Record<string, number>;
}

/**
 * What is logged of one evaluation: numbers, and names of what they are of. No question, no answer, no prediction, no id of an item, and none
 * of a record's own sentences.
 */
export interface LogDocument {
  schemaVersion: typeof LOG_SCHEMA_VERSION;
  /** Of the run in the logger. */
  name: string;
  /** What is one curve: a branch, or a pull request. Letters of any script, digits, `_`, `-` and `.`. */
  series: string;
  config: Record<string, string | number | boolean | null>;
  /** Verdict of the whole and outcome of each factor, by their names. */
  outcomes: Record<string, string>;
  /** Scores of main's commits before, oldest first. */
  history: LogPoint[];
  point: LogPoint;
  /** A row for each benchmark. */
  table: { columns: string[]; rows: (string | number | null)[][] };
}

/** What the caller knows of an evaluation beside its numbers. */
export interface LogFacts {
  summary: Summary;
  /** Null without a baseline. */
  verdict: Verdict | null;
  record: Pick<
    RunRecord,
    'model' | 'commit' | 'branch' | 'suite' | 'seed' | 'planHash' | 'finished' | 'totals'
  >;
  /** Version of this program. */
  version: string;
  /** Parts of the series' name, such as the pull request's and that of one job of a matrix; the record's branch, else its model, where empty. */
  series: readonly string[];
  /** Number of the pull request; null for none. */
  pull: number | null;
  /** Whether the record is the word of its author alone. */
  isClaim: boolean;
  /** Address of the workflow run; null for none. */
  run: string | null;
  /** Without a date a point has no place on the x axis. */
  history: readonly { created?: string | undefined; scores: Record<Factor, number | null> }[];
  now: Date;
}

const COLUMNS = [
  ...['benchmark', 'outcome', 'baseline', 'score', 'delta', 'delta_ci_low', 'delta_ci_high'],
  ...['gained', 'lost', 'questions'],
];

/** Makes what is logged of a verdict, or of a record where there is no baseline. */
export function makeLogDocument(facts: LogFacts): LogDocument {
  const { record, version, pull, isClaim, run } = facts;
  const [summary, verdict] = [
    ofWhatWasAsked(facts.summary),
    facts.verdict && ofWhatWasCompared(facts.verdict),
  ];
  const names = new Names(summary, verdict);
  const series = facts.series.length > 0 ? facts.series : [record.branch ?? record.model.name];
  const before = facts.history
    .slice(-MAX_HISTORY)
    .flatMap(({ created, scores }) =>
      created === undefined ? [] : [{ time: secondsOf(created), metrics: factorMetrics(scores) }],
    )
    .toSorted((a, b) => a.time - b.time);
  const own = secondsOf(record.finished ?? facts.now.toISOString());
  // The curve ends with what is judged, whenever that was evaluated.
  const time = Math.max(own, (before.at(-1)?.time ?? 0) + 1);
  const label = clean(series.join('-'), /[^\p{L}\p{M}\p{N}_.-]+/gu, MAX_SERIES_LENGTH);
  // A record without branch and commit has its model's name alone.
  const isOfModel = record.commit === null && facts.series.length === 0 && record.branch === null;
  const which = record.commit?.slice(0, 7) ?? text(record.model.name);
  return {
    schemaVersion: LOG_SCHEMA_VERSION,
    name: cut(isOfModel ? which : `${label} ${which}`, MAX_RUN_LENGTH),
    series: label,
    config: {
      version,
      model: text(record.model.name),
      model_digest: textOrNull(record.model.digest),
      suite: text(record.suite),
      preset: summary.preset,
      seed: record.seed,
      plan: textOrNull(record.planHash),
      commit: record.commit,
      branch: textOrNull(record.branch),
      pull_request: pull,
      workflow_run: run,
      claim: isClaim,
      baseline_model: textOrNull(verdict?.records.baseline.name ?? null),
      baseline_commit: verdict?.records.baseline.commit ?? null,
      judge: [...new Set(judgesOf(summary, verdict).map(({ judge }) => text(judge)))].join(', ') || null,
    },
    outcomes: outcomesOf(verdict, names),
    history: before,
    point: { time, metrics: finite(metricsOf({ summary, verdict, record, names })) },
    table: { columns: [...COLUMNS], rows: verdict === null ? scoreRows(summary) : verdictRows(verdict) },
  };
}

/** Benchmarks that nobody asked would be hundreds of zeros. */
function ofWhatWasAsked(summary: Summary): Summary {
  return { ...summary, benchmarks: summary.benchmarks.filter(({ n }) => n > 0) };
}

function ofWhatWasCompared(verdict: Verdict): Verdict {
  const { benchmarks } = verdict;
  const isAsked = ({ outcome, baseline, candidate }: Verdict['benchmarks'][number]) =>
    outcome !== 'skipped' || baseline.score !== null || candidate.score !== null;
  return { ...verdict, benchmarks: benchmarks.filter(isAsked) };
}

type Values = Record<string, number | null | undefined>;

/** Only what is a number: no logger draws a gap for null, and some refuse it. */
function finite(values: Values): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}

function factorMetrics(scores: Record<Factor, number | null>): Record<string, number> {
  return finite(
    Object.fromEntries(Object.entries(scores).map(([id, score]) => [nameMetric(id, 'score'), score])),
  );
}

function metricsOf({
  summary,
  verdict,
  record,
  names,
}: Pick<LogFacts, 'summary' | 'verdict' | 'record'> & { names: Names }): Values {
  const { items, tokens, deviceMinutes } = record.totals;
  const metrics: Values = {
    [nameMetric('questions')]: items,
    [nameMetric('tokens')]: tokens,
    [nameMetric('device_minutes')]: deviceMinutes,
    ...(verdict !== null && { [nameMetric('passed')]: Number(verdict.passed) }),
  };
  const add = (id: string, values: Values) => {
    for (const [name, value] of Object.entries(values)) metrics[nameMetric(id, name)] = value;
  };
  for (const [id, { score, ci, n }] of named(names, summary.factors, [
    ...summary.benchmarks,
    ...(summary.judge ?? []),
  ]))
    add(id, { score, score_ci_low: ci?.[0], score_ci_high: ci?.[1], questions: n });
  if (verdict === null) return metrics;
  // Its scores are of the questions that were compared.
  for (const [id, part] of named(names, verdict.factors, verdict.benchmarks)) {
    const { baseline, candidate, delta, detectable, n } = part;
    const { score, ci } = candidate;
    add(id, { score, score_ci_low: ci?.[0], score_ci_high: ci?.[1], questions: n });
    add(id, { baseline: baseline.score, ...deltaOf(delta), detectable });
  }
  for (const part of verdict.benchmarks)
    add(names.of(part), { gained: part.flips?.gained, lost: part.flips?.lost });
  for (const part of verdict.judge ?? [])
    add(names.of(part), { baseline: part.baseline.score, ...deltaOf(part.delta) });
  return metrics;
}

function deltaOf({ estimate, ci }: { estimate: number | null; ci: Interval | null }): Values {
  return { delta: estimate, delta_ci_low: ci?.[0], delta_ci_high: ci?.[1] };
}

function outcomesOf(verdict: Verdict | null, names: Names): Record<string, string> {
  if (verdict === null) return { [nameMetric('verdict')]: 'no-baseline' };
  const parts = named(names, verdict.factors, [...verdict.benchmarks, ...(verdict.judge ?? [])]);
  return {
    [nameMetric('verdict')]: verdict.verdict,
    ...Object.fromEntries(parts.map(([id, { outcome }]) => [nameMetric(id, 'outcome'), outcome])),
    ...(verdict.alarm !== undefined && { [nameMetric('judge_alarm')]: verdict.alarm.state }),
  };
}

function judgesOf(summary: Summary, verdict: Verdict | null): readonly Pick<JudgeComparison, 'judge'>[] {
  return verdict?.judge ?? summary.judge ?? [];
}

/** What has scores of its own: a factor, a benchmark, or what one judge says. */
type Scored = { id: string } & Partial<Pick<JudgeComparison, 'category' | 'judge' | 'reference'>>;

/** Each with its name: a factor's own, and the others' beside it. */
function named<F extends { id: Factor }, O extends Scored>(
  names: Names,
  factors: readonly F[],
  others: readonly O[],
): [string, F | O][] {
  return [
    ...factors.map((part): [string, F] => [part.id, part]),
    ...others.map((part): [string, O] => [names.of(part), part]),
  ];
}

/** Names that values of the whole have: MLflow's folders hold no file and folder of one name. */
const OF_WHOLE = ['questions', 'tokens', 'device_minutes', 'passed', 'verdict', 'judge_alarm', 'benchmarks'];

/**
 * Names under which scores are logged. Ids of benchmarks of one's own are whatever their folder says, and loggers refuse some characters; still
 * no two share a name: the score of one would stand as the other's.
 */
class Names {
  readonly #names = new Map<string, string>();

  constructor(summary: Summary, verdict: Verdict | null) {
    const scored: Scored[] = [...summary.benchmarks, ...(verdict?.benchmarks ?? [])];
    const judged: Scored[] = [...(summary.judge ?? []), ...(verdict?.judge ?? [])];
    const used = new Set<string>([...OF_WHOLE, ...FACTORS]);
    for (const part of [...scored, ...judged]) {
      if (this.#names.has(keyOf(part))) continue;
      const name = clean(nameScored(part, judged), REFUSED_BY_LOGGERS);
      let free = name;
      for (let count = 2; used.has(free); count++) free = `${name}-${count}`;
      used.add(free);
      this.#names.set(keyOf(part), free);
    }
  }

  of(part: Scored): string {
    return this.#names.get(keyOf(part))!;
  }
}

function keyOf({ id, category, judge, reference }: Scored): string {
  return JSON.stringify([id, category ?? null, judge ?? null, reference ?? null]);
}

/** The id, with as much of the category, the judge and the reference as tells it from the others. */
function nameScored(part: Scored, judged: readonly Scored[]): string {
  const { id, category, judge, reference } = part;
  if (judge === undefined) return id;
  const first = [id, category].filter(Boolean).join('.');
  const others = judged.filter(
    (other) => other.id === id && other.category === category && keyOf(other) !== keyOf(part),
  );
  if (others.length === 0) return first;
  const isOnly = others.every((other) => other.judge !== judge);
  return [first, judge, ...(isOnly ? [] : [reference])].filter(Boolean).join('.');
}

function verdictRows({ benchmarks }: Verdict): LogDocument['table']['rows'] {
  return benchmarks.map(({ id, outcome, baseline, candidate, delta, flips, n }) => [
    ...[text(id), outcome, baseline.score, candidate.score],
    ...[delta.estimate, delta.ci?.[0] ?? null, delta.ci?.[1] ?? null],
    ...[flips?.gained ?? null, flips?.lost ?? null, n],
  ]);
}

function scoreRows({ benchmarks }: Summary): LogDocument['table']['rows'] {
  return benchmarks.map(({ id, score, n }) => [text(id), null, null, score, null, null, null, null, null, n]);
}

/** `sos-bench/bbq/score` */
function nameMetric(...parts: readonly string[]): string {
  return [PREFIX, ...parts].join('/');
}

function clean(name: string, refused: RegExp, length = MAX_NAME_LENGTH): string {
  return cut(name.replace(refused, '-').replace(/^[.-]+/, ''), length) || 'unnamed';
}

/** The beginning of a text. Python writes no half of a character, whether it was given or left by the cut. */
function cut(name: string, length: number): string {
  return Buffer.from(name.slice(0, length))
    .toString()
    .replace(/\uFFFD+/g, '');
}

/** A name as one short line. */
function text(name: string): string {
  return cut(name.replace(/[\p{Cc}\u2028\u2029]+/gu, ' '), MAX_TEXT_LENGTH);
}

function textOrNull(name: string | null): string | null {
  return name === null ? null : text(name);
}

function secondsOf(date: string): number {
  return Math.floor(Date.parse(date) / 1000);
}
