import type { Snapshot, StoreFiles } from './store-files.ts';

/**
 * A store whose reads all come from one state of it: the one that was there at the first, until this process changes the store
 * itself. What a run compares with, what it leaves out and what it was told to accept then belong together, and fewer requests are
 * made. Changes take the newest state, as ever.
 */
export function oneSnapshot(files: StoreFiles): StoreFiles {
  let taken: Promise<Snapshot> | null = null;
  const forget = () => {
    taken = null;
  };
  const take = () => {
    const opening = files.open();
    taken = opening;
    // A request that failed is made again.
    opening.catch(() => {
      if (taken === opening) forget();
    });
    return opening;
  };
  return {
    description: files.description,
    open: ({ newest = false } = {}) => (newest ? take() : (taken ?? take())),
    change: (message, edit) => files.change(message, edit).finally(forget),
    prune: (edit) => files.prune(edit).finally(forget),
  };
}
