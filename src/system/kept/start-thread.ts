import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../paths.ts';

/** What a thread says: what it found so far, where that was asked for, and its result. */
export type ThreadMessage = { early: unknown } | { result: unknown };

/**
 * Does a task of `kept-thread.ts` in a thread of its own; null where there is no file for one. A failure rejects.
 *
 * @param onEarly told what it found so far.
 * @param hurry once resolved, it pauses no more.
 */
export function startThread<Result>(
  task: object,
  onEarly?: (found: Result) => void,
  hurry?: Promise<void>,
): Promise<Result> | null {
  const file = threadFile();
  if (file === null) return null;
  return new Promise<Result>((resolve, reject) => {
    // What this process was started with (--max-old-space-size and the like) is not for it.
    const thread = new Worker(file, { workerData: task, execArgv: [] });
    thread.on('message', (message: ThreadMessage) => {
      if ('result' in message) resolve(message.result as Result);
      else onEarly?.(message.early as Result);
    });
    void hurry?.then(() => thread.postMessage('hurry'));
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`a thread that looks at files ended with ${code}`)));
  });
}

/** From the sources where these run, else the bundle's. */
function threadFile(): string | null {
  const file = import.meta.url.endsWith('.ts')
    ? join(import.meta.dirname, 'kept-thread.ts')
    : join(packageRoot(), 'dist', 'kept-thread.js');
  return existsSync(file) ? file : null;
}
