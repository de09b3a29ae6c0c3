import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SosBenchError } from '../error.ts';

/** What has to be beside `dist` for anything to be evaluated. */
const FOLDERS = ['worker/sosbench_worker', 'tasks', 'tasks/lm-eval', 'tasks/mini'];

/**
 * The folder this package stands in, found from a source file and from a bundle in `dist` alike.
 *
 * @throws SosBenchError `package-incomplete` where a part of it is not there: it was unpacked, or copied, in part.
 */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'worker', 'requirements.lock'))) {
    const parent = dirname(folder);
    if (parent === folder) throw incomplete('worker');
    folder = parent;
  }
  const missing = FOLDERS.find((name) => !existsSync(join(folder, name)));
  if (missing !== undefined) throw incomplete(missing);
  return folder;
}

function incomplete(missing: string): SosBenchError {
  return new SosBenchError('package-incomplete', `the folder ${missing} of this program is missing`, {
    hint: 'install it again, whole: dist alone, or dist/cli.js copied elsewhere, cannot evaluate',
  });
}

/** Where Python environments and downloaded models are kept between runs. */
export function cacheRoot(environment: Record<string, string | undefined>): string {
  return (
    environment.SOS_BENCH_CACHE ||
    join(environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache'), 'sos-bench')
  );
}
