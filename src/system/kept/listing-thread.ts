import { parentPort, workerData } from 'node:worker_threads';
import { type ListingRequest, listFolders } from './list-folders.ts';

// Lists folders beside the main thread; bundled as a file of its own.
parentPort?.postMessage(listFolders(workerData as ListingRequest));
