import { plural } from '../../count.ts';
import { firstIssue } from '../../first-issue.ts';
import { JudgmentSchema } from '../../harness/livebench/grade/judgment.ts';
import { toInt64 } from '../../record/results/hashes.ts';
import type { Item } from '../../record/schema.ts';
import { clusteredMean } from '../../stats/clustered-mean.ts';
import { findTask, foreignId } from '../../suite/find-task.ts';
import { readParquetRows } from '../format/parquet-rows.ts';
import { parsePythonJson } from '../format/parse-json.ts';
import { shortHash } from '../lm-eval/doc-hash.ts';
import { readRecords } from '../read-records.ts';
import { BadRecord, BadRecords, Refusal } from '../refusal.ts';
import {
  type ImportedTask,
  type ImportSource,
  summaryTask,
  toIso,
  unknownFacts,
  unknownProtocol,
} from '../source.ts';

/** What the file says of one question: its score, or why it has none. */
interface Judgment {
  score: number | null;
  reason: string | null;
  /** Seconds since 1970; `-Infinity` where the file does not say. */
  time: number;
}

interface JudgedTask {
  questions: Map<string, Judgment>;
  /** Questions that were judged more than once with another result. */
  again: number;
}

/** Tasks by name, for each model. */
type Models = Map<string, Map<string, JudgedTask>>;

/**
 * Reads one `ground_truth_judgment.jsonl`, or the published judgments as Parquet: a source for each model in it. A question that
 * was judged twice counts once, by the later judgment. A line that is not a judgment of a known question is passed over; a
 * judgment whose score is not a fraction of 1 leaves its question out. Both are counted.
 *
 * @throws Refusal when most of the file cannot be read, or it holds no judgments.
 */
export async function readJudgments(path: string, file: string, isParquet: boolean): Promise<ImportSource[]> {
  const models: Models = new Map();
  const bad = new BadRecords();
  const good = isParquet
    ? await readParquetRows(
        path,
        ['question_id', 'task', 'model', 'score', 'tstamp', 'eval_status'],
        (row) => add(models, row),
        bad,
      )
    : await readRecords(
        path,
        false,
        (bytes, { offsets, count }) => {
          if (count === 0) throw new BadRecord('empty');
          const start = bytes.lastIndexOf(0x7b, offsets[0]! - 1);
          const end = bytes.indexOf(0x7d, offsets[count * 4 - 1]!) + 1;
          add(models, parse(bytes.toString('utf8', start, end)));
        },
        bad,
      );
  bad.requireMinority(good);
  if (models.size === 0) throw new Refusal('it holds no judgments');
  const losses = [...bad.reasons].map(
    ([reason, count]) => `${file}: ${plural(count, 'line')} left out: ${reason}`,
  );
  return [...models].map(([model, tasks]) => toSource(model, tasks, file, losses));
}

function parse(text: string): unknown {
  try {
    return parsePythonJson(text);
  } catch {
    throw new BadRecord('not JSON');
  }
}

/** @throws BadRecord where it is not to be known which question of which model was judged, or no number is there. */
function add(models: Models, row: unknown): void {
  const { score: value, ...rest } =
    typeof row === 'object' && row !== null ? (row as { score?: unknown }) : {};
  // What is not a number leaves a known question without a score, which is more than a line that is lost.
  const isNumber = typeof value === 'number' || typeof value === 'boolean';
  const parsed = JudgmentSchema.safeParse({ ...rest, score: isNumber ? value : 0 });
  if (!parsed.success) {
    throw new BadRecord(`no judgment: ${firstIssue(parsed.error, '')}`);
  }
  const { model, task, question_id: question, tstamp, eval_status: status } = parsed.data;
  const score = isNumber ? Number(value) : Number.NaN;
  const reason =
    // The grader failed, which says nothing of the model.
    status === 'eval_error'
      ? 'the grader failed'
      : score >= 0 && score <= 1
        ? null
        : 'its score is not a fraction of 1';
  const judgment: Judgment = { score: reason === null ? score : null, reason, time: tstamp ?? -Infinity };
  const tasks = models.get(model) ?? new Map<string, JudgedTask>();
  models.set(model, tasks);
  const judged = tasks.get(task) ?? { questions: new Map(), again: 0 };
  tasks.set(task, judged);
  const before = judged.questions.get(question);
  if (before !== undefined) {
    if (before.score !== judgment.score) judged.again++;
    if (judgment.time < before.time) return;
  }
  judged.questions.set(question, judgment);
}

function toSource(
  model: string,
  tasks: ReadonlyMap<string, JudgedTask>,
  file: string,
  fileLosses: readonly string[],
): ImportSource {
  const facts = unknownFacts(model, 'livebench');
  let last = -Infinity;
  for (const { questions } of tasks.values())
    for (const { time } of questions.values()) last = Math.max(last, time);
  const losses = [...tasks].flatMap(([task, { questions, again }]) => {
    const lost = [...countReasons(questions)].map(
      ([reason, count]) => `${task}: ${plural(count, 'question')} left out: ${reason}`,
    );
    const twice = `${task}: ${plural(again, 'question')} judged twice: the later judgment counts`;
    return again > 0 ? [...lost, twice] : lost;
  });
  losses.push(...fileLosses);
  return {
    from: 'livebench',
    model,
    label: toIso(last) ?? file,
    timed: false,
    files: [file],
    facts: { ...facts, finished: toIso(last) },
    tasks: [...tasks].map(([task, judged]) => toTask(task, judged)),
    notes: losses,
    losses,
  };
}

function countReasons(questions: ReadonlyMap<string, Judgment>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of questions.values())
    if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}

function toTask(task: string, { questions }: JudgedTask): ImportedTask {
  const benchmark = findTask(task, 'livebench')?.benchmark.id ?? foreignId(task);
  const items = [...questions]
    .flatMap(([question, { score }]) => (score === null ? [] : [{ question, score }]))
    .sort((a, b) => (a.question < b.question ? -1 : 1))
    .map(
      ({ question, score }, docId): Item => ({
        benchmark,
        task,
        docId,
        // A question's id is a hash of it.
        docHash: toInt64(/^[0-9a-f]{64}$/.test(question) ? question.slice(0, 16) : shortHash(question)),
        cluster: null,
        stratum: task,
        metric: 'livebench',
        score,
        margin: null,
        prediction: '',
        inclusionP: 1,
      }),
    );
  const mean = clusteredMean(
    Float64Array.from(items, ({ score }) => score),
    {},
  );
  const score = { n: items.length, mean: mean?.estimate ?? null, stderr: mean?.se ?? null };
  const origin = score.stderr === null ? null : ('items' as const);
  const reasons = countReasons(questions);
  return {
    ...summaryTask(task, benchmark, { ...score, stderrOrigin: origin }, unknownProtocol('livebench')),
    items,
    skipped: items.length === 0 ? `no question has a score: ${[...reasons.keys()].join('; ')}` : null,
    dropped: Object.fromEntries(reasons),
  };
}
