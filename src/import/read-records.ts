import { open } from 'node:fs/promises';
import { fileError } from '../system/files/files.ts';
import {
  CUT_SHORT,
  type Fields,
  isSpace,
  makeFields,
  scanObject,
  skipSpace,
  skipValue,
} from './format/json-bytes.ts';
import { BadRecord, type BadRecords, Refusal } from './refusal.ts';

const CHUNK = 4 * 2 ** 20;
/** Room for a record that began in the chunk before; a longer one is put together in a larger buffer. */
const REST = 2 ** 20;
/** One record is held in memory whole. */
const MAX_RECORD_BYTES = 128 * 2 ** 20;

/** One record of a log: bytes that are valid only during the call. */
export type OnRecord = (bytes: Buffer, fields: Fields, group: string | null) => void;

/**
 * Calls `onRecord` for every JSON object of a log, in constant memory: one object a line, objects split over several
 * lines, one array of objects, or (`grouped`) an object of such arrays, whose key is passed on. A line that is not a record
 * is counted in `bad` and passed over, as is a record for which `onRecord` throws a BadRecord, and an end within a record.
 *
 * @returns how many records `onRecord` took.
 * @throws Refusal when the file is not such a log, or the list that holds its records is not JSON.
 */
export async function readRecords(
  path: string,
  grouped: boolean,
  onRecord: OnRecord,
  bad: BadRecords,
): Promise<number> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw fileError(error, path, 'read');
  });
  try {
    const walk = new Walk(grouped, onRecord, bad);
    // While one chunk is walked through, the next is read: behind a space for what the first leaves over.
    const read = async (buffer: Buffer) => {
      const { bytesRead } = await file.read(buffer, REST, CHUNK, null);
      return bytesRead;
    };
    let [bytes, spare] = [Buffer.allocUnsafe(REST + CHUNK), Buffer.allocUnsafe(REST + CHUNK)];
    let start = REST;
    let end = REST + (await read(bytes));
    let offset = 0;
    while (end > start) {
      const pending = read(spare);
      let used = start;
      try {
        used = walk.take(bytes, start, end, offset);
      } finally {
        // The file is not closed under a read.
        await pending.catch(() => undefined);
      }
      const got = await pending;
      const rest = end - used;
      offset += used - start;
      if (got === 0) {
        if (rest > 0) walk.takeLast(bytes, used, end, offset);
        break;
      }
      if (rest > MAX_RECORD_BYTES) throw new Refusal('it has a record of more than 128 MB');
      if (rest <= REST) {
        bytes.copy(spare, REST - rest, used, end);
        [bytes, spare] = [spare, bytes.length === spare.length ? bytes : Buffer.allocUnsafe(REST + CHUNK)];
        start = REST - rest;
        end = REST + got;
      } else {
        bytes = Buffer.concat([bytes.subarray(used, end), spare.subarray(REST, REST + got)]);
        start = 0;
        end = bytes.length;
      }
    }
    if (walk.unfinished) bad.add('cut short', walk.describeCut(offset));
    return walk.records;
  } finally {
    await file.close();
  }
}

/** Where a reader stands in the log, from chunk to chunk. */
class Walk {
  records = 0;
  private readonly fields = makeFields();
  private readonly grouped: boolean;
  private readonly onRecord: OnRecord;
  private inArray = false;
  private inGroups = false;
  private group: string | null = null;
  private started = false;
  /** Whether every record stands on a line of its own; null until the first is seen. */
  private inLines: boolean | null = null;
  private readonly bad: BadRecords;

  constructor(grouped: boolean, onRecord: OnRecord, bad: BadRecords) {
    this.grouped = grouped;
    this.onRecord = onRecord;
    this.bad = bad;
  }

  get unfinished(): boolean {
    return this.inArray || this.inGroups;
  }

