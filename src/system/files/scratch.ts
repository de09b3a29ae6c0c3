import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../process/child-environment.ts';
import { fileError } from './files.ts';
import { type FolderLock, isLockHeld, takeLock } from './lock.ts';
import { OWNER_FILE as OWNER, SCRATCH_PREFIX as PREFIX } from './scratch-names.ts';

export interface Scratch {
  /** A folder that only this user may enter. */
  path: string;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
}

/**
 * A temporary folder for children: libraries leave things in theirs, PyTorch at each import, and a child that is killed
 * cannot tidy up. Those of processes that were killed outright themselves are removed on the way.
 *
 * @throws SosBenchError `disk-full`, `permission-denied`.
 */
export async function makeScratch(environment: Environment): Promise<Scratch> {
  const parent = environment.TMPDIR || tmpdir();
  await removeAbandoned(parent);
  try {
    const path = await mkdtemp(join(parent, PREFIX));
    const lock = await takeLock(join(path, OWNER), path);
    return { path, remove: () => removeOwn(path, lock) };
  } catch (error) {
    throw fileError(error, join(parent, `${PREFIX}*`), 'write');
  }
}

async function removeOwn(path: string, lock: FolderLock): Promise<void> {
  await removeFolder(path);
  await lock.release();
}

/** What was killed a moment ago may still write its last. */
async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
}

/** The folder is everybody's: only what is this user's, and has an owner that is dead, goes. */
async function removeAbandoned(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(PREFIX))) {
    const path = join(parent, name);
    if (await isAbandoned(path).catch(() => false)) await removeFolder(path);
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const [folder, owner] = await Promise.all([lstat(path), lstat(join(path, OWNER))]);
  const isOurs = folder.isDirectory() && owner.isFile() && folder.uid === process.getuid?.();
  return isOurs && !(await isLockHeld(join(path, OWNER)));
}
