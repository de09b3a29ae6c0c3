import { setTimeout as wait } from 'node:timers/promises';

/** What waiting between two attempts depends on, so that a test can give its own. */
export interface Backoff {
  /** Uniform on [0, 1). */
  random?: () => number;
  sleep?: (milliseconds: number) => Promise<unknown>;
}

const FIRST_MS = 100;
const MAX_MS = 5000;

/**
 * Waits a random time below a bound that doubles with each attempt (full jitter): writers that collided once do not
 * collide again in step.
 */
export async function backOff(
  attempt: number,
  { random = Math.random, sleep = wait }: Backoff,
): Promise<void> {
  await sleep(random() * Math.min(MAX_MS, FIRST_MS * 2 ** attempt));
}
