import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { type ListingRequest, listFolders } from './list-folders.ts';
import { checkQuickly } from './manifest.ts';
import type { ThreadMessage } from './start-thread.ts';

/** What a thread is to do: list folders, or look at a kept folder whole by itself, at some of its folders first. */
type ThreadTask = { list: ListingRequest } | { check: string; first: RegExp | null };

/**
 * Between the first folders and the others, so that on few cores a program that is still being loaded, or starts workers, is not held up.
 * Any message ends it.
 */
const PAUSE_MS = 300;

// Works beside the main thread; bundled as a file of its own.
const task = workerData as ThreadTask;
const say = (message: ThreadMessage) => parentPort?.postMessage(message);
if ('list' in task) say({ result: listFolders(task.list) });
else {
  const hurry = new Promise((resolve) => parentPort?.once('message', resolve));
  parentPort?.unref();
  const onFirst = async (early: unknown) => {
    say({ early });
    await Promise.race([hurry, sleep(PAUSE_MS)]);
  };
  say({ result: await checkQuickly(task.check, { list: listFolders, first: task.first, onFirst }) });
}
