/** A commit on the way back. */
export interface CommitRef {
  sha: string;
  /** When it was committed. */
  date: Date;
}

/** A commit that was found, or in words why not. */
export type FoundCommit = { sha: string; problem: null } | { sha: null; problem: string };

/** How far back commits are followed. */
export const MAX_COMMITS = 1000;

/** What a base lookup asks of a repository, be it GitHub's or a local one. */
export interface CommitHistory {
  /** The commit where the work on `head` began. */
  mergeBase(base: string, head: string): Promise<FoundCommit>;
  /** The commit of a branch, tag or commit id. */
  resolve(ref: string): Promise<FoundCommit>;
  /** The commit of the latest release; of the one before it where that is of an excepted commit, and so on. */
  latestRelease(except?: ReadonlySet<string>): Promise<FoundCommit & { tag: string | null }>;
  /**
   * The commits of the latest releases, newest first.
   *
   * @param known commits by tag that need not be asked for again.
   */
  releases(most: number, known?: ReadonlyMap<string, string>): Promise<{ tag: string; sha: string }[]>;
  /**
   * A commit and its first parents, in pages, up to `MAX_COMMITS`. A merged branch's own commits were never the state of
   * the base branch, so they are passed by.
   */
  firstParents(sha: string): AsyncIterable<CommitRef[]>;
  /** Why the way back may end too early; null when it is whole. */
  limits(): Promise<string | null>;
}
