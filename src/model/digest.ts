import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { fileError } from '../system/files/files.ts';

const WHOLE_BYTES = 1 << 20;
const BLOCK_BYTES = 1 << 16;
const BLOCKS = 64;

/**
 * A digest of a model's files: names, sizes, safetensors headers, and contents. Files over 1 MiB are
 * sampled (64 blocks of 64 KiB spread evenly, first and last included): reading 140 GB to name a model
 * would cost more than some evaluations, and training changes every block.
 *
 * @param paths files or folders; hidden files and folders are left out.
 * @returns `sha256:` and 64 hex digits; does not depend on where the files stand.
 * @throws SosBenchError `model-unreadable` for a link to nothing, `permission-denied`.
 */
export async function digestModel(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update('sos-bench-model-1\n');
  for (const path of paths) {
    try {
      const root = await realpath(path);
      for (const file of await listFiles(root)) await addFile(hash, join(root, file), file);
    } catch (error) {
      if (!hasSystemCode(error, 'ENOENT')) throw fileError(error, path, 'read');
      throw new SosBenchError(
        'model-unreadable',
        `${error.path ?? path} does not exist, or is a link to nothing`,
        {
          hint: 'was the model downloaded or copied completely, links included?',
          cause: error,
        },
      );
    }
  }
  return `sha256:${hash.digest('hex')}`;
}

/** Relative paths of all files, sorted; `['']` for a file itself. */
async function listFiles(root: string): Promise<string[]> {
  if (!(await stat(root)).isDirectory()) return [''];
  const found: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      // The Hub's cache holds links to blobs.
      const kind = entry.isSymbolicLink() ? await stat(join(root, path)) : entry;
      if (kind.isDirectory()) await walk(path);
      else if (kind.isFile()) found.push(path);
    }
  };
  await walk('');
  return found.sort();
}

async function addFile(hash: Hash, path: string, name: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    hash.update(`${name}\0${size}\0`);
    for (const [from, length] of await regions(file, name, size)) {
      const block = Buffer.alloc(length);
      const { bytesRead } = await file.read(block, 0, length, from);
      hash.update(block.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

async function regions(file: FileHandle, name: string, size: number): Promise<[number, number][]> {
  if (size <= WHOLE_BYTES) return [[0, size]];
  const chosen: [number, number][] = [];
  if (name.endsWith('.safetensors')) chosen.push([0, await safetensorsHeaderEnd(file, size)]);
  const step = (size - BLOCK_BYTES) / (BLOCKS - 1);
  for (let block = 0; block < BLOCKS; block++) chosen.push([Math.floor(block * step), BLOCK_BYTES]);
  return chosen;
}

/** A safetensors file begins with the length of its JSON header, little-endian, in 8 bytes. */
async function safetensorsHeaderEnd(file: FileHandle, size: number): Promise<number> {
  const length = Buffer.alloc(8);
  await file.read(length, 0, 8, 0);
  const end = 8 + Number(length.readBigUInt64LE());
  return Math.min(end, size, 64 * WHOLE_BYTES);
}
