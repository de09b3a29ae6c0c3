/** All tests of what is pure, in one process: most of the time of a small file is the start of Node. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const FOLDERS = ['markdown', 'report', 'settings', 'stats', 'suite', 'verdict'];

for (const folder of FOLDERS) {
  const path = join(import.meta.dirname, folder);
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.test.ts')) await import(pathToFileURL(join(path, name)).href);
}
