import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { missing } from '../../history/backends/branch-files.ts';
import type { IndexLine } from '../../history/store/entry.ts';
import type { IndexReader, Store } from '../../history/store/store.ts';
import { listWaivers } from '../../history/store/waivers.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { encodeHistory, HISTORY_PARQUET_MARK } from '../../report/history/parquet.ts';
import {
  renderHistoryCsv,
  renderHistoryEntry,
  renderHistoryTable,
  renderWaivers,
} from '../../report/tables/history.ts';
import { inputDefault } from '../../settings/action-inputs.ts';
import { writeFileAtomic } from '../../system/files/files.ts';
import { requireOwnFile } from '../../system/files/own-file.ts';
import type { Waiver } from '../../verdict/schema.ts';
import { type PageFlags, writeHistoryPage } from '../export/history-page.ts';
import { inputFlag } from '../flags.ts';
import { openNamedStore, type StoreFlags } from '../history-store.ts';
import type { Runtime } from '../runtime.ts';
import { widthOfStream } from '../terminal.ts';
import { registerHistoryRecords } from './history-records.ts';

interface StoreOptions extends StoreFlags {
  json?: boolean;
}

const MIN_PREFIX_LENGTH = 4;

export function registerHistory(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const history = program
    .command('history')
    .description('The record kept for each commit: list, show, add, repair, prune.');
  const add = (name: string, description: string) =>
    history
      .command(name)
      .description(description)
      .option(...inputFlag('store'), inputDefault('store'))
      .option('--repo <OWNER/NAME>', 'Repository of a store on GitHub. Default: GITHUB_REPOSITORY.')
      .option('--token-env <NAME>', 'Environment variable that holds the token.', 'GITHUB_TOKEN')
      .option('--json', 'Print one JSON document.');
  const open = (options: StoreOptions): Promise<Store> => openNamedStore(options, runtime);
  const print = (document: unknown) => runtime.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  const width = () => widthOfStream(runtime.stdout, runtime.environment);
  const note = (text: string) => runtime.stderr.write(`${escapeTerminal(text)}\n`);
  const readIndex = async (store: Store): Promise<IndexReader> => {
    const index = await store.openIndex();
    if (!index.exists) throw missing(store.description);
    return index;
  };

  add('list', 'Entries, newest first.')
    .option('--branch <NAME>', 'Only of this branch.')
    .option('--limit <N>', 'At most so many of the newest.', wholeNumber)
    .action(async (options: StoreOptions & { branch?: string; limit?: number }) => {
      const store = await open(options);
      const index = await readIndex(store);
      const { branch, limit } = options;
      const lines = await index.latest(
        limit ?? Number.POSITIVE_INFINITY,
        (line) => branch === undefined || line.branch === branch,
      );
      const notes = [...index.notes];
      const waivers = await waiversOf(store, runtime.now(), notes);
      for (const text of notes) note(text);
      if (options.json) print({ entries: lines.reverse(), waivers, notes });
      else
        runtime.stdout.write(
          renderHistoryTable(lines, width()) + renderWaivers({ active: waivers }, width()),
        );
      finish(EXIT.passed);
    });

  add('waivers', 'Accepted drops that are in force.')
    .option('--expired', 'Those whose time is over, too.')
    .action(async (options: StoreOptions & { expired?: boolean }) => {
      const store = await open(options);
      await readIndex(store);
      const { active, expired } = await listWaivers(store, runtime.now());
      const shown = options.expired ? { active, expired } : { active };
      if (options.json) print(shown);
      else runtime.stdout.write(renderWaivers(shown, width()) || 'No waiver is in force.\n');
      finish(EXIT.passed);
    });

  add('show', 'One entry.')
    .argument('<COMMIT>', 'Commit id, or how it begins.')
    .action(async (commit: string, options: StoreOptions) => {
      const store = await open(options);
      const index = await readIndex(store);
      const sha = await findSha(index, commit.toLowerCase(), store.description);
      const read = await index.entry(sha);
      if (read?.entry == null) {
        const problem = read?.problem ?? 'the index lists it, but there is no entry';
        throw new SosBenchError('store-invalid', `the entry of ${sha} cannot be used: ${problem}`, {
          hint: "'sos-bench history rebuild' takes it out of the index",
        });
      }
      if (options.json) print(read.entry);
      else runtime.stdout.write(renderHistoryEntry(read.entry));
      finish(EXIT.passed);
    });

  registerHistoryRecords({ add, open }, runtime, finish);

  add('rebuild', 'Make the index again from the entries.').action(async (options: StoreOptions) => {
    const store = await open(options);
    await readIndex(store);
    const outcome = await store.rebuild();
    for (const { sha, reason } of outcome.dropped) note(`not in the index: ${sha}: ${reason}`);
    note(`${plural(outcome.entries, 'entry', 'entries')} in the index, ${outcome.added.length} of them new`);
    if (options.json) print(outcome);
    finish(EXIT.passed);
  });

  add('prune', 'Drop what was changed before; the state before is kept for 30 days.')
    .option('--keep <N>', 'Keep only so many of the newest entries. Default: all.', wholeNumber)
    .action(async (options: StoreOptions & { keep?: number }) => {
      const store = await open(options);
      await readIndex(store);
      const outcome = await store.prune(options.keep ?? null);
      note(
        `${plural(outcome.entries, 'entry', 'entries')} kept, ${outcome.dropped.length} dropped; the state before is ${outcome.kept}`,
      );
      for (const description of outcome.removed) note(`removed for good: ${description}`);
      if (options.json) print(outcome);
      finish(EXIT.passed);
    });

  add('export', 'The trend: factor scores of all entries, oldest first.')
    .addOption(
      new Option('--format <FORMAT>', 'What to write.').choices(['json', 'csv', 'parquet']).default('json'),
    )
    .option('--output <FILE>', 'The file, in place of the standard output; parquet needs one.')
    .action(async (options: StoreOptions & { format: string; output?: string }) => {
      const format = options.json ? 'json' : options.format;
      const target = await exportTarget(format, options.output, runtime);
      const index = await readIndex(await open(options));
      const entries = await index.all();
      for (const text of index.notes) note(text);
      if (target !== null) {
        await writeFileAtomic(target, encodeTrend(format, entries), 0o666);
        note(`${plural(entries.length, 'entry', 'entries')} in ${options.output}`);
      } else runtime.stdout.write(String(encodeTrend(format, entries)));
      finish(EXIT.passed);
    });

  add('page', 'The trend as one static page, for GitHub Pages or any web server: no network, no script.')
    .option('--output <DIR>', 'Folder of the page, index.html; one of ours is replaced.', 'site')
    .option('--suite <NAME>', "Whose records. Default: the newest record's suite.")
    .action(async (options: PageFlags) => {
      const openBoth = async () => {
        const store = await open(options);
        return { store, index: await readIndex(store) };
      };
      await writeHistoryPage(openBoth, options, runtime);
      finish(EXIT.passed);
    });
}

