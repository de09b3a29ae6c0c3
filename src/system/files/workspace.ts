import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { hasSystemCode } from '../../error.ts';
import type { Environment } from '../process/child-environment.ts';

/** More links than this one after another lead nowhere. */
const MAX_LINKS = 40;

interface Workspace {
  /** Real path. */
  folder: string;
  /** This process's environment before anything was taken out of it. */
  environment: Environment;
  isClosed: boolean;
}

/** The folder that the change under test fills; null where there is none, as in a user's own shell. */
let workspace: Workspace | null = null;

/**
 * Says once for the process which folder belongs to the change under test: nothing of ours is started in it, looked up in it or set up
 * by it.
 *
 * @param environment this process's, before it is settled.
 * @returns the folder's real path.
 */
export function claimWorkspace(folder: string, environment: Environment): string {
  const path = existsSync(folder) ? realpathSync(folder) : folder;
  workspace = { folder: path, environment: { ...environment }, isClosed: false };
  return path;
}

/** Says that a change is judged: the files of the workspace are its own, and no task may have its data there. */
export function closeWorkspace(): void {
  if (workspace !== null) workspace.isClosed = true;
}

/** The workspace's real path where its files may not judge; else null. */
export function closedFolder(): string | null {
  return workspace?.isClosed ? workspace.folder : null;
}

/** The variables that were taken out of this process's environment, as they were: a trusted command that runs in the workspace has them. */
export function variablesOfWorkspace(): Environment {
  const given = Object.entries(workspace?.environment ?? {});
  return Object.fromEntries(given.filter(([name, value]) => process.env[name] !== value));
}

/** Whether a path lies in the workspace, or a link on the way to it does. Never true where no workspace is claimed. */
export function isInWorkspace(path: string): boolean {
  return workspace !== null && leadsThrough(workspace.folder, path);
}

/**
 * Whether a path lies in a folder, or leads through it by links. What is not there (yet) is judged by the part that is.
 *
 * @param folder real path.
 * @param path absolute.
 */
export function leadsThrough(folder: string, path: string): boolean {
  let current: string = sep;
  const ahead = path.split(sep).reverse();
  for (let links = 0; ; ) {
    if (`${current}${sep}`.startsWith(folder === sep ? sep : `${folder}${sep}`)) return true;
    const name = ahead.pop();
    if (name === undefined) return false;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      current = dirname(current);
      continue;
    }
    const next = join(current, name);
    const target = linkTarget(next);
    if (target === null) {
      current = next;
      continue;
    }
    if (++links > MAX_LINKS) return true;
    if (isAbsolute(target)) current = sep;
    ahead.push(...target.split(sep).reverse());
  }
}

/** Where a link leads; null for what is none. */
function linkTarget(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ENAMETOOLONG', 'EINVAL')) return null;
    throw error;
  }
}
