import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../system/files/files.ts';
import { requirePlain } from './plain-files.ts';

/** What Python code of a folder may read there. */
export interface CodeFiles {
  /** Names relative to the folder, sorted; none where it holds no code. */
  files: string[];
  /** In words, what it may read that is not among them. */
  unseen: string[];
}

/**
 * Code that comes with a model may import and read whatever else is in its folder: all of that decides answers, with folders below and but
 * for hidden files. A folder that is a link is not followed: it may lead anywhere.
 *
 * @throws SosBenchError `model-unreadable`, `permission-denied`.
 */
export async function findCodeFiles(folder: string): Promise<CodeFiles> {
  const files: string[] = [];
  const unseen: string[] = [];
  const walk = async (below: string): Promise<void> => {
    const path = join(folder, below);
    await requirePlain(path);
    for (const entry of await list(path)) {
      if (entry.name.startsWith('.')) continue;
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(name);
      else if (entry.isSymbolicLink() && (await isFolder(join(folder, name))))
        unseen.push(`code of the model may read ${name}, a link to a folder`);
      else files.push(name);
    }
  };
  await walk('');
  const hasCode = files.some((name) => name.endsWith('.py'));
  // Code in a folder that is a link is not among the files.
  return hasCode || unseen.length > 0 ? { files: files.sort(), unseen } : { files: [], unseen: [] };
}

async function list(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
