import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from taking 134 MB for new objects, as it does where many texts come and go: a run waits for workers and
 * servers, which want the memory more. For the whole process, and for good.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