  /**
   * Takes all whole records of the bytes from `start` to `end`; the index up to which they are done with.
   *
   * @param offset position of `start` in the file, for messages.
   */
  take(bytes: Buffer, start: number, end: number, offset: number): number {
    let at = start;
    if (!this.started && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
    this.started = true;
    for (;;) {
      while (at < end && (isSpace(bytes[at]) || bytes[at] === 0x2c)) at++;
      if (at >= end) return end;
      const lineEnd = this.lineEnd(bytes, at, end);
      if (lineEnd === CUT_SHORT) return at;
      try {
        const next = this.step(bytes, at, lineEnd);
        if (next !== CUT_SHORT) {
          at = next;
          continue;
        }
        if (!this.inLines) return at;
        this.bad.add('cut short', `record ${this.records + 1} is cut short (at byte ${offset + at - start})`);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        const what = this.describeError(error, offset + at - start);
        if (!this.inLines) throw new Refusal(what);
        this.bad.add('not JSON', what);
      }
      at = lineEnd;
    }
  }

  /** Takes what is left at the end of the file, where no line break follows. */
  takeLast(bytes: Buffer, start: number, end: number, offset: number): void {
    if (this.unfinished) return;
    try {
      if (this.inLines && this.step(bytes, start, end) !== CUT_SHORT) return;
      this.bad.add('cut short', this.describeCut(offset));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.bad.add('not JSON', this.describeError(error, offset));
    }
  }

  describeCut(offset: number): string {
    return `it ends within record ${this.records + this.bad.count + 1} (at byte ${offset}): it was cut short`;
  }

  private describeError(error: SyntaxError, offset: number): string {
    const where = `record ${this.records + this.bad.count + 1}, byte ${offset}`;
    return `it is not JSON (${where}: ${error.message.slice(0, 120)})`;
  }

  /**
   * Where the bytes end that the next record may take: at its line's end in a log of lines, so that a line that is cut
   * spoils no other; else at the end of all.
   */
  private lineEnd(bytes: Buffer, at: number, end: number): number {
    if (this.inArray || this.inGroups || this.grouped) return end;
    if (this.inLines === false) return end;
    const found = bytes.indexOf(0x0a, at);
    const newline = found < 0 || found >= end ? CUT_SHORT : found;
    if (this.inLines === null) {
      if (bytes[at] === 0x5b) return end;
      if (newline === CUT_SHORT) {
        // A single line: all of it is needed, or it is whole already.
        if (end - at < 2 ** 20) return this.isWhole(bytes, at, end) ? end : CUT_SHORT;
        this.inLines = true;
        return CUT_SHORT;
      }
      // Objects split over lines have nothing but the brace on their first.
      this.inLines = skipSpace(bytes, at + 1, newline) < newline;
      if (!this.inLines) return end;
    }
    return newline;
  }

  private isWhole(bytes: Buffer, at: number, end: number): boolean {
    try {
      return scanObject(bytes, at, end, this.fields) !== CUT_SHORT;
    } catch {
      return true;
    }
  }

  private step(bytes: Buffer, at: number, end: number): number {
    const byte = bytes[at];
    if (this.inGroups && !this.inArray) return this.stepGroup(bytes, at, end);
    if (byte === 0x5b && !this.inArray) {
      this.inArray = true;
      return at + 1;
    }
    if (byte === 0x5d && this.inArray) {
      this.inArray = false;
      return at + 1;
    }
    if (byte !== 0x7b) throw new SyntaxError(`'${String.fromCharCode(byte!)}' where an object should start`);
    if (this.grouped && !this.inArray) {
      this.inGroups = true;
      return at + 1;
    }
    const next = scanObject(bytes, at, end, this.fields);
    if (next === CUT_SHORT) return CUT_SHORT;
    try {
      this.onRecord(bytes, this.fields, this.group);
      this.records++;
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error;
      this.bad.add(error.message, `record ${this.records + this.bad.count + 1}: ${error.message}`);
    }
    return next;
  }

  /** Between the arrays of an object of arrays: a key with its colon, or the end. */
  private stepGroup(bytes: Buffer, at: number, end: number): number {
    if (bytes[at] === 0x7d) {
      this.inGroups = false;
      return at + 1;
    }
    const keyEnd = skipValue(bytes, at, end);
    if (keyEnd === CUT_SHORT) return CUT_SHORT;
    const colon = skipSpace(bytes, keyEnd, end);
    const value = skipSpace(bytes, colon + 1, end);
    if (value >= end) return CUT_SHORT;
    if (bytes[colon] !== 0x3a || bytes[value] !== 0x5b)
      throw new SyntaxError('a task without a list of records');
    this.group = String(JSON.parse(bytes.toString('utf8', at, keyEnd)));
    this.inArray = true;
    return value + 1;
  }
}
