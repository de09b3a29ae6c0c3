/** One consistent state of a store's files. */
export interface Snapshot {
  /** Commit of the state; null for a folder, and for a branch that does not exist yet. */
  version: string | null;
  /** Whether the store exists at all. */
  exists: boolean;
  /** Names in a folder; empty where there is none. */
  list(folder: string): Promise<string[]>;
  /** Paths of all files below a folder; null where there are too many to be listed. */
  walk(folder: string): Promise<string[] | null>;
  /** Null where there is no such file. */
  read(path: string): Promise<Uint8Array | null>;
}

/** What to write (text or bytes) or remove (null), by path. */
export type Changes = Map<string, string | Uint8Array | null>;

export interface PruneChanges {
  /** Folders of entries that go. */
  drop: string[];
  /** Files that change with them. */
  write: Changes;
}

export interface PruneOutcome {
  /** Where the state before is kept. */
  kept: string;
  /** States of earlier prunings that were removed for good. */
  removed: string[];
}

/** Keeps the files of a store, and lets many writers change them. */
export interface StoreFiles {
  /** Where it is, in words for messages. */
  readonly description: string;
  /** A state of it. `newest`: one that is read now, also where one was read before. */
  open(options?: { newest?: boolean }): Promise<Snapshot>;
  /**
   * Applies all of the changes that `edit` asks for on the newest state, or none of them. `edit` is asked again when
   * another writer came first, so it has to find out by itself what is already there; no changes end the matter.
   *
   * @throws SosBenchError `store-conflict` when other writers kept coming first.
   */
  change(message: string, edit: (files: Snapshot) => Promise<Changes>): Promise<void>;
  /**
   * Drops entries and the history of what was changed before; the state before is kept for 30 days and then removed
   * by a later pruning. `edit` is asked again when a writer came first.
   */
  prune(edit: (files: Snapshot) => Promise<PruneChanges>): Promise<PruneOutcome>;
}

/** Days for which the state before a pruning is kept. */
export const PRUNED_DAYS = 30;
