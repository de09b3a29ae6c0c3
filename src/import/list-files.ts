import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { fileError } from '../system/files/files.ts';

/** The files under a path, in order of their names; the path itself where it is a file. Hidden ones are left out. */
export async function listFiles(path: string): Promise<string[]> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return [path];
    return await walk(path);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR')) {
      throw new SosBenchError('import-invalid', `there is no ${path}`, {
        hint: 'give files, or folders that hold them',
      });
    }
    throw fileError(error, path, 'read');
  }
}

async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await walk(path)));
    else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path)))) files.push(path);
  }
  return files;
}

/** Links to folders are not followed: they may lead back. */
async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
