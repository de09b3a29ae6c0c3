import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { hasSystemCode } from '../../error.ts';
import { nullWhereGone } from './listing.ts';

/**
 * The text of a file of a cache, in which an earlier job or an accident may have put anything under its name: never waits, as opening a pipe
 * does.
 *
 * @returns null where a folder, a pipe, a link to itself or a file that we may not read stands there.
 * @throws a system error, `ENOENT` where nothing does.
 */
export async function readPlainFile(path: string): Promise<string | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return (await file.stat()).isFile() ? await file.readFile('utf8') : null;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) throw error;
    return nullWhereGone(error);
  }
}
