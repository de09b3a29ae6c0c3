import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { CATALOGUE } from '../suite/catalogue.ts';
import { findTask } from '../suite/find-task.ts';
import { fileError } from '../system/files/files.ts';
import { isPreferenceTable } from './alpaca-eval/preference-table.ts';
import { isJudgeBoard } from './boards/read-board.ts';
import { CUT_SHORT, makeFields, scanObject, skipSpace } from './format/json-bytes.ts';
import { parquetColumns } from './format/parquet-rows.ts';
import { readHeader } from './format/read-table.ts';

export type Kind =
  | 'lm-eval-results'
  | 'lm-eval-samples'
  /** An object of arrays of samples, by task. */
  | 'lm-eval-sample-groups'
  | 'livebench-judgments'
  | 'livebench-judgments-parquet'
  | 'livebench-table'
  | 'arena-hard-judgments'
  /** Of Arena-Hard or LiveBench. */
  | 'answers'
  | 'alpaca-eval-annotations'
  /** A published board of a judge's scores, or a table of preferences. */
  | 'judge-board'
  | 'harness-table'
  | 'names';

/** What a file is: something to import, something else (`ignored`), or something damaged or packed (`refused`). */
export type Detected = { kind: Kind } | { ignored: string } | { refused: string };

const HEAD = 2 ** 20;

const PACKED: [number[], string][] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive: unpack it first'],
  [[0x50, 0x4b, 0x05, 0x06], 'an empty ZIP archive'],
  [[0x1f, 0x8b], 'compressed with gzip: unpack it first'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'compressed with zstd: unpack it first'],
  [[0x42, 0x5a, 0x68], 'compressed with bzip2: unpack it first'],
  [[0xfd, 0x37, 0x7a, 0x58], 'compressed with xz: unpack it first'],
  [[0xff, 0xfe], 'text in UTF-16: save it as UTF-8'],
  [[0xfe, 0xff], 'text in UTF-16: save it as UTF-8'],
];

/** Tells what a file is from its first bytes; its name decides nothing that its content can. */
export async function detectFile(path: string): Promise<Detected> {
  const head = await readHead(path);
  if (head.length === 0) return { refused: 'it is empty' };
  for (const [magic, what] of PACKED) {
    if (magic.every((byte, i) => head[i] === byte)) return { refused: `it is ${what}` };
  }
  if (head.toString('latin1', 0, 4) === 'PAR1') return detectParquet(await parquetColumns(path));
  // A machine that went down while a file was written leaves NUL bytes in some of its lines.
  const isLog = /\.(jsonl|ndjson)$/i.test(path) && (head[0] === 0x7b || head.includes('\n{'));
  const isTable = /\.[ct]sv$/i.test(path) && head.filter((byte) => byte === 0).length * 4 < head.length;
  if (head.includes(0) && !isLog && !isTable) return { ignored: 'it is binary, neither JSON nor CSV' };
  const start = skipSpace(
    head,
    head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0,
    head.length,
  );
  if (start >= head.length) return { refused: 'it is empty' };
  const first = head[start];
  // A log may begin with a line that is lost, such as `null`.
  if (isLog && first !== 0x7b && first !== 0x5b)
    return detectJson(head, head.indexOf('\n{') + 1, basename(path));
  return first === 0x7b || first === 0x5b
    ? detectJson(head, start, basename(path))
    : detectTable(head, basename(path));
}

