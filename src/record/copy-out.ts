import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { fileError, makeFolder } from '../system/files/files.ts';
import { below, type HeldFolder, holdFolder } from '../system/files/links.ts';

/** By folder of the copy, what tells of a result: where the source has none, one that is there is not ours, and goes. */
const RESULTS: Record<string, readonly string[]> = {
  '': [
    ...['record.json', 'items.parquet', 'journal.ndjson', 'games.parquet'],
    ...['head-to-head.json', 'head-to-head.parquet'],
  ],
  report: ['comment.md', 'verdict.json', 'flips.json'],
};
/** Answers as texts are not to leave the machine; the lock is the run's. */
const KEPT_BACK = new Set(['livebench', '.lock']);

/**
 * Makes `target` a copy of a record's folder, as far as there is one: results that are there and not in `source` go, other files
 * stay. `record.json` comes last, so that it always has the items that it speaks of. Nothing in `target` is read. A link below
 * `root` is not followed: one on the way is refused, one inside is replaced.
 *
 * @param source a folder that nobody else can write to; it need not exist.
 * @param root the folder whose content is not ours (the workspace). A `target` outside of it is taken as it is.
 * @throws SosBenchError `usage` for a link, or for a `target` that is not a folder of its own, or is git's; `disk-full`, `permission-denied`.
 */
export async function copyRecordOut(source: string, root: string, target: string): Promise<void> {
  const names = await listFolder(source);
  const held: HeldFolder[] = [];
  try {
    const folder = await holdTarget(root, target, names.length > 0, held);
    if (folder === null) return;
    await copyFolder({ source, path: '' }, { folder, shown: target }, held);
  } finally {
    for (const { close } of held.reverse()) await close();
  }
}

function requireOwnTarget(root: string, target: string): void {
  if (below(target, root) === null) return;
  throw new SosBenchError('usage', `output ${target} is the workspace, or holds it`, {
    hint: 'give a folder of its own, such as output: record',
  });
}

/** What lies in git's own folder says what a checkout is, and what git runs there. */
function requireNoGitFolder(path: string, target: string): void {
  // Some file systems do not tell cases apart.
  if (!path.split(sep).some((name) => name.toLowerCase() === '.git')) return;
  throw new SosBenchError('usage', `output ${target} is git's own folder, or in one`, {
    hint: 'give a folder of its own, such as output: record',
  });
}

/** Opens the folder, step by step from `root`; makes what is missing where there is something to put there. */
async function holdTarget(
  root: string,
  target: string,
  make: boolean,
  held: HeldFolder[],
): Promise<HeldFolder | null> {
  const realRoot = await realpath(root);
  requireOwnTarget(root, target);
  requireOwnTarget(realRoot, target);
  const missing = make ? 'make' : 'null';
  const open = async (parent: string, name: string, shown: string, link: 'refuse' | 'replace') => {
    const folder = await holdFolder(parent, name, shown, { missing, link });
    if (folder !== null) held.push(folder);
    return folder;
  };
  const inside = below(root, target) ?? below(realRoot, target);
  requireNoGitFolder(inside ?? target, target);
  if (inside === null) {
    if (make) await makeFolder(target, 0o700);
    const real = await realpath(target).catch(() => null);
    return real === null ? null : await open(dirname(real), basename(real), target, 'refuse');
  }
  let parent = realRoot;
  let shown = root;
  let folder: HeldFolder | null = null;
  for (const name of inside.split(sep)) {
    shown = join(shown, name);
    folder = await open(parent, name, shown, 'refuse');
    if (folder === null) return null;
    parent = folder.path;
  }
  return folder;
}

interface Source {
  source: string;
  /** Of the folder in the record. */
  path: string;
}

async function copyFolder(
  { source, path }: Source,
  { folder, shown }: { folder: HeldFolder; shown: string },
  held: HeldFolder[],
): Promise<void> {
  const entries = (await listFolder(source)).filter(({ name }) => !KEPT_BACK.has(name));
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'));
  const there = new Set(files.map(({ name }) => name));
  for (const name of RESULTS[path] ?? []) {
    if (!there.has(name)) await at(join(shown, name), () => rm(join(folder.path, name), { force: true }));
  }
  const folders = new Set(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name));
  if (path === '') for (const name of Object.keys(RESULTS)) if (name !== '') folders.add(name);
  for (const name of folders) {
    const from = join(source, name);
    const missing = (await listFolder(from)).length > 0 ? 'make' : 'null';
    const own = await holdFolder(folder.path, name, join(shown, name), { missing, link: 'replace' });
    if (own === null) continue;
    held.push(own);
    const below = path === '' ? name : `${path}/${name}`;
    await copyFolder({ source: from, path: below }, { folder: own, shown: join(shown, name) }, held);
  }
  const isLast = (name: string) => Number(name === 'record.json');
  for (const { name } of files.sort((a, b) => isLast(a.name) - isLast(b.name)))
    await at(join(shown, name), () => replaceFile(join(source, name), folder.path, name));
}

/** A new file, moved over whatever has the name: a link there is replaced, and a reader sees the old content or the new. */
async function replaceFile(source: string, folder: string, name: string): Promise<void> {
  const temporary = join(folder, `.${name}.${randomUUID()}.tmp`);
  try {
    await copyFile(source, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await rename(temporary, join(folder, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function at<T>(shown: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Node's own code for a folder that is not to be removed.
    if (!hasSystemCode(error, 'ERR_FS_EISDIR')) throw fileError(error, shown, 'write');
    throw new SosBenchError('permission-denied', `cannot write ${shown}: it is a folder`, {
      hint: 'give another `output`',
    });
  }
}

/** What is in a folder; nothing where there is none. */
async function listFolder(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return [];
    throw fileError(error, path, 'read');
  }
}
