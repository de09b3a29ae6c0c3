import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { SosBenchError } from '../error.ts';
import { makeFolder, writeFileAtomic } from '../system/files.ts';
import { recordPaths } from './paths.ts';
import { readRecord } from './read.ts';
import type { LoadedRecord } from './schema.ts';

/** What a record in an archive may take up. The largest real ones have 3 MB of items. */
const MOST_BYTES = { 'record.json': 8_000_000, 'items.parquet': 32_000_000 } as const;
type Member = keyof typeof MOST_BYTES;
const MOST_ENTRIES = 1000;

/**
 * Reads a record out of a zip archive that somebody else made, as what a pull request from a fork left is. The archive is
 * taken for hostile: only `record.json` and `items.parquet` at its root are looked at, within limits on their number
 * and sizes, and both are checked as any record is. Nothing but those two files is written, into `folder`.
 *
 * @throws SosBenchError `record-invalid`, with `folder` as it was or, where the record is not valid, its two files in it.
 */
export async function unpackRecord(archive: Buffer, folder: string): Promise<LoadedRecord> {
  const members = await readMembers(archive);
  const paths = recordPaths(folder);
  await makeFolder(folder, 0o700);
  await writeFileAtomic(paths.items, members.get('items.parquet')!);
  await writeFileAtomic(paths.record, members.get('record.json')!);
  return await readRecord(folder);
}

async function readMembers(archive: Buffer): Promise<Map<Member, Buffer>> {
  const members = new Map<Member, Buffer>();
  try {
    const zip = await yauzl.fromBufferPromise(archive, { lazyEntries: true, validateEntrySizes: true });
    if (zip.entryCount > MOST_ENTRIES) throw invalid(`it has ${zip.entryCount} files`);
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName;
      if (!isMember(name)) continue;
      if (members.has(name)) throw invalid(`it has ${name} twice`);
      if (isLink(entry.externalFileAttributes)) throw invalid(`its ${name} is a link`);
      if (entry.uncompressedSize > MOST_BYTES[name]) throw invalid(`its ${name} is too large`);
      // The reader ends with an error where there is more than the directory says.
      members.set(name, await buffer((await zip.openReadStreamPromise(entry)) as Readable));
    }
  } catch (error) {
    if (error instanceof SosBenchError) throw error;
    throw invalid(`it is no whole zip archive (${error instanceof Error ? error.message : error})`, error);
  }
  for (const name of Object.keys(MOST_BYTES) as Member[]) {
    if (!members.has(name)) throw invalid(`it has no ${name} at its root`);
  }
  return members;
}

function isMember(name: string): name is Member {
  return Object.hasOwn(MOST_BYTES, name);
}

/** The Unix mode is kept in the upper half; 0o120000 is a symbolic link. */
function isLink(attributes: number): boolean {
  return ((attributes >>> 16) & 0o170000) === 0o120000;
}

function invalid(what: string, cause?: unknown): SosBenchError {
  return new SosBenchError('record-invalid', `the archive with the record cannot be used: ${what}`, {
    hint: "it has to be what the action's run step uploaded, unchanged",
    cause,
  });
}
