import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeased } from '../system/files/lease.ts';
import { isLockHeld } from '../system/files/lock.ts';
import { withoutNumber } from '../system/kept/keep-folder.ts';

/**
 * Which paths living processes use: by a lease or lock, on this machine or another one, or because a process here runs
 * from them, stands in them or has files of them open (other users' processes cannot be seen).
 *
 * @param processes `/proc`, where there is one.
 */
export async function findInUse(paths: readonly string[], processes = '/proc'): Promise<Set<string>> {
  const used = new Set<string>();
  for (const path of paths)
    if ((await isLeased(path)) || (await isLockHeld(join(path, '.lock')))) used.add(path);
  for (const name of await readdir(processes).catch(() => [])) {
    if (!/^\d+$/.test(name) || name === String(process.pid)) continue;
    const traces = await tracesOf(join(processes, name));
    for (const path of paths) if (mentions(traces, path)) used.add(path);
  }
  return used;
}

/** Environments that are being built. */
export async function findBuilds(paths: readonly string[]): Promise<Set<string>> {
  const building = await Promise.all(paths.map((path) => isLockHeld(`${withoutNumber(path)}.lock`)));
  return new Set(paths.filter((_, index) => building[index]));
}

/** Command line, working folder, mapped and open files of a process, each ended by a line end. */
async function tracesOf(process: string): Promise<string> {
  const unknown = () => '';
  const parts = await Promise.all([
    readFile(join(process, 'cmdline'), 'utf8').then((text) => text.replaceAll('\0', '\n'), unknown),
    readlink(join(process, 'cwd')).catch(unknown),
    readFile(join(process, 'maps'), 'utf8').catch(unknown),
    openFiles(join(process, 'fd')).catch(unknown),
  ]);
  return parts.map((part) => `${part}\n`).join('');
}

async function openFiles(descriptors: string): Promise<string> {
  const names = await readdir(descriptors);
  const files = await Promise.all(names.map((name) => readlink(join(descriptors, name)).catch(() => '')));
  return files.join('\n');
}

/** Whether a path or something in it is named; not one that only begins alike. */
function mentions(text: string, path: string): boolean {
  return text.includes(`${path}/`) || text.includes(`${path}\n`);
}