async function readHead(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

interface Head {
  keys: string[];
  /** Where the first value starts. */
  firstValue: number;
}

function detectJson(head: Buffer, start: number, name: string): Detected {
  const inArray = head[start] === 0x5b;
  const object = inArray ? skipSpace(head, start + 1, head.length) : start;
  if (head[object] !== 0x7b) {
    const empty = head[object] === 0x5d;
    return empty
      ? { refused: 'it is an empty list' }
      : { ignored: 'it is JSON, but not an object or a list of objects' };
  }
  const found = headOfRecords(head, object, /\.(jsonl|ndjson)$/i.test(name));
  if (found === null) return { refused: 'it is not JSON, though it starts like it' };
  const { keys, firstValue } = found;
  if (isSample(keys)) return { kind: 'lm-eval-samples' };
  if (keys.includes('games') && (keys.includes('question_id') || keys.includes('uid')))
    return { kind: 'arena-hard-judgments' };
  if (keys.includes('uid') && keys.includes('messages')) return { kind: 'answers' };
  if (keys.includes('question_id')) return detectLiveBench(keys);
  if (keys.includes('instruction') && keys.includes('generator_2'))
    return { kind: 'alpaca-eval-annotations' };
  if (keys.includes('instruction') && keys.includes('generator'))
    return { ignored: 'it holds answers; their scores are in the annotations, annotations.json' };
  if (inArray) return { ignored: `it is a list of objects with ${listKeys(keys)}` };
  if (keys.includes('schemaVersion')) return { ignored: 'it is a document of this program' };
  const inner = head[firstValue] === 0x5b ? skipSpace(head, firstValue + 1, head.length) : -1;
  if (inner > 0 && head[inner] === 0x7b && isSample(headOf(head, inner)?.keys ?? [])) {
    return { kind: 'lm-eval-sample-groups' };
  }
  if (
    ['results', 'configs', 'params', 'lm_eval_version'].some((key) => keys.includes(key)) ||
    /(^|_)results[_.]/.test(name)
  ) {
    return { kind: 'lm-eval-results' };
  }
  return { ignored: `it is JSON with ${listKeys(keys)}: no results, samples or judgments` };
}

function detectParquet(columns: string[] | null): Detected {
  if (columns === null) return { refused: 'it starts like a Parquet file, but cannot be read as one' };
  const isJudgments = ['question_id', 'task', 'model', 'score'].every((name) => columns.includes(name));
  return isJudgments
    ? { kind: 'livebench-judgments-parquet' }
    : { ignored: `it is a Parquet file with ${listKeys(columns)}: not LiveBench's judgments` };
}

function detectLiveBench(keys: readonly string[]): Detected {
  if (keys.includes('score')) return { kind: 'livebench-judgments' };
  if (keys.includes('choices')) return { kind: 'answers' };
  return { ignored: `it holds questions or the like (${listKeys(keys)})` };
}

function isSample(keys: readonly string[]): boolean {
  return ['doc_id', 'doc_hash', 'resps', 'filtered_resps'].some((key) => keys.includes(key));
}

function listKeys(keys: readonly string[]): string {
  const shown = keys.slice(0, 5).map((key) => `'${key.slice(0, 30)}'`);
  return keys.length === 0 ? 'no keys' : `keys ${shown.join(', ')}${keys.length > 5 ? ', ...' : ''}`;
}

/** The keys of an object as far as the head reaches, with the one whose value it cuts; null for what is none. */
function headOf(head: Buffer, start: number): Head | null {
  const fields = makeFields();
  try {
    const end = scanObject(head, start, head.length, fields);
    const keys = Array.from({ length: fields.count }, (_, i) =>
      head.toString('utf8', fields.offsets[i * 4], fields.offsets[i * 4 + 1]),
    );
    let firstValue = fields.offsets[2]!;
    if (end === CUT_SHORT) {
      const from = fields.count > 0 ? fields.offsets[fields.count * 4 - 1]! : start + 1;
      const cut = /"((?:[^"\\]|\\.){1,200})"\s*:\s*/.exec(head.toString('latin1', from, from + 1000));
      if (cut) keys.push(cut[1]!);
      if (cut && fields.count === 0) firstValue = from + cut.index + cut[0].length;
    }
    return { keys, firstValue };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A first line that is damaged, or is something else, does not hide what the next ones are. */
function headOfRecords(head: Buffer, start: number, isLog: boolean): Head | null {
  const first = headOf(head, start);
  if (first !== null && (!isLog || isKnown(first))) return first;
  let at = head.indexOf('\n{', start);
  for (let tries = 0; at >= 0 && tries < 3; at = head.indexOf('\n{', at + 1), tries++) {
    const found = headOf(head, at + 1);
    if (found !== null && (!isLog || isKnown(found))) return found;
  }
  return first;
}

function isKnown({ keys }: Head): boolean {
  return isSample(keys) || keys.includes('question_id') || keys.includes('uid');
}

const LIVEBENCH_COLUMNS = new Set(
  CATALOGUE.filter(({ harness }) => harness === 'livebench').flatMap(({ id, tasks }) => [
    id.replace(/^livebench-/, '').replaceAll('-', '_'),
    ...tasks.map(({ name }) => name),
  ]),
);

function detectTable(head: Buffer, name: string): Detected {
  const line = /^[^\r\n]*/.exec(head.toString('utf8').trimStart())![0];
  const columns = readHeader(line);
  if (columns.some((column) => findTask(column.slice(0, column.lastIndexOf('/')), 'lm-eval')))
    return { kind: 'harness-table' };
  if (columns.filter((column) => LIVEBENCH_COLUMNS.has(column)).length >= 2)
    return { kind: 'livebench-table' };
  if (columns.includes('model') && columns.includes('livebench_model')) return { kind: 'names' };
  if (isPreferenceTable(columns) || isJudgeBoard(columns, basename(name).replace(/\.[ct]sv$/i, '')))
    return { kind: 'judge-board' };
  if (/\.[ct]sv$/i.test(name))
    return {
      ignored: `it is a table with ${listKeys(columns)}: import knows no scores in it; 'sos-bench agree --with' takes any board`,
    };
  return { ignored: 'it is text, neither JSON nor a table of scores' };
}
