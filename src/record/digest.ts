import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { fileError } from '../system/files/files.ts';
import { recordPaths } from './paths.ts';
import { readRecordAlone } from './read.ts';
import type { RecordFileDigests } from './schema.ts';

const OPTIONAL_FILES = ['plan.json', 'journal.ndjson', 'games.parquet'] as const;

/**
 * SHA-256 of each file that `record.json` lists: `items.parquet`, and plan, journal and games where they are there.
 *
 * @param folder a record folder without its `record.json` as yet.
 * @returns 64 hex digits by file name.
 * @throws SosBenchError `record-missing` without items; `permission-denied`.
 */
export async function digestFiles(folder: string): Promise<RecordFileDigests> {
  const items = await digestFile(folder, 'items.parquet');
  if (items === null) throw missing(folder, 'items.parquet');
  const digests: RecordFileDigests = { 'items.parquet': items };
  for (const name of OPTIONAL_FILES) {
    const digest = await digestFile(folder, name);
    if (digest !== null) digests[name] = digest;
  }
  return digests;
}

/**
 * The digest that binds a whole record: SHA-256 of `record.json`, which lists the digests of the files beside it. It stays the
 * same where plan, journal or games are not carried along; those that are there must be the ones that are listed.
 *
 * @returns 64 hex digits, what `sha256sum record.json` prints.
 * @throws SosBenchError `record-missing`; `record-invalid` naming the file that is another one, or where the record is of a
 *   version that listed none.
 */
export async function recordDigest(folder: string): Promise<string> {
  const { record: path } = recordPaths(folder);
  const { files: listed } = await readRecordAlone(folder);
  if (listed === undefined) {
    throw new SosBenchError('record-invalid', `${path} lists no digests of the files beside it`, {
      hint: 'it is of an earlier version of sos-bench, which had none: evaluate the model again',
    });
  }
  const found = await digestFiles(folder);
  for (const name of ['items.parquet', ...OPTIONAL_FILES] as const) {
    if (found[name] === undefined || found[name] === listed[name]) continue;
    throw new SosBenchError('record-invalid', `${folder}: ${name} is not the file that record.json lists`, {
      hint: 'keep the files of a record as one run left them, together',
    });
  }
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** Null where there is no such file. */
async function digestFile(
  folder: string,
  name: 'items.parquet' | (typeof OPTIONAL_FILES)[number],
): Promise<string | null> {
  const { items, plan, journal, games } = recordPaths(folder);
  const path = {
    'items.parquet': items,
    'plan.json': plan,
    'journal.ndjson': journal,
    'games.parquet': games,
  }[name];
  const hash = createHash('sha256');
  try {
    // A journal can be tens of megabytes.
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw fileError(error, path, 'read');
  }
  return hash.digest('hex');
}

function missing(folder: string, name: string): SosBenchError {
  return new SosBenchError('record-missing', `there is no record in ${folder}: ${name} is missing`, {
    hint: "give the folder that 'sos-bench run --output' wrote",
  });
}
