import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../system/files/files.ts';
import { isLeased, leaseFolder, usersOf } from '../../system/files/lease.ts';

export interface DataCache {
  path: string;
  remove(): Promise<void>;
}

/** What such a folder is called in the cache. */
const PREFIX = '.run-';

/**
 * A folder where the harness's data library keeps the questions in its own format, for this run's workers alone: what an
 * earlier job left could be anything, and making it again takes seconds. What killed runs left is removed on the way.
 *
 * @throws SosBenchError `disk-full`, `permission-denied`.
 */
export async function makeDataCache(cache: string): Promise<DataCache> {
  const home = join(cache, 'datasets');
  await makeFolder(home, 0o700);
  for (const name of await readdir(home)) {
    const path = join(home, name);
    if (/^\.run-[0-9a-f-]{36}$/.test(name) && !(await isLeased(path))) await removeAll(path);
  }
  const path = join(home, `${PREFIX}${randomUUID()}`);
  const lease = await leaseFolder(path);
  await makeFolder(path, 0o700);
  return {
    path,
    async remove() {
      await lease.release();
      await removeAll(path);
    },
  };
}

/** What was killed a moment ago may still write its last. */
async function removeAll(path: string): Promise<void> {
  for (const one of [path, usersOf(path)])
    await rm(one, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
}
