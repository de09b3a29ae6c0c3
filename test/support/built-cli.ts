import { join } from 'node:path';
import { ONE_THREAD, type ProcessResult, startProcess } from './process.ts';

const BUNDLE = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

/** Runs the command line that users get, `dist/cli.js`, to its end. */
export function runBuiltCli(
  args: readonly string[],
  { environment, cwd }: { environment?: Record<string, string>; cwd?: string } = {},
): Promise<ProcessResult> {
  return startProcess([process.execPath, BUNDLE, ...args], {
    environment: { ...process.env, ...ONE_THREAD, ...environment },
    ...(cwd === undefined ? {} : { cwd }),
  }).result;
}
