/** What the cache is made of. */
export type EntryKind =
  /** A Python environment: one per set of locks and Python. */
  | 'python'
  /** A data set as the harness's library keeps it to read it fast. */
  | 'dataset'
  /** A data set or model of the Hub, where its cache has been put inside ours. */
  | 'hub'
  /** A model of the demonstration, or one saved in another format for a server. */
  | 'model'
  /** A commit of LiveBench. */
  | 'code'
  /** What a worker printed before a command failed. */
  | 'log'
  /** SHA-256 of a large file of a model, which need not be read whole again. */
  | 'digest'
  /** Finished chunks of a run, kept so that it can go on. */
  | 'state'
  /** A model's answers to a judge's questions, and what judges said of them. */
  | 'answers'
  /** What a build, a download or a clean-up that broke off left. */
  | 'broken'
  /** Anything else, links among it. */
  | 'other';

/** One thing in the cache that can be there or not. */
export interface CacheEntry {
  kind: EntryKind;
  path: string;
  /** What its removal frees. */
  bytes: number;
  lastUsed: Date;
  /** Whether the next run of this version here would use it. */
  current: boolean;
}

/** What becomes of an entry, and why. */
export interface Decision {
  entry: CacheEntry;
  remove: boolean;
  reason: string;
}
