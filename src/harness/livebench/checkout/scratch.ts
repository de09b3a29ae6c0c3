import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileError, makeFolder } from '../../../system/files/files.ts';
import type { LiveBenchQuestion } from '../question.ts';

/** The name the model has in LiveBench's files: none of those it has settings for. */
export const MODEL = 'sos-bench-candidate';
const PREFIX = '.livebench-';

/**
 * Questions with their scores laid out as LiveBench's scripts read them, in a new folder. `use` gets the folder; it is removed
 * afterwards.
 */
export async function withScratch<T>(
  parent: string,
  questions: readonly LiveBenchQuestion[],
  judgments: ReadonlyMap<string, number>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  await makeFolder(parent, 0o700);
  const folder = await mkdtemp(join(parent, PREFIX));
  try {
    for (const [path, group] of groupByTask(questions)) {
      const task = join(folder, 'data', path);
      await makeFolder(join(task, 'model_answer'));
      await makeFolder(join(task, 'model_judgment'));
      await writeLines(
        join(task, 'question.jsonl'),
        group.map(({ raw }) => raw),
      );
      await writeLines(
        join(task, 'model_answer', `${MODEL}.jsonl`),
        group.map(({ id }) => answerLine(id, [])),
      );
      await writeLines(
        join(task, 'model_judgment', 'ground_truth_judgment.jsonl'),
        group.map((question) => judgmentLine(question, judgments.get(question.id)!)),
      );
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** One question and its answer as LiveBench's grader reads them, and where it puts its judgment: paths below its working folder. */
export function layOut(
  question: LiveBenchQuestion,
  answer: readonly string[],
): { files: [string, string][]; folders: string[]; judgment: string; bench: string } {
  const bench = benchOf(question);
  const task = `data/${bench}`;
  return {
    files: [
      [`${task}/question.jsonl`, `${JSON.stringify(question.raw)}\n`],
      [`${task}/model_answer/${MODEL}.jsonl`, `${JSON.stringify(answerLine(question.id, answer))}\n`],
    ],
    folders: [`${task}/model_judgment`],
    judgment: `${task}/model_judgment/ground_truth_judgment.jsonl`,
    bench,
  };
}

function benchOf({ category, task }: LiveBenchQuestion): string {
  return `live_bench/${category}/${task}`;
}

/** Questions by `live_bench/<category>/<task>`, in order of first appearance. */
export function groupByTask(questions: readonly LiveBenchQuestion[]): Map<string, LiveBenchQuestion[]> {
  const groups = new Map<string, LiveBenchQuestion[]>();
  for (const question of questions) {
    const path = benchOf(question);
    const group = groups.get(path);
    if (group) group.push(question);
    else groups.set(path, [question]);
  }
  return groups;
}

function answerLine(id: string, turns: readonly string[]) {
  return {
    question_id: id,
    answer_id: id.slice(0, 64),
    model_id: MODEL,
    choices: [{ index: 0, turns }],
    tstamp: 0,
  };
}

function judgmentLine({ id, task, category }: LiveBenchQuestion, score: number) {
  return { question_id: id, task, model: MODEL, score, tstamp: 0, category, answer_id: id.slice(0, 64) };
}

/** One line after the other: the tests of coding questions are hundreds of megabytes. */
async function writeLines(path: string, rows: readonly object[]): Promise<void> {
  const lines = function* () {
    for (const row of rows) yield `${JSON.stringify(row)}\n`;
  };
  try {
    await pipeline(lines, createWriteStream(path, { mode: 0o644 }));
  } catch (error) {
    throw fileError(error, path, 'write');
  }
}
