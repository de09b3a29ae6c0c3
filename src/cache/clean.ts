import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, sep } from 'node:path';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { cacheRoot } from '../system/paths.ts';
import type { Environment } from '../system/process/child-environment.ts';
import { findManagedPython } from '../system/python/managed.ts';
import { chooseEntries } from './choose.ts';
import type { CacheEntry, Decision } from './entry.ts';
import { findEntries } from './find-entries.ts';
import { findBuilds, findInUse } from './in-use.ts';
import { removeEntry } from './remove.ts';

export interface CleanRequest {
  /** Only say what would go. */
  dryRun: boolean;
  /** Seconds without use. */
  olderThan: number;
  /** Bytes; null for any number. */
  maxSize: number | null;
}

export interface CleanedEntry extends Pick<CacheEntry, 'kind' | 'path' | 'bytes'> {
  lastUsed: string;
  /** `remove` in a dry run. */
  action: 'keep' | 'remove' | 'removed' | 'failed';
  reason: string;
}

export interface CleanReport {
  root: string;
  dryRun: boolean;
  entries: CleanedEntry[];
  /** Of what was removed, or would be. */
  freedBytes: number;
  leftBytes: number;
}

/**
 * Brings the cache back within bounds. Nothing outside of its folder is touched, links in it are not followed, and what
 * a living process uses stays.
 *
 * @throws SosBenchError `usage` where the cache is not a folder of its own.
 */
export async function cleanCache(
  request: CleanRequest,
  runtime: { environment: Environment; now: () => Date },
): Promise<CleanReport> {
  const { environment } = runtime;
  const root = await ownFolder(environment);
  if (root === null)
    return { root: cacheRoot(environment), dryRun: request.dryRun, entries: [], freedBytes: 0, leftBytes: 0 };
  const entries = await findEntries(root, await currentEnvironment(root, environment));
  const paths = entries.filter(({ kind }) => kind !== 'other').map(({ path }) => path);
  const inUse = new Set([...(await findInUse(paths)), ...(await findBuilds(paths))]);
  const decisions = chooseEntries(entries, { ...request, now: runtime.now(), inUse });
  const cleaned: CleanedEntry[] = [];
  for (const decision of decisions)
    cleaned.push(request.dryRun || !decision.remove ? say(decision) : await carryOut(root, decision));
  const gone = ({ action }: CleanedEntry) => action === 'removed' || action === 'remove';
  const sum = (some: CleanedEntry[]) => some.reduce((total, { bytes }) => total + bytes, 0);
  return {
    root,
    dryRun: request.dryRun,
    entries: cleaned,
    freedBytes: sum(cleaned.filter(gone)),
    leftBytes: sum(cleaned.filter((entry) => !gone(entry))),
  };
}

/** The cache's real path; null where there is none yet. */
async function ownFolder(environment: Environment): Promise<string | null> {
  const named = cacheRoot(environment);
  let root: string;
  try {
    root = await realpath(named);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return null;
    throw error;
  }
  const home = await realpath(environment.HOME || homedir()).catch(() => '/');
  if (root === dirname(root) || home === root || home.startsWith(root + sep)) {
    throw new SosBenchError('usage', `${named} holds more than a cache, so nothing is removed there`, {
      hint: 'point SOS_BENCH_CACHE at a folder of its own',
    });
  }
  return root;
}

/** The environment that this version would use; null where that cannot be told. */
async function currentEnvironment(root: string, environment: Environment): Promise<string | null> {
  return await findManagedPython({ cache: root, environment }).then(
    ({ python }) => dirname(dirname(python)),
    () => null,
  );
}

function say({ entry, remove, reason }: Decision): CleanedEntry {
  return describe(entry, remove ? 'remove' : 'keep', reason);
}

async function carryOut(root: string, { entry, reason }: Decision): Promise<CleanedEntry> {
  try {
    return (await removeEntry(root, entry))
      ? describe(entry, 'removed', reason)
      : describe(entry, 'keep', 'a process has begun to use it');
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return error.code === 'run-locked'
      ? describe(entry, 'keep', 'it is being built')
      : describe(entry, 'failed', error.message);
  }
}

function describe(entry: CacheEntry, action: CleanedEntry['action'], reason: string): CleanedEntry {
  const { kind, path, bytes, lastUsed } = entry;
  return { kind, path, bytes, lastUsed: lastUsed.toISOString(), action, reason };
}
