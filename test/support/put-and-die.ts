/**
 * Puts entry 2 into a folder store, and is killed before its n-th change of the disk: put-and-die.ts FOLDER N. Or leaves the store as it
 * was before each change, and as it is in the end: put-and-die.ts FOLDER COPIES
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const [folder, last] = process.argv.slice(2);
const killedAt = Number(last);
let changes = 0;
function beforeChange(): void {
  if (Number.isNaN(killedAt)) fs.cpSync(folder!, join(last!, String(changes)), { recursive: true });
  else if (changes >= killedAt) process.kill(process.pid, 'SIGKILL');
  changes++;
}
for (const name of ['open', 'writeFile', 'rename', 'rm', 'mkdir'] as const) {
  const real = fs.promises[name] as (...given: unknown[]) => unknown;
  Object.assign(fs.promises, {
    [name]: (...given: unknown[]) => {
      beforeChange();
      return real(...given);
    },
  });
}
syncBuiltinESMExports();

const { folderFiles } = await import('../../src/history/backends/folder-files.ts');
const { createStore } = await import('../../src/history/store/store.ts');
const { entryOf, filesOf } = await import('./entries.ts');
await createStore(folderFiles(folder!), { keepItems: 1 }).put(entryOf(2), filesOf(2));
if (Number.isNaN(killedAt)) beforeChange();
