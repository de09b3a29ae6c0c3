import type { JudgedGames } from '../judge/score/game.ts';
import { makeFolder, writeFileAtomic } from '../system/files/files.ts';
import { digestFiles } from './digest.ts';
import { encodeGames } from './games.ts';
import { encodeItems } from './items.ts';
import { recordPaths } from './paths.ts';
import { type Item, RecordSchema, type RunRecord, runOf } from './schema.ts';

/**
 * Writes a record: items first, so that a `record.json` always has the items it speaks of. It lists the digests of the files
 * beside it: plan and journal are to be in the folder, whole, by now.
 *
 * @param games those behind `record.judge`; none where nothing was judged, or they are not kept.
 * @returns the record as it was written.
 */
export async function writeRecord(
  folder: string,
  record: RunRecord,
  items: readonly Item[],
  games: readonly JudgedGames[] = [],
): Promise<RunRecord> {
  const paths = recordPaths(folder);
  await makeFolder(folder);
  await writeFileAtomic(paths.items, encodeItems(items, runOf(record)));
  if (games.length > 0) await writeFileAtomic(paths.games, encodeGames(games, runOf(record)));
  const checked = RecordSchema.parse({ ...record, files: await digestFiles(folder) });
  await writeFileAtomic(paths.record, `${JSON.stringify(checked, null, 2)}\n`);
  return checked;
}
