import type { Difference } from './manifest.ts';
import { startThread } from './start-thread.ts';

const begun = new Map<string, Promise<Difference | null>>();

/**
 * Begins to look at a kept folder that will probably be used, in a thread, while the rest of a program is still being
 * loaded. Looking takes as long as that.
 */
export function beginCheck(path: string): void {
  if (begun.has(path)) return;
  const check = startThread<Difference | null>({ check: path });
  if (check === null) return;
  // Whoever takes it hears of it.
  check.catch(() => undefined);
  begun.set(path, check);
}

/** What was begun for a folder, once; undefined where nothing was, or it failed. */
export async function takeCheck(path: string): Promise<Difference | null | undefined> {
  const check = begun.get(path);
  begun.delete(path);
  return await check?.catch(() => undefined);
}
