import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SosBenchError } from '../error.ts';

/** The folder this package stands in, found from a source file and from a bundle in `dist` alike. Throws `package-incomplete` where `worker` is not beside it. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'worker', 'requirements.lock'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new SosBenchError('package-incomplete', 'the folder worker of this program is missing', {
        hint: 'install it again, whole: dist alone, or dist/cli.js copied elsewhere, cannot evaluate',
      });
    folder = parent;
  }
  return folder;
}

/** Where Python environments and downloaded models are kept between runs. */
export function cacheRoot(environment: Record<string, string | undefined>): string {
  return (
    environment.SOS_BENCH_CACHE ||
    join(environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache'), 'sos-bench')
  );
}