/** How the trend begins as a text. */
const TREND_HEADS: Record<string, string> = { json: '{\n  "entries": [', csv: 'sha,created,branch,' };

/** Where the trend is written; null for the standard output. */
async function exportTarget(
  format: string,
  output: string | undefined,
  { cwd }: Runtime,
): Promise<string | null> {
  if (output === undefined) {
    if (format !== 'parquet') return null;
    throw new SosBenchError('usage', 'parquet is no text to print', { hint: 'name a file with --output' });
  }
  const path = resolve(cwd, output);
  const isOwn = (head: string, tail: string) =>
    format === 'parquet' ? tail.includes(HISTORY_PARQUET_MARK) : head.startsWith(TREND_HEADS[format]!);
  await requireOwnFile(path, { named: output, isOwn, what: `${format} file of a trend` });
  return path;
}

function encodeTrend(format: string, entries: readonly IndexLine[]): string | Uint8Array {
  if (format === 'parquet') return encodeHistory(entries);
  return format === 'csv' ? renderHistoryCsv(entries) : `${JSON.stringify({ entries }, null, 2)}\n`;
}

/** A broken list of them is told, and hides no entries. */
async function waiversOf(store: Store, now: Date, notes: string[]): Promise<Waiver[]> {
  try {
    return (await listWaivers(store, now)).active;
  } catch (error) {
    if (!(error instanceof SosBenchError) || error.code !== 'store-invalid') throw error;
    notes.push(error.message);
    return [];
  }
}

async function findSha(index: IndexReader, prefix: string, description: string): Promise<string> {
  const found = prefix.length < MIN_PREFIX_LENGTH ? [] : await index.matching(prefix);
  if (found.length === 1) return found[0]!;
  const what =
    found.length > 1
      ? `${found.length} entries begin with '${prefix}'`
      : `no entry of '${prefix}' in ${description}`;
  throw new SosBenchError('entry-missing', what, {
    hint: found.length > 1 ? 'give more of the commit id' : "'sos-bench history list' shows those it has",
  });
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
