import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { parseJson } from '../json.ts';
import type { JudgedGames } from '../judge/score/game.ts';
import { digestFiles } from '../record/digest.ts';
import { encodeGames } from '../record/games.ts';
import { encodeItems } from '../record/items.ts';
import { recordPaths } from '../record/paths.ts';
import { type Item, RecordSchema, type RunRecord, runOf } from '../record/schema.ts';
import { fileError, makeFolder } from '../system/files/files.ts';

export interface NewRecord {
  folder: string;
  record: RunRecord;
  items: readonly Item[];
  /** What judges said of the model; none for most. */
  games: readonly JudgedGames[];
}

/**
 * Writes record folders under `output`, all or none: made in a folder beside them, then moved into place. An earlier
 * import of the same model is replaced.
 *
 * @throws SosBenchError `record-exists` where a folder holds anything else; nothing is written then.
 */
export async function writeRecords(
  output: string,
  records: Iterable<NewRecord>,
  count: number,
): Promise<void> {
  const existed = existsSync(output);
  const stage = join(output, `.import-${randomUUID()}`);
  await makeFolder(output);
  try {
    await mkdir(stage);
    const staged: string[] = [];
    for (const { folder, ...made } of records) {
      await refuseOther(join(output, folder), made.record);
      await writeFolder(join(stage, folder), made);
      staged.push(folder);
    }
    if (staged.length !== count) throw new Error(`${staged.length} records instead of ${count}`);
    await moveToOutput(output, stage, staged);
  } catch (error) {
    throw fileError(error, output, 'write');
  } finally {
    await rm(stage, { recursive: true, force: true });
    if (!existed && (await isEmpty(output))) await rm(output, { recursive: true, force: true });
  }
}

async function writeFolder(
  folder: string,
  { record, items, games }: Omit<NewRecord, 'folder'>,
): Promise<void> {
  await mkdir(folder);
  const paths = recordPaths(folder);
  await writeFile(paths.items, encodeItems(items, runOf(record)));
  if (games.length > 0) await writeFile(paths.games, encodeGames(games, runOf(record)));
  const checked = RecordSchema.parse({ ...record, files: await digestFiles(folder) });
  await writeFile(paths.record, `${JSON.stringify(checked, null, 2)}\n`);
}

async function moveToOutput(output: string, stage: string, folders: readonly string[]): Promise<void> {
  const moved: string[] = [];
  try {
    for (const folder of folders) {
      const target = join(output, folder);
      if (existsSync(target)) await rename(target, join(stage, `old ${folder}`));
      moved.push(folder);
      await rename(join(stage, folder), target);
    }
  } catch (error) {
    for (const folder of moved) {
      const old = join(stage, `old ${folder}`);
      await rm(join(output, folder), { recursive: true, force: true });
      if (existsSync(old)) await rename(old, join(output, folder));
    }
    throw error;
  }
}

/** What an import leaves in a folder. */
const OWN_FILES = ['record.json', 'items.parquet', 'games.parquet'];

/** An empty folder, or an import of the same model, may be replaced; nothing else. */
async function refuseOther(folder: string, record: RunRecord): Promise<void> {
  const exists = (what: string) =>
    new SosBenchError('record-exists', `${folder} ${what}`, {
      hint: 'nothing was written; give another folder with --output, or move that one away',
    });
  let entries: string[];
  try {
    entries = await readdir(folder);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return;
    if (hasSystemCode(error, 'ENOTDIR')) throw exists('is a file');
    throw error;
  }
  if (entries.length === 0) return;
  const other = entries.find((name) => !OWN_FILES.includes(name));
  if (other !== undefined || !entries.includes('record.json'))
    throw exists(`holds ${other ?? 'items without a record'}`);
  const there = await readOwner(recordPaths(folder).record);
  if (there === null) throw exists('holds a record.json that cannot be read');
  if (!there.imported) throw exists(`holds a record of ${there.name} that was evaluated, not imported`);
  if (there.name !== record.model.name) throw exists(`holds the record of another model, ${there.name}`);
}

async function readOwner(path: string): Promise<{ name: string; imported: boolean } | null> {
  try {
    const { model, imported } = parseJson(await readFile(path, 'utf8')) as Partial<RunRecord>;
    return model === undefined ? null : { name: String(model.name), imported: imported != null };
  } catch {
    return null;
  }
}

async function isEmpty(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => ['?'])).length === 0;
}
