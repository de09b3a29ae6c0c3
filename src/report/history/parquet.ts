import { parquetWriteBuffer } from 'hyparquet-writer';
import type { IndexLine } from '../../history/store/entry.ts';
import { historyColumns } from './columns.ts';

const TYPES = { text: 'STRING', flag: 'BOOLEAN', number: 'DOUBLE' } as const;
const TIMES = 'created';

/** Stands in the footer of every file that `encodeHistory` makes. */
export const HISTORY_PARQUET_MARK = 'sos-bench.history';

/** The trend as Parquet: the columns of the CSV file, an entry a row, oldest first; `created` is a time in UTC. */
export function encodeHistory(lines: readonly IndexLine[]): Uint8Array {
  const columnData = historyColumns(lines).map(({ name, kind, values }) => ({
    name,
    ...(name === TIMES
      ? { data: values.map((value) => new Date(String(value))), type: 'TIMESTAMP' as const }
      : { data: values as unknown[], type: TYPES[kind] }),
    nullable: kind !== 'flag',
  }));
  const kvMetadata = [{ key: HISTORY_PARQUET_MARK, value: '1' }];
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata, createdBy: 'sos-bench' }));
}
