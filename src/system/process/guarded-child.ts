import { join } from 'node:path';
import { packageRoot } from '../paths.ts';
import { lookUp } from './look-up.ts';
import { killGroup } from './process-group.ts';
import { startChild } from './start-child.ts';

export interface GuardedOptions {
  /** Runs the guard, whatever the command is. */
  python: string;
  environment: Record<string, string>;
  /** Files that the command finds in the folder it is started in, by name; none where left out. */
  contents?: Readonly<Record<string, string>> | undefined;
  /** Aborting it kills the command's process group. */
  signal?: AbortSignal | undefined;
  /** What it reads; nothing where left out. */
  input?: string | undefined;
  /** Milliseconds until it is killed. */
  timeout?: number | undefined;
}

/** Beyond this much of what a command prints, it is killed. */
const MAX_PRINTED = 4_000_000;

/**
 * Arguments with which a Python runs a command that ends with us, even if we are killed outright.
 *
 * @param how `folder`: where the command itself runs; where the guard is started when left out. `isWatched`: whether it ends even if the guard
 *   is killed outright at the same moment; for what holds a device.
 */
export function guardArguments(
  command: readonly string[],
  { folder, isWatched = false }: { folder?: string; isWatched?: boolean } = {},
): string[] {
  const guard = join(packageRoot(), 'worker', 'sosbench_worker', 'parent.py');
  const watched = isWatched ? ['--watched'] : [];
  const within = folder === undefined ? [] : ['--in', folder];
  return ['-I', guard, String(process.pid), ...watched, ...within, ...command];
}

/**
 * Runs a command to its end in a process group that ends with us: what is left behind would go on writing into what the
 * next run makes again.
 *
 * @returns execa's result, whatever came of it; both its streams in `all`.
 */
export async function runGuarded(command: readonly string[], options: GuardedOptions) {
  const { python, environment, contents, signal, timeout, input } = options;
  const [program = '', ...args] = command;
  const guarded = guardArguments([lookUp(program, environment), ...args]);
  const child = startChild(
    python,
    guarded,
    { environment, contents },
    {
      reject: false,
      all: true,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
      maxBuffer: MAX_PRINTED,
      detached: true,
    },
  );
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
