import { lstat, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { hasSystemCode, SosBenchError } from '../../error.ts';
import {
  type ModelLoaded,
  ModelLoadedSchema,
  type WorkerItem,
  WorkerItemSchema,
} from '../../harness/lm-eval/messages.ts';
import { ownValue, parseJson } from '../../json.ts';
import type { Unscored } from '../../record/results/unscored.ts';
import { type SandboxUse, SandboxUseSchema } from '../../record/schema.ts';
import { fileError, makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import { LineFile } from '../../system/files/line-file.ts';
import { type Sign, signLine, unsignedLine } from './signature.ts';

export const JOURNAL_SCHEMA_VERSION = 1;

/** What a journal's results belong to. A run that differs in any of these must not continue it. */
export const JournalIdentitySchema = z.object({
  planHash: z.string(),
  modelDigest: z.string(),
  /** Of all that the model class loads; left out where a server has the model, and by older versions. */
  modelIdentity: z.string().optional(),
  /** The protocol's settings as `name -> value`, so that a difference can be named. */
  protocol: z.record(z.string(), z.string()),
});
export type JournalIdentity = z.infer<typeof JournalIdentitySchema>;

/** The server that answered LiveBench, in its own words. */
const JournalServerSchema = z.object({
  kind: z.string(),
  versions: z.record(z.string(), z.string()),
  /** What a server given calls the model; null for one of ours, whose model the header names. */
  model: z.string().nullable().default(null),
});
export type JournalServer = z.infer<typeof JournalServerSchema>;

/** Where the lines were had that a run began with. Of what was an unsigned artifact once, it stays that. */
const JournalSourceSchema = z.enum(['state-dir', 'artifact', 'signed-artifact']);
export type JournalSource = z.infer<typeof JournalSourceSchema>;

const EntrySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('header'),
    schemaVersion: z.literal(JOURNAL_SCHEMA_VERSION),
    started: z.iso.datetime(),
    identity: JournalIdentitySchema,
    source: JournalSourceSchema.optional(),
  }),
  z.object({ type: z.literal('hello'), hello: ModelLoadedSchema, seconds: z.number() }),
  z.object({ type: z.literal('server'), server: JournalServerSchema, seconds: z.number() }),
  /** Scoring begins; it holds no device. */
  z.object({ type: z.literal('sandbox'), sandbox: SandboxUseSchema, seconds: z.literal(0) }),
  z.object({
    type: z.literal('chunk'),
    chunk: z.string(),
    seconds: z.number(),
    batchSize: z.string(),
    items: z.array(WorkerItemSchema),
    /** Questions of the chunk that have no score; left out where all have one. */
    unscored: z.array(z.object({ docId: z.number(), id: z.string(), reason: z.string() })).optional(),
  }),
  z.object({
    type: z.literal('fault'),
    chunk: z.string(),
    kind: z.string(),
    message: z.string(),
    seconds: z.number(),
    batchSize: z.string(),
    /** What the worker ran on; a size that did not fit there need not be tried again. */
    device: z.string().optional(),
  }),
]);
type Entry = z.infer<typeof EntrySchema>;
export type JournalEntry = Exclude<Entry, { type: 'header' }>;
type ChunkEntry = Extract<Entry, { type: 'chunk' }>;

/** A failure of an earlier attempt; `device` is null where it was not written down. */
export interface PastFault {
  chunk: string;
  kind: string;
  message: string;
  batchSize: string;
  device: string | null;
}

