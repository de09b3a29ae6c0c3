/** Puts entry 2 into a folder store, and is killed before its n-th change of the disk: put-and-die.ts FOLDER N */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [folder, last] = process.argv.slice(2);
let left = Number(last);
for (const name of ['open', 'writeFile', 'rename', 'rm', 'mkdir'] as const) {
  const real = fs.promises[name] as (...given: unknown[]) => unknown;
  Object.assign(fs.promises, {
    [name]: (...given: unknown[]) => {
      if (left-- <= 0) process.kill(process.pid, 'SIGKILL');
      return real(...given);
    },
  });
}
syncBuiltinESMExports();

const { folderFiles } = await import('../../src/history/backends/folder-files.ts');
const { createStore } = await import('../../src/history/store/store.ts');
const { entryOf, filesOf } = await import('./entries.ts');
await createStore(folderFiles(folder!), { keepItems: 1 }).put(entryOf(2), filesOf(2));
