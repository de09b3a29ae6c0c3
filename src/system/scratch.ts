import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './child-environment.ts';
import { fileError } from './files.ts';

export interface Scratch {
  /** A folder that only this user may enter. */
  path: string;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
}

/**
 * A temporary folder for children: libraries leave things in theirs, PyTorch at each import, and a child that is killed
 * cannot tidy up.
 *
 * @throws SosBenchError `disk-full`, `permission-denied`.
 */
export async function makeScratch(environment: Environment): Promise<Scratch> {
  const parent = environment.TMPDIR || tmpdir();
  try {
    const path = await mkdtemp(join(parent, 'sos-bench-'));
    return {
      path,
      // What was killed a moment ago may still write its last.
      remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined),
    };
  } catch (error) {
    throw fileError(error, join(parent, 'sos-bench-*'), 'write');
  }
}