/** What earlier attempts left. */
export interface JournalState {
  started: string;
  /** Null where it was begun in this very folder. */
  source: JournalSource | null;
  /** The last loaded model's own words; null when no model was loaded yet. */
  modelLoaded: ModelLoaded | null;
  /** The last server that was asked; null when none was yet. */
  server: JournalServer | null;
  /** What graders ran in. */
  sandboxes: SandboxUse[];
  results: Map<string, WorkerItem[]>;
  /** By chunk, what has no score; only chunks with some. */
  unscored: Map<string, Unscored[]>;
  faults: PastFault[];
  /** Ways in which workers read requests, see `HelloSchema`; one that did not say is left out. */
  engines: Set<NonNullable<ModelLoaded['engine']>>;
  /** By device (`deviceKey`), the tokens that a batch could hold when it was first used. */
  budgets: Map<string, number>;
  /** Seconds a device was held: loading, finished chunks and failed ones. */
  deviceSeconds: number;
}

/** A second journal with the same lines, elsewhere. It is a help: a run goes on without it. */
export interface JournalCopy {
  path: string;
  /** Told once, when it could not be written (any more). */
  onLost: (reason: string) => void;
}

/** An append-only log of finished chunks: what is in it is done, whatever happens next. */
export class Journal {
  readonly #path: string;
  readonly #lines: LineFile;
  readonly #sign: Sign | null;
  /** As JSON, unsigned; null before it is written. */
  #header: string | null;
  #copy: (JournalCopy & { lines: LineFile }) | null = null;

  private constructor(path: string, lines: LineFile, sign: Sign | null, header: string | null) {
    this.#path = path;
    this.#lines = lines;
    this.#sign = sign;
    this.#header = header;
  }

  /**
   * Opens the journal of a run folder, creating it when there is none. A last line torn by a crash is cut
   * off.
   *
   * @param options.sign signs each line that is written; none where left out.
   * @throws SosBenchError `journal-invalid` (unreadable in the middle), `journal-mismatch` (another plan,
   *   model or protocol), `disk-full`, `permission-denied`.
   */
  static async open(
    path: string,
    identity: JournalIdentity,
    options: { fresh: boolean; now: () => Date; copy?: JournalCopy | null; sign?: Sign | null },
  ): Promise<{ journal: Journal; state: JournalState; resumed: boolean }> {
    await refuseLink(path);
    const content = options.fresh ? Buffer.alloc(0) : await readContent(path);
    const entries = parseEntries(path, content);
    const header = entries[0];
    if (header !== undefined) {
      if (header.type !== 'header') throw invalid(path, 1, 'it does not begin with a header');
      requireSameIdentity(path, header.identity, identity, AFRESH);
    } else if (!isTornHeader(content)) {
      throw invalid(path, 1, 'it does not begin with a header');
    }
    try {
      // Only now is it known to be ours.
      if (header !== undefined) await cutTornLine(path, content);
      const first = header === undefined ? null : unsignedLine(firstLine(content));
      const lines = await LineFile.open(path, header === undefined ? 'w' : 'a');
      const journal = new Journal(path, lines, options.sign ?? null, first);
      const started = header?.started ?? options.now().toISOString();
      if (header === undefined) {
        await journal.#write({ type: 'header', schemaVersion: JOURNAL_SCHEMA_VERSION, started, identity });
      }
      if (options.copy) await journal.#beginCopy(options.copy);
      return {
        journal,
        state: summarise(started, header?.source ?? null, entries),
        resumed: header !== undefined,
      };
    } catch (error) {
      throw fileError(error, path, 'write');
    }
  }

