import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A driver that is a fake: its nvidia-smi is this shell script.
 *
 * @param folder a place of its own.
 * @returns the environment in which it is found.
 */
export function fakeDriver(folder: string, script: string): { PATH: string } {
  mkdirSync(folder);
  writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'nvidia-smi'), 0o755);
  return { PATH: `${folder}:/usr/bin:/bin` };
}
