import { createHash, randomInt } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { hasSystemCode } from '../../error.ts';
import { inParallel } from '../../in-parallel.ts';
import { writeFileAtomic } from '../files/files.ts';
import { type Listing, type ListingRequest, listInThreads } from './list-folders.ts';
import { digestOf, type FolderEntry, listFolder, nullWhereGone } from './listing.ts';
import { readPlainFile } from './plain-file.ts';

/**
 * What a folder held when it was finished: `manifest.ndjson` in it, whose SHA-256 is in `complete.json`. Its first line
 * has each folder's path, count of entries and listing digest; then one line for each folder, with the SHA-256 of each
 * block of its files.
 */
export const MANIFEST = 'manifest.ndjson';
/** Written last: a folder without it was never finished. */
export const COMPLETE = 'complete.json';
/** Written where a folder turned out not to be what was finished: nobody uses it from then on. */
export const DIFFERS = 'differs.json';
const EXCEPT = [MANIFEST, COMPLETE, DIFFERS];

/** Files are hashed in blocks of this many bytes, so that a part of a large one can be checked. */
const BLOCK = 4 * 1024 * 1024;
/** How many files a quick check reads one block of. */
const SAMPLE = 48;
/** Files hashed at a time. */
const PARALLEL = 8;

const CompleteSchema = z.object({
  manifest: z.string(),
  /** When the manifest was written, by the disk's clock, in milliseconds: what changed later was touched since. */
  finished: z.number(),
});

const HeaderSchema = z.object({
  version: z.literal(1),
  folders: z.array(z.tuple([z.string(), z.number(), z.string()])),
});

/** name, kind, mode, size, target, hashes of blocks */
type Line = [string, FolderEntry['kind'], number, number, string | null, string[]][];

/** A file that is not as it was. */
export interface FileChange {
  /** Relative to the folder. */
  path: string;
  what: 'was changed' | 'was added' | 'is missing';
}

/** In words: `lib/a.py was changed`. */
export function describeFileChange({ path, what }: FileChange): string {
  return `${path} ${what}`;
}

/**
 * Lists a finished folder and hashes all its files, then writes the manifest and `complete.json`, in which `facts` stand
 * beside the manifest's digest.
 *
 * @throws SosBenchError `disk-full`, `permission-denied`; a system error where a file cannot be read.
 */
export async function finishFolder(root: string, facts: Record<string, unknown>): Promise<void> {
  const folders: [string, number, string][] = [];
  const lines: string[] = [];
  for (const [folder, entries] of walk(root)) {
    folders.push([folder, entries.length, digestOf(entries)]);
    const line = await inParallel(entries, PARALLEL, async ({ name, kind, mode, size, target }) => {
      const hashes = kind === 'file' ? await hashBlocks(join(root, folder, name)) : [];
      return [name, kind, mode, size, target, hashes];
    });
    lines.push(JSON.stringify(line));
  }
  const text = `${[JSON.stringify({ version: 1, folders }), ...lines].join('\n')}\n`;
  await writeFileAtomic(join(root, MANIFEST), text, 0o644);
  const { ctimeMs: finished } = await stat(join(root, MANIFEST));
  const complete = { ...facts, manifest: sha256(text), finished };
  await writeFileAtomic(join(root, COMPLETE), `${JSON.stringify(complete)}\n`, 0o644);
}

export interface QuickCheck {
  /** What lists the folders. */
  list?: (request: ListingRequest) => Listing | Promise<Listing>;
  /** Folders by path, '' the root, that are looked at before the others; `onFirst` is told what was found in them, and waited for. */
  first?: RegExp | null;
  onFirst?: (difference: FileChange | null) => void | Promise<void>;
}

/**
 * Looks whether a folder is as it was when it was finished: all names, kinds, modes, sizes and links, a random sample of
 * contents, and the contents of all files that were touched since (a copy of the folder elsewhere, where all were, has
 * the sample alone).
 *
 * @returns the first difference; null where none was found.
 */
