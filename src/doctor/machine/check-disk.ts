import { access, mkdtemp, rmdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasSystemCode } from '../../error.ts';
import { type Check, fail, ok, warn } from '../check.ts';

const GB = 1e9;

export interface DiskTarget {
  id: string;
  path: string;
  /** Bytes below which a run does not work, and below which it may not. */
  least: number;
  comfortable: number;
}

/** The cache holds a Python environment (3 to 8 GB), data sets (3 GB) and what models take. */
export const CACHE_ROOM = { least: 1 * GB, comfortable: 12 * GB };
/** A full record with its journal is 50 MB. */
export const OUTPUT_ROOM = { least: 0.1 * GB, comfortable: 1 * GB };

/** Whether a folder (that need not exist yet) can be written, and how much fits. */
export async function checkDisk(target: DiskTarget, freeBytes = freeAt): Promise<Check> {
  const { id, path, least, comfortable } = target;
  const there = await nearest(path);
  try {
    // Trying tells more than permission bits: file systems can be read-only.
    await rmdir(await mkdtemp(join(there, '.sos-bench-')));
  } catch {
    return fail(id, `${there} cannot be written`, 'check who owns it, or choose another folder');
  }
  const free = await freeBytes(there);
  const message = `${path}: ${(free / GB).toFixed(1)} GB free`;
  const hint =
    id === 'disk-cache' ? 'free some space, or move the cache with SOS_BENCH_CACHE' : 'free some space';
  if (free < least) return fail(id, message, hint);
  return free < comfortable ? warn(id, message, hint) : ok(id, message);
}

async function freeAt(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

async function nearest(path: string): Promise<string> {
  try {
    await access(path);
    return path;
  } catch (error) {
    if (!hasSystemCode(error, 'ENOENT') || dirname(path) === path) return path;
    return await nearest(dirname(path));
  }
}
