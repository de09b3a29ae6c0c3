import { open } from 'node:fs/promises';
import { fileError } from '../../system/files.ts';
import {
  CUT_SHORT,
  type Fields,
  isSpace,
  makeFields,
  scanObject,
  skipSpace,
  skipValue,
} from './json-bytes.ts';
import { Refusal } from './refusal.ts';

const CHUNK = 4 * 2 ** 20;
/** Room for a record that began in the chunk before; a longer one is put together in a larger buffer. */
const REST = 2 ** 20;
/** One record is held in memory whole. */
const LARGEST_RECORD = 128 * 2 ** 20;

/** One record of a log: bytes that are valid only during the call. */
export type OnRecord = (bytes: Buffer, fields: Fields, group: string | null) => void;

/**
 * Calls `onRecord` for every JSON object of a log, in constant memory: one object a line, objects split over several
 * lines, one array of objects, or (`grouped`) an object of such arrays, whose key is passed on.
 *
 * @throws Refusal when the file is no such log or ends within a record.
 */
export async function readRecords(path: string, grouped: boolean, onRecord: OnRecord): Promise<number> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw fileError(error, path, 'read');
  });
  try {
    const walk = new Walk(grouped, onRecord);
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
        if (rest > 0) throw cutShort(walk, offset);
        break;
      }
      if (rest > LARGEST_RECORD) throw new Refusal('it has a record of more than 128 MB');
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
    if (walk.unfinished) throw cutShort(walk, offset);
    return walk.records;
  } finally {
    await file.close();
  }
}

function cutShort(walk: Walk, offset: number): Refusal {
  return new Refusal(`it ends within record ${walk.records + 1} (at byte ${offset}): it was cut short`);
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

  constructor(grouped: boolean, onRecord: OnRecord) {
    this.grouped = grouped;
    this.onRecord = onRecord;
  }

  get unfinished(): boolean {
    return this.inArray || this.inGroups;
  }

  /**
   * Takes all whole records of the bytes from `start` to `end`; the index up to which they are done with.
   *
   * @param offset place of `start` in the file, for messages.
   */
  take(bytes: Buffer, start: number, end: number, offset: number): number {
    let at = start;
    if (!this.started && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
    this.started = true;
    try {
      for (;;) {
        while (at < end && (isSpace(bytes[at]) || bytes[at] === 0x2c)) at++;
        if (at >= end) return end;
        const next = this.step(bytes, at, end);
        if (next === CUT_SHORT) return at;
        at = next;
      }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const where = `record ${this.records + 1}, byte ${offset + at - start}`;
      throw new Refusal(`it is not JSON (${where}: ${error.message.slice(0, 120)})`);
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
    this.onRecord(bytes, this.fields, this.group);
    this.records++;
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