export async function checkQuickly(
  root: string,
  { list = listInThreads, first = null, onFirst }: QuickCheck = {},
): Promise<FileChange | null> {
  const manifest = await readManifest(root);
  if ('what' in manifest) return manifest;
  const all = [...manifest.folders.keys()];
  const isFirst = (index: number) => first?.test(manifest.folders[index]![0]) ?? false;
  const early = await checkFolders(root, manifest, all.filter(isFirst), list);
  if (early === null) await onFirst?.(null);
  else return early;
  const others = all.filter((index) => !isFirst(index));
  const late = await checkFolders(root, manifest, others, list);
  return late ?? (await checkSample(root, manifest.folders, manifest.lineOf));
}

/** All but the sample, of the folders of these indices. */
async function checkFolders(
  root: string,
  { folders, lineOf, finished }: Manifest,
  indices: readonly number[],
  list: (request: ListingRequest) => Listing | Promise<Listing>,
): Promise<FileChange | null> {
  if (indices.length === 0) return null;
  const paths = indices.map((index) => folders[index]![0]);
  const listing = await list({ root, folders: paths, except: EXCEPT, after: finished });
  const odd = indices.findIndex((index, position) => folders[index]![2] !== listing.digests[position]);
  if (odd >= 0) return firstDifference(root, paths[odd]!, lineOf(indices[odd]!));
  const total = indices.reduce((sum, index) => sum + folders[index]![1], 0);
  // All of them means a change of owner or the like.
  for (const path of listing.touched.length > total / 2 ? [] : listing.touched) {
    const index = indices[paths.indexOf(path.includes('/') ? dirname(path) : '')]!;
    const entry = lineOf(index).find(([name]) => name === basename(path));
    const hashes = await hashBlocks(join(root, path)).catch(nullWhereGone);
    if (hashes?.join() !== entry?.[5].join()) return { path, what: 'was changed' };
  }
  return null;
}

