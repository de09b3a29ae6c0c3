import { join, resolve } from 'node:path';
import { formatCount, plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { isComparableSuite } from '../../history/lookup/find-baseline.ts';
import type { IndexLine } from '../../history/store/entry.ts';
import type { IndexReader, Store } from '../../history/store/store.ts';
import { inParallel } from '../../in-parallel.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { isHistoryPage, renderHistoryPage } from '../../report/history/document.ts';
import type { HistoryPage } from '../../report/history/page.ts';
import { checkAddress } from '../../report/links.ts';
import { makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import { requireOwnFile } from '../../system/files/own-file.ts';
import type { StoreFlags } from '../history-store.ts';
import type { Runtime } from '../runtime.ts';

export interface PageFlags extends StoreFlags {
  output: string;
  suite?: string;
  json?: boolean;
}

const PAGE = 'index.html';
/** Entries that are read whole: up to three requests each on GitHub, of which a job's token has 1,000 an hour. */
const RECENT = 50;
const READS_AT_A_TIME = 8;

/**
 * Writes the page of the trend into a folder, beside whatever else is there.
 *
 * @param open opens the store and its index; asked for when it is known that the page may be written.
 * @throws SosBenchError `usage` where a page stands there that is not ours, or no record is of the suite.
 */
export async function writeHistoryPage(
  open: () => Promise<{ store: Store; index: IndexReader }>,
  flags: PageFlags,
  runtime: Runtime,
): Promise<void> {
  const named = join(flags.output, PAGE);
  const path = resolve(runtime.cwd, named);
  await requireOwnFile(path, { named, isOwn: isHistoryPage, what: 'trend page of sos-bench' });
  const { store, index } = await open();
  const page = await collect(store, index, flags, runtime);
  for (const text of page.notes) runtime.stderr.write(`${escapeTerminal(text, 600)}\n`);
  const text = renderHistoryPage(page);
  await makeFolder(resolve(path, '..'));
  await writeFileAtomic(path, text, 0o666);
  const bytes = Buffer.byteLength(text);
  const entries = page.lines.length;
  if (flags.json) runtime.stdout.write(`${JSON.stringify({ path, bytes, entries }, null, 2)}\n`);
  runtime.stderr.write(
    `${plural(entries, 'record')} in ${escapeTerminal(named, 1000)} (${formatCount(Math.ceil(bytes / 1000))} kB)\n`,
  );
}

async function collect(
  store: Store,
  index: IndexReader,
  flags: PageFlags,
  { environment, now }: Runtime,
): Promise<HistoryPage> {
  const all = await index.all();
  const suite = flags.suite ?? all.at(-1)?.suite;
  const isOwn = (line: IndexLine) => suite !== undefined && isComparableSuite(suite, line.suite);
  const lines = all.filter(isOwn);
  if (flags.suite !== undefined && lines.length === 0) {
    const known = [...new Set(all.map((line) => line.suite))].join(', ');
    throw new SosBenchError('usage', `no record in ${store.description} is of suite ${flags.suite}`, {
      hint: known === '' ? 'it has no record at all' : `it has records of ${known}`,
    });
  }
  const others = new Map<string, number>();
  for (const line of all) if (!isOwn(line)) others.set(line.suite, (others.get(line.suite) ?? 0) + 1);
  const recent = await inParallel(lines.slice(-RECENT).reverse(), READS_AT_A_TIME, async (line) => ({
    ...{ line, read: await index.entry(line.sha) },
  }));
  const notes: string[] = [];
  const releases = await readable(() => store.releases(), new Map<string, string>(), notes);
  const waivers = await readable(() => store.waivers(), [], notes);
  const repository =
    flags.repo ??
    (environment.GITHUB_REPOSITORY || recent.find(({ read }) => read?.entry)?.read?.entry?.repository);
  return {
    store: store.description,
    lines,
    others: [...others].map(([name, entries]) => ({ suite: name, entries })),
    ...{ recent, releases, waivers },
    notes: [...index.notes, ...notes],
    repository: addressOf(repository ?? null, environment.GITHUB_SERVER_URL),
    now: now(),
  };
}

/** A broken list is told, and hides no records. */
async function readable<T>(read: () => Promise<T>, none: T, notes: string[]): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SosBenchError) || error.code !== 'store-invalid') throw error;
    notes.push(error.message);
    return none;
  }
}

/** What a store says of its repository comes from outside. */
function addressOf(repository: string | null, server: string | undefined): string | null {
  if (repository === null || !/^[\w.-]+\/[\w.-]+$/.test(repository)) return null;
  return checkAddress(`${server || 'https://github.com'}/${repository}`);
}
