import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, makeFolder, writeFileAtomic } from '../files/files.ts';
import { isLeased, leaseFolder, usersOf } from '../files/lease.ts';
import { waitForLock } from '../files/lock.ts';
import { takeFolderCheck } from './early-check.ts';
import { COMPLETE, DIFFERS, describeFileChange, type FileChange, finishFolder } from './manifest.ts';

export interface KeptFolder {
  /** Folder of the cache that it lies in. */
  home: string;
  /** Name in it; a second one beside the first is NAME-2. */
  name: string;
  /** What it is, in messages: `the Python environment`. */
  what: string;
}

export interface KeepOptions extends KeptFolder {
  note: (text: string) => void;
  signal?: AbortSignal | undefined;
  /**
   * Fills a new, empty folder.
   *
   * @returns what `complete.json` says beside the manifest's digest; null where it could not be had.
   */
  build: (path: string) => Promise<Record<string, unknown> | null>;
  /** Whether what is built names its own path: it is then built where it will be, else elsewhere and moved. */
  namesItself?: boolean;
  /** Where its content is known otherwise: looks whether a folder is what it should be, and no manifest is written. */
  check?: (path: string) => Promise<FileChange | null>;
  /** Folders in it, by path, that are looked at before the others; see `findUnproven`. */
  first?: RegExp;
  /** Paths that this run has found to differ: not taken again, even where they could not be marked. */
  refused?: Set<string>;
}

/** Name of a folder that is still being filled. */
export const BUILDING = '.building-';

/**
 * A folder of the cache that is built once and kept. It is looked at before it is used; one that is not as it was
 * built is never used again, and another is built beside it, since other jobs may still be using the first. Two processes
 * at once: the second waits. What a killed one leaves counts as nothing.
 *
 * @returns its path; null where `build` gave null.
 * @throws SosBenchError `interrupted`, `disk-full`, `permission-denied`, and what `build` throws.
 */
export async function keepFolder(options: KeepOptions): Promise<string | null> {
  const { home, name, what, refused = new Set<string>() } = options;
  const ready = await findGood(options, refused);
  if (ready !== null) return ready;
  const lock = await waitForLock(join(home, `${name}.lock`), what, options);
  try {
    return (await findGood(options, refused)) ?? (await buildNew(options));
  } catch (error) {
    throw fileError(error, join(home, name), 'write');
  } finally {
    await lock.release();
  }
}

/** A kept folder that is still being looked at. */
export interface Unproven {
  path: string;
  /** What it differs in, null for nothing; where it does, it is marked and told as `keepFolder` does. */
  difference: Promise<FileChange | null>;
}

/**
 * The first finished folder, while it is still being looked at: for who can take back all that comes of it. The folders of `first` were
 * looked at. Null where there is none, or these differ: `keepFolder` then has the rest.
 */
export async function findUnproven(
  options: KeepOptions & { refused: Set<string> },
): Promise<Unproven | null> {
  const [path] = (await findFinished(options)).filter((one) => !options.refused.has(one));
  if (path === undefined) return null;
  const { first, whole } = takeFolderCheck(path, options.first);
  const settle = async (looking: Promise<FileChange | null>) => {
    const found = await looking;
    if (found !== null && !options.refused.has(path)) await refuse(path, found, options, options.refused);
    return found;
  };
  if ((await settle(first)) !== null) return null;
  const difference = settle(whole);
  difference.catch(() => undefined);
  return { path, difference };
}

/** Paths of those that were finished and not found to differ; whether they still are as they were is not looked at. */
export async function findFinished(kept: KeptFolder, isFinished = hasManifest): Promise<string[]> {
  const names = await siblings(kept);
  return names
    .map((name) => join(kept.home, name))
    .filter((path) => isFinished(path) && !existsSync(join(path, DIFFERS)));
}

/** Of the name itself: `NAME` is the first, then `NAME-2` and so on. */
export function withoutNumber(name: string): string {
  return name.replace(/-[1-9]\d*$/, '');
}

function hasManifest(path: string): boolean {
  return existsSync(join(path, COMPLETE));
}

async function siblings({ home, name }: KeptFolder): Promise<string[]> {
  const names = await readdir(home).catch(() => []);
  return names.filter((one) => one === name || withoutNumber(one) === name).sort();
}

async function checkKept(path: string): Promise<FileChange | null> {
  const { whole, hurry } = takeFolderCheck(path);
  hurry();
  return await whole;
}

/** Marked, so that nobody takes it after us. */
async function refuse(
  path: string,
  difference: FileChange,
  { what, note }: KeepOptions,
  refused: Set<string>,
): Promise<void> {
  refused.add(path);
  const said = describeFileChange(difference);
  note(`${what} in ${path} is not as it was made: ${said}. It is not used any more`);
  await writeFileAtomic(join(path, DIFFERS), `${JSON.stringify(difference)}\n`, 0o644).catch(() => undefined);
}

/** The first that is as it was built; others are refused. */
async function findGood(options: KeepOptions, refused: Set<string>): Promise<string | null> {
  const { check = checkKept } = options;
  const paths = await findFinished(options, options.check === undefined ? hasManifest : () => true);
  for (const path of paths) {
    if (refused.has(path)) continue;
    const difference = await check(path);
    if (difference === null) return path;
    await refuse(path, difference, options, refused);
  }
  return null;
}

async function buildNew(options: KeepOptions): Promise<string | null> {
  const { home, name, namesItself = false } = options;
  await makeFolder(home, 0o700);
  await removeUnfinished(options);
  const target = await freeName(options);
  const path = namesItself ? target : join(home, `${BUILDING}${name}-${randomUUID()}`);
  const lease = await leaseFolder(path);
  try {
    const facts = await options.build(path);
    if (facts === null) return null;
    if (options.check === undefined) await finishFolder(path, facts);
    if (!namesItself) await rename(path, target);
    return target;
  } finally {
    await lease.release();
    if (!namesItself) await removeBuilding(path);
  }
}

/** With the list of who uses it. */
async function removeBuilding(path: string): Promise<void> {
  for (const left of [path, usersOf(path)]) await rm(left, { recursive: true, force: true });
}

/** What a killed process was building, under the lock that only one of us holds. */
async function removeUnfinished({ home, name }: KeptFolder): Promise<void> {
  const names = (await readdir(home).catch(() => [])).filter((one) => one.startsWith(`${BUILDING}${name}-`));
  // The list of users is there before the folder, so it may have been left alone.
  const left = new Set(names.map((one) => one.replace(/\.users$/, '')));
  for (const path of [...left].map((one) => join(home, one))) {
    if (!(await isLeased(path))) await removeBuilding(path);
  }
}

/** A path that nobody uses. What is in the way unfinished or found to differ, and in nobody's use, is removed. */
async function freeName(options: KeepOptions): Promise<string> {
  for (const name of await siblings(options)) {
    const path = join(options.home, name);
    if (await isLeased(path)) continue;
    // Renamed first: one that starts to use it meanwhile finds nothing.
    const away = join(options.home, `.removing-${randomUUID()}`);
    await rename(path, away);
    await rm(away, { recursive: true, force: true });
  }
  for (let number = 1; ; number++) {
    const path = join(options.home, number === 1 ? options.name : `${options.name}-${number}`);
    if (!existsSync(path)) return path;
  }
}