/** The same for every byte; takes seconds for a Python environment. All differences, by path. */
export async function checkWhole(root: string): Promise<FileChange[]> {
  const manifest = await readManifest(root);
  if ('what' in manifest) return [manifest];
  const found: FileChange[] = [];
  const isFound = (path: string) => found.some((one) => `${path}/`.startsWith(`${one.path}/`));
  for (const [index, [folder, , digest]] of manifest.folders.entries()) {
    if (isFound(folder)) continue;
    const line = manifest.lineOf(index);
    if (listingOf(root, folder) !== digest) found.push(...differences(root, folder, line));
    await inParallel(line, PARALLEL, async ([name, kind, , , , expected]) => {
      const path = pathIn(folder, name);
      if (kind !== 'file' || isFound(path)) return;
      const hashes = await hashBlocks(join(root, path)).catch(nullWhereGone);
      if (hashes?.join() !== expected.join()) found.push({ path, what: 'was changed' });
    });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface Manifest {
  folders: [string, number, string][];
  lineOf: (index: number) => Line;
  finished: number;
}

/** What differs where there is no readable one, or it is not the one that `complete.json` names. */
async function readManifest(root: string): Promise<Manifest | FileChange> {
  try {
    const facts = await readPlainFile(join(root, COMPLETE));
    if (facts === null) return { path: COMPLETE, what: 'was changed' };
    const complete = CompleteSchema.parse(JSON.parse(facts));
    const text = await readPlainFile(join(root, MANIFEST));
    if (text === null || sha256(text) !== complete.manifest) return { path: MANIFEST, what: 'was changed' };
    const lines = text.split('\n');
    const { folders } = HeaderSchema.parse(JSON.parse(lines[0]!));
    // A copy has times of its own; it is known by them.
    const { ctimeMs } = await stat(join(root, MANIFEST));
    const finished = ctimeMs === complete.finished ? complete.finished : Number.POSITIVE_INFINITY;
    return { folders, finished, lineOf: (index) => JSON.parse(lines[index + 1]!) as Line };
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return { path: MANIFEST, what: 'is missing' };
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      return { path: COMPLETE, what: 'was changed' };
    throw error;
  }
}

async function checkSample(
  root: string,
  folders: readonly [string, number, string][],
  lineOf: (index: number) => Line,
): Promise<FileChange | null> {
  const total = folders.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  const chosen = Array.from({ length: SAMPLE }, () => folderOfEntry(folders, randomInt(total)));
  const checked = await inParallel(chosen, PARALLEL, async (index) => {
    const files = lineOf(index).filter(([, , , , , hashes]) => hashes.length > 0);
    if (files.length === 0) return null;
    const [name, , , , , hashes] = files[randomInt(files.length)]!;
    const path = pathIn(folders[index]![0], name);
    const block = randomInt(hashes.length);
    const hash = await hashBlock(join(root, path), block).catch(nullWhereGone);
    return hash === hashes[block] ? null : ({ path, what: 'was changed' } satisfies FileChange);
  });
  return checked.find((difference) => difference !== null) ?? null;
}

/** Index of the folder that holds an entry, where entries are numbered through. */
function folderOfEntry(folders: readonly [string, number, string][], number: number): number {
  let before = 0;
  return folders.findIndex(([, count]) => {
    before += count;
    return number < before;
  });
}

function pathIn(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function firstDifference(root: string, folder: string, line: Line): FileChange {
  return differences(root, folder, line)[0] ?? { path: folder, what: 'was changed' };
}

/** By names, kinds, modes, sizes and targets; contents are not read. */
function differences(root: string, folder: string, line: Line): FileChange[] {
  let entries: FolderEntry[];
  try {
    entries = ownEntries(root, folder);
  } catch (error) {
    nullWhereGone(error);
    return [{ path: folder, what: 'is missing' }];
  }
  const there = new Map(entries.map((entry) => [entry.name, entry]));
  const expected = new Map(line.map((entry) => [entry[0], entry]));
  const found: FileChange[] = [];
  for (const name of [...new Set([...there.keys(), ...expected.keys()])].sort()) {
    const [one, two] = [there.get(name), expected.get(name)];
    if (one === undefined) found.push({ path: pathIn(folder, name), what: 'is missing' });
    else if (two === undefined) found.push({ path: pathIn(folder, name), what: 'was added' });
    else if (digestOf([one]) !== digestOf([entryOf(two)]))
      found.push({ path: pathIn(folder, name), what: 'was changed' });
  }
  return found;
}

function entryOf([name, kind, mode, size, target]: Line[number]): Omit<FolderEntry, 'changed'> {
  return { name, kind, mode, size, target };
}

function ownEntries(root: string, folder: string): FolderEntry[] {
  const entries = listFolder(join(root, folder));
  return folder === '' ? entries.filter(({ name }) => !EXCEPT.includes(name)) : entries;
}

function listingOf(root: string, folder: string): string | null {
  try {
    return digestOf(ownEntries(root, folder));
  } catch (error) {
    return nullWhereGone(error);
  }
}

/** All folders below one, with their entries. */
function* walk(root: string, folder = ''): Generator<[string, FolderEntry[]]> {
  const entries = ownEntries(root, folder);
  yield [folder, entries];
  for (const { name, kind } of entries) if (kind === 'folder') yield* walk(root, pathIn(folder, name));
}

async function hashBlocks(path: string): Promise<string[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const hashes: string[] = [];
    for (let start = 0; start < size; start += BLOCK)
      hashes.push(sha256(await readBlock(file, start, Math.min(BLOCK, size - start))));
    return hashes;
  } finally {
    await file.close();
  }
}

async function hashBlock(path: string, index: number): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return sha256(await readBlock(file, index * BLOCK, Math.min(BLOCK, Math.max(0, size - index * BLOCK))));
  } finally {
    await file.close();
  }
}

async function readBlock(file: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('base64url');
}
