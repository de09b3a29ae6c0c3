import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { inParallel } from '../../in-parallel.ts';
import { parseJson } from '../../json.ts';
import { unpackJournal } from '../../record/pack-journal.ts';
import { recordPaths } from '../../record/paths.ts';
import { readRecord } from '../../record/read.ts';
import type { LoadedRecord, RunRecord } from '../../record/schema.ts';
import { makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import type { Waiver } from '../../verdict/schema.ts';
import type { Changes, PruneOutcome, Snapshot, StoreFiles } from '../backends/store-files.ts';
import { encodeBadge } from '../badge.ts';
import {
  byTime,
  type Entry,
  encodeEntry,
  encodeIndex,
  type IndexLine,
  indexLine,
  parseEntry,
  type ReadEntry,
} from './entry.ts';
import { BADGE_FILE, entryFolder, entryPaths, indexPath, monthOf, PINS_FILE } from './layout.ts';
import { encodePins, findPins, type PinSource, pinnedEntries, readPins } from './pins.ts';
import { overdueItems } from './retention.ts';
import {
  type Dropped,
  type IndexMonth,
  listMonths,
  READS_AT_A_TIME,
  readMonth,
  readMonthToWrite,
  rebuildIndex,
} from './store-index.ts';
import { editWaivers, readWaivers } from './waiver-file.ts';

/** Entries whose items are kept. */
export const DEFAULT_KEEP_ITEMS = 20;

/** The files of a record as they are stored. */
export interface RecordFiles {
  record: Uint8Array;
  /** Null for a record of means only. */
  items: Uint8Array | null;
  /** What judges said, game by game; null or left out where nothing was judged. Kept as long as the items. */
  games?: Uint8Array | null;
  /** What chose the items of a sample, for a change to be asked the same; null where all were taken. Kept as long as they. */
  plan: Uint8Array | null;
  /** What the model answered (`packJournal`), for the same model not to be asked again; null where that is not known. Kept as long as they. */
  answers: Uint8Array | null;
  verdict: Uint8Array | null;
}

export interface Stored {
  /** `older`: the store has a newer entry of this commit, and keeps it. */
  outcome: 'stored' | 'already-there' | 'older';
  /** What had to be repaired on the way, in words. */
  notes: string[];
}

/** The index, month by month: what nobody asks for is not read. */
export interface IndexReader {
  /** Commit of the branch it was read from; null for a folder. */
  version: string | null;
  exists: boolean;
  /** Reads on until lines of that time are there. */
  reach(time: Date): Promise<void>;
  /** What is known of a commit; null where there is no entry of it. A file's index is asked for what was read so far. */
  find(sha: string): FoundLine | null | Promise<FoundLine | null>;
  /** All lines, oldest first. */
  all(): Promise<IndexLine[]>;
  /** The newest lines that are wanted, oldest first. */
  latest(count: number, isWanted: (line: IndexLine) => boolean): Promise<IndexLine[]>;
  /** Lines of a model with that identity, the newest first; empty where a store has no index to look in. */
  ofModel(identity: string): Promise<IndexLine[]>;
  /** Commits with an entry whose id begins so. */
  matching(prefix: string): Promise<string[]>;
  /** The entry as this state of the store has it; null where there is none. */
  entry(sha: string): Promise<ReadEntry | null>;
  /** What is wrong with the index, in words. */
  notes: string[];
}

/** Where no more than the commit is known without fetching the entry, just that; `problem` where it cannot be used. */
export type FoundLine = IndexLine | { sha: string; problem?: string };

/** Finds and keeps records, one entry per commit. */
export interface Store {
  readonly description: string;
  openIndex(): Promise<IndexReader>;
  /** The entry of a commit, checked; null where there is none. */
  get(sha: string): Promise<ReadEntry | null>;
  /**
   * Stores an entry and its files, unless there is a newer one; drops the items of entries beyond the last ones, but for
   * those of releases and anchors.
   */
  put(entry: Entry, files: RecordFiles, pins?: PinSource | null): Promise<Stored>;
  /**
   * Copies a record into a folder, with its plan where it has one, and reads it. Where its items are not kept any more it
   * has none, and comparisons with it are unpaired.
   */
  load(entry: Entry, folder: string): Promise<LoadedRecord>;
  rebuild(): Promise<{ entries: number; added: string[]; dropped: Dropped[] }>;
  /**
   * Keeps the newest `keep` entries (null: all) and those that are pinned, and drops the history of what was changed before.
   *
   * @throws SosBenchError `store-unsupported`, as `rebuild` and `changeWaivers` do, where a store cannot do that.
   */
  prune(keep: number | null): Promise<PruneOutcome & { entries: number; dropped: string[] }>;
  /** Names of the last releases, by the commit whose entry stands for each; empty where a store does not tell. */
  releases(): Promise<ReadonlyMap<string, string>>;
  waivers(): Promise<Waiver[]>;
  /** Replaces the list of waivers by what `edit` makes of it. */
  changeWaivers(message: string, edit: (waivers: Waiver[]) => Waiver[]): Promise<void>;
}

export function createStore(
  files: StoreFiles,
  { keepItems = DEFAULT_KEEP_ITEMS }: { keepItems?: number } = {},
): Store {
  const { description } = files;
  return {
    description,
    openIndex: async () => indexReader(await files.open()),
    get: async (sha) => readEntry(await files.open(), sha),
    async put(entry, contents, pins = null) {
      let stored: Stored = { outcome: 'already-there', notes: [] };
      const source = pins && askOnce(pins);
      await files.change(`Record ${entry.sha.slice(0, 12)}`, async (snapshot) => {
        const put = await putChanges(snapshot, entry, contents, { keepItems, description, pins: source });
        stored = put.stored;
        return put.changes;
      });
      return stored;
    },
    async load(entry, folder) {
      for (let current = entry; ; ) {
        try {
          return await loadFrom(await files.open(), description, current, folder);
        } catch (error) {
          // It may have changed since it was read, or in the middle of reading: then it is read again.
          const newest = await files.open({ newest: true });
          const now = (await readEntry(newest, entry.sha))?.entry ?? current;
          if (JSON.stringify(now) === JSON.stringify(current)) throw error;
          current = now;
        }
      }
    },
    async rebuild() {
      let outcome = { entries: 0, added: [] as string[], dropped: [] as Dropped[] };
      await files.change('Rebuild the index', async (snapshot) => {
        const { changes, newest, ...rest } = await rebuildIndex(snapshot);
        outcome = rest;
        await remakeBadge(snapshot, changes, newest);
        return changes;
      });
      return outcome;
    },
    async prune(keep) {
      let entries = 0;
      let dropped: string[] = [];
      const outcome = await files.prune(async (snapshot) => {
        const lines = (await readAll(snapshot)).sort(byTime);
        const pinned = pinnedEntries(await readPins(snapshot, description));
        const old = keep === null ? [] : lines.slice(0, Math.max(0, lines.length - keep));
        const gone = old.filter(({ sha }) => !pinned.has(sha));
        const goneShas = new Set(gone.map(({ sha }) => sha));
        entries = lines.length - gone.length;
        dropped = [...goneShas];
        const write: Changes = new Map();
        for (const month of new Set(gone.map(({ created }) => monthOf(created)))) {
          const left = lines.filter(({ sha, created }) => monthOf(created) === month && !goneShas.has(sha));
          write.set(indexPath(month), left.length === 0 ? null : encodeIndex(left));
        }
        return { drop: dropped.map(entryFolder), write };
      });
      return { ...outcome, entries, dropped };
    },
    async releases() {
      const pins = await readPins(await files.open(), description);
      return new Map(
        pins.flatMap(({ tag, entry }) => (tag === null || entry === null ? [] : [[entry, tag]])),
      );
    },
    waivers: async () => readWaivers(await files.open(), description),
    changeWaivers: (message, edit) =>
      files.change(message, (snapshot) => editWaivers(snapshot, description, edit)),
  };
}

async function loadFrom(
  snapshot: Snapshot,
  description: string,
  entry: Entry,
  folder: string,
): Promise<LoadedRecord> {
  const paths = entryPaths(entry.sha);
  const [record, items, plan, answers] = await Promise.all([
    snapshot.read(paths.record),
    entry.itemsKept ? snapshot.read(paths.items) : null,
    entry.itemsKept ? snapshot.read(paths.plan) : null,
    entry.itemsKept ? snapshot.read(paths.answers) : null,
  ]);
  if (record === null) throw broken(description, entry.sha, 'its record.json is gone');
  if (entry.itemsKept && items === null) throw broken(description, entry.sha, 'its items.parquet is gone');
  await makeFolder(folder);
  const local = recordPaths(folder);
  if (items !== null) await writeFileAtomic(local.items, items);
  if (plan !== null) await writeFileAtomic(local.plan, plan);
  // Most records were not judged: no request for what is not there.
  const games = entry.itemsKept && hasJudged(record) ? await snapshot.read(paths.games) : null;
  if (games !== null) await writeFileAtomic(local.games, games);
  const journal = answers && unpackJournal(answers);
  if (journal) await writeFileAtomic(local.journal, journal);
  await writeFileAtomic(local.record, record);
  const loaded = await readRecord(folder, { items: items === null ? 'dropped' : 'required' });
  if (loaded.record.commit !== null && loaded.record.commit !== entry.sha) {
    throw broken(description, entry.sha, `its record claims to be of ${loaded.record.commit}`);
  }
  return loaded;
}

/** Whether a record that is stored says of a judge; what cannot be read says of none. */
function hasJudged(record: Uint8Array): boolean {
  try {
    return (
      (parseJson(Buffer.from(record).toString('utf8')) as Partial<RunRecord> | null)?.judge !== undefined
    );
  } catch {
    return false;
  }
}

async function readEntry(snapshot: Snapshot, sha: string): Promise<ReadEntry | null> {
  const content = await snapshot.read(entryPaths(sha).entry);
  return content === null ? null : parseEntry(sha, content);
}

async function readAll(snapshot: Snapshot): Promise<IndexLine[]> {
  const lines: IndexLine[] = [];
  for (const month of await listMonths(snapshot)) lines.push(...(await readMonth(snapshot, month)).lines);
  return lines;
}

function indexReader(snapshot: Snapshot): IndexReader {
  const lines = new Map<string, IndexLine>();
  const notes: string[] = [];
  let left: string[] | null = null;
  const readWhile = async (wanted: (month: string) => boolean) => {
    left ??= await listMonths(snapshot);
    const next = left.filter(wanted);
    left = left.filter((month) => !wanted(month));
    for (const read of await inParallel(next, READS_AT_A_TIME, (month) => readMonth(snapshot, month))) {
      for (const line of read.lines) lines.set(line.sha, line);
      notes.push(...describeRebuild(read));
    }
  };
  const all = async () => {
    await readWhile(() => true);
    return [...lines.values()].sort(byTime);
  };
  return {
    version: snapshot.version,
    exists: snapshot.exists,
    reach: (time) => readWhile((month) => month >= monthOf(time)),
    find: (sha) => lines.get(sha) ?? null,
    all,
    ofModel: async (identity) => (await all()).filter((line) => line.identity === identity).reverse(),
    latest: async (count, isWanted) => (await all()).filter(isWanted).slice(-count),
    matching: async (prefix) => (await all()).flatMap(({ sha }) => (sha.startsWith(prefix) ? [sha] : [])),
    entry: (sha) => readEntry(snapshot, sha),
    notes,
  };
}

async function putChanges(
  snapshot: Snapshot,
  given: Entry,
  contents: RecordFiles,
  { keepItems, description, pins }: { keepItems: number; description: string; pins: PinSource | null },
): Promise<{ stored: Stored; changes: Changes }> {
  const entry: Entry = { ...given, itemsKept: contents.items !== null };
  const { sha } = entry;
  const changes: Changes = new Map();
  const notes: string[] = [];
  const before = await readEntry(snapshot, sha);
  if (before?.entry) {
    // An attempt whose answer was lost may have come through, and items may have been dropped since.
    const same = { ...before.entry, itemsKept: entry.itemsKept };
    if (JSON.stringify(same) === JSON.stringify(entry))
      return { stored: { outcome: 'already-there', notes }, changes };
    if (Date.parse(before.entry.created) > Date.parse(entry.created))
      return { stored: { outcome: 'older', notes }, changes };
  }
  if (before?.problem) notes.push(`the entry of ${sha} was replaced: ${before.problem}`);
  const month = monthOf(entry.created);
  const months = new Map<string, IndexLine[]>();
  const linesOf = async (name: string): Promise<IndexLine[]> => {
    const known = months.get(name);
    if (known !== undefined) return known;
    const read = await readMonthToWrite(snapshot, name);
    notes.push(...describeRebuild(read));
    months.set(name, read.lines);
    return read.lines;
  };
  const setLines = (name: string, lines: IndexLine[]) => {
    months.set(name, lines);
    changes.set(indexPath(name), lines.length === 0 ? null : encodeIndex(lines));
  };
  if (before?.entry && monthOf(before.entry.created) !== month) {
    const old = monthOf(before.entry.created);
    setLines(
      old,
      (await linesOf(old)).filter((line) => line.sha !== sha),
    );
  }
  setLines(month, [...(await linesOf(month)).filter((line) => line.sha !== sha), indexLine(entry)]);

  const paths = entryPaths(sha);
  changes.set(paths.record, contents.record);
  await setOrRemove(snapshot, changes, paths.items, contents.items);
  await setOrRemove(snapshot, changes, paths.games, contents.games ?? null);
  await setOrRemove(snapshot, changes, paths.plan, contents.plan);
  await setOrRemove(snapshot, changes, paths.answers, contents.answers);
  await setOrRemove(snapshot, changes, paths.verdict, contents.verdict);
  changes.set(paths.entry, encodeEntry(entry));

  const allMonths = [...new Set([month, ...(await listMonths(snapshot))])].sort().reverse();
  const overdue = async (): Promise<IndexLine[]> => {
    const before = await readPins(snapshot, description);
    const pinned = pinnedEntries(before);
    const found = await overdueItems(allMonths, linesOf, keepItems, { pinned });
    if (pins === null || (found.length === 0 && pins.anchors.every((anchor) => pinned.has(anchor))))
      return found;
    const after = await findPins(before, pins, [...months.values()].flat());
    if (JSON.stringify(after) !== JSON.stringify(before)) changes.set(PINS_FILE, encodePins(after));
    const still = pinnedEntries(after);
    const released = await Promise.all(
      [...pinned].filter((other) => !still.has(other)).map((other) => readEntry(snapshot, other)),
    );
    const oldest = released.flatMap((read) => (read?.entry ? [monthOf(read.entry.created)] : [])).sort();
    return overdueItems(allMonths, linesOf, keepItems, { pinned: still, through: oldest[0] ?? null });
  };
  for (const line of await orNone(overdue, notes)) {
    await dropItems(snapshot, changes, line.sha, entry);
    const own = monthOf(line.created);
    setLines(
      own,
      (await linesOf(own)).map((other) => (other.sha === line.sha ? { ...other, itemsKept: false } : other)),
    );
  }
  if ((await newestOf(allMonths, linesOf))?.sha === sha) changes.set(BADGE_FILE, encodeBadge(entry));
  return { stored: { outcome: 'stored', notes }, changes };
}

/** The newest line of all; null where there is none. */
async function newestOf(
  months: readonly string[],
  linesOf: (month: string) => Promise<IndexLine[]>,
): Promise<IndexLine | null> {
  for (const month of months) {
    const last = (await linesOf(month)).toSorted(byTime).at(-1);
    if (last !== undefined) return last;
  }
  return null;
}

/** The badge is of the newest entry, and there is none without one. */
async function remakeBadge(snapshot: Snapshot, changes: Changes, newest: IndexLine | null): Promise<void> {
  const before = await snapshot.read(BADGE_FILE);
  const entry = newest && (await readEntry(snapshot, newest.sha))?.entry;
  const badge = entry ? encodeBadge(entry) : null;
  if (badge !== (before && Buffer.from(before).toString('utf8'))) changes.set(BADGE_FILE, badge);
}

/** However often other writers come first, releases are listed once. */
function askOnce({ history, anchors }: PinSource): PinSource {
  let releases: ReturnType<typeof history.releases> | undefined;
  return {
    anchors,
    history: {
      firstParents: (sha) => history.firstParents(sha),
      releases(most, known) {
        releases ??= history.releases(most, known);
        return releases;
      },
    },
  };
}

/** What is to be dropped; nothing, where it is not known what has to stay. */
async function orNone(overdue: () => Promise<IndexLine[]>, notes: string[]): Promise<IndexLine[]> {
  try {
    return await overdue();
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    notes.push(`no questions of older entries were dropped this time: ${error.message}`);
    return [];
  }
}

/** The record and the trend stay; the entry has what matters of the verdict. */
async function dropItems(snapshot: Snapshot, changes: Changes, sha: string, current: Entry): Promise<void> {
  const paths = entryPaths(sha);
  if (sha === current.sha) {
    for (const path of [paths.items, paths.games, paths.plan, paths.answers]) {
      changes.delete(path);
      await setOrRemove(snapshot, changes, path, null);
    }
    changes.set(paths.entry, encodeEntry({ ...current, itemsKept: false }));
    return;
  }
  for (const path of [paths.items, paths.games, paths.plan, paths.answers, paths.verdict])
    await setOrRemove(snapshot, changes, path, null);
  const read = await readEntry(snapshot, sha);
  if (read?.entry) changes.set(paths.entry, encodeEntry({ ...read.entry, itemsKept: false }));
}

/** GitHub refuses to remove what is not there. */
async function setOrRemove(
  snapshot: Snapshot,
  changes: Changes,
  path: string,
  content: Uint8Array | null,
): Promise<void> {
  if (content !== null) {
    changes.set(path, content);
    return;
  }
  const folder = path.slice(0, path.lastIndexOf('/'));
  if ((await snapshot.list(folder)).includes(path.slice(folder.length + 1))) changes.set(path, null);
}

function describeRebuild({ month, lines, rebuilt }: IndexMonth): string[] {
  if (rebuilt === null) return [];
  return [
    `the index of ${month} was broken or gone; it was made again from ${plural(lines.length, 'entry', 'entries')}`,
    ...rebuilt.dropped.map(({ sha, reason }) => `${sha} is dropped from the index: ${reason}`),
  ];
}

function broken(description: string, sha: string, what: string): SosBenchError {
  return new SosBenchError('store-invalid', `the entry of ${sha} in ${description} cannot be used: ${what}`, {
    hint: 'evaluate that commit again on the default branch',
  });
}
