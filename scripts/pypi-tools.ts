import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheRoot } from '../src/system/paths.ts';

/**
 * Tools of PyPI, at pinned versions, in a folder of the cache of their own.
 *
 * @param name of the folder; another version takes another name.
 * @returns the folder: programs in its `bin`, modules by `PYTHONPATH`.
 */
export async function pypiTools(name: string, requirements: readonly string[]): Promise<string> {
  const folder = join(cacheRoot(process.env), 'tools', name);
  if (existsSync(folder)) return folder;
  // Half an installation would be taken for a whole one.
  const building = `${folder}.${process.pid}`;
  rmSync(building, { recursive: true, force: true });
  await execa('python3', ['-m', 'pip', 'install', '--quiet', '--target', building, ...requirements]);
  renameSync(building, folder);
  return folder;
}
