import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasSystemCode, SosBenchError } from '../../error.ts';

/**
 * Writes a file so that readers see the old content or all of the new one, never a part: a temporary file
 * beside it, flushed to disk, then renamed.
 *
 * @param mode who may read it, before the process's own mask; only its owner where left out.
 * @throws SosBenchError `disk-full` or `permission-denied`, with nothing left behind.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  mode = 0o600,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileError(error, path, 'write');
  }
}

/**
 * Makes a folder, and those above it, where they are not there yet. (Node's own recursive `mkdir` never returns
 * where the system refuses a folder with ENOENT, as under /proc.)
 *
 * @throws SosBenchError `disk-full` or `permission-denied`.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  try {
    await makeFolders(path, mode);
  } catch (error) {
    throw fileError(error, path, 'write');
  }
}

async function makeFolders(path: string, mode: number, again = true): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (hasSystemCode(error, 'EEXIST') && (await stat(path)).isDirectory()) return;
    if (!hasSystemCode(error, 'ENOENT') || !again) throw error;
    await makeFolders(dirname(path), mode);
    await makeFolders(path, mode, false);
  }
}

/** Turns a system error on `path` into one that says what to do; other errors pass unchanged. */
export function fileError(error: unknown, path: string, doing: 'read' | 'write'): unknown {
  if (hasSystemCode(error, 'ENOSPC', 'EDQUOT')) {
    return new SosBenchError('disk-full', `no space left to ${doing} ${path}`, {
      hint: 'free some space and run the same command again: finished chunks are kept',
      cause: error,
    });
  }
  if (hasSystemCode(error, 'EFBIG')) {
    return new SosBenchError('disk-full', `${path} would become larger than the system allows`, {
      hint: 'raise the limit on file sizes (ulimit -f) and run the same command again: finished chunks are kept',
      cause: error,
    });
  }
  if (hasSystemCode(error, 'EACCES', 'EPERM', 'EROFS')) {
    return new SosBenchError('permission-denied', `no permission to ${doing} ${path}`, {
      hint: 'check who owns it and its folder, or give another path',
      cause: error,
    });
  }
  if (doing === 'write' && hasSystemCode(error, 'ENOENT')) {
    return new SosBenchError(
      'permission-denied',
      `cannot write ${path}: its folder cannot be made or is gone`,
      {
        hint: 'give another folder',
        cause: error,
      },
    );
  }
  if (hasSystemCode(error, 'EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG')) {
    return new SosBenchError('permission-denied', `cannot ${doing} ${path}: ${error.code}`, {
      hint: 'a file stands where a folder should be, or the other way round',
      cause: error,
    });
  }
  return error;
}
