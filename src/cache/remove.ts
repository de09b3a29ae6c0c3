import { randomUUID } from 'node:crypto';
import { realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { fileError } from '../system/files/files.ts';
import { usersOf } from '../system/files/lease.ts';
import { takeLock } from '../system/files/lock.ts';
import { withoutNumber } from '../system/kept/keep-folder.ts';
import type { CacheEntry } from './entry.ts';
import { REMOVING } from './find-entries.ts';
import { findInUse } from './in-use.ts';

const BUILT = ['python', 'converted-models', 'demo-models', 'livebench'];

/**
 * Removes an entry: renamed first, so that a run that starts meanwhile finds all of it or nothing. Links inside are
 * removed, what they point at stays.
 *
 * @param root the cache's real path; nothing outside of it is touched.
 * @returns whether it was removed; false where somebody has begun to use it.
 * @throws SosBenchError `permission-denied`, `run-locked` (an environment that is being built).
 */
export async function removeEntry(root: string, entry: CacheEntry): Promise<boolean> {
  const { path, kind } = entry;
  const home = await realpath(dirname(path));
  if (home !== root && !home.startsWith(root + sep)) throw new Error(`${path} is not in the cache ${root}`);
  // A build that starts now waits for the lock and then finds nothing.
  const lock = isBuilt(entry) ? await takeLock(`${withoutNumber(path)}.lock`, path) : null;
  try {
    if ((await findInUse([path])).has(path)) return false;
    const away = join(home, `${REMOVING}${randomUUID()}`);
    await rename(path, away);
    await rm(away, { recursive: true, force: true });
    if (kind === 'python')
      for (const beside of [`${path}.log`, usersOf(path)]) await rm(beside, { recursive: true, force: true });
    return true;
  } catch (error) {
    throw fileError(error, path, 'write');
  } finally {
    await lock?.release();
  }
}

/** What is built in the cache is built under a lock beside it, one for all of its numbers. */
function isBuilt({ path, kind }: CacheEntry): boolean {
  const home = basename(dirname(path));
  return ['python', 'model', 'code', 'broken'].includes(kind) && BUILT.includes(home);
}
