import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const MAX_FILES = 20_000;
const MAX_BYTES = 1024 * 1024;
const DEFINITION = /\.ya?ml$/i;
/** `task: NAME`, also as one of a list; groups and tags can be named in the same way. */
const NAME = /^[\s-]*(?:task|group|tag):[ \t]*["']?([\w./:-]+)["']?[ \t]*(?:#.*)?$/gm;

/**
 * Names of the tasks, groups and tags that folders of task definitions have, as far as the text of their files tells: nothing of
 * them is run, and a file that cannot be read has none.
 *
 * @returns null where a folder cannot be read: what it holds is not known.
 */
export async function listIncludedTasks(folders: readonly string[], cwd: string): Promise<string[] | null> {
  const names = new Set<string>();
  let left = MAX_FILES;
  for (const folder of folders) {
    const root = resolve(cwd, folder);
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => null);
    if (entries === null) return null;
    for (const entry of entries) {
      if (!DEFINITION.test(entry.name)) continue;
      if (left-- === 0) return null;
      for (const name of await readNames(join(entry.parentPath, entry.name))) names.add(name);
    }
  }
  return [...names];
}

async function readNames(path: string): Promise<string[]> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) return [];
    return [...(await readFile(path, 'utf8')).matchAll(NAME)].map(([, name]) => name!);
  } catch {
    return [];
  }
}
