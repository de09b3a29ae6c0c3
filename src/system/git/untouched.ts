import { createHash, type Hash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { below } from '../files/links.ts';
import type { Environment } from '../process/child-environment.ts';
import { GitObjects, type GitTreeEntry, hashObject } from './git-objects.ts';

/**
 * Why a file or folder is not what a commit has at that path, in words; null where it is, to the last file and byte. Hashes decide, not
 * git's index, so that neither `assume-unchanged` nor a filter can hide an edit. A file of Git LFS is checked by its pointer's SHA-256.
 *
 * @param path absolute, without links on the way.
 * @param top as `findCheckouts` takes it.
 */
export async function findChange(
  path: string,
  commit: string,
  environment: Environment,
  top = path,
): Promise<string | null> {
  const roots = findCheckouts(path, top);
  const checkouts = roots.filter(isCheckout);
  if (checkouts.length === 0) return 'it is in no checkout';
  const found = await findInBase(path, commit, roots, environment);
  if (found === null)
    return `the checkout ${checkouts.join(' or ')} has no commit ${commit.slice(0, 12)}, or not all of it`;
  if (found === undefined) return `commit ${commit.slice(0, 12)} has no such path`;
  const { entry, objects, isRoot } = found;
  if (entry.mode !== '40000')
    return (await isSame(path, entry, objects)) ? null : 'its content is another one';
  const wanted = await objects.list(entry.id);
  if (wanted === null) return `the checkout lacks parts of commit ${commit.slice(0, 12)}`;
  // That of the checkout's own root aside.
  const files = (await listFiles(path)).filter((name) => !(isRoot && name === '.git'));
  const added = files.find((name) => !wanted.has(name));
  if (added !== undefined) return `${added} is not in the commit`;
  const there = new Set(files);
  for (const [name, file] of wanted) {
    if (!there.has(name)) return `${name} is missing`;
    if (!(await isSame(join(path, name), file, objects))) return `${name} was changed`;
    if (file.mode === '120000' && (await leaves(join(path, name), path)))
      return `${name} is a link that leaves it`;
  }
  return null;
}

/** Root of the checkout that a path lies in; null for none. */
export function findCheckout(path: string): string | null {
  for (let folder = path; ; folder = dirname(folder)) {
    if (isCheckout(folder)) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/**
 * Folders that a path in a commit may count from, outermost first: the root of the checkout that `top` lies in (`top` itself where it
 * lies in none), and of every checkout between it and the path.
 *
 * @param top the workspace.
 */
export function findCheckouts(path: string, top: string): string[] {
  const own = findCheckout(top) ?? top;
  const found: string[] = [];
  for (let folder = path; folder !== own; folder = dirname(folder)) {
    if (isCheckout(folder)) found.unshift(folder);
    if (dirname(folder) === folder) break;
  }
  return [own, ...found];
}

/** What a commit has at a path. */
export interface FoundInBase {
  entry: GitTreeEntry;
  /** Where it was found. */
  objects: GitObjects;
  /** Whether it is the commit's root. */
  isRoot: boolean;
}

/**
 * What a commit has at a path, counted from the outermost of `roots` from which it has anything there. A folder that the change made a
 * repository of its own (a submodule), with the base's objects in it, so stands for nothing else than the base has by that name. Inner
 * checkouts count where the base has nothing at all.
 *
 * @param roots of `findCheckouts`; objects are taken from whichever has them, since each is checked by its hash.
 * @returns null where no checkout has the commit, or the trees on the way; undefined where the commit has no such path.
 */
export async function findInBase(
  path: string,
  commit: string,
  roots: readonly string[],
  environment: Environment,
): Promise<FoundInBase | null | undefined> {
  const stores = roots.filter(isCheckout).map((root) => new GitObjects(root, environment));
  const look = async (name: string) => {
    let isKnown = false;
    for (const objects of stores) {
      const entry = await objects.find(commit, name);
      if (entry) return { entry, objects, isRoot: name === '' };
      isKnown ||= entry === undefined;
    }
    return isKnown ? undefined : null;
  };
  for (const [index, root] of roots.entries()) {
    // Where the base has a folder of its own, no other checkout can be.
    for (const outer of roots.slice(0, index)) if (await look(relative(outer, root))) return undefined;
    const found = await look(relative(root, path));
    if (found !== undefined) return found;
  }
  return undefined;
}

function isCheckout(folder: string): boolean {
  return existsSync(join(folder, '.git'));
}

async function listFiles(folder: string, prefix = ''): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const name = `${prefix}${entry.name}`;
    if (name === '.git') names.push(name);
    else if (entry.isDirectory()) names.push(...(await listFiles(folder, `${name}/`)));
    else names.push(name);
  }
  return names;
}

/** Whether a link names something outside of a folder; others in it are looked at by themselves. */
async function leaves(link: string, folder: string): Promise<boolean> {
  return below(folder, resolve(dirname(link), await readlink(link))) === null;
}

async function isSame(path: string, { mode, id }: GitTreeEntry, objects: GitObjects): Promise<boolean> {
  const stats = await lstat(path);
  if (mode === '120000') {
    return stats.isSymbolicLink() && hashObject('blob', Buffer.from(await readlink(path)), id.length) === id;
  }
  if (!mode.startsWith('100') || !stats.isFile()) return false;
  const hash = createHash(id.length === 64 ? 'sha256' : 'sha1').update(`blob ${stats.size}\0`);
  if ((await digest(path, hash)) === id) return true;
  const pointer = await objects.readPointer(id);
  if (pointer === null || pointer.size !== stats.size) return false;
  return (await digest(path, createHash('sha256'))) === pointer.sha256;
}

async function digest(path: string, hash: Hash): Promise<string> {
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
