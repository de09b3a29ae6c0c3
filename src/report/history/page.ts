import type { IndexLine, ReadEntry } from '../../history/store/entry.ts';
import type { Waiver } from '../../verdict/schema.ts';

/** All that the page of the trend shows: names, numbers and hashes, and no question or answer. */
export interface HistoryPage {
  /** Where the records are, in words. */
  store: string;
  /** Entries whose scores are one line, oldest first. */
  lines: readonly IndexLine[];
  /** Other suites in the store, which make lines of their own. */
  others: readonly { suite: string; entries: number }[];
  /** The newest of the lines as they were read, newest first; null where the index lists what is not there. */
  recent: readonly { line: IndexLine; read: ReadEntry | null }[];
  /** Names of the last releases, by the commit of the record that stands for each. */
  releases: ReadonlyMap<string, string>;
  /** Drops that people accepted, those of the past too. */
  waivers: readonly Waiver[];
  /** What could not be read, in words. */
  notes: readonly string[];
  /** Address of the repository, `https://github.com/owner/name`; null where it is not known. */
  repository: string | null;
  now: Date;
}
