import { open, readFile, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { SosBenchError } from '../error.ts';
import { parseJson } from '../json.ts';
import { fileError } from '../system/files/files.ts';
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
    throw unreadable(`${source} names something that is not a file`, SAVED);
  const parts = name.split(/[/\\]/);
  const leaves = posix.isAbsolute(name) || /^[A-Za-z]:/.test(name) || name.includes('\0') || /^~/.test(name);
  if (!leaves && parts.every((part) => part !== '' && !part.startsWith('.'))) return name;
  throw unreadable(
    `${source} names ${JSON.stringify(name.slice(0, 200))}, which is not a file in its folder`,
    'a file of a model may name files in its own folder only, and none that begins with a dot',
  );
}

const SAVED = 'was the model saved completely?';

/** How a pointer begins that git leaves in the place of a large file. */
const LFS_POINTER = 'version https://git-lfs.github.com/spec/';

/** What is said of a pointer where the file itself is needed. */
export function lfsPointer(path: string): SosBenchError {
  return unreadable(
    `${path} is a pointer of git-lfs, not the file`,
    'fetch it with: git lfs pull; in a workflow, actions/checkout needs lfs: true',
  );
}

/**
 * Requires that none of the files is a pointer of git-lfs: of tokenizers, pickles and GGUF files a loader would only say that they are broken.
 *
 * @throws SosBenchError `model-unreadable`, naming the file.
 */
export async function requireNoPointers(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const file = await open(path, 'r').catch(() => null);
    if (file === null) continue;
    try {
      const start = Buffer.alloc(LFS_POINTER.length);
      const { bytesRead } = await file.read(start, 0, start.length, 0);
      if (start.toString('latin1', 0, bytesRead) === LFS_POINTER) throw lfsPointer(path);
    } finally {
      await file.close();
    }
  }
}

/**
 * Reads a JSON file of a model.
 *
 * @returns null where there is none.
 * @throws SosBenchError `model-unreadable` for what is not a JSON object, `permission-denied`.
 */
export async function readModelJson(path: string): Promise<Record<string, unknown> | null> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MAX_JSON_BYTES)
      throw unreadable(`${path} has ${size} bytes, too many for a JSON file of a model`, SAVED);
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw fileError(error, path, 'read');
  }
  if (text.startsWith(LFS_POINTER)) throw lfsPointer(path);
  let document: unknown;
  try {
    document = parseJson(text);
  } catch (error) {
    throw unreadable(`${path} is not valid JSON: ${describeJsonFault(text, error)}`, SAVED);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw unreadable(`${path} is not a JSON object`, SAVED);
  return document as Record<string, unknown>;
}

export function unreadable(message: string, hint: string): SosBenchError {
  return new SosBenchError('model-unreadable', message, { hint });
}