  /** Appends an entry; it counts once this has returned, because it is on the disk. */
  async append(entry: JournalEntry): Promise<void> {
    try {
      await this.#write(entry);
    } catch (error) {
      throw fileError(error, this.#path, 'write');
    }
  }

  async close(): Promise<void> {
    await this.#lines.close();
    await this.#copy?.lines.close().catch(() => undefined);
  }

  async #beginCopy(copy: JournalCopy): Promise<void> {
    try {
      await makeFolder(dirname(copy.path), 0o700);
      await writeFileAtomic(copy.path, await readFile(this.#path));
      this.#copy = { ...copy, lines: await LineFile.open(copy.path, 'a') };
    } catch (error) {
      copy.onLost(error instanceof Error ? error.message : String(error));
    }
  }

  async #writeCopy(line: string): Promise<void> {
    const copy = this.#copy;
    if (copy === null) return;
    try {
      await copy.lines.append(line);
    } catch (error) {
      if (this.#copy !== copy) return;
      this.#copy = null;
      await copy.lines.close().catch(() => undefined);
      copy.onLost(error instanceof Error ? error.message : String(error));
    }
  }

  async #write(entry: Entry): Promise<void> {
    const text = JSON.stringify(entry);
    const line = `${this.#sign === null ? text : signLine(text, this.#header, this.#sign)}\n`;
    this.#header ??= text;
    await this.#lines.append(line);
    await this.#writeCopy(line);
  }
}

/** What a journal holds, told without changing it: a last line torn by a crash is passed over. */
export interface JournalContent {
  identity: JournalIdentity;
  started: string;
  /** See `JournalState`. */
  source?: JournalSource | null;
  entries: JournalEntry[];
}

/**
 * Reads a journal that somebody else may be writing.
 *
 * @returns null where there is none, or nothing in it yet.
 * @throws SosBenchError `journal-invalid`, `permission-denied`.
 */
export async function readJournal(path: string): Promise<JournalContent | null> {
  return parseJournal(path, await readContent(path));
}

/**
 * Reads what was in a journal.
 *
 * @param path what to call it in errors.
 * @returns null where there is nothing in it yet.
 * @throws SosBenchError `journal-invalid`.
 */
export function parseJournal(path: string, content: Buffer): JournalContent | null {
  const [header, ...entries] = parseEntries(path, content);
  if (header === undefined) return null;
  if (header.type !== 'header') throw invalid(path, 1, 'it does not begin with a header');
  return {
    identity: header.identity,
    started: header.started,
    source: header.source ?? null,
    entries: entries.filter((entry) => entry.type !== 'header'),
  };
}

/** A journal as text, as a run with these entries would have left it, signed where `sign` is given. */
export function encodeJournal(
  { identity, started, source, entries }: JournalContent,
  sign: Sign | null = null,
): string {
  const header: Entry = {
    type: 'header',
    schemaVersion: JOURNAL_SCHEMA_VERSION,
    started,
    identity,
    ...(source == null ? {} : { source }),
  };
  const [first, ...others] = [header, ...entries].map((entry) => JSON.stringify(entry));
  const lines =
    sign === null
      ? [first, ...others]
      : [signLine(first!, null, sign), ...others.map((text) => signLine(text, first!, sign))];
  return lines.map((line) => `${line}\n`).join('');
}

async function readContent(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return Buffer.alloc(0);
    throw fileError(error, path, 'read');
  }
}

/** Where a journal is written, a link would have what it names cut or made. */
async function refuseLink(path: string): Promise<void> {
  const there = await lstat(path).catch(() => null);
  if (there?.isSymbolicLink()) throw invalid(path, 1, 'it is a link');
}

/** A run that was killed as it began may have left a part of the first line, and no other. */
function isTornHeader(content: Buffer): boolean {
  const text = content.subarray(0, HEADER_START.length).toString('utf8');
  return HEADER_START.startsWith(text);
}

const HEADER_START = '{"type":"header","schemaVersion":';

function firstLine(content: Buffer): string {
  return content.subarray(0, content.indexOf(0x0a)).toString('utf8');
}

async function cutTornLine(path: string, content: Buffer): Promise<void> {
  const end = content.lastIndexOf(0x0a) + 1;
  if (end < content.length) await truncate(path, end);
}

function parseEntries(path: string, content: Buffer): Entry[] {
  const end = content.lastIndexOf(0x0a) + 1;
  const lines = content.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => {
    try {
      return EntrySchema.parse(parseJson(line));
    } catch (cause) {
      throw invalid(path, index + 1, 'it is not what this version writes', cause);
    }
  });
}

function invalid(path: string, line: number, why: string, cause?: unknown): SosBenchError {
  return new SosBenchError('journal-invalid', `${path} line ${line} cannot be read: ${why}`, {
    hint: 'restore the file, or start over with --fresh',
    cause,
  });
}

