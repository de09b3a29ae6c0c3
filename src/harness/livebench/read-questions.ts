import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { SosBenchError } from '../../error.ts';
import { parseJson } from '../../json.ts';
import type { Benchmark, Task } from '../../suite/benchmark.ts';
import { fileError } from '../../system/files/files.ts';
import { readTextLines } from '../../system/files/line-file.ts';
import type { TaskSource } from '../lm-eval/data.ts';
import { isOfRelease, type LiveBenchQuestion, parseQuestion } from './question.ts';

/** One row and where it stands, for messages. */
interface Row {
  value: unknown;
  location: string;
}

/**
 * A task's questions of a release, in the order found: from `<task>.jsonl` or `.parquet` of a `datasets-dir`, or from a
 * fetched Hub data set, which holds all tasks of a category.
 *
 * @param release LiveBench's release option, `2024-07-26`: what was released by then and not removed by then.
 * @returns none where the source has none of the release: not every task is in every release.
 * @throws SosBenchError `data-invalid` naming file, line and field.
 */
export async function readLiveBenchQuestions(
  benchmark: Benchmark,
  task: Task,
  source: TaskSource,
  release: string,
): Promise<LiveBenchQuestion[]> {
  if (source.kind === 'unavailable' || source.kind === 'own')
    throw new Error(`LiveBench's ${task.name} has no source to read`);
  const category = categoryOf(benchmark);
  const questions = new Map<string, LiveBenchQuestion>();
  for await (const { value, location } of rowsOf(source)) {
    // A data set of the Hub holds other tasks, and questions in formats of later releases.
    if (source.kind === 'hub' && !isWanted(value, task, release)) continue;
    const question = parseQuestion(value);
    if (typeof question === 'string') throw invalidQuestion(location, question);
    if (question.task !== task.name)
      throw invalidQuestion(location, `task is not ${task.name}, which the file's name says`);
    if (question.category !== category)
      throw invalidQuestion(location, `category is not ${category}, which the folder's name says`);
    if (!isOfRelease(question.raw, release)) continue;
    if (questions.has(question.id))
      throw invalidQuestion(location, `question_id ${question.id.slice(0, 64)} is there twice`);
    questions.set(question.id, question);
  }
  return [...questions.values()];
}

/** LiveBench's name of the category a benchmark stands for: `livebench/data_analysis` is `data_analysis`. */
export function categoryOf(benchmark: Benchmark): string {
  return benchmark.dataset?.id.split('/').at(-1) ?? benchmark.id;
}

function isWanted(row: unknown, task: Task, release: string): boolean {
  const fields = row as Record<string, unknown>;
  return (
    fields.task === task.name &&
    isOfRelease({ ...fields, livebench_removal_date: fields.livebench_removal_date ?? '' }, release)
  );
}

async function* rowsOf(source: Extract<TaskSource, { path: string }>): AsyncGenerator<Row> {
  const files = source.kind === 'file' ? [source.path] : await parquetFiles(source.path);
  for (const file of files) yield* file.endsWith('.parquet') ? parquetRows(file) : jsonRows(file);
}

async function* jsonRows(file: string): AsyncGenerator<Row> {
  try {
    for await (const { text: line, number } of readTextLines(file)) {
      if (line.trim() === '') continue;
      const location = `${file}, line ${number}`;
      let value: unknown;
      try {
        value = parseJson(line);
      } catch {
        throw invalidQuestion(location, 'it is not JSON');
      }
      yield { value, location };
    }
  } catch (error) {
    throw fileError(error, file, 'read');
  }
}

async function* parquetRows(file: string): AsyncGenerator<Row> {
  let rows: Record<string, unknown>[];
  try {
    rows = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
  } catch (error) {
    throw new SosBenchError('data-invalid', `${file} cannot be read as parquet`, {
      hint: 'fetch it again, or give the questions as JSONL',
      cause: error,
    });
  }
  for (const [index, row] of rows.entries())
    yield { value: asJson(row, []), location: `${file}, row ${index + 1}` };
}

async function parquetFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => /(^|[/\\])test-[^/\\]*\.parquet$/.test(name)).sort();
  if (files.length === 0) {
    throw new SosBenchError('data-invalid', `${folder} has no file test-*.parquet`, {
      hint: 'delete the folder; the next run fetches it again',
    });
  }
  return files.map((name) => join(folder, name));
}

/** As LiveBench's own loading makes it: dates become text, a contest's with its time. */
function asJson(value: unknown, path: string[]): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) {
    const [day, rest] = value.toISOString().split('T');
    return path.at(-1) === 'contest_date' ? `${day} ${rest!.slice(0, 8)}` : day;
  }
  if (Array.isArray(value)) return value.map((entry) => asJson(entry, path));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, asJson(entry, [...path, key])]),
  );
}

function invalidQuestion(location: string, problem: string): SosBenchError {
  return new SosBenchError('data-invalid', `${location}: ${problem}`, {
    hint: "one JSON object a line, with the fields of LiveBench's question.jsonl",
  });
}
