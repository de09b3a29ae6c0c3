import { lstat, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasSystemCode, SosBenchError } from '../../error.ts';
import type { RepositoryFile } from '../../init/files.ts';
import { DEFAULT_CONFIG_FILE } from '../../settings/resolve.ts';
import { fileError, makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import { findLink } from '../../system/files/links.ts';

/** A file beside what stands in its place. */
export interface PlacedFile extends RepositoryFile {
  /** `new`; `same` where it is there as it would be; `kept` where another is there and stays; `in-the-way` where another is there that may not. */
  state: 'new' | 'same' | 'kept' | 'in-the-way';
}

/**
 * What stands in the place of each file.
 *
 * @throws SosBenchError `usage` where a link leads elsewhere.
 */
export async function placeFiles(root: string, files: readonly RepositoryFile[]): Promise<PlacedFile[]> {
  const placed: PlacedFile[] = [];
  for (const file of files) placed.push({ ...file, state: await stateOf(root, file) });
  return placed;
}

async function stateOf(root: string, { path, content }: RepositoryFile): Promise<PlacedFile['state']> {
  const link = await findLink(root, path);
  if (link !== null)
    throw new SosBenchError('usage', `${link} is a link, and GitHub follows none`, {
      hint: 'put the folder or file itself there',
    });
  const there = await readThere(join(root, path));
  if (there === null) return 'new';
  // Git for Windows checks out with its own line ends.
  if (there.replaceAll('\r\n', '\n') === content) return 'same';
  // The settings that a repository has are its own; a workflow of ours beside them reads them.
  return path === DEFAULT_CONFIG_FILE ? 'kept' : 'in-the-way';
}

async function readThere(path: string): Promise<string | null> {
  try {
    if (!(await lstat(path)).isFile()) return '';
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return null;
    throw fileError(error, path, 'read');
  }
}

/**
 * Writes the new ones, all or none.
 *
 * @throws SosBenchError `files-exist`, before anything is written; `permission-denied`, `disk-full`, `interrupted`.
 */
export async function writeFiles(
  root: string,
  files: readonly PlacedFile[],
  signal: AbortSignal,
): Promise<void> {
  const inTheWay = files.filter(({ state }) => state === 'in-the-way').map(({ path }) => path);
  if (inTheWay.length > 0) throw filesExist(inTheWay);
  const made: string[] = [];
  const folders: string[] = [];
  try {
    for (const { path, content, state } of files) {
      if (state !== 'new') continue;
      if (signal.aborted) throw new SosBenchError('interrupted', 'interrupted: nothing is written');
      const target = join(root, path);
      folders.push(dirname(target));
      await makeFolder(dirname(target));
      // Somebody was asked since it was looked for.
      if ((await readThere(target)) !== null) throw filesExist([path]);
      await writeFileAtomic(target, content, 0o644);
      made.push(target);
    }
  } catch (error) {
    await takeBack(root, made, folders);
    throw error;
  }
}

function filesExist(paths: readonly string[]): SosBenchError {
  return new SosBenchError(
    'files-exist',
    `nothing is written: ${paths.join(', ')} ${paths.length === 1 ? 'is' : 'are'} there already, with other content`,
    {
      hint: "'sos-bench init --dry-run' prints what they would be; move yours away to have them written",
    },
  );
}

/** Removes what was written, and the folders that are empty then. */
async function takeBack(root: string, made: readonly string[], folders: readonly string[]): Promise<void> {
  for (const path of made) await rm(path, { force: true });
  for (const last of folders)
    for (let folder = last; folder.startsWith(join(root, '.github')); folder = dirname(folder))
      // One that holds something else stays.
      await rmdir(folder).catch(() => undefined);
}
