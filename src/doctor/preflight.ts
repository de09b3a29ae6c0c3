import { resolve } from 'node:path';
import { cacheRoot } from '../system/paths.ts';
import type { Check } from './check.ts';
import { checkRunner } from './github/check-runner.ts';
import { CACHE_ROOM, checkDisk, OUTPUT_ROOM } from './machine/check-disk.ts';
import { checkNode } from './machine/check-node.ts';

export interface PreflightOptions {
  cwd: string;
  environment: Record<string, string | undefined>;
  /** Folder of the run. */
  output: string;
  /** Version of Node; this process's own where left out. */
  node?: string;
  note: (text: string) => void;
}

/** The checks that take no time, as a run begins: what would go wrong is told, and left to go wrong where it does. */
export async function preflight(look: PreflightOptions): Promise<void> {
  const { cwd, environment, output, node = process.versions.node, note } = look;
  const checks: Check[] = [
    checkNode(node),
    ...checkRunner({ environment, pid: process.pid }),
    await checkDisk({ id: 'disk-cache', path: cacheRoot(environment), ...CACHE_ROOM }),
    await checkDisk({ id: 'disk-output', path: resolve(cwd, output), ...OUTPUT_ROOM }),
  ];
  for (const { id, status, message, hint } of checks)
    if (status === 'fail') note(`${id}: ${message}; ${hint ?? "run 'sos-bench doctor'"}`);
}
