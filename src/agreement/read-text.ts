import { readFile, stat } from 'node:fs/promises';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { parseTable, type Table } from '../import/format/read-table.ts';
import { Refusal } from '../import/refusal.ts';
import { fileError } from '../system/files/files.ts';

/** Boards are small; one of this size is something else. */
const MAX_BYTES = 64 * 2 ** 20;

export function invalidScores(path: string, what: string, hint: string): SosBenchError {
  return new SosBenchError('scores-invalid', `${path} cannot be used: ${what}`, { hint });
}

/**
 * Reads a CSV with a header line as UTF-8 (with or without a byte order mark) or, with one, as UTF-16: what spreadsheets write.
 *
 * @throws SosBenchError `scores-invalid`.
 */
export async function readScoreTable(path: string): Promise<Table> {
  const text = decode(path, await readBytes(path));
  if (text.trim() === '') throw invalidScores(path, 'it is empty', 'give a CSV with a line of column names');
  if (text.includes('\0')) throw invalidScores(path, 'it is no text', 'save it as CSV in UTF-8');
  try {
    return parseTable(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw invalidScores(path, error.message, 'the first line names the columns, for example model,score');
  }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw invalidScores(path, 'it has more than 64 MB', 'give a table of scores');
    return await readFile(path);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR'))
      throw invalidScores(path, 'there is no such file', 'give the path of a CSV file');
    throw fileError(error, path, 'read');
  }
}

function decode(path: string, bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw invalidScores(path, 'it is not UTF-8', 'save it as CSV in UTF-8');
  }
}
