import { type FileMetaData, parquetRead } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type AnswerStyle, findStyleFault, type StyleFeature } from '../answer-style.ts';
import { openParquet, runMetadata } from './parquet/open.ts';
import { requireHonestCounts } from './parquet/parquet-limits.ts';
import type { Item } from './schema.ts';

const COLUMNS = [
  'benchmark',
  'task',
  'doc_id',
  'doc_hash',
  'cluster',
  'stratum',
  'metric',
  'score',
  'margin',
  'prediction',
  'inclusion_p',
] as const;

/** Written where an item has a style, all four or none: older files have none of them. */
const STYLE_COLUMNS = {
  answer_chars: 'chars',
  headers: 'headers',
  list_items: 'listItems',
  bold: 'bold',
} as const satisfies Record<string, StyleFeature>;
const STYLE_NAMES = Object.keys(STYLE_COLUMNS) as (keyof typeof STYLE_COLUMNS)[];

/**
 * Encodes items as Parquet: strings as dictionaries, hashes as 64-bit integers, Snappy. The same items give
 * the same bytes on every Node version, since nothing here depends on zlib.
 *
 * @param run which run they come from, so that a file that strayed into another record is noticed.
 */
export function encodeItems(items: readonly Item[], run: string): Uint8Array {
  const column = <T>(pick: (item: Item) => T) => items.map(pick);
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'benchmark', data: column((item) => item.benchmark), type: 'STRING', nullable: false },
      { name: 'task', data: column((item) => item.task), type: 'STRING', nullable: false },
      { name: 'doc_id', data: column((item) => item.docId), type: 'INT32', nullable: false },
      { name: 'doc_hash', data: column((item) => item.docHash), type: 'INT64', nullable: false },
      // An item that stands alone is its own cluster: a column without nulls stays an integer in pandas.
      {
        name: 'cluster',
        data: column((item) => item.cluster ?? item.docHash),
        type: 'INT64',
        nullable: false,
      },
      { name: 'stratum', data: column((item) => item.stratum), type: 'STRING', nullable: false },
      { name: 'metric', data: column((item) => item.metric), type: 'STRING', nullable: false },
      { name: 'score', data: column((item) => item.score), type: 'DOUBLE', nullable: false },
      { name: 'margin', data: column((item) => item.margin), type: 'FLOAT', nullable: true },
      { name: 'prediction', data: column((item) => item.prediction), type: 'STRING', nullable: false },
      { name: 'inclusion_p', data: column((item) => item.inclusionP), type: 'DOUBLE', nullable: false },
      ...(items.some(({ style }) => style !== undefined) ? STYLE_NAMES : []).map((name) => ({
        name,
        data: column(({ style }) => style?.[STYLE_COLUMNS[name]] ?? null),
        type: 'INT32' as const,
        nullable: true,
      })),
    ],
    rowGroupSize: 200_000,
    kvMetadata: [{ key: 'sos-bench.items', value: '1' }, runMetadata(run)],
    createdBy: 'sos-bench',
  });
  return new Uint8Array(buffer);
}

/**
 * Decodes `items.parquet`; `run` is what it was encoded with, null where it does not say.
 *
 * @throws Error for a file that is not a Parquet, is cut short, or has other columns, counts that disagree or impossible values.
 */
export async function decodeItems(content: Uint8Array): Promise<{ items: Item[]; run: string | null }> {
  const { file, metadata, run } = await openParquet(content);
  const columns = hasStyles(metadata) ? [...COLUMNS, ...STYLE_NAMES] : COLUMNS;
  requireHonestCounts(content, metadata, columns);
  const items: Item[] = [];
  let first = 0;
  // By column: an object for each row with its columns by name takes twice the time and memory.
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    addItems(items, await readColumns({ file, metadata }, columns, first, rows), rows);
    first += rows;
  }
  return { items, run };
}

/** Whether there are columns beyond those of every file; which they are is checked after. */
function hasStyles({ schema }: FileMetaData): boolean {
  return schema.length - 1 > COLUMNS.length;
}

type Column = ArrayLike<unknown>;
type Columns = Record<(typeof COLUMNS)[number], Column> & Partial<Record<keyof typeof STYLE_COLUMNS, Column>>;

async function readColumns(
  source: { file: ArrayBuffer; metadata: FileMetaData },
  columns: readonly (keyof Columns)[],
  rowStart: number,
  rows: number,
): Promise<Columns> {
  const parts = new Map<string, Column[]>();
  await parquetRead({
    ...source,
    rowStart,
    rowEnd: rowStart + rows,
    onChunk: ({ columnName, columnData }) => {
      const known = parts.get(columnName);
      if (known) known.push(columnData);
      else parts.set(columnName, [columnData]);
    },
  });
  return Object.fromEntries(
    columns.map((name) => {
      const own = parts.get(name) ?? [];
      const values = own.reduce((sum, { length }) => sum + length, 0);
      if (values !== rows) throw new Error(`column ${name} has ${values} of ${rows} values`);
      return [name, own.length === 1 ? own[0]! : join(own, rows)];
    }),
  ) as Columns;
}

