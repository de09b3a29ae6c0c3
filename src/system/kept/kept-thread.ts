import { parentPort, workerData } from 'node:worker_threads';
import { type ListingRequest, listFolders } from './list-folders.ts';
import { checkQuickly } from './manifest.ts';

/** What a thread is to do: list folders, or look at a kept folder whole by itself, at some of its folders first. */
export type ThreadTask = { list: ListingRequest } | { check: string; first: RegExp | null };

/** What a thread says: what it found so far, where that was asked for, and its result. */
export type ThreadMessage = { early: unknown } | { result: unknown };

// Works beside the main thread; bundled as a file of its own.
const task = workerData as ThreadTask;
const say = (message: ThreadMessage) => parentPort?.postMessage(message);
if ('list' in task) say({ result: listFolders(task.list) });
else {
  const onFirst = (early: unknown) => say({ early });
  say({ result: await checkQuickly(task.check, { list: listFolders, first: task.first, onFirst }) });
}
