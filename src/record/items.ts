import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Item } from './schema.ts';

const RUN_KEY = 'sos-bench.run';
const MOST_ITEMS = 2_000_000n;

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
  if (metadata.num_rows === 0n) return { items: [], run };
  // A few bytes can stand for any number of equal rows.
  if (metadata.num_rows > MOST_ITEMS) throw new Error(`it claims ${metadata.num_rows} items`);
  const rows = await parquetReadObjects({ file, metadata });
  return { items: rows.map(toItem), run };
}

/** Checks by hand: a schema library takes a second for 150,000 rows. */
function toItem(row: Record<string, unknown>): Item {
  const docHash = row.doc_hash;
  if (typeof docHash !== 'bigint' || typeof row.cluster !== 'bigint')
    throw new Error('doc_hash or cluster is no integer');
  return {
    benchmark: text(row, 'benchmark'),
    task: text(row, 'task'),
    docId: number(row, 'doc_id', 0, Number.MAX_SAFE_INTEGER),
    docHash,
    cluster: row.cluster === docHash ? null : row.cluster,
    stratum: text(row, 'stratum'),
    metric: text(row, 'metric'),
    score: number(row, 'score', 0, 1),
    margin:
      row.margin === null || row.margin === undefined ? null : number(row, 'margin', -Infinity, Infinity),
    prediction: text(row, 'prediction'),
    inclusionP: number(row, 'inclusion_p', Number.MIN_VALUE, 1),
  };
}

function text(row: Record<string, unknown>, name: string): string {
  const value = row[name];
  if (typeof value !== 'string') throw new Error(`column ${name} holds what is no text`);
  return value;
}

function number(row: Record<string, unknown>, name: string, low: number, high: number): number {
  const value = row[name];
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    throw new Error(`column ${name} holds ${value}, not a number from ${low} to ${high}`);
  }
  return value;
}
