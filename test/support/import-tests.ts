import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Runs all tests of these folders of `test` in this process: most of the time of a small file is the start of Node. For folders
 * whose tests leave nothing behind in it, neither working directory nor environment nor exit code.
 */
export async function importTests(...folders: string[]): Promise<void> {
  for (const folder of folders) {
    const path = join(import.meta.dirname, '..', folder);
    for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' }).sort())
      if (name.endsWith('.test.ts')) await import(pathToFileURL(join(path, name)).href);
  }
}