/** One array of the pages of a column; 64-bit integers stay packed until they are read. */
function join(pages: readonly Column[], values: number): Column {
  const whole: unknown[] | BigInt64Array =
    pages[0] instanceof BigInt64Array ? new BigInt64Array(values) : new Array(values);
  let index = 0;
  for (const page of pages) {
    for (let i = 0; i < page.length; i++) whole[index++] = page[i] as bigint;
  }
  return whole;
}

/** Checks by hand: a schema library takes a second for 150,000 rows. */
function addItems(items: Item[], columns: Columns, rows: number): void {
  const benchmark = texts(columns, 'benchmark');
  const task = texts(columns, 'task');
  const docId = numbers(columns, 'doc_id', 0, Number.MAX_SAFE_INTEGER);
  const docHash = hashes(columns, 'doc_hash');
  const cluster = hashes(columns, 'cluster');
  const stratum = texts(columns, 'stratum');
  const metric = texts(columns, 'metric');
  const score = numbers(columns, 'score', 0, 1);
  const margin = optionalNumbers(columns, 'margin');
  const prediction = texts(columns, 'prediction');
  const inclusionP = numbers(columns, 'inclusion_p', Number.MIN_VALUE, 1);
  const styles = readStyles(columns);
  for (let row = 0; row < rows; row++) {
    const hash = docHash[row]!;
    const group = cluster[row]!;
    const item: Item = {
      benchmark: benchmark[row]!,
      task: task[row]!,
      docId: docId[row]!,
      docHash: hash,
      cluster: group === hash ? null : group,
      stratum: stratum[row]!,
      metric: metric[row]!,
      score: score[row]!,
      margin: margin[row] ?? null,
      prediction: prediction[row]!,
      inclusionP: inclusionP[row]!,
    };
    const style = styles?.(row);
    if (style) item.style = style;
    items.push(item);
  }
}

/** The style in a row, or null; null altogether for a file without styles. */
function readStyles(columns: Columns): ((row: number) => AnswerStyle | null) | null {
  const { answer_chars: chars, headers, list_items: listItems, bold } = columns;
  if (!chars || !headers || !listItems || !bold) return null;
  return (row) => {
    const style = { chars: chars[row], headers: headers[row], listItems: listItems[row], bold: bold[row] };
    const missing = Object.values(style).filter((value) => value === null || value === undefined).length;
    if (missing === STYLE_NAMES.length) return null;
    const fault =
      missing > 0 ? 'a part of it is missing' : findStyleFault(style as Record<StyleFeature, number>);
    if (fault !== null) throw new Error(`row ${row + 1} has a style that no answer has: ${fault}`);
    return style as AnswerStyle;
  };
}

function texts(columns: Columns, name: (typeof COLUMNS)[number]): ArrayLike<string> {
  const values = columns[name];
  for (let row = 0; row < values.length; row++) {
    if (typeof values[row] !== 'string') throw new Error(`column ${name} holds something that is not text`);
  }
  return values as ArrayLike<string>;
}

function hashes(columns: Columns, name: (typeof COLUMNS)[number]): ArrayLike<bigint> {
  const values = columns[name];
  if (values instanceof BigInt64Array) return values;
  for (let row = 0; row < values.length; row++) {
    if (typeof values[row] !== 'bigint')
      throw new Error(`column ${name} holds a value that is not a 64-bit integer`);
  }
  return values as ArrayLike<bigint>;
}

function numbers(
  columns: Columns,
  name: (typeof COLUMNS)[number],
  low: number,
  high: number,
): ArrayLike<number> {
  const values = columns[name];
  for (let row = 0; row < values.length; row++) requireNumber(values[row], name, low, high);
  return values as ArrayLike<number>;
}

function optionalNumbers(
  columns: Columns,
  name: (typeof COLUMNS)[number],
): ArrayLike<number | null | undefined> {
  const values = columns[name];
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (value !== null && value !== undefined) requireNumber(value, name, -Infinity, Infinity);
  }
  return values as ArrayLike<number | null | undefined>;
}

function requireNumber(value: unknown, name: string, low: number, high: number): void {
  if (typeof value === 'number' && value >= low && value <= high) return;
  throw new Error(`column ${name} holds ${value}, not a number from ${low} to ${high}`);
}
