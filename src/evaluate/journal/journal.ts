import { lstat, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasSystemCode, SosBenchError } from '../../error.ts';
import { parseJson } from '../../json.ts';
import { fileError, makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import { LineFile } from '../../system/files/line-file.ts';
import {
  JOURNAL_SCHEMA_VERSION,
  type JournalEntry,
  type JournalIdentity,
  type JournalLine,
  JournalLineSchema,
  type JournalMade,
  type JournalSource,
} from './entry.ts';
import { requireSameIdentity } from './identity.ts';
import { type Sign, signLine, unsignedLine } from './signature.ts';
import { type JournalState, replayJournal } from './state.ts';

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
    options: {
      fresh: boolean;
      now: () => Date;
      copy?: JournalCopy | null;
      sign?: Sign | null;
      made?: JournalMade;
    },
  ): Promise<{ journal: Journal; state: JournalState; resumed: boolean }> {
    await refuseLink(path);
    const content = options.fresh ? Buffer.alloc(0) : await readContent(path);
    const entries = parseEntries(path, content);
    const header = entries[0];
    if (header !== undefined) {
      if (header.type !== 'header') throw invalidLine(path, 1, 'it does not begin with a header');
      requireSameIdentity(path, header.identity, identity, AFRESH);
    } else if (!isTornHeader(content)) {
      throw invalidLine(path, 1, 'it does not begin with a header');
    }
    try {
      // Only now is it known to be ours.
      if (header !== undefined) await cutTornLine(path, content);
      const first = header === undefined ? null : unsignedLine(firstLine(content));
      const lines = await LineFile.open(path, header === undefined ? 'w' : 'a');
      const journal = new Journal(path, lines, options.sign ?? null, first);
      const started = header?.started ?? options.now().toISOString();
      if (header === undefined) {
        const { made } = options;
        await journal.#write({
          ...{ type: 'header', schemaVersion: JOURNAL_SCHEMA_VERSION, started, identity },
          ...(made && { made }),
        });
      }
      if (options.copy) await journal.#beginCopy(options.copy);
      return {
        journal,
        state: replayJournal(started, header?.source ?? null, entries),
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

  async #write(entry: JournalLine): Promise<void> {
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
  made?: JournalMade | null;
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
  if (header.type !== 'header') throw invalidLine(path, 1, 'it does not begin with a header');
  return {
    identity: header.identity,
    started: header.started,
    source: header.source ?? null,
    made: header.made ?? null,
    entries: entries.filter((entry) => entry.type !== 'header'),
  };
}

/** A journal as text, as a run with these entries would have left it, signed where `sign` is given. */
export function encodeJournal(
  { identity, started, source, made, entries }: JournalContent,
  sign: Sign | null = null,
): string {
  const header: JournalLine = {
    type: 'header',
    schemaVersion: JOURNAL_SCHEMA_VERSION,
    started,
    identity,
    ...(source == null ? {} : { source }),
    ...(made == null ? {} : { made }),
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
  if (there?.isSymbolicLink()) throw invalidLine(path, 1, 'it is a link');
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

function parseEntries(path: string, content: Buffer): JournalLine[] {
  const end = content.lastIndexOf(0x0a) + 1;
  const lines = content.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => {
    try {
      return JournalLineSchema.parse(parseJson(line));
    } catch (cause) {
      throw invalidLine(path, index + 1, 'it is not what this version writes', cause);
    }
  });
}

function invalidLine(path: string, line: number, why: string, cause?: unknown): SosBenchError {
  return new SosBenchError('journal-invalid', `${path} line ${line} cannot be read: ${why}`, {
    hint: 'restore the file, or start over with --fresh',
    cause,
  });
}

const AFRESH = 'use another --output folder, or --fresh to discard what is there';
