import { join } from 'node:path';
import {
  COMPILED_ONCE,
  ONE_THREAD,
  type ProcessResult,
  type RunningProcess,
  startProcess,
} from './process.ts';

const BUNDLE = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

export interface BuiltCliOptions {
  environment?: Record<string, string>;
  cwd?: string;
}

/** Starts the command line that users get, `dist/cli.js`. */
export function startBuiltCli(
  args: readonly string[],
  { environment, cwd }: BuiltCliOptions = {},
): RunningProcess {
  return startProcess([process.execPath, BUNDLE, ...args], {
    environment: { ...process.env, ...ONE_THREAD, ...COMPILED_ONCE, ...environment },
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/** Runs it to its end. */
export function runBuiltCli(args: readonly string[], options: BuiltCliOptions = {}): Promise<ProcessResult> {
  return startBuiltCli(args, options).result;
}
