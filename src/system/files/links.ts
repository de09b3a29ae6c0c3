import { constants } from 'node:fs';
import { lstat, mkdir, open, realpath, rm } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { hasSystemCode, SosBenchError } from '../../error.ts';
import { fileError } from './files.ts';

/**
 * Path of `path` below `root`; null for one outside of it. The empty path is `root` itself. Nothing is read: links are not seen.
 *
 * @param path relative ones are taken from `root`.
 */
export function below(root: string, path: string): string | null {
  const inside = relative(root, resolve(root, path));
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? null : inside;
}

/**
 * The first link on the way from `root` down to `path`, itself included; null where there is none, where the rest of the way does not
 * exist, or where `path` lies outside. Links above `root` do not count.
 */
export async function findLink(root: string, path: string): Promise<string | null> {
  const inside = below(root, path) ?? below(await realpath(root), resolve(root, path));
  if (inside === null) return null;
  let at = root;
  for (const name of inside.split(sep).filter(Boolean)) {
    at = join(at, name);
    try {
      if ((await lstat(at)).isSymbolicLink()) return at;
    } catch (error) {
      if (hasSystemCode(error, 'ENOENT', 'ENOTDIR')) return null;
      throw fileError(error, at, 'read');
    }
  }
  return null;
}

/** A folder that was reached without following a link, held open: what its path names is swapped in vain. */
export interface HeldFolder {
  /** To be used for what is in it, by one more name. */
  path: string;
  close(): Promise<void>;
}

const FOLDER_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Opens a folder inside another without following a link.
 *
 * @param parent one that is held, or a path that may be trusted.
 * @param missing `make` makes it, for its user alone; with `null` there is nothing to open.
 * @param link `replace` removes a link that stands in its place, and makes a folder.
 * @returns null where there is none.
 * @throws SosBenchError `usage` for a link; `permission-denied`, `disk-full`.
 */
export async function holdFolder(
  parent: string,
  name: string,
  shown: string,
  { missing, link }: { missing: 'make' | 'null'; link: 'refuse' | 'replace' },
): Promise<HeldFolder | null> {
  const path = join(parent, name);
  try {
    const there = await lstat(path).catch((error) => {
      if (hasSystemCode(error, 'ENOENT')) return null;
      throw error;
    });
    if (there?.isSymbolicLink()) {
      if (link === 'refuse') throw isLink(shown);
      await rm(path);
    }
    if (there === null || there.isSymbolicLink()) {
      if (missing === 'null') return null;
      await mkdir(path, { mode: 0o700 });
    }
    const handle = await open(path, FOLDER_FLAGS);
    // Linux has names for open folders; elsewhere what was looked at a moment ago has to do.
    const held = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path;
    return { path: held, close: () => handle.close() };
  } catch (error) {
    throw hasSystemCode(error, 'ELOOP') ? isLink(shown) : fileError(error, shown, 'write');
  }
}

function isLink(path: string): SosBenchError {
  return new SosBenchError('usage', `${path} is a link, and no link of the workspace is followed`, {
    hint: 'give a folder that is none',
  });
}
