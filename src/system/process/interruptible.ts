import { setMaxListeners } from 'node:events';

/** A runtime that can be told to stop. */
export interface Interruptible {
  /** Calls `stop` at the first signal to stop; the returned function takes the handler away. */
  onInterrupt(stop: () => void): () => void;
}

/** Ctrl-C, a cancelled job or a scheduler, and a terminal or connection that is gone. */
export const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `onInterrupt` of this process. */
export function onInterrupt(stop: () => void): () => void {
  for (const signal of INTERRUPTS) process.on(signal, stop);
  return () => {
    for (const signal of INTERRUPTS) process.off(signal, stop);
  };
}

/** Runs `work` with a signal that aborts at the first of `INTERRUPTS`. */
export async function interruptible<Result>(
  runtime: Interruptible,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  // Every worker and request listens; Node 20 warns of more than ten.
  setMaxListeners(0, controller.signal);
  const forget = runtime.onInterrupt(() => controller.abort());
  try {
    return await work(controller.signal);
  } finally {
    forget();
  }
}
