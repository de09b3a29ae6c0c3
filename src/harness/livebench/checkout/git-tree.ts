import { createHash } from 'node:crypto';
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file or link of a tree: its path, and git's mode and id of it. */
export interface TreeFile {
  path: string;
  mode: string;
  id: string;
}

/**
 * The id that git would give the tree of a folder as it lies on the disk, and its files. Nothing of a repository is asked or
 * believed. Empty folders do not count, as in git.
 *
 * @param except names in the folder itself that are left out.
 */
export async function readTree(
  root: string,
  except: readonly string[],
): Promise<{ id: string | null; files: TreeFile[] }> {
  const files: TreeFile[] = [];
  const visit = async (folder: string): Promise<string | null> => {
    const entries: { key: Buffer; line: Buffer }[] = [];
    for (const child of await readdir(join(root, folder), { withFileTypes: true })) {
      if (folder === '' && except.includes(child.name)) continue;
      const path = folder === '' ? child.name : `${folder}/${child.name}`;
      const [mode, id] = child.isDirectory() ? ['40000', await visit(path)] : await blobOf(child, path);
      if (id === null) continue;
      if (mode !== '40000') files.push({ path, mode, id });
      // Git orders a folder as if its name ended with a slash.
      const key = Buffer.from(mode === '40000' ? `${child.name}/` : child.name);
      const line = Buffer.concat([Buffer.from(`${mode} ${child.name}\0`), Buffer.from(id, 'hex')]);
      entries.push({ key, line });
    }
    if (entries.length === 0) return null;
    entries.sort((a, b) => Buffer.compare(a.key, b.key));
    return gitId('tree', Buffer.concat(entries.map(({ line }) => line)));
  };
  const blobOf = async (child: { isSymbolicLink(): boolean; isFile(): boolean }, path: string) => {
    const absolute = join(root, path);
    if (child.isSymbolicLink()) return ['120000', gitId('blob', await readlink(absolute, 'buffer'))] as const;
    // Nothing that git would store: a mode of its own makes the tree another one.
    if (!child.isFile()) return ['0', gitId('blob', Buffer.of())] as const;
    const { mode } = await stat(absolute);
    return [(mode & 0o100) === 0 ? '100644' : '100755', gitId('blob', await readFile(absolute))] as const;
  };
  return { id: await visit(''), files };
}

/** The id that git gives an object. */
export function gitId(kind: 'blob' | 'tree' | 'commit', content: Uint8Array): string {
  return createHash('sha1').update(`${kind} ${content.length}\0`).update(content).digest('hex');
}
