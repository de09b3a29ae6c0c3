import { join } from 'node:path';
import { SosBenchError } from '../error.ts';
import { makeFolder, writeFileAtomic } from '../system/files/files.ts';
import { readZip } from '../system/files/zip.ts';
import { HEAD_TO_HEAD_LIMITS } from './head-to-head.ts';
import { recordPaths } from './paths.ts';
import { readRecord } from './read.ts';
import type { LoadedRecord } from './schema.ts';

/** What a record in an archive may take up, in bytes. The largest real ones have 3 MB of items. */
export const RECORD_LIMITS = { 'record.json': 8_000_000, 'items.parquet': 32_000_000 } as const;
/** A plan of all items takes 7 MB. */
export const PLAN_LIMITS = { 'plan.json': 64_000_000 } as const;
/** 10,000 games take 200 KB. */
export const GAMES_LIMITS = { 'games.parquet': 16_000_000 } as const;
/** Beside it, of an output folder; a full run has a journal of some tens of MB. */
const FOLDER_LIMITS = {
  ...{ ...RECORD_LIMITS, ...PLAN_LIMITS, ...GAMES_LIMITS, ...HEAD_TO_HEAD_LIMITS },
  'journal.ndjson': 256_000_000,
} as const;

/**
 * Reads a record out of a zip archive that somebody else made, as what a pull request from a fork left is. The archive is
 * taken for hostile: only `record.json`, `items.parquet`, `games.parquet` and the two files of head to head at its root are looked at, within
 * limits on their number and sizes, and the record is checked as any is. Nothing but those files is written, into `folder`.
 *
 * @throws SosBenchError `record-invalid`, with `folder` as it was or, where the record is not valid, its files in it.
 */
export async function unpackRecord(archive: Buffer, folder: string): Promise<LoadedRecord> {
  const members = await readZip(
    archive,
    { ...RECORD_LIMITS, ...GAMES_LIMITS, ...HEAD_TO_HEAD_LIMITS },
    unusableArchive,
  );
  const [record, items] = (['record.json', 'items.parquet'] as const).map((name) => {
    const content = members.get(name);
    if (content === undefined) throw unusableArchive(`it has no ${name} at its root`);
    return content;
  });
  const paths = recordPaths(folder);
  await makeFolder(folder, 0o700);
  for (const name of ['games.parquet', 'head-to-head.json', 'head-to-head.parquet'] as const) {
    const content = members.get(name);
    if (content !== undefined) await writeFileAtomic(join(folder, name), content);
  }
  await writeFileAtomic(paths.items, items!);
  await writeFileAtomic(paths.record, record!);
  return await readRecord(folder);
}

/**
 * Writes the files of a run's output folder out of an archive, taken for hostile as `unpackRecord` does. Those that a run
 * did not get to may be missing; what is in them is not looked at.
 *
 * @returns names of the files that were there.
 * @throws SosBenchError `record-invalid`, with `folder` as it was.
 */
export async function unpackRunFolder(archive: Buffer, folder: string): Promise<Set<string>> {
  const members = await readZip(archive, FOLDER_LIMITS, unusableArchive);
  await makeFolder(folder, 0o700);
  for (const [name, content] of members) await writeFileAtomic(join(folder, name), content);
  return new Set<string>(members.keys());
}

function unusableArchive(what: string, cause?: unknown): SosBenchError {
  return new SosBenchError('record-invalid', `the archive with the record cannot be used: ${what}`, {
    hint: "it has to be what the action's run step uploaded, unchanged",
    cause,
  });
}
