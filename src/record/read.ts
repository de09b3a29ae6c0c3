import { readFile } from 'node:fs/promises';
import { sep } from 'node:path';
import { z } from 'zod';
import { noun, plural } from '../count.ts';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { firstIssue } from '../first-issue.ts';
import { parseJson } from '../json.ts';
import { boardKey, type JudgedGames } from '../judge/score/game.ts';
import { fileError } from '../system/files/files.ts';
import { describeJsonFault } from '../system/json-fault.ts';
import { decodeGames } from './games.ts';
import { readHeadToHead } from './head-to-head.ts';
import { decodeItems } from './items.ts';
import { recordPaths } from './paths.ts';
import { type LoadedRecord, RECORD_SCHEMA_VERSION, RecordSchema, type RunRecord, runOf } from './schema.ts';

/**
 * Reads a record folder whole and checks that its two files belong together.
 *
 * @param items `dropped` for a record of a history that keeps its items no more: it has none.
 * @throws SosBenchError `record-missing` or `record-invalid`, naming the file and what is wrong with it.
 */
export async function readRecord(
  folder: string,
  { items: kept = 'required' }: { items?: 'required' | 'dropped' } = {},
): Promise<LoadedRecord> {
  const paths = recordPaths(folder);
  const record = await readRecordAlone(folder);
  if (kept === 'dropped') return { path: folder, record, items: [] };
  const { items, run } = await parseItems(paths.items, await readBytes(paths.items, folder));
  if (run !== runOf(record)) throw invalidRecord(paths.items, 'it is of another run than record.json');
  const counted = new Map<string, number>();
  for (const item of items) counted.set(item.benchmark, (counted.get(item.benchmark) ?? 0) + 1);
  for (const { id, n } of record.benchmarks) {
    const found = counted.get(id) ?? 0;
    // An import of means has no items.
    if (found !== n && !(record.imported !== null && found === 0))
      throw invalidRecord(
        paths.items,
        `it has ${found} ${noun(found, 'item')} of ${id}, record.json says ${n}`,
      );
    counted.delete(id);
  }
  for (const id of counted.keys()) {
    throw invalidRecord(paths.items, `it has items of ${id}, which record.json does not know`);
  }
  const games = await readGames(folder, record);
  const headToHead = await readBeside(folder);
  return {
    ...{ path: folder, record, items },
    ...(games !== null && { games }),
    ...(headToHead !== null && { headToHead }),
  };
}

/**
 * Reads head to head beside a record, which is no part of it: where it cannot be used, that is reported, and the record is as good as without.
 *
 * @returns null where there is none.
 */
export async function readBeside(folder: string): Promise<NonNullable<LoadedRecord['headToHead']> | null> {
  try {
    return await readHeadToHead(folder);
  } catch (error) {
    return { problem: oneLine(error).replaceAll(`${folder}${sep}`, '') };
  }
}

/** The games behind what judges found; null where there are none, or they are not kept. */
async function readGames(folder: string, record: RunRecord): Promise<JudgedGames[] | null> {
  const { games: path } = recordPaths(folder);
  if (record.judge === undefined) return null;
  const content = await readFile(path).catch((error: unknown) => {
    if (hasSystemCode(error, 'ENOENT')) return null;
    throw fileError(error, path, 'read');
  });
  if (content === null) return null;
  const { boards, run } = await decodeGames(content).catch((cause: unknown) => {
    throw invalidRecord(path, `it is not a complete Parquet file of games (${oneLine(cause)})`, cause);
  });
  if (run !== runOf(record)) throw invalidRecord(path, 'it is of another run than record.json');
  const found = new Map(boards.map((board) => [boardKey(board), board.games.length]));
  for (const result of record.judge) {
    const games = found.get(boardKey(result)) ?? 0;
    if (games !== result.games)
      throw invalidRecord(
        path,
        `it has ${plural(games, 'game')} of ${result.benchmark}, record.json says ${result.games}`,
      );
    found.delete(boardKey(result));
  }
  if (found.size > 0) throw invalidRecord(path, 'it has games of which record.json does not know');
  return boards;
}

/**
 * Reads `record.json` without the items beside it.
 *
 * @throws SosBenchError `record-missing` or `record-invalid`.
 */
export async function readRecordAlone(folder: string): Promise<RunRecord> {
  const { record } = recordPaths(folder);
  return parseRecord(record, (await readBytes(record, folder)).toString('utf8'));
}

async function parseItems(path: string, content: Uint8Array) {
  try {
    return await decodeItems(content);
  } catch (cause) {
    throw invalidRecord(path, `it is not a complete Parquet file of items (${oneLine(cause)})`, cause);
  }
}

function parseRecord(path: string, text: string): RunRecord {
  let document: unknown;
  try {
    document = parseJson(text);
  } catch (cause) {
    throw invalidRecord(path, `it is not whole JSON (${describeJsonFault(text, cause)})`, cause);
  }
  const version = z.object({ schemaVersion: z.number() }).safeParse(document);
  if (version.success && version.data.schemaVersion !== RECORD_SCHEMA_VERSION) {
    throw new SosBenchError(
      'record-invalid',
      `${path} has schema version ${version.data.schemaVersion}; this program reads ${RECORD_SCHEMA_VERSION}`,
      { hint: 'use the version of sos-bench that wrote it, or evaluate the model again' },
    );
  }
  const parsed = RecordSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw invalidRecord(path, firstIssue(parsed.error), parsed.error);
}

async function readBytes(path: string, folder: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (!hasSystemCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw fileError(error, path, 'read');
    throw new SosBenchError('record-missing', `there is no record in ${folder}: ${path} is missing`, {
      hint: "give the folder that 'sos-bench run --output' wrote",
    });
  }
}

function invalidRecord(path: string, what: string, cause?: unknown): SosBenchError {
  return new SosBenchError('record-invalid', `${path} cannot be used: ${what}`, {
    hint: 'run the same evaluation again: its journal still holds the results',
    cause,
  });
}

function oneLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split('\n')[0]!.slice(0, 200);
}
