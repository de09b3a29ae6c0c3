import { parentPort, workerData } from 'node:worker_threads';
import { type ListingRequest, listFolders } from './list-folders.ts';
import { checkQuickly } from './manifest.ts';

/** What a thread is to do: list folders, or look at a kept folder whole by itself. */
export type ThreadTask = { list: ListingRequest } | { check: string };

// Works beside the main thread; bundled as a file of its own.
const task = workerData as ThreadTask;
parentPort?.postMessage(
  'list' in task ? listFolders(task.list) : await checkQuickly(task.check, listFolders),
);
