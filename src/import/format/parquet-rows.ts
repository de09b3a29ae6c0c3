import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { BadRecord, type BadRecords, Refusal } from '../refusal.ts';

/** Row groups are read one by one; one of this many rows is held in memory whole. */
const MAX_ROWS = 4_000_000;

/**
 * Calls `onRow` for every row of a Parquet file, row group by row group, with the wanted columns that it has.
 *
 * @returns how many rows `onRow` took; those for which it throws a BadRecord are counted in `bad`.
 * @throws Refusal when the file cannot be read as Parquet.
 */
export async function readParquetRows(
  path: string,
  wanted: readonly string[],
  onRow: (row: Record<string, unknown>) => void,
  bad: BadRecords,
): Promise<number> {
  const groups = await openParquet(path);
  let taken = 0;
  for await (const rows of groups(wanted)) {
    for (const row of rows) {
      try {
        onRow(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
        taken++;
      } catch (error) {
        if (!(error instanceof BadRecord)) throw error;
        bad.add(error.message, `row ${taken + bad.count + 1}: ${error.message}`);
      }
    }
  }
  return taken;
}

/** The columns of a Parquet file; null where it cannot be read. */
export async function parquetColumns(path: string): Promise<string[] | null> {
  try {
    const { schema } = await parquetMetadataAsync(await asyncBufferFromFile(path));
    return schema.slice(1).map(({ name }) => name);
  } catch {
    return null;
  }
}

async function openParquet(path: string) {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const columns = metadata.schema.slice(1).map(({ name }) => name);
    return async function* (wanted: readonly string[]) {
      let start = 0;
      for (const { num_rows: count } of metadata.row_groups) {
        const end = start + Number(count);
        if (Number(count) > MAX_ROWS)
          throw new Refusal(`a row group has ${count} rows (${MAX_ROWS} at most)`);
        yield await parquetReadObjects({
          file,
          metadata,
          rowStart: start,
          rowEnd: end,
          columns: wanted.filter((name) => columns.includes(name)),
        });
        start = end;
      }
    };
  } catch (error) {
    throw new Refusal(
      `it cannot be read as Parquet (${error instanceof Error ? error.message.slice(0, 120) : error})`,
    );
  }
}

/** Numbers of 64 bits and dates as the JSON of the same data has them. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.getTime() / 1000;
  return value;
}
