import { createHash, type Hash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Environment } from './child-environment.ts';
import { GitObjects, hashObject, type TreeEntry } from './git-objects.ts';
import { below } from './links.ts';

/**
 * Why a file or folder is not what a commit has at that path, in words; null where it is, to the last file and byte. Hashes decide, not
 * git's index, so that neither `assume-unchanged` nor a filter can hide an edit. A file of Git LFS is checked by its pointer's SHA-256.
 *
 * @param path absolute, without links on the way.
 */
export async function findChange(
  path: string,
  commit: string,
  environment: Environment,
): Promise<string | null> {
  const root = findCheckout(path);
  if (root === null) return 'it is in no checkout';
  const objects = new GitObjects(root, environment);
  const entry = await objects.find(commit, below(root, path) ?? '');
  if (entry === null) return `the checkout ${root} has no commit ${commit.slice(0, 12)}`;
  if (entry === undefined) return `commit ${commit.slice(0, 12)} has no such path`;
  if (entry.mode !== '40000')
    return (await isSame(path, entry, objects)) ? null : 'its content is another one';
  const wanted = await objects.list(entry.id);
  if (wanted === null) return `the checkout ${root} lacks parts of commit ${commit.slice(0, 12)}`;
  const found = await listFiles(path);
  const added = found.find((name) => !wanted.has(name));
  if (added !== undefined) return `${added} is not in the commit`;
  const there = new Set(found);
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
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

async function listFiles(folder: string, prefix = ''): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const name = `${prefix}${entry.name}`;
    // Of the checkout's own root.
    if (name === '.git') continue;
    if (entry.isDirectory()) names.push(...(await listFiles(folder, `${name}/`)));
    else names.push(name);
  }
  return names;
}

/** Whether a link names something outside of a folder; others in it are looked at by themselves. */
async function leaves(link: string, folder: string): Promise<boolean> {
  return below(folder, resolve(dirname(link), await readlink(link))) === null;
}

async function isSame(path: string, { mode, id }: TreeEntry, objects: GitObjects): Promise<boolean> {
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
