import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from taking 134 MB for new objects, as it does where many texts come and go: a run waits for workers and
 * servers, which want the memory more. For the whole process, and for good.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * The same, and has V8 collect old objects before it takes more memory: what thousands of requests to a server leave is held by their
 * sockets until it does.
 */
export function keepHeapSmallest(): void {
  keepHeapSmall();
  setFlagsFromString('--optimize-for-size');
}
