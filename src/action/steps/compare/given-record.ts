import { resolve } from 'node:path';
import { SosBenchError } from '../../../error.ts';
import { recordPaths } from '../../../record/paths.ts';
import { readRecord } from '../../../record/read.ts';
import type { LoadedRecord } from '../../../record/schema.ts';
import { findLink } from '../../../system/files/links.ts';
import type { ActionRuntime } from '../../runtime.ts';

/**
 * Reads a record folder that an input names. In the workspace it may be, but no link there is followed: neither the folder nor a file
 * in it.
 *
 * @throws SosBenchError `usage` for a link; as `readRecord` does.
 */
export async function readGivenRecord(given: string, { cwd }: ActionRuntime): Promise<LoadedRecord> {
  const folder = resolve(cwd, given);
  await refuseLinks(folder, cwd);
  return await readRecord(folder);
}

async function refuseLinks(folder: string, workspace: string): Promise<void> {
  const { record, items, plan, journal, games, headToHead, headToHeadGames } = recordPaths(folder);
  for (const path of [record, items, plan, journal, games, headToHead, headToHeadGames]) {
    const link = await findLink(workspace, path);
    if (link === null) continue;
    throw new SosBenchError('usage', `the record ${folder} is not read: ${link} is a link`, {
      hint: 'no link of the workspace is followed: give the folder itself, outside of the workspace at best',
    });
  }
}
