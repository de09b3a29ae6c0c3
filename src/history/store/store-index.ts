import { SosBenchError } from '../../error.ts';
import { inParallel } from '../../in-parallel.ts';
import type { Changes, Snapshot } from '../backends/store-files.ts';
import {
  byTime,
  encodeIndex,
  IndexFileSchema,
  type IndexLine,
  indexLine,
  parseEntry,
  parseJsonOrUndefined,
} from './entry.ts';
import {
  entryPaths,
  INDEX_FOLDER,
  indexPath,
  monthOf,
  monthOfPath,
  RUNS_FOLDER,
  shaOfEntryPath,
} from './layout.ts';

/** Requests or open files at a time. */
export const READS_AT_A_TIME = 8;

/** One month of the index as it was read. */
export interface IndexMonth {
  month: string;
  lines: IndexLine[];
  /** Null where the file was sound; else what a rebuild from the entries found. */
  rebuilt: RebuiltMonth | null;
}

export interface RebuiltMonth {
  /** Commits that the broken file named and that have no usable entry. */
  dropped: Dropped[];
}

export interface Dropped {
  sha: string;
  reason: string;
}

/** Months that have an index file, newest first. */
export async function listMonths(files: Snapshot): Promise<string[]> {
  const months = (await files.list(INDEX_FOLDER)).map(monthOfPath).filter((month) => month !== null);
  return months.sort().reverse();
}

/** The lines of one month; a broken file is made again, in memory, from the entries. */
export async function readMonth(files: Snapshot, month: string): Promise<IndexMonth> {
  const content = await files.read(indexPath(month));
  if (content === null) return { month, lines: [], rebuilt: null };
  const lines = parseIndex(month, content);
  if (lines !== null) return { month, lines, rebuilt: null };
  const shas = await listEntries(files);
  if (shas === null) throw tooManyFiles();
  return rebuildMonth(files, month, shas, content);
}

/** As `readMonth`, for who writes it next: a file that is not there may have been lost, and its entries are taken up again. */
export async function readMonthToWrite(files: Snapshot, month: string): Promise<IndexMonth> {
  if ((await files.read(indexPath(month))) !== null) return readMonth(files, month);
  const shas = await listEntries(files);
  if (shas === null) return { month, lines: [], rebuilt: null };
  const read = await rebuildMonth(files, month, shas, new Uint8Array());
  return read.lines.length === 0 ? { ...read, rebuilt: null } : read;
}

export function tooManyFiles(): SosBenchError {
  return new SosBenchError('store-unsupported', "the branch has too many files for GitHub's API to list", {
    hint: 'clone the branch and use --store folder:DIR on the clone (docs/history.md)',
  });
}

/** Null for a file that is not a sound index of the month. */
function parseIndex(month: string, content: Uint8Array): IndexLine[] | null {
  const parsed = IndexFileSchema.safeParse(parseJsonOrUndefined(content));
  if (!parsed.success) return null;
  const { entries } = parsed.data;
  const unique = new Set(entries.map(({ sha }) => sha)).size === entries.length;
  return unique && entries.every(({ created }) => monthOf(created) === month) ? entries : null;
}

/** Only entries that no other month lists are read: a store of thousands is not read whole for one bad file. */
async function rebuildMonth(
  files: Snapshot,
  month: string,
  all: readonly string[],
  broken: Uint8Array,
): Promise<IndexMonth> {
  const others = (await listMonths(files)).filter((other) => other !== month);
  const listed = new Set<string>();
  const contents = await inParallel(others, READS_AT_A_TIME, (other) => files.read(indexPath(other)));
  for (const [index, content] of contents.entries()) {
    for (const { sha } of (content && parseIndex(others[index]!, content)) ?? []) listed.add(sha);
  }
  const shas = all.filter((sha) => !listed.has(sha));
  const { lines, dropped } = await readLines(files, shas);
  const own = lines.filter(({ created }) => monthOf(created) === month);
  const known = new Set([...own.map(({ sha }) => sha), ...listed, ...shas]);
  const named = new Set(
    Buffer.from(broken)
      .toString('latin1')
      .match(/\b[0-9a-f]{40}\b/g) ?? [],
  );
  const gone = [...named]
    .filter((sha) => !known.has(sha))
    .map((sha) => ({ sha, reason: 'there is no entry' }));
  return { month, lines: own, rebuilt: { dropped: [...dropped, ...gone] } };
}

export interface RebuiltIndex {
  changes: Changes;
  /** Entries listed now. */
  entries: number;
  /** Commits that the index did not list before. */
  added: string[];
  /** Commits that are not listed (any more), and why. */
  dropped: Dropped[];
  /** The newest entry listed; null where there is none. */
  newest: IndexLine | null;
}

/** The whole index made again from the entries. */
export async function rebuildIndex(files: Snapshot): Promise<RebuiltIndex> {
  const before = new Map<string, string>();
  const months = await listMonths(files);
  const contents = await inParallel(months, READS_AT_A_TIME, (month) => files.read(indexPath(month)));
  const old = new Map(months.map((month, index) => [month, contents[index] ?? null]));
  for (const [month, content] of old) {
    for (const { sha } of (content && parseIndex(month, content)) ?? []) before.set(sha, month);
  }
  const shas = await listEntries(files);
  if (shas === null) throw tooManyFiles();
  const { lines, dropped } = await readLines(files, shas);
  const byMonth = new Map<string, IndexLine[]>();
  for (const line of lines) {
    const month = monthOf(line.created);
    byMonth.set(month, [...(byMonth.get(month) ?? []), line]);
  }
  const changes: Changes = new Map();
  for (const month of old.keys()) if (!byMonth.has(month)) changes.set(indexPath(month), null);
  for (const [month, own] of byMonth) {
    const content = encodeIndex(own);
    const was = old.get(month);
    if (!was || Buffer.from(was).toString('utf8') !== content) changes.set(indexPath(month), content);
  }
  const now = new Set(lines.map(({ sha }) => sha));
  const broken = new Set(dropped.map(({ sha }) => sha));
  for (const sha of before.keys()) {
    if (!now.has(sha) && !broken.has(sha)) dropped.push({ sha, reason: 'there is no entry' });
  }
  const added = [...now].filter((sha) => !before.has(sha));
  const newest = lines.toSorted(byTime).at(-1) ?? null;
  return { changes, entries: lines.length, added, dropped, newest };
}

/** Null where there are too many files to be listed. */
async function listEntries(files: Snapshot): Promise<string[] | null> {
  const paths = await files.walk(RUNS_FOLDER);
  return paths?.map(shaOfEntryPath).filter((sha) => sha !== null) ?? null;
}

async function readLines(files: Snapshot, shas: readonly string[]) {
  const read = await inParallel(shas, READS_AT_A_TIME, async (sha) => {
    const content = await files.read(entryPaths(sha).entry);
    return content === null ? { entry: null, problem: 'there is no entry' } : parseEntry(sha, content);
  });
  const lines: IndexLine[] = [];
  const dropped: Dropped[] = [];
  // In the order of the listing, whichever was read first.
  for (const [index, { entry, problem }] of read.entries()) {
    if (entry !== null) lines.push(indexLine(entry));
    else dropped.push({ sha: shas[index]!, reason: problem });
  }
  return { lines, dropped };
}
