import { checkQuickly, type FileChange } from './manifest.ts';
import { startThread } from './start-thread.ts';

/** A kept folder that is being looked at. */
export interface FolderCheck {
  /** What was found in the folders that are looked at first; null for nothing. */
  first: Promise<FileChange | null>;
  /** What was found in all. */
  whole: Promise<FileChange | null>;
  /** To be called by who waits for all of it: it gives way to nobody then. */
  hurry(): void;
}

const begun = new Map<string, FolderCheck>();

/**
 * Begins to look at a kept folder that will probably be used, in a thread, while the rest of a program is still being
 * loaded. Looking takes as long as that.
 *
 * @param first folders by path that are looked at before the others.
 */
export function beginFolderCheck(path: string, first: RegExp | null = null): void {
  if (begun.has(path)) return;
  const check = checkInThread(path, first);
  if (check !== null) begun.set(path, check);
}

/**
 * What was begun for a folder, once; else it begins now.
 *
 * @param first as above; null for who waits for all of it, for whom a thread would be a detour.
 */
export function takeFolderCheck(path: string, first: RegExp | null = null): FolderCheck {
  const check = begun.get(path) ?? (first === null ? null : checkInThread(path, first));
  begun.delete(path);
  if (check !== null) return check;
  const whole = checkQuickly(path);
  return quietly({ first: whole, whole, hurry: () => undefined });
}

/** Null where there is no file for a thread. Where one fails, this thread looks itself. */
function checkInThread(path: string, first: RegExp | null): FolderCheck | null {
  let tell: (found: FileChange | null) => void = () => undefined;
  const early = new Promise<FileChange | null>((resolve) => {
    tell = resolve;
  });
  let hurry: () => void = () => undefined;
  const waited = new Promise<void>((resolve) => {
    hurry = resolve;
  });
  const thread = startThread<FileChange | null>({ check: path, first }, tell, waited);
  if (thread === null) return null;
  const whole = thread.catch(() => checkQuickly(path));
  // A list that cannot be read tells nothing early.
  return quietly({ first: Promise.race([early, whole]), whole, hurry });
}

/** Whoever waits for it hears of a failure. */
function quietly(check: FolderCheck): FolderCheck {
  for (const promise of [check.first, check.whole]) promise.catch(() => undefined);
  return check;
}
