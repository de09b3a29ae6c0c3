import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface Measured {
  /** What removing it frees: files that have another name elsewhere free nothing. */
  bytes: number;
  /** When something in it was last read or written, as far as the disk notes that. */
  lastTouched: Date;
}

const BLOCK = 512;

/** Adds up a file or folder. Links are not followed; what vanishes meanwhile counts as nothing. */
export async function measure(path: string): Promise<Measured> {
  let bytes = 0;
  let last = 0;
  const visit = async (path: string): Promise<void> => {
    const stats = await lookAt(path);
    if (stats === null) return;
    last = Math.max(last, stats.mtimeMs, stats.isFile() ? stats.atimeMs : 0);
    if (stats.nlink === 1 || stats.isDirectory()) bytes += stats.blocks * BLOCK;
    if (!stats.isDirectory()) return;
    const names = await readdir(path).catch(() => []);
    for (const name of names) await visit(join(path, name));
  };
  await visit(path);
  return { bytes, lastTouched: new Date(last) };
}

async function lookAt(path: string): Promise<Stats | null> {
  return await lstat(path).catch(() => null);
}
