import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { hasSystemCode, SosBenchError } from '../../error.ts';
import { isAlive, ownIdentity, ProcessIdentitySchema } from '../process/process-identity.ts';
import { fileError, makeFolder } from './files.ts';

const HolderSchema = ProcessIdentitySchema.extend({
  /** Tells two locks of one process apart. */
  id: z.string().default(''),
});
type Holder = z.infer<typeof HolderSchema>;

export interface FolderLock {
  release(): Promise<void>;
}

const HEARTBEAT_MS = 15_000;
const STALE_MS = 90_000;
const TORN_GRACE_MS = 2000;
const STALE_GUARD_MS = 5000;
const GUARD_POLL_MS = 50;
/** More than it takes to outwait a guard. */
const MAX_ATTEMPTS = 200;

/**
 * Takes a lock file. One left by a dead process is taken over at once where that can be seen: on the same machine, among
 * the same processes. Another machine's or container's is when its heartbeat is older than 90 s.
 *
 * @throws SosBenchError `run-locked` naming the holder.
 */
export async function takeLock(path: string, what: string): Promise<FolderLock> {
  const mine = JSON.stringify({ ...ownIdentity(), id: randomUUID() } satisfies Holder);
  await makeFolder(dirname(path), 0o700);
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(path, mine, { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if (!hasSystemCode(error, 'EEXIST')) throw fileError(error, path, 'write');
      const left = await readLock(path);
      const holder = left === null ? null : liveHolder(left);
      if (holder !== null || attempt > MAX_ATTEMPTS) {
        throw new SosBenchError('run-locked', `${what} is in use by process ${holder ?? 'unknown'}`, {
          hint: `wait for it, or use another folder; if no such process exists, delete ${path}`,
        });
      }
      if (left !== null) await removeStale(path);
    }
  }
  // One that was taken for dead, asleep for minutes, must not speak for whoever has the lock now.
  const isMine = async () => (await readLock(path).catch(() => null))?.text === mine;
  const heartbeat = setInterval(async () => {
    const now = new Date();
    if (await isMine()) await utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      if (await isMine()) await rm(path, { force: true });
    },
  };
}

/** Whether a living process holds a lock file. */
export async function isLockHeld(path: string): Promise<boolean> {
  const left = await readLock(path);
  return left !== null && liveHolder(left) !== null;
}

/** Of a process that cannot be seen from here nothing is removed before this: it may only be asleep. */
const UNSEEN_MS = 24 * 3600_000;

/**
 * Removes lock files whose holders are dead: seen to be so among the processes here, or without a sign of life for a day. What cannot be read
 * or removed stays.
 */
export async function removeDeadLocks(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const left = await readLock(path).catch(() => null);
    if (left !== null && isDead(left)) await removeStale(path).catch(() => undefined);
  }
}

function isDead({ text, age }: LockFile): boolean {
  const holder = readHolder(text);
  const alive = holder === null ? null : isAlive(holder);
  return alive === null ? age >= UNSEEN_MS : !alive;
}

interface LockFile {
  text: string;
  /** Milliseconds since its last heartbeat. */
  age: number;
}

/** Null when it is gone. */
async function readLock(path: string): Promise<LockFile | null> {
  try {
    const { mtimeMs } = await stat(path);
    return { text: await readFile(path, 'utf8'), age: Date.now() - mtimeMs };
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw fileError(error, path, 'read');
  }
}

/**
 * Removes a lock whose holder is dead. Only one process at a time may, and looks again first: of several that see a
 * dead holder, a slow one would otherwise remove the lock that a fast one has just taken.
 */
async function removeStale(path: string): Promise<void> {
  const guard = `${path}.removing`;
  try {
    await writeFile(guard, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!hasSystemCode(error, 'EEXIST')) throw fileError(error, guard, 'write');
    // Removing takes milliseconds; a guard this old was left by a crash in the middle of them.
    if (((await readLock(guard))?.age ?? 0) > STALE_GUARD_MS) await rm(guard, { force: true });
    await sleep(GUARD_POLL_MS);
    return;
  }
  try {
    const left = await readLock(path);
    if (left !== null && liveHolder(left) === null) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

function readHolder(text: string): Holder | null {
  try {
    return HolderSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Who holds the lock, in words; null when nobody alive does. */
function liveHolder({ text, age }: LockFile): string | null {
  const holder = readHolder(text);
  // Torn by a crash between creating and writing; a moment's grace for one being written now.
  if (holder === null) return age < TORN_GRACE_MS ? 'being started' : null;
  const alive = isAlive(holder);
  if (alive !== null) return alive ? String(holder.pid) : null;
  const where =
    holder.host === hostname() ? 'in another container or start of this machine' : `on ${holder.host}`;
  return age < STALE_MS ? `${holder.pid} ${where}` : null;
}

const LOCK_POLL_MS = 2000;

/**
 * Takes a lock once whoever has it lets go.
 *
 * @param name what it is for, in messages.
 * @throws SosBenchError `interrupted`.
 */
export async function waitForLock(
  path: string,
  name: string,
  { note, signal }: { note: (text: string) => void; signal?: AbortSignal | undefined },
): Promise<FolderLock> {
  for (let reported = false; ; reported = true) {
    try {
      return await takeLock(path, name);
    } catch (error) {
      if (!(error instanceof SosBenchError && error.code === 'run-locked')) throw error;
      if (signal?.aborted) throw new SosBenchError('interrupted', `interrupted while waiting for ${name}`);
      if (!reported) note(`Waiting for another process that has ${name} (${error.message})`);
      await sleep(LOCK_POLL_MS);
    }
  }
}
