import type { Dirent } from 'node:fs';
import { existsSync } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunFolder } from '../evaluate/journal/state-folder.ts';
import { isSha256 } from '../sha256.ts';
import { usersOf } from '../system/files/lease.ts';
import { COMPLETE, DIFFERS } from '../system/kept/manifest.ts';
import type { CacheEntry, EntryKind } from './entry.ts';
import { measure } from './measure.ts';

/** What being removed is called meanwhile: a reader finds all of an entry, or nothing. */
export const REMOVING = '.removing-';

const ENVIRONMENT = /^[0-9a-f]{16}(-[1-9]\d*)?$/;
/** Beside what is kept: the log of its build, its lock, who uses it. */
const BESIDE = /\.(log|lock|lock\.removing|users)$/;
const DEMO_MODEL = /^smollm2-/;
const CONVERTED = /^[0-9a-f]{16}(-[1-9]\d*)?$/;
const COMMIT = /^[0-9a-f]{40}(-[1-9]\d*)?$/;
const FILE_DIGEST = /^[0-9a-f]{32}$/;
const LOG = /^[a-z]+-\d+\.log$/;
const UNFINISHED = /\.partial$|-package$|\.tmp$|\.building$|^\.fetching-|^\.building-|^\.run-/;
const MANIFEST_OF_DATA = /^[\w.-]+@[0-9a-f]+\.json$/;
const HUB_REPOSITORY = /^(models|datasets|spaces)--/;
/** Folders that hold entries of one kind each, and how an entry there is known. */
const HOMES: {
  folder: string[];
  kind: EntryKind;
  knows: (path: string, name: string) => Promise<boolean>;
}[] = [
  { folder: ['python'], kind: 'python', knows: async (_, name) => ENVIRONMENT.test(name) },
  { folder: ['datasets'], kind: 'dataset', knows: holdsDataSet },
  { folder: ['demo-models'], kind: 'model', knows: async (_, name) => DEMO_MODEL.test(name) },
  { folder: ['converted-models'], kind: 'model', knows: async (_, name) => CONVERTED.test(name) },
  { folder: ['livebench'], kind: 'code', knows: async (_, name) => COMMIT.test(name) },
  { folder: ['hub-manifests'], kind: 'hub', knows: async (_, name) => MANIFEST_OF_DATA.test(name) },
  { folder: ['logs'], kind: 'log', knows: async (_, name) => LOG.test(name) },
  { folder: ['huggingface', 'hub'], kind: 'hub', knows: async (_, name) => HUB_REPOSITORY.test(name) },
  { folder: ['hub'], kind: 'hub', knows: async (_, name) => HUB_REPOSITORY.test(name) },
  { folder: ['file-digests'], kind: 'digest', knows: async (_, name) => FILE_DIGEST.test(name) },
  { folder: ['answers'], kind: 'answers', knows: async (_, name) => isSha256(name) },
  { folder: ['state'], kind: 'state', knows: isRunFolder },
];

/**
 * All that is in the cache, each entry with its size and when it was last used. Links are not followed and belong to
 * nobody; what is not made the way we make it is `other`.
 *
 * @param current the environment that a run here would use; null where that cannot be told.
 */
export async function findEntries(root: string, current: string | null): Promise<CacheEntry[]> {
  const entries: CacheEntry[] = [];
  const homes = new Set(HOMES.map(({ folder }) => folder[0]!));
  for (const child of await list(root)) {
    if (child.isDirectory() && homes.has(child.name)) continue;
    entries.push(await entryOf(join(root, child.name), isBroken(child.name) ? 'broken' : 'other'));
  }
  for (const { folder, kind, knows } of HOMES) {
    const home = join(root, ...folder);
    if (!(await isPlainFolder(root, folder))) continue;
    for (const child of await list(home)) {
      const path = join(home, child.name);
      if (kind !== 'log' && BESIDE.test(child.name) && !isBroken(child.name)) continue;
      entries.push(await entryOf(path, await kindOf(child, path, kind, knows), path === current));
    }
  }
  return entries;
}

async function kindOf(
  child: Dirent,
  path: string,
  kind: EntryKind,
  knows: (path: string, name: string) => Promise<boolean>,
): Promise<EntryKind> {
  if (child.isSymbolicLink()) return 'other';
  if (isBroken(child.name)) return 'broken';
  const isFile = kind === 'log' || kind === 'digest' || MANIFEST_OF_DATA.test(child.name);
  const isRight = isFile ? child.isFile() : child.isDirectory();
  if (!isRight || !(await knows(path, child.name))) return 'other';
  // Written when a build is done, and when it was found to differ later.
  const isBuilt = kind !== 'python' || existsSync(join(path, COMPLETE));
  return isBuilt && !existsSync(join(path, DIFFERS)) ? kind : 'broken';
}

function isBroken(name: string): boolean {
  return name.startsWith(REMOVING) || UNFINISHED.test(name);
}

async function entryOf(path: string, kind: EntryKind, current = false): Promise<CacheEntry> {
  const { bytes, lastTouched } = await measure(path);
  // Reading an environment's files says little: backups and indexers read them too.
  const lastUsed = kind === 'python' ? await lastLease(path) : lastTouched;
  return { kind, path, bytes, lastUsed, current };
}

async function lastLease(environment: string): Promise<Date> {
  const times = await Promise.all(
    [usersOf(environment), join(environment, COMPLETE)].map((path) =>
      stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return new Date(Math.max(...times));
}

/** Whether all folders on the way are folders and not links to some. */
async function isPlainFolder(root: string, names: readonly string[]): Promise<boolean> {
  let path = root;
  for (const name of names) {
    path = join(path, name);
    const stats = await lstat(path).catch(() => null);
    if (!stats?.isDirectory()) return false;
  }
  return true;
}

/** `BUILDER/CONFIGURATION/VERSION/HASH/dataset_info.json`: a user's own folder of that name looks different. */
async function holdsDataSet(path: string): Promise<boolean> {
  return await holdsFile(path, 'dataset_info.json', 3);
}

/** Whether a file of this name is at most so many folders down. */
async function holdsFile(folder: string, name: string, depth: number): Promise<boolean> {
  const children = await list(folder);
  if (children.some((child) => child.name === name && child.isFile())) return true;
  if (depth === 0) return false;
  for (const child of children)
    if (child.isDirectory() && (await holdsFile(join(folder, child.name), name, depth - 1))) return true;
  return false;
}

async function list(folder: string): Promise<Dirent[]> {
  const children = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return children.sort((a, b) => (a.name < b.name ? -1 : 1));
}
