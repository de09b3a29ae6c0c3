import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from '../../src/system/paths.ts';
import { ONE_THREAD, type ProcessResult, type RunningProcess, startProcess } from './process.ts';

const BIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'bin.ts');

export interface CliOptions {
  environment?: Record<string, string>;
  cwd?: string;
  /** Shell words put before the command, such as a limit: `ulimit -f 100 &&`. */
  before?: string;
}

/** Starts the real command line under this Node. */
export function startCli(
  args: readonly string[],
  { environment, cwd, before }: CliOptions = {},
): RunningProcess {
  const command = [process.execPath, BIN, ...args];
  return startProcess(
    before === undefined ? command : ['/bin/sh', '-c', `${before} exec "$@"`, 'sh', ...command],
    {
      environment: { ...process.env, ...ONE_THREAD, ...environment },
      ...(cwd === undefined ? {} : { cwd }),
    },
  );
}

/** Runs a command line to its end. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<ProcessResult> {
  return startCli(args, options).result;
}

/** A cache folder of its own: data sets made by tests stay out of the user's, the Python is shared with it. */
export function testCache(folder: string): Record<string, string> {
  const own = join(folder, 'cache');
  const shared = cacheRoot(process.env);
  mkdirSync(own, { recursive: true });
  if (!existsSync(join(own, 'python'))) symlinkSync(join(shared, 'python'), join(own, 'python'));
  return { SOS_BENCH_CACHE: own };
}
