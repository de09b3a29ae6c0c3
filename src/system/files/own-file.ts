import { open, stat } from 'node:fs/promises';
import { hasSystemCode, SosBenchError } from '../../error.ts';
import { fileError } from './files.ts';

/** Enough of each end of a file to know whose it is. */
const END_BYTES = 4096;

/**
 * Holds that a file that `--output` names may be written: there is none, an empty one, or one that we wrote before.
 *
 * @param named the file as the user named it.
 * @param isOwn whether a file is ours, by how it begins and ends.
 * @param what a file of ours is called: `report of sos-bench`.
 * @throws SosBenchError `usage` for all else that is there.
 */
export async function requireOwnFile(
  path: string,
  { named, isOwn, what }: { named: string; isOwn: (head: string, tail: string) => boolean; what: string },
): Promise<void> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      throw new SosBenchError('usage', `--output ${named} is a folder`, { hint: 'name a file in it' });
    }
    // A pipe would be waited for without an end.
    if (!found.isFile()) {
      throw new SosBenchError('usage', `--output ${named} is a device or a pipe`, {
        hint: 'give the name of a file',
      });
    }
    const file = await open(path);
    try {
      const read = async (from: number) => {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(END_BYTES), 0, END_BYTES, from);
        return buffer.toString('utf8', 0, bytesRead);
      };
      if (found.size === 0 || isOwn(await read(0), await read(Math.max(0, found.size - END_BYTES)))) return;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return;
    throw error instanceof SosBenchError ? error : fileError(error, path, 'read');
  }
  throw new SosBenchError('usage', `${named} is there already, and is no ${what}`, {
    hint: 'give another name with --output, or remove it',
  });
}
