import { type FileMetaData, parquetMetadataAsync } from 'hyparquet';
import { requireFooter } from './parquet-limits.ts';

const RUN_KEY = 'sos-bench.run';

/** A Parquet file of a record. */
export interface RecordParquet {
  file: ArrayBuffer;
  metadata: FileMetaData;
  /** The run that it was encoded with; null where it does not say. */
  run: string | null;
}

/** How a file of a record says which run it comes from, so that one that strayed into another record is noticed. */
export function runMetadata(run: string): { key: string; value: string } {
  return { key: RUN_KEY, value: run };
}

/** @throws Error for a file that is not a Parquet or is cut short. */
export async function openParquet(content: Uint8Array): Promise<RecordParquet> {
  const file = content.buffer.slice(
    content.byteOffset,
    content.byteOffset + content.byteLength,
  ) as ArrayBuffer;
  requireFooter(content);
  const metadata = await parquetMetadataAsync(file);
  const run = metadata.key_value_metadata?.find(({ key }) => key === RUN_KEY)?.value ?? null;
  return { file, metadata, run };
}
