import { readFile, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { SosBenchError } from '../error.ts';
import { parseJson } from '../json.ts';
import { fileError } from '../system/files.ts';
import { describeJsonFault } from '../system/json-fault.ts';

/** An index of the largest models has some MB. */
const MAX_JSON_BYTES = 64 * 2 ** 20;

/**
 * Requires that a name which a file of a model gives stays in the model's folder: it may lead down, and nowhere else. (The folder's
 * files may be links; what a file's text names may not.)
 *
 * @param source the file that gives the name, for the error.
 * @throws SosBenchError `model-unreadable`.
 */
export function requireInside(name: unknown, source: string): string {
  if (typeof name !== 'string' || name === '' || name.length > 500)
    throw unreadable(`${source} names what is no file`, SAVED);
  const parts = name.split(/[/\\]/);
  const leaves = posix.isAbsolute(name) || /^[A-Za-z]:/.test(name) || name.includes('\0') || /^~/.test(name);
  if (!leaves && parts.every((part) => part !== '' && !part.startsWith('.'))) return name;
  throw unreadable(
    `${source} names ${JSON.stringify(name.slice(0, 200))}, which is not a file in its folder`,
    'a file of a model may name files in its own folder only, and none that begins with a dot',
  );
}

const SAVED = 'was the model saved completely?';

/**
 * Reads a JSON file of a model.
 *
 * @returns null where there is none.
 * @throws SosBenchError `model-unreadable` for what is no JSON object, `permission-denied`.
 */
export async function readModelJson(path: string): Promise<Record<string, unknown> | null> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MAX_JSON_BYTES) throw unreadable(`${path} has ${size} bytes, too many for what it is`, SAVED);
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw fileError(error, path, 'read');
  }
  let document: unknown;
  try {
    document = parseJson(text);
  } catch (error) {
    throw unreadable(`${path} is not valid JSON: ${describeJsonFault(text, error)}`, SAVED);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw unreadable(`${path} is no JSON object`, SAVED);
  return document as Record<string, unknown>;
}

export function unreadable(message: string, hint: string): SosBenchError {
  return new SosBenchError('model-unreadable', message, { hint });
}
