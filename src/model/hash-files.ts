import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { inParallel } from '../in-parallel.ts';
import { isSha256 } from '../sha256.ts';
import { fileError, makeFolder, writeFileAtomic } from '../system/files/files.ts';

/** Files from this size on are hashed beside one another, and remembered. */
const LARGE = 4 * 2 ** 20;
const LOOKS_AT_A_TIME = 16;
/** More readers than these make a disk slower, not faster. */
const MAX_READERS = 4;
/** A file that was changed so shortly before it was read may be changed again within one tick of its clock. */
const SETTLED_NS = 2_000_000_000n;

export interface HashOptions {
  /** The user's cache; digests of large files are kept in it. */
  cache: string;
  signal: AbortSignal;
  /** Whether what an earlier run remembered is read again all the same: whoever may write the cache decides what is in it. */
  forget?: boolean;
  /** Digests that this run has taken, for taking them again. */
  known?: Map<string, string>;
  /** Told before anything large is read: bytes in all. */
  onLarge?: (bytes: number) => void;
}

/**
 * SHA-256 of whole files, in hex, in their order. Large ones are read by threads, up to four at a time. The digest of a large file is
 * remembered by device, inode, size, and the times of its last change of content and of status (which nobody sets but the system), in the
 * user's cache: a link, a copy or another file under the same name are others.
 *
 * @throws SosBenchError `model-changed` where a file changes while it is read, `model-unreadable`, `permission-denied`, `interrupted`.
 */
export async function hashFiles(paths: readonly string[], options: HashOptions): Promise<string[]> {
  const found = await inParallel(paths, LOOKS_AT_A_TIME, async (path) => ({
    path,
    facts: await factsOf(path),
  }));
  const known = await Promise.all(
    found.map(
      async ({ facts }) =>
        options.known?.get(keyOf(facts)) ?? (options.forget ? null : await recall(facts, options.cache)),
    ),
  );
  const digests: (string | null)[] = known;
  const queue = [...found.keys()].filter((index) => known[index] === null);
  const bytes = queue.reduce((sum, index) => sum + Number(found[index]!.facts.size), 0);
  if (bytes >= LARGE) options.onLarge?.(bytes);
  const readers = Math.max(1, Math.min(MAX_READERS, availableParallelism() - 1));
  await inParallel(queue, readers, async (index) => {
    const { path, facts } = found[index]!;
    digests[index] = await hashFile(path, facts, options);
  });
  return digests as string[];
}

async function hashFile(
  path: string,
  facts: BigIntStats,
  { cache, signal, known }: HashOptions,
): Promise<string> {
  const began = BigInt(Date.now()) * 1_000_000n;
  const digest = facts.size < LARGE ? await hashHere(path) : await hashInThread(path, signal);
  const after = await factsOf(path);
  if (keyOf(after) !== keyOf(facts)) throw changed(path);
  known?.set(keyOf(facts), digest);
  const isSettled = [facts.ctimeNs, facts.mtimeNs].every((time) => began - time > SETTLED_NS);
  if (facts.size >= LARGE && isSettled) await remember(facts, digest, cache);
  return digest;
}

async function hashHere(path: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

/** Plain JavaScript: a thread of a bundle has no file of its own. */
const THREAD = `
  const { createHash } = require('node:crypto');
  const { openSync, readSync } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const hash = createHash('sha256');
  const block = Buffer.alloc(4 << 20);
  const file = openSync(workerData, 'r');
  for (let n = readSync(file, block); n > 0; n = readSync(file, block)) hash.update(block.subarray(0, n));
  parentPort.postMessage(hash.digest('hex'));
`;

async function hashInThread(path: string, signal: AbortSignal): Promise<string> {
  const thread = new Worker(THREAD, { eval: true, workerData: path });
  const stop = () => void thread.terminate();
  signal.addEventListener('abort', stop);
  try {
    return await new Promise<string>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', (error) => reject(fileError(error, path, 'read')));
      thread.once('exit', () =>
        reject(new SosBenchError('interrupted', `interrupted while reading ${path}`)),
      );
      if (signal.aborted) stop();
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await thread.terminate();
  }
}

async function factsOf(path: string): Promise<BigIntStats> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (!hasSystemCode(error, 'ENOENT')) throw fileError(error, path, 'read');
    throw new SosBenchError('model-unreadable', `${path} does not exist, or is a link to nothing`, {
      hint: 'was the model downloaded or copied completely, links included?',
      cause: error,
    });
  }
}

function keyOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join('-');
}

const folderOf = (cache: string) => join(cache, 'file-digests');
const nameOf = (facts: BigIntStats) => createHash('sha256').update(keyOf(facts)).digest('hex').slice(0, 32);

async function recall(facts: BigIntStats, cache: string): Promise<string | null> {
  if (facts.size < LARGE) return null;
  const text = await readFile(join(folderOf(cache), nameOf(facts)), 'utf8').catch(() => '');
  const [key, digest = ''] = text.trim().split(' ');
  return key === keyOf(facts) && isSha256(digest) ? digest : null;
}

/** It saves time, and a run goes on without it. */
async function remember(facts: BigIntStats, digest: string, cache: string): Promise<void> {
  try {
    await makeFolder(folderOf(cache), 0o700);
    await writeFileAtomic(join(folderOf(cache), nameOf(facts)), `${keyOf(facts)} ${digest}\n`);
  } catch {
    // Read again the next time.
  }
}

export function changed(path: string): SosBenchError {
  return new SosBenchError('model-changed', `${path} changed while the model was being evaluated`, {
    hint: 'let nothing write to the model while it is evaluated, and run again: answers of two models would be mixed',
  });
}
