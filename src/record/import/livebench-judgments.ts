import type { z } from 'zod';
import { JudgmentSchema } from '../../harness/livebench/judgment.ts';
import { clusteredMean } from '../../stats/clustered-mean.ts';
import type { Item } from '../schema.ts';
import { shortHash, toInt64 } from './doc-hash.ts';
import { findTask, foreignId } from './find-task.ts';
import { toIso } from './iso-time.ts';
import { parseJson } from './parse-json.ts';
import { readRecords } from './read-records.ts';
import { Refusal } from './refusal.ts';
import { type ImportedTask, type Source, summaryTask, unknownFacts, unknownProtocol } from './source.ts';

interface Judged {
  items: Map<string, number>;
  errors: number;
  first: number;
  last: number;
}

/**
 * Reads one `ground_truth_judgment.jsonl`: a source for each model in it.
 *
 * @throws Refusal when a line is no judgment, a score is no fraction of 1, or a question has two scores.
 */
export async function readJudgments(path: string, file: string): Promise<Source[]> {
  const models = new Map<string, Map<string, Judged>>();
  let line = 0;
  await readRecords(path, false, (bytes, { places, count }) => {
    line++;
    const start = bytes.lastIndexOf(0x7b, places[0]! - 1);
    const end = bytes.indexOf(0x7d, places[count * 4 - 1]!) + 1;
    const parsed = JudgmentSchema.safeParse(parseJson(bytes.toString('utf8', start, end)));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new Refusal(`judgment ${line} cannot be used: ${issue?.path.join('.')}: ${issue?.message}`);
    }
    add(models, parsed.data, line);
  });
  if (models.size === 0) throw new Refusal('it holds no judgments');
  return [...models].map(([model, tasks]) => toSource(model, tasks, file));
}

function add(
  models: Map<string, Map<string, Judged>>,
  judgment: z.infer<typeof JudgmentSchema>,
  line: number,
): void {
  const { model, task, question_id: question, score, tstamp } = judgment;
  if (!(score >= 0 && score <= 1))
    throw new Refusal(`the score of judgment ${line} is ${score}, not a fraction of 1`);
  const tasks = models.get(model) ?? new Map<string, Judged>();
  models.set(model, tasks);
  const judged = tasks.get(task) ?? { items: new Map(), errors: 0, first: Infinity, last: -Infinity };
  tasks.set(task, judged);
  if (tstamp !== undefined) {
    judged.first = Math.min(judged.first, tstamp);
    judged.last = Math.max(judged.last, tstamp);
  }
  // The grader failed, which says nothing of the model.
  if (judgment.eval_status === 'eval_error') judged.errors++;
  else if ((judged.items.get(question) ?? score) !== score) {
    throw new Refusal(`question ${question.slice(0, 16)} of ${model} is there twice with different scores`);
  } else judged.items.set(question, score);
}

function toSource(model: string, tasks: ReadonlyMap<string, Judged>, file: string): Source {
  const facts = unknownFacts(model, 'livebench');
  const last = Math.max(...[...tasks.values()].map((judged) => judged.last));
  const notes = [...tasks].flatMap(([task, { errors }]) =>
    errors > 0 ? [`${task}: ${errors} questions left out, the grader failed on them`] : [],
  );
  return {
    from: 'livebench',
    model,
    label: toIso(last) ?? file,
    timed: false,
    files: [file],
    facts: { ...facts, finished: toIso(last) },
    tasks: [...tasks].map(([task, judged]) => toTask(task, judged)),
    notes,
  };
}

function toTask(task: string, { items: scores, errors }: Judged): ImportedTask {
  const benchmark = findTask(task, 'livebench')?.benchmark.id ?? foreignId(task);
  const items = [...scores]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([question, score], docId): Item => ({
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
  return {
    ...summaryTask(task, benchmark, { ...score, stderrOrigin: origin }, unknownProtocol('livebench')),
    items,
    skipped: items.length === 0 ? 'the grader failed on every question' : null,
    dropped: errors > 0 ? { 'the grader failed': errors } : {},
  };
}
