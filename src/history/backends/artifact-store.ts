import { join } from 'node:path';
import { isCommitId } from '../../commit-id.ts';
import { SosBenchError } from '../../error.ts';
import { type ArtifactApi, artifactApi, type ListedArtifact } from '../../github/artifacts/artifact-api.ts';
import { type ArtifactClient, uploadArtifact } from '../../github/artifacts/upload.ts';
import type { Client } from '../../github/client.ts';
import { inParallel } from '../../in-parallel.ts';
import { MAX_PACKED_JOURNAL, unpackJournal } from '../../record/pack-journal.ts';
import { recordPaths } from '../../record/paths.ts';
import { readRecord } from '../../record/read.ts';
import { GAMES_LIMITS, PLAN_LIMITS, RECORD_LIMITS } from '../../record/unpack.ts';
import { makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import { admit, admitRun, type RunContext } from '../store/admit.ts';
import {
  byTime,
  type Entry,
  encodeEntry,
  type IndexLine,
  indexLine,
  parseEntry,
  type ReadEntry,
} from '../store/entry.ts';
import type { IndexReader, RecordFiles, Store } from '../store/store.ts';
import {
  type ArtifactKind,
  type ArtifactListing,
  artifactListing,
  artifactName,
} from './artifact-listing.ts';

export const DEFAULT_PREFIX = 'sos-bench';

const LIMITS = {
  'entry.json': 1_000_000,
  'journal.ndjson.gz': MAX_PACKED_JOURNAL,
  'verdict.json': 8_000_000,
  ...RECORD_LIMITS,
  ...PLAN_LIMITS,
  ...GAMES_LIMITS,
} as const;
type Member = keyof typeof LIMITS;

const READS_AT_A_TIME = 4;
/** Entries read for a whole list: each is up to two requests, and a job's token has 1,000 an hour. */
const MAX_ENTRIES = 200;

/** How a step uploads; without it nothing can be kept. */
export interface ArtifactUploads {
  client: () => Promise<ArtifactClient>;
  /** Folder to put files together in. */
  folder: string;
  /** Days; the repository's own setting where left out, of which no more counts. */
  retentionDays?: number | undefined;
  /** For the entry alone, from which the trend is drawn. */
  trendRetentionDays?: number | undefined;
}

/** An artifact that may be a baseline: its entry, and the files beside it. */
type Opened =
  | { entry: Entry; members: Map<Member, Buffer>; problem: null }
  | { entry: null; problem: string };

/**
 * A store in the artifacts of a repository's own workflow runs. A record is uploaded by the run that made it and found by
 * others over REST. Artifacts go when their time is over, and hold nothing that changes: no waivers, no index.
 *
 * @param prefix what the artifacts' names begin with.
 */
export function artifactStore(
  client: Client,
  { prefix = DEFAULT_PREFIX, uploads = null }: { prefix?: string; uploads?: ArtifactUploads | null } = {},
): Store {
  const api = artifactApi(client);
  const { description } = api;
  const listing = artifactListing(api, prefix);
  const read = entryReader(api, listing);
  const unsupported = (what: string, hint: string) =>
    new SosBenchError('store-unsupported', `${description} ${what}`, { hint });
  return {
    description,
    openIndex: async () => indexReader(listing, read),
    get: async (sha) => indexReader(listing, read).entry(sha),
    async put(entry, files) {
      if (uploads === null) {
        throw unsupported(
          'are written by the action alone',
          'record with the action in a workflow, or use store: folder:DIR',
        );
      }
      return { outcome: 'stored', notes: await upload(prefix, uploads, entry, files) };
    },
    async load(entry, folder) {
      const { sha } = entry;
      await listing.look('baseline', sha, null);
      const opened = await read('baseline', sha);
      const refuse = (what: string) =>
        new SosBenchError('store-invalid', `the record of ${sha} in ${description} cannot be used: ${what}`, {
          hint: 'evaluate that commit again on the default branch',
        });
      if (opened?.entry == null) throw refuse(opened?.problem ?? 'it is gone');
      const { members } = opened;
      const [record, items, plan, answers] = [
        members.get('record.json'),
        members.get('items.parquet'),
        members.get('plan.json'),
        members.get('journal.ndjson.gz'),
      ];
      if (record === undefined) throw refuse('it has no record.json');
      await makeFolder(folder);
      const paths = recordPaths(folder);
      if (items !== undefined) await writeFileAtomic(paths.items, items);
      const games = members.get('games.parquet');
      if (games !== undefined) await writeFileAtomic(paths.games, games);
      if (plan !== undefined) await writeFileAtomic(paths.plan, plan);
      const journal = answers && unpackJournal(answers);
      if (journal) await writeFileAtomic(paths.journal, journal);
      await writeFileAtomic(paths.record, record);
      const loaded = await readRecord(folder, { items: items === undefined ? 'dropped' : 'required' });
      if (loaded.record.commit !== sha)
        throw refuse(`it claims to be of ${loaded.record.commit ?? 'no commit'}`);
      return loaded;
    },
    rebuild: async () => {
      throw unsupported('have no index to rebuild', 'nothing to do: GitHub lists them');
    },
    prune: async () => {
      throw unsupported(
        'are not pruned: each goes when its retention is over',
        'set retention-days and trend-retention-days where they are recorded',
      );
    },
    releases: async () => new Map(),
    waivers: async () => [],
    changeWaivers: async () => {
      throw unsupported('cannot keep a waiver', 'use store: branch, or store: folder:DIR');
    },
  };
}

/** Uploads the record with its entry, and the entry alone; what else is to be said, in words. */
async function upload(
  prefix: string,
  { client: load, folder, retentionDays, trendRetentionDays }: ArtifactUploads,
  entry: Entry,
  files: RecordFiles,
): Promise<string[]> {
  const root = join(folder, `baseline-${entry.sha.slice(0, 12)}`);
  await makeFolder(root);
  const contents: Record<Member, string | Uint8Array | null> = {
    'entry.json': encodeEntry({ ...entry, itemsKept: files.items !== null }),
    'record.json': files.record,
    'items.parquet': files.items,
    'games.parquet': files.games ?? null,
    'plan.json': files.plan,
    'journal.ndjson.gz': files.answers,
    'verdict.json': files.verdict,
  };
  const paths: string[] = [];
  for (const [name, content] of Object.entries(contents)) {
    if (content === null) continue;
    paths.push(join(root, name));
    await writeFileAtomic(join(root, name), content);
  }
  const client = await load();
  const name = (kind: ArtifactKind) => artifactName(prefix, kind, entry.sha);
  await uploadArtifact(client, {
    ...{ name: name('baseline'), files: paths, root, retentionDays },
    beside: true,
  });
  try {
    const trend = { name: name('trend'), files: [join(root, 'entry.json')], root, beside: true };
    await uploadArtifact(client, { ...trend, retentionDays: trendRetentionDays });
    return [];
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return [`the record is kept, but not its point of the trend: ${error.message}`];
  }
}

type EntryReader = (kind: ArtifactKind, sha: string) => Promise<Opened | null>;

/**
 * Reads the first artifact of a commit that may be a baseline: null where there is none at all. What GitHub says of its run
 * is asked before anything is fetched.
 */
function entryReader(api: ArtifactApi, listing: ArtifactListing): EntryReader {
  const opened = new Map<number, Promise<Opened>>();
  const open = async (artifact: ListedArtifact): Promise<Opened> => {
    const { sha } = artifact.run!;
    const [{ name: repository, defaultBranch }, run] = await Promise.all([
      api.repository(),
      api.run(artifact.run!.id),
    ]);
    const { event, branch, repository: headRepository, sha: headSha } = run;
    const context: RunContext = { repository, headRepository, defaultBranch, branch, event, headSha };
    const refused = admitRun(context).reason;
    if (refused !== null) return { entry: null, problem: refused };
    try {
      const members = await api.read(artifact, LIMITS);
      const content = members.get('entry.json');
      if (content === undefined) return { entry: null, problem: 'it has no entry.json' };
      const parsed = parseEntry(sha, content);
      if (parsed.entry === null) return parsed;
      const { reason } = admit(parsed.entry, parsed.entry.sha, context);
      return reason === null
        ? { entry: parsed.entry, members, problem: null }
        : { entry: null, problem: reason };
    } catch (error) {
      if (!(error instanceof SosBenchError) || error.code !== 'artifact-unusable') throw error;
      return { entry: null, problem: error.message };
    }
  };
  return async (kind, sha) => {
    let first: Opened | null = null;
    for (const artifact of listing.of(kind, sha)) {
      const known = opened.get(artifact.id) ?? open(artifact);
      opened.set(artifact.id, known);
      const result = await known;
      if (result.entry !== null) return result;
      first ??= result;
    }
    return first;
  };
}

function indexReader(listing: ArtifactListing, read: EntryReader): IndexReader {
  let since: Date | null = null;
  const notes: string[] = [];
  /** The entry as the trend has it, or the record where that has none. */
  const entryOf = async (sha: string): Promise<Opened | null> => {
    const trend = await read('trend', sha);
    return trend?.entry ? trend : ((await read('baseline', sha)) ?? trend);
  };
  const hasRecord = (sha: string) => listing.of('baseline', sha).some(({ expired }) => !expired);
  const linesOf = async (shas: readonly string[]): Promise<IndexLine[]> => {
    const found = await inParallel(shas, READS_AT_A_TIME, async (sha) => [sha, await entryOf(sha)] as const);
    return found.flatMap(([sha, opened]) => {
      if (opened?.entry) return [indexLine(withItems(opened.entry, hasRecord(sha)))];
      notes.push(`${sha} is skipped: ${opened?.problem ?? 'there is no entry'}`);
      return [];
    });
  };
  const latest: IndexReader['latest'] = async (count, isWanted) => {
    const lines: IndexLine[] = [];
    const done = new Set<string>();
    for (let more = true; more && lines.length < count && done.size < MAX_ENTRIES; ) {
      more = await listing.readPage();
      const shas = listing.shas().filter((sha) => !done.has(sha));
      while (shas.length > 0 && lines.length < count && done.size < MAX_ENTRIES) {
        const next = shas.splice(0, Math.min(count - lines.length, MAX_ENTRIES - done.size));
        for (const sha of next) done.add(sha);
        lines.push(...(await linesOf(next)).filter(isWanted));
      }
      if (done.size === MAX_ENTRIES) notes.push(`only the newest ${MAX_ENTRIES} entries were read`);
    }
    return lines.sort(byTime).slice(-count);
  };
  return {
    version: null,
    exists: true,
    get notes() {
      return [...listing.notes, ...notes];
    },
    async reach(time) {
      since = time;
    },
    async find(sha) {
      await listing.look('baseline', sha, since);
      const [first] = listing.of('baseline', sha);
      if (first === undefined) return null;
      const { expired, expires } = first;
      return expired
        ? { sha, problem: `its artifact expired${expires ? ` on ${expires.slice(0, 10)}` : ''}` }
        : { sha };
    },
    // Each entry would be two requests.
    ofModel: async () => [],
    all: () => latest(Number.POSITIVE_INFINITY, () => true),
    latest,
    async matching(prefix) {
      if (isCommitId(prefix)) {
        for (const kind of ['baseline', 'trend'] as const) await listing.look(kind, prefix, null);
      } else while (await listing.readPage());
      return listing.shas().filter((sha) => sha.startsWith(prefix));
    },
    async entry(sha) {
      await listing.look('baseline', sha, since);
      const found = hasRecord(sha) ? await read('baseline', sha) : null;
      if (found !== null) return toReadEntry(found);
      await listing.look('trend', sha, since);
      const trend = await read('trend', sha);
      return trend && toReadEntry(trend.entry ? { ...trend, entry: withItems(trend.entry, false) } : trend);
    },
  };
}

function toReadEntry({ entry, problem }: Opened): ReadEntry {
  return entry === null ? { entry, problem } : { entry, problem: null };
}

function withItems(entry: Entry, areKept: boolean): Entry {
  return { ...entry, itemsKept: entry.itemsKept && areKept };
}
