import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from './paths.ts';
import { killGroup } from './process-group.ts';

export interface GuardedOptions {
  /** Runs the guard, whatever the command is. */
  python: string;
  environment: Record<string, string>;
  /** Aborting it kills the command's process group. */
  signal?: AbortSignal | undefined;
  /** What it reads; nothing where left out. */
  input?: string | undefined;
  /** Milliseconds until it is killed. */
  timeout?: number | undefined;
}

/** Beyond this much of what a command prints, it is killed. */
const MOST_PRINTED = 4_000_000;

/** Arguments with which a Python runs a command that ends with us, even if we are killed outright. */
export function guardArguments(command: readonly string[]): string[] {
  const guard = join(packageRoot(), 'worker', 'sosbench_worker', 'parent.py');
  return ['-I', guard, String(process.pid), ...command];
}

/**
 * Runs a command to its end in a process group that ends with us: what is left behind would go on writing into what the
 * next run makes anew.
 *
 * @returns execa's result, whatever came of it; both its streams in `all`.
 */
export async function runGuarded(command: readonly string[], options: GuardedOptions) {
  const { python, environment, signal, timeout, input } = options;
  const child = execa(python, guardArguments(command), {
    env: environment,
    extendEnv: false,
    reject: false,
    all: true,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    maxBuffer: MOST_PRINTED,
    detached: true,
  });
  const stop = () => killGroup(child.pid);
  const timer = timeout === undefined ? undefined : setTimeout(stop, timeout);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    return await child;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
