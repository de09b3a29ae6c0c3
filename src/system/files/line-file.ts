import { createReadStream } from 'node:fs';
import { type FileHandle, open, truncate } from 'node:fs/promises';
import { hasSystemCode } from '../../error.ts';

/** A file that lines are appended to; one that could not be written whole leaves nothing behind. */
export class LineFile {
  readonly #file: FileHandle;
  #last: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * Opens it, for its owner alone where it is made.
   *
   * @param flags `a` goes on with what is there, `w` begins again.
   * @throws what the system says.
   */
  static async open(path: string, flags: 'a' | 'w'): Promise<LineFile> {
    return new LineFile(await open(path, flags, 0o600));
  }

  /**
   * Appends a line; it is on the disk once this has returned. One at a time: those of several callers must not mix, nor
   * one's failure cut off another's.
   *
   * @param line with its line feed.
   * @throws what the system says.
   */
  append(line: string): Promise<void> {
    const written = this.#last.then(() => this.#write(line));
    this.#last = written.catch(() => undefined);
    return written;
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
  }

  async #write(line: string): Promise<void> {
    const { size } = await this.#file.stat();
    try {
      await this.#file.appendFile(line);
      await this.#file.datasync();
    } catch (error) {
      // A line cut short by a full disk would end up in the middle of the file at the next append.
      await this.#file.truncate(size).catch(() => undefined);
      throw error;
    }
  }
}

/**
 * Cuts off a last line that a crash tore; a file that is not there stays so.
 *
 * @throws what the system says.
 */
export async function cutTornLine(path: string): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return;
    throw error;
  }
  try {
    const { size } = await file.stat();
    const block = Buffer.alloc(65_536);
    let end = size;
    while (end > 0) {
      const from = Math.max(0, end - block.length);
      const { bytesRead } = await file.read(block, 0, end - from, from);
      const newline = block.subarray(0, bytesRead).lastIndexOf(0x0a);
      if (newline >= 0) {
        end = from + newline + 1;
        break;
      }
      end = from;
    }
    if (end < size) await truncate(path, end);
  } finally {
    await file.close();
  }
}

/**
 * The lines of a file, with their numbers from 1; none of a file that is not there.
 *
 * @throws what the system says.
 */
export async function* readKeptLines(path: string): AsyncGenerator<{ text: string; number: number }> {
  try {
    yield* readTextLines(path);
  } catch (error) {
    if (!hasSystemCode(error, 'ENOENT')) throw error;
  }
}

/**
 * The lines of a text file, with their numbers from 1. Only a line feed ends one, with or without a carriage return before it: Node's own
 * `readline` also cuts at U+2028 and U+2029, which may stand in a text of JSON.
 *
 * @throws what the system says.
 */
export async function* readTextLines(path: string): AsyncGenerator<{ text: string; number: number }> {
  let rest = '';
  let number = 0;
  const line = (text: string) => ({ text: text.endsWith('\r') ? text.slice(0, -1) : text, number: ++number });
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    if (!chunk.includes('\n')) {
      rest += chunk;
      continue;
    }
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const text of lines) yield line(text);
  }
  if (rest !== '') yield line(rest);
}
