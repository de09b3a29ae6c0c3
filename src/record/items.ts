import { type FileMetaData, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Item } from './schema.ts';

const RUN_KEY = 'sos-bench.run';
const MOST_ITEMS = 2_000_000n;

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
    ],
    rowGroupSize: 200_000,
    kvMetadata: [
      { key: 'sos-bench.items', value: '1' },
      { key: RUN_KEY, value: run },
    ],
    createdBy: 'sos-bench',
  });
  return new Uint8Array(buffer);
}

/**
 * Decodes `items.parquet`; `run` is what it was encoded with, null where it does not say.
 *
 * @throws Error for a file that is no Parquet, is cut short, or has other columns or impossible values.
 */
export async function decodeItems(content: Uint8Array): Promise<{ items: Item[]; run: string | null }> {
  const file = content.buffer.slice(
    content.byteOffset,
    content.byteOffset + content.byteLength,
  ) as ArrayBuffer;
  const metadata = await parquetMetadataAsync(file);
  const run = metadata.key_value_metadata?.find(({ key }) => key === RUN_KEY)?.value ?? null;
  // A few bytes can stand for any number of equal rows.
  for (const { num_rows } of [metadata, ...metadata.row_groups]) {
    if (num_rows > MOST_ITEMS) throw new Error(`it claims ${num_rows} items`);
  }
  const items: Item[] = [];
  let first = 0;
  // By column: an object for each row with its columns by name takes twice the time and memory.
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const columns = await readColumns({ file, metadata }, first, rows);
    for (let row = 0; row < rows; row++) items.push(itemOf(columns, row));
    first += rows;
  }
  return { items, run };
}

type Column = ArrayLike<unknown>;
type Columns = Record<(typeof COLUMNS)[number], Column>;

async function readColumns(
  source: { file: ArrayBuffer; metadata: FileMetaData },
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
    COLUMNS.map((name) => {
      const own = parts.get(name) ?? [];
      const column = own.length === 1 ? own[0]! : own.flatMap((part) => Array.from(part));
      if (column.length !== rows) throw new Error(`column ${name} has ${column.length} of ${rows} values`);
      return [name, column];
    }),
  ) as Columns;
}

/** Checks by hand: a schema library takes a second for 150,000 rows. */
function itemOf(columns: Columns, row: number): Item {
  const docHash = columns.doc_hash[row];
  const cluster = columns.cluster[row];
  if (typeof docHash !== 'bigint' || typeof cluster !== 'bigint')
    throw new Error('doc_hash or cluster is no integer');
  const margin = columns.margin[row] ?? null;
  return {
    benchmark: text(columns, 'benchmark', row),
    task: text(columns, 'task', row),
    docId: number(columns, 'doc_id', row, 0, Number.MAX_SAFE_INTEGER),
    docHash,
    cluster: cluster === docHash ? null : cluster,
    stratum: text(columns, 'stratum', row),
    metric: text(columns, 'metric', row),
    score: number(columns, 'score', row, 0, 1),
    margin: margin === null ? null : number(columns, 'margin', row, -Infinity, Infinity),
    prediction: text(columns, 'prediction', row),
    inclusionP: number(columns, 'inclusion_p', row, Number.MIN_VALUE, 1),
  };
}

function text(columns: Columns, name: keyof Columns, row: number): string {
  const value = columns[name][row];
  if (typeof value !== 'string') throw new Error(`column ${name} holds what is no text`);
  return value;
}

function number(columns: Columns, name: keyof Columns, row: number, low: number, high: number): number {
  const value = columns[name][row];
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    throw new Error(`column ${name} holds ${value}, not a number from ${low} to ${high}`);
  }
  return value;
}
