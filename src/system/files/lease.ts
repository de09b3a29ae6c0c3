import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ownIdentity } from '../process/process-identity.ts';
import { isLockHeld, removeDeadLocks, takeLock } from './lock.ts';

export interface Lease {
  release(): Promise<void>;
}

/** Beside a folder of the cache, who uses it: a lock for each process. Its own time says when it was last used. */
export function usersOf(folder: string): string {
  return `${folder}.users`;
}

/**
 * Says that this process uses a folder of the cache, so that a clean-up leaves it alone, one on another machine that
 * shares the disk too. What killed processes left of the kind is removed. Where nothing can be written nobody can clean up either.
 */
export async function leaseFolder(folder: string): Promise<Lease> {
  const { host, pidNamespace, pid } = ownIdentity();
  // Containers may share host name and disk, and each has a process of this number.
  const space = pidNamespace?.replaceAll(/\D/g, '') ?? '';
  const path = join(usersOf(folder), `${host}-${space}-${pid}`);
  try {
    const lease = await takeLock(path, `the use of ${folder}`);
    await clearDead(usersOf(folder));
    return lease;
  } catch {
    return { release: async () => undefined };
  }
}

/** A killed process takes nothing back. */
async function clearDead(users: string): Promise<void> {
  const names = await readdir(users).catch(() => []);
  await removeDeadLocks(names.map((name) => join(users, name)));
}

/** Whether a living process has said that it uses the folder. */
export async function isLeased(folder: string): Promise<boolean> {
  const names = await readdir(usersOf(folder)).catch(() => []);
  const held = await Promise.all(names.map((name) => isLockHeld(join(usersOf(folder), name))));
  return held.includes(true);
}