const SHOWN_DIFFERENCES = 5;
const AFRESH = 'use another --output folder, or --fresh to discard what is there';

/** What two runs differ in, so that their results do not belong together; empty where they do. */
export function identityDifferences(old: JournalIdentity, wanted: JournalIdentity): string[] {
  const differences: string[] = [];
  if (old.modelDigest !== wanted.modelDigest) differences.push('the model (its digest)');
  else if (old.modelIdentity !== wanted.modelIdentity) differences.push('the model (what is loaded of it)');
  if (old.planHash !== wanted.planHash) differences.push('the plan (its items)');
  for (const name of new Set([...Object.keys(old.protocol), ...Object.keys(wanted.protocol)])) {
    const [before, after] = [ownValue(old.protocol, name), ownValue(wanted.protocol, name)];
    if (before !== after) differences.push(`${name} (${before ?? 'absent'}, now ${after ?? 'absent'})`);
  }
  return differences;
}

/**
 * @param hint what to do about it.
 * @throws SosBenchError `journal-mismatch`, naming what differs.
 */
export function requireSameIdentity(
  path: string,
  old: JournalIdentity,
  wanted: JournalIdentity,
  hint: string,
): void {
  const differences = identityDifferences(old, wanted);
  if (differences.length === 0) return;
  const shown = differences.slice(0, SHOWN_DIFFERENCES).join(', ');
  const more = differences.length - SHOWN_DIFFERENCES;
  throw new SosBenchError(
    'journal-mismatch',
    `${path} belongs to another run; different: ${shown}${more > 0 ? ` and ${more} more` : ''}`,
    { hint },
  );
}

function summarise(started: string, source: JournalSource | null, entries: readonly Entry[]): JournalState {
  const state: JournalState = {
    started,
    source,
    modelLoaded: null,
    server: null,
    sandboxes: [],
    results: new Map(),
    unscored: new Map(),
    faults: [],
    engines: new Set(),
    budgets: new Map(),
    deviceSeconds: 0,
  };
  for (const entry of entries) {
    if (entry.type === 'header') continue;
    state.deviceSeconds += entry.seconds;
    if (entry.type === 'hello') applyModelLoaded(state, entry.hello);
    else if (entry.type === 'server') state.server = entry.server;
    else if (entry.type === 'sandbox') state.sandboxes.push(entry.sandbox);
    else if (entry.type === 'chunk') keepChunk(state, entry);
    else state.faults.push(pastFault(entry));
  }
  return state;
}

/** What a worker said of the loaded model. The first budget of a device stays: batches decide last digits. */
export function applyModelLoaded(state: JournalState, modelLoaded: ModelLoaded): void {
  state.modelLoaded = modelLoaded;
  if (modelLoaded.engine != null) state.engines.add(modelLoaded.engine);
  const key = deviceKey(modelLoaded.device);
  if (modelLoaded.batchTokens != null && !state.budgets.has(key))
    state.budgets.set(key, modelLoaded.batchTokens);
}

/** A kind of device, whichever slot it is in. */
export function deviceKey({ type, name, count, memory }: ModelLoaded['device']): string {
  return JSON.stringify([type, name, count, memory]);
}

/** What became of a chunk; of several tries the last counts. */
export function keepChunk(
  { results, unscored }: Pick<JournalState, 'results' | 'unscored'>,
  { chunk, items, unscored: without = [] }: Pick<ChunkEntry, 'chunk' | 'items' | 'unscored'>,
): void {
  results.set(chunk, items);
  if (without.length > 0) unscored.set(chunk, without);
  else unscored.delete(chunk);
}

function pastFault({
  chunk,
  kind,
  message,
  batchSize,
  device,
}: Extract<Entry, { type: 'fault' }>): PastFault {
  return { chunk, kind, message, batchSize, device: device ?? null };
}
