import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { hasSystemCode } from '../error.ts';
import type { RunRecord } from './schema.ts';

/** A journal of all items takes some tens of megabytes, and a seventh of that packed. */
export const MAX_PACKED_JOURNAL = 64_000_000;
const MAX_JOURNAL = 256_000_000;

/**
 * The journal of a record as a store keeps it.
 *
 * @returns null where there is none, or where it is not the one that the record lists: then the model is asked again another time.
 */
export async function packJournal(path: string, { files }: RunRecord): Promise<Uint8Array | null> {
  try {
    if ((await stat(path)).size > MAX_JOURNAL) return null;
    const journal = await readFile(path);
    if (createHash('sha256').update(journal).digest('hex') !== files?.['journal.ndjson']) return null;
    const packed = gzipSync(journal);
    return packed.length > MAX_PACKED_JOURNAL ? null : packed;
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Null for what is not whole, or larger than a journal is. */
export function unpackJournal(packed: Uint8Array): Uint8Array | null {
  try {
    return gunzipSync(packed, { maxOutputLength: MAX_JOURNAL });
  } catch {
    return null;
  }
}
