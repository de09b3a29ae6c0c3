/** LiveBench's own table of scores, to hold our means against. */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import Papa from 'papaparse';
import { SosBenchError } from '../../src/error.ts';
import { MODEL } from '../../src/harness/livebench/answer/answer-file.ts';
import { answerLine, benchOf } from '../../src/harness/livebench/checkout/scratch.ts';
import { LIMITS, scriptPath, scriptSurroundings } from '../../src/harness/livebench/checkout/script.ts';
import type { ScoreOptions } from '../../src/harness/livebench/grade/score.ts';
import type { LiveBenchQuestion } from '../../src/harness/livebench/question.ts';
import { runInSandbox } from '../../src/system/sandbox/run.ts';

/** What LiveBench's own table says, in its points (percent): categories to 1 decimal, tasks to 3. */
export interface LiveBenchTable {
  categories: Map<string, number>;
  tasks: Map<string, number>;
  /** Mean of the categories; null where there is only one. */
  average: number | null;
}

const WALL_MS = 300_000;

/**
 * Runs LiveBench's `show_livebench_result.py` on scores, to hold our means against its.
 *
 * @param scores by question id; every question has one.
 * @throws SosBenchError `worker-failed` where it leaves no table, `interrupted`.
 */
export async function showTable(
  scores: ReadonlyMap<string, number>,
  options: Pick<
    ScoreOptions,
    'environment' | 'questions' | 'release' | 'scratchParent' | 'sandbox' | 'signal'
  >,
): Promise<LiveBenchTable> {
  const { environment, questions, release, scratchParent, sandbox, signal } = options;
  return await withScratch(scratchParent, questions, scores, async (input) => {
    const args = ['--bench-name', 'live_bench', '--question-source', 'jsonl'];
    const script = scriptPath(environment, 'show_livebench_result.py');
    const job = {
      ...scriptSurroundings(environment, sandbox),
      command: [environment.python, '-u', script, ...args, '--livebench-release-option', release],
      input,
      watch: ['all_groups.csv', 'all_tasks.csv'],
      limits: { ...LIMITS, wallMs: WALL_MS, silenceMs: WALL_MS },
      scratchParent,
      signal,
    };
    const { files, printed } = await runInSandbox(sandbox, job);
    const groups = parseRow(files?.get('all_groups.csv'));
    const tasks = parseRow(files?.get('all_tasks.csv'));
    if (groups === null || tasks === null) {
      const last = printed.trim().split('\n').at(-1) ?? '';
      throw new SosBenchError(
        'worker-failed',
        `LiveBench's table script left no table: ${last.slice(0, 200)}`,
      );
    }
    const { average = null, ...categories } = Object.fromEntries(groups);
    return { categories: new Map(Object.entries(categories)), tasks, average };
  });
}

/** Our model's line of one of its tables. */
function parseRow(csv: string | undefined): Map<string, number> | null {
  if (csv === undefined) return null;
  const { data } = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true });
  const row = data.find(({ model }) => model === MODEL);
  if (row === undefined) return null;
  return new Map(
    Object.entries(row)
      .filter(([name]) => name !== 'model')
      .map(([name, value]) => [name, Number(value)]),
  );
}

/** Category means as LiveBench makes them, a fraction of 1: the mean of the means of the tasks. */
export function categoryMeans(
  questions: readonly LiveBenchQuestion[],
  scores: ReadonlyMap<string, number>,
): Map<string, number> {
  const tasks = new Map<string, Map<string, number[]>>();
  for (const { id, category, task } of questions) {
    const score = scores.get(id);
    if (score === undefined) continue;
    const ofCategory = tasks.get(category) ?? new Map<string, number[]>();
    tasks.set(category, ofCategory.set(task, [...(ofCategory.get(task) ?? []), score]));
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return new Map([...tasks].map(([category, byTask]) => [category, mean([...byTask.values()].map(mean))]));
}

/** Questions with their scores laid out as LiveBench's table script reads them, in a new folder that is removed afterwards. */
async function withScratch<T>(
  parent: string,
  questions: readonly LiveBenchQuestion[],
  scores: ReadonlyMap<string, number>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(parent, '.livebench-'));
  try {
    for (const [path, group] of groupByTask(questions)) {
      const task = join(folder, 'data', path);
      await mkdir(join(task, 'model_answer'), { recursive: true });
      await mkdir(join(task, 'model_judgment'), { recursive: true });
      await writeLines(join(task, 'question.jsonl'), toLines(group.map(({ raw }) => raw)));
      await writeLines(
        join(task, 'model_answer', `${MODEL}.jsonl`),
        group.map(({ id }) => answerLine(id, [])),
      );
      await writeLines(
        join(task, 'model_judgment', 'ground_truth_judgment.jsonl'),
        toLines(group.map((question) => judgmentLine(question, scores.get(question.id)!))),
      );
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Questions by `live_bench/<category>/<task>`, in order of first appearance. */
function groupByTask(questions: readonly LiveBenchQuestion[]): Map<string, LiveBenchQuestion[]> {
  const groups = new Map<string, LiveBenchQuestion[]>();
  for (const question of questions) {
    const path = benchOf(question);
    const group = groups.get(path);
    if (group) group.push(question);
    else groups.set(path, [question]);
  }
  return groups;
}

function judgmentLine({ id, task, category }: LiveBenchQuestion, score: number) {
  return { question_id: id, task, model: MODEL, score, tstamp: 0, category, answer_id: id.slice(0, 64) };
}

/** One line after the other: the tests of coding questions are hundreds of megabytes. */
async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  await pipeline(lines, createWriteStream(path));
}

function* toLines(rows: Iterable<object>): Iterable<string> {
  for (const row of rows) yield `${JSON.stringify(row)}\n`;
}
